"""The figures by what an expert would write by hand with Polars.

    polars_fused.py prepare EDITION DEFINITIONS PLAN     the conditions, as a module to read and run
    polars_fused.py run EDITION PLAN OUT                 runs it; this is what is measured

Lazy scans of the columns needed, on the streaming engine. All that adds up is one group_by of unit
and month; it is rolled up level by level, then to quarters and to the year. Different values: those
seen at one node only add up as well, the others are told apart again on each level. Medians: the
rows of each are grouped by level and period. A stock is what began less what ended; a last value is
the one of the highest rank by day and id.
"""

import argparse
import functools
import json
import operator
import runpy
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from dated_tree import BEHIND, FIRST, PERIODS, DatedTree

Group = dict[str, Any]
Figure = dict[str, Any]
_SCALE = 10_000  # decimals have four places
_MONTHS = 16  # a place is a unit, how many of its moves are past, and a month below 16
_CELLS = 32  # a cell is a unit and a period below 32
_YEAR = 17
_ADDITIVE = ("count", "share", "sum", "average", "distinct")
_BITS = 60  # conditions that one number tells apart


class Tree:
    """The dated tree as series, to be looked up by number."""

    def __init__(self, edition: Path) -> None:
        spans = pl.read_parquet(edition / "units.parquet")
        found = DatedTree(spans.to_dict(as_series=False))
        self.codes = pl.Enum(found.codes)
        self.levels = len(found.above)
        as_series = {
            "unit": found.unit, "parent": found.parent, "depth": found.depth, "first": found.first,
        }  # fmt: skip
        series = {name: pl.Series(values, dtype=pl.Int32) for name, values in as_series.items()}
        series["parent"] = series["parent"].set(series["parent"] < 0, None)
        self._series = series
        self.is_inner = pl.repeat(False, len(found), eager=True).scatter(found.inner, True)
        is_inner = found.end > np.arange(1, len(found) + 1)
        self._above = []
        for nodes in found.above:
            units = pl.Series(found.unit[nodes], dtype=pl.Int32)
            self._above.append(units.set(pl.Series((nodes < 0) | ~is_inner[nodes]), None))
        self.moving = sorted({unit for unit, _, _ in found.moves})
        movers: dict[int, list[int]] = defaultdict(list)
        later, past = [], dict.fromkeys(self.moving, 0)
        for unit, day, node in found.moves:
            movers[day].append(unit)
            past[unit] += 1
            later.append((unit, past[unit], node))
        self._movers = movers
        self._versions = max(past.values(), default=0) + 1
        types = {"unit": pl.Int32, "past": pl.Int32, "later": pl.Int32}
        self._moves = pl.DataFrame(later, schema=types, orient="row")
        unit, period = found.lives.nonzero()
        self.lives = pl.DataFrame({"cell": unit * _CELLS + period + 1}, schema={"cell": pl.Int32})

    def look_up(self, name: str, numbers: pl.Series) -> pl.Series:
        return self._series[name].gather(numbers)

    def unit_above(self, depth: int, nodes: pl.Series) -> pl.Series:
        """Missing: null where there is none with others below it."""
        return self._above[depth].gather(nodes)

    def place(self, unit: str, day: str) -> pl.Expr:
        """Of a row: unit, moves of the unit that are past, month; 0 for a month before the year."""
        number = pl.col(unit).cast(self.codes).to_physical().cast(pl.Int32)
        days, month = pl.col(day).to_physical(), pl.col(day).dt.month().cast(pl.Int32)
        past = pl.lit(0, pl.Int32)
        for moved_on, units in self._movers.items():
            past += number.is_in(units) & (days >= moved_on)
        month = pl.when(days >= FIRST).then(month).otherwise(0)
        return (number * self._versions + past) * _MONTHS + month

    def at_nodes(self, places: pl.DataFrame) -> pl.DataFrame:
        """The column `place` replaced by `unit`, `node` and `p`; rows stay in order."""
        version = pl.col("place") // _MONTHS
        found = places.with_columns(
            p=pl.col("place") % _MONTHS,
            unit=version // self._versions,
            past=version % self._versions,
        )
        node = self.look_up("first", found["unit"])
        moved = (found["past"] > 0).arg_true()
        if len(moved):
            later = (
                found[moved]
                .select("unit", "past")
                .join(self._moves, ["unit", "past"], how="left", maintain_order="left")
            )
            stayed = node.gather(moved)
            node = node.scatter(moved, later["later"].fill_null(stayed))
        return found.drop("place", "past").with_columns(node=node)


def roll_up(nodes: pl.DataFrame, tree: Tree, greatest: Sequence[str] = ()) -> pl.DataFrame:
    """From `node` and `p` to `cell`: each unit with all that stands below it."""
    nodes = nodes.drop("unit", strict=False)
    put_together = _put_together(nodes, greatest)
    is_inner = tree.is_inner.gather(nodes["node"])
    childless = nodes.filter(~is_inner)
    start = pl.concat([_lifted(childless, tree), nodes.filter(is_inner)])
    start = start.with_columns(depth=tree.look_up("depth", start["node"]))
    found, below = [childless], nodes.clear()
    for depth in reversed(range(tree.levels - 1)):
        here = pl.concat([start.filter(pl.col("depth") == depth).drop("depth"), below])
        here = here.lazy().group_by("node", "p").agg(put_together).select(nodes.columns).collect()
        found.append(here)
        below = _lifted(here, tree)
    everything = pl.concat(found)
    unit = tree.look_up("unit", everything["node"])
    everything = everything.select(
        (unit * _CELLS + everything["p"]).alias("cell"), pl.exclude("node", "p")
    )
    moving = (everything["cell"] // _CELLS).is_in(tree.moving)
    once = everything.filter(moving).group_by("cell").agg(put_together)
    return pl.concat([everything.filter(~moving), once])


def _put_together(parts: pl.DataFrame, greatest: Sequence[str]) -> list[pl.Expr]:
    values = [name for name in parts.columns if name not in ("node", "p", "cell")]
    return [pl.col(n).max() if n in greatest else pl.col(n).sum() for n in values]


def _lifted(nodes: pl.DataFrame, tree: Tree) -> pl.DataFrame:
    """The rows at the node above."""
    found = nodes.with_columns(node=tree.look_up("parent", nodes["node"]))
    return found.filter(pl.col("node").is_not_null())


def with_periods(months: pl.DataFrame, greatest: Sequence[str] = ()) -> pl.DataFrame:
    """Cells of months, and of the quarters and the year that they make up."""
    put_together = _put_together(months, greatest)
    quarters = months.lazy().group_by(_quarter("cell")).agg(put_together).collect()
    year = quarters.lazy().group_by(_year("cell")).agg(put_together).collect()
    return pl.concat([months, quarters, year])


def _quarter(cell: str) -> pl.Expr:
    month = pl.col(cell) % _CELLS
    return pl.col(cell) - month + 12 + (month + 2) // 3


def _year(cell: str) -> pl.Expr:
    return pl.col(cell) - pl.col(cell) % _CELLS + _YEAR


class Rows:
    """The rows of a table, lazily, and the conditions of one of its groups."""

    def __init__(self, path: Path, group: Group, tree: Tree) -> None:
        self._group, self._tree = group, tree
        day = pl.col(group["day"]).to_physical()
        rows = pl.scan_parquet(path).filter(day < BEHIND)
        if not group["ends"]:
            rows = rows.filter(day >= FIRST)
        place = tree.place(group["unit"], group["day"]).alias("place")
        wholes = [
            self._whole(name) for name in sorted({f["column"] for f in group["figures"]} - {""})
        ]
        literals = [e.alias(name) for name, e in group["literals"].items()]
        self.lazy = rows.with_columns(place, *literals, *wholes)
        self.types = group["columns"]

    def _whole(self, column: str) -> pl.Expr:
        """A column as whole numbers, decimals in ten-thousandths; a text as its category."""
        value, kind = pl.col(column), self._group["columns"][column]
        if kind == "decimal":
            value = value.to_physical().cast(pl.Int64)
        elif kind == "text":
            value = value.cast(pl.Categorical).to_physical().cast(pl.Int64)
        return value.alias(f"{column}__v")

    @functools.cached_property
    def kept(self) -> pl.DataFrame:
        """For figures that go through rows again: where they stand, the values, who meets what."""
        again = [f for f in self._group["figures"] if f["kind"] in ("distinct", "median")]
        wholes = sorted({f"{figure['column']}__v" for figure in again})
        met = [self.met(figure).alias(figure["name"]) for figure in again]
        return self.lazy.select("place", *wholes, *met).collect()

    def met(self, figure: Figure) -> pl.Expr:
        return self._group["conditions"][figure["name"]]

    def based(self, figure: Figure) -> pl.Expr:
        return self._group["conditions"][f"{figure['name']}__base"]

    def scaled(self, value: pl.Expr, column: str) -> pl.Expr:
        """Divided by a column, not by a number: for that, Polars multiplies by the inverse."""
        is_decimal = self.types[column] == "decimal"
        return value / (pl.col("cell") * 0 + _SCALE) if is_decimal else value


def run_group(rows: Rows, group: Group, tree: Tree, out: Path, spent: dict[str, float]) -> None:
    """Write all figures of a group."""
    by_kind: dict[str, list[Figure]] = defaultdict(list)
    for figure in group["figures"]:
        by_kind[figure["kind"]].append(figure)
    name = f"{group['table']}_{group['day']}"
    steps = [
        ("additive", [f for kind in _ADDITIVE for f in by_kind[kind]], _additive),
        ("median", by_kind["median"], _medians),
        ("last", by_kind["last"], _lasts),
        ("stock", by_kind["stock"], _stocks),
    ]
    for step, figures, job in steps:
        if figures:
            began = time.process_time()
            for part, cells in job(rows, figures, tree):
                _write(cells, tree, out / f"{name}_{step}_{part}.parquet")
            spent[step] += time.process_time() - began


def _write(cells: pl.DataFrame, tree: Tree, path: Path) -> None:
    """Cells of units that were there."""
    unit, period = pl.col("cell") // _CELLS, pl.col("cell") % _CELLS - 1
    periods = pl.Enum(PERIODS)
    cells.lazy().join(tree.lives.lazy(), "cell", how="semi").select(
        unit.cast(pl.UInt32).cat.to(tree.codes).alias("unit"),
        period.cast(pl.UInt8).cat.to(periods).alias("period"),
        pl.exclude("cell"),
    ).sink_parquet(path, compression="snappy", statistics=False)


def _additive(
    rows: Rows, figures: Sequence[Figure], tree: Tree
) -> Iterator[tuple[str, pl.DataFrame]]:
    sums, shown = [], []
    for figure in figures:
        name, kind, column = figure["name"], figure["kind"], figure["column"]
        met = rows.met(figure)
        if kind == "share":
            base = rows.based(figure)
            sums += [(base & met).sum().alias(name), base.sum().alias(f"{name}__n")]
            shown += [pl.col(name) * 100.0 / pl.col(f"{name}__n"), pl.col(f"{name}__n")]
        elif kind == "count":
            sums.append(met.sum().alias(name))
            shown.append(pl.col(name))
        else:
            sums.append((met & pl.col(column).is_not_null()).sum().alias(f"{name}__n"))
        if kind in ("sum", "average"):
            whole = pl.col(f"{column}__v")
            sums.append(pl.when(met).then(whole).otherwise(0).sum().alias(name))
            value = rows.scaled(pl.col(name), column)
            value = value / pl.col(f"{name}__n") if kind == "average" else value
            shown += [value.alias(name), pl.col(f"{name}__n")]
    cells = tree.at_nodes(rows.lazy.group_by("place").agg(sums).collect())
    cells = with_periods(roll_up(cells, tree))
    if shown:
        yield "sums", cells.select("cell", *shown)
    counted: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure["kind"] == "distinct":
            counted[figure["column"]].append(figure)
    for column, group in counted.items():
        for start in range(0, len(group), _BITS):
            part = group[start : start + _BITS]
            records = cells.select("cell", *(f"{figure['name']}__n" for figure in part))
            found = _distinct(rows, column, part, tree)
            yield f"{column}_{start}", found.join(records, "cell")


def _distinct(rows: Rows, column: str, figures: Sequence[Figure], tree: Tree) -> pl.DataFrame:
    """A number a value and cell has a bit for each figure that counts the value there."""
    kind = pl.UInt32 if len(figures) < 32 else pl.UInt64
    bits = {figure["name"]: pl.lit(1 << n, kind) for n, figure in enumerate(figures)}
    masks = [pl.when(name).then(bit).otherwise(pl.lit(0, kind)) for name, bit in bits.items()]
    counts = [((pl.col("mask") & bit) != 0).sum().alias(name) for name, bit in bits.items()]
    any_of = pl.col("mask").bitwise_or()
    seen = (
        rows.kept.lazy().filter(pl.col(f"{column}__v").is_not_null())
        .select(
            key=pl.col(f"{column}__v") * 2**32 + pl.col("place").cast(pl.Int64),
            mask=functools.reduce(operator.or_, masks),
        )
        .filter(pl.col("mask") != 0)
        .group_by("key").agg(any_of)
        .select(
            who=pl.col("key") // 2**32, place=(pl.col("key") % 2**32).cast(pl.Int32), mask="mask"
        )
        .collect()
    )  # fmt: skip
    months = tree.at_nodes(seen).select(key=_key("who", "node"), mask="mask")
    quarters = months.lazy().group_by(_quarter("key")).agg(any_of).collect()
    year = quarters.lazy().group_by(_year("key")).agg(any_of).collect()
    seen = pl.concat([months, quarters, year]).select(
        who=pl.col("key") // 2**32,
        node=(pl.col("key") % 2**32 // _CELLS).cast(pl.Int32),
        p=(pl.col("key") % _CELLS).cast(pl.Int32),
        mask="mask",
    )
    wanderers = year.lazy().group_by(who=pl.col("key") // 2**32).len().filter(pl.col("len") > 1)
    wanderers = wanderers.select("who").collect().lazy()
    settled = seen.lazy().join(wanderers, "who", how="anti").group_by("node", "p").agg(counts)
    wandered = seen.lazy().join(wanderers, "who", how="semi").collect()
    found = [roll_up(settled.collect(), tree), *_wandered(wandered, counts, tree)]
    return pl.concat(found).lazy().group_by("cell").agg(pl.col(list(bits)).sum()).collect()


def _key(who: str, node: str) -> pl.Expr:
    cell = pl.col(node).cast(pl.Int64) * _CELLS + pl.col("p")
    return pl.col(who) * 2**32 + cell


def _wandered(seen: pl.DataFrame, counts: Sequence[pl.Expr], tree: Tree) -> Iterator[pl.DataFrame]:
    """Counts by cell of values that were seen at several nodes."""
    any_of = pl.col("mask").bitwise_or()
    is_inner = tree.is_inner.gather(seen["node"])
    childless = seen.filter(~is_inner)
    start = pl.concat([_lifted(childless, tree), seen.filter(is_inner)])
    start = start.with_columns(depth=tree.look_up("depth", start["node"]))
    unit = tree.look_up("unit", childless["node"])
    own = childless.with_columns(cell=unit * _CELLS + childless["p"])
    moving = unit.is_in(tree.moving)
    yield own.lazy().filter(~moving).group_by("cell").agg(counts).collect()
    once = own.lazy().filter(moving).group_by("cell", "who").agg(any_of)
    yield once.group_by("cell").agg(counts).collect()
    below = start.clear().select("who", "node", "p", "mask")
    for depth in reversed(range(tree.levels - 1)):
        here = pl.concat([start.filter(pl.col("depth") == depth).drop("depth"), below])
        here = (
            here.lazy().group_by(key=_key("who", "node")).agg(any_of)
            .select(
                who=pl.col("key") // 2**32,
                node=(pl.col("key") % 2**32 // _CELLS).cast(pl.Int32),
                p=(pl.col("key") % _CELLS).cast(pl.Int32),
                mask="mask",
            )
            .collect()
        )  # fmt: skip
        unit = tree.look_up("unit", here["node"])
        cells = here.lazy().with_columns(cell=unit * _CELLS + here["p"])
        yield cells.group_by("cell").agg(counts).collect()
        below = _lifted(here, tree)


def _medians(
    rows: Rows, figures: Sequence[Figure], tree: Tree
) -> Iterator[tuple[str, pl.DataFrame]]:
    found = tree.at_nodes(rows.kept)
    for figure in figures:
        name, value = figure["name"], pl.col(f"{figure['column']}__v")
        part = found.lazy().filter(pl.col(name), value.is_not_null())
        part = part.select("unit", "node", "p", v=value).collect()
        cells = pl.concat(_medians_of(part, tree)).lazy()
        median = rows.scaled(pl.col("median"), figure["column"]).alias(name)
        yield name, cells.select("cell", median, pl.col("len").alias(f"{name}__n")).collect()


def _medians_of(part: pl.DataFrame, tree: Tree) -> Iterator[pl.DataFrame]:
    """Medians and numbers of rows by cell, level after level."""
    median = [pl.col("v").median().alias("median"), pl.len()]
    own = part.filter(~tree.is_inner.gather(part["node"]))
    for cell in _cells(own["unit"], own["p"]):
        # A unit's rows stand together, by day: cells are runs.
        runs = own.select("v", cell=cell, run=cell.rle_id().set_sorted())
        yield runs.group_by("run").agg(pl.col("cell").first(), *median).drop("run")
    for depth in range(tree.levels - 1):
        unit = tree.unit_above(depth, part["node"])
        for cell in _cells(unit, part["p"]):
            grouped = part.lazy().select("v", cell=cell).group_by("cell").agg(median)
            yield grouped.filter(pl.col("cell").is_not_null()).collect()


def _cells(unit: pl.Series, month: pl.Series) -> Iterator[pl.Series]:
    yield unit * _CELLS + month
    yield unit * _CELLS + 12 + (month + 2) // 3
    yield unit * _CELLS + _YEAR


def _lasts(rows: Rows, figures: Sequence[Figure], tree: Tree) -> Iterator[tuple[str, pl.DataFrame]]:
    """Rows stand by unit, day and id: the last row of a place is its latest."""
    for figure in figures:
        name, value = figure["name"], pl.col(f"{figure['column']}__v")
        part = rows.lazy.filter(rows.met(figure), value.is_not_null())
        part = part.select("place", pl.col(figure["date"]).alias("day"), "_id", v=value).collect()
        latest = part.group_by("place", maintain_order=True).agg(
            pl.col("day", "_id", "v").last(), pl.len().alias(f"{name}__n")
        )
        ranked = latest.sort("day", "_id").with_row_index("rank")
        parts = tree.at_nodes(ranked.select("place", "rank", f"{name}__n"))
        cells = with_periods(roll_up(parts, tree, ["rank"]), ["rank"])
        cells = cells.with_columns(v=ranked["v"].gather(cells["rank"]))
        value = rows.scaled(pl.col("v"), figure["column"])
        yield name, cells.select("cell", value.alias(name), f"{name}__n")


def _stocks(
    rows: Rows, figures: Sequence[Figure], tree: Tree
) -> Iterator[tuple[str, pl.DataFrame]]:
    names = [figure["name"] for figure in figures]
    met = [rows.met(f).cast(pl.Int64).alias(f["name"]) for f in figures]
    day, ends = figures[0]["date"], figures[0]["ends"]
    ended = pl.max_horizontal(day, ends)
    days = ended.to_physical()
    month = pl.when(days >= FIRST).then(ended.dt.month().cast(pl.Int32)).otherwise(0)
    place = pl.col("place")
    begun = rows.lazy.group_by("place").agg(m.sum() for m in met)
    gone = rows.lazy.filter(pl.col(ends).is_not_null(), days < BEHIND)
    gone = gone.group_by((place - place % _MONTHS + month).alias("place")).agg(
        -m.sum() for m in met
    )
    change = roll_up(tree.at_nodes(pl.concat(pl.collect_all([begun, gone]))), tree)
    change = change.group_by("cell").agg(pl.col(names).sum())
    unit = (pl.col("cell") // _CELLS * _CELLS).alias("unit")
    grid = change.select(unit.unique()).join(
        pl.DataFrame({"p": range(13)}, schema={"p": pl.Int32}), how="cross"
    )
    grid = grid.with_columns(cell=pl.col("unit") + pl.col("p")).join(change, "cell", how="left")
    running = grid.sort("cell").with_columns(pl.col(names).fill_null(0).cum_sum().over("unit"))
    p = pl.col("p")
    quarters = running.filter(p % 3 == 0, p > 0).with_columns(cell=pl.col("unit") + 12 + p // 3)
    year = running.filter(p == 12).with_columns(cell=pl.col("unit") + _YEAR)
    yield "all", pl.concat([running.filter(p > 0), quarters, year]).select("cell", *names)


def run(edition: Path, plan: Path, out: Path) -> None:
    """Write all figures; print what each kind took."""
    out.mkdir(parents=True)
    spent: dict[str, float] = defaultdict(float)
    tree = Tree(edition)
    for group in runpy.run_path(str(plan))["GROUPS"]:
        rows = Rows(edition / "tables" / f"{group['table']}.parquet", group, tree)
        run_group(rows, group, tree, out, spent)
    print(json.dumps({step: round(seconds, 2) for step, seconds in spent.items()}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for command, names in (("prepare", ("definitions", "plan")), ("run", ("plan", "out"))):
        own = commands.add_parser(command)
        for name in ("edition", *names):
            own.add_argument(name, type=Path)
    given = parser.parse_args()
    if given.command == "run":
        run(given.edition, given.plan, given.out)
    else:
        from python_plan import write_plan  # loads a library that only this step needs

        write_plan(given.edition, given.definitions, given.plan, polars=True)


if __name__ == "__main__":
    main()
