"""The figures by what an expert would write by hand with pandas and numpy.

    pandas_fused.py prepare EDITION DEFINITIONS PLAN     the conditions, as a module to read and run
    pandas_fused.py run EDITION PLAN OUT                 runs it; this is what is measured

Every table is read once. Its rows stand in the order of units and days, so that a unit's month is a
run of rows: conditions are arrays of booleans, sums are taken run by run. Nodes are numbered in
pre-order: what stands below one is a range of numbers, and the roll-up is a difference of running
sums. Different values: sorted by value and node, each node adds one, and two neighbours with the
same value take one away where their ways meet. Medians: one sort a level and kind of period.
"""

import argparse
import json
import runpy
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from dated_tree import BEHIND, FIRST, MONTHS, PERIODS, DatedTree

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Group = dict[str, Any]
_SCALE = 10_000  # decimals have four places
_A_FILE = 24  # figures
_FEW = 4  # texts that are compared one by one
# Per kind of period: how many months one has, and how many there are.
_SPANS = ((1, 12), (3, 4), (12, 1))


class Table:
    """Columns of a table as arrays; what the conditions of a plan are written over."""

    def __init__(self, frame: pd.DataFrame, types: dict[str, str]) -> None:
        self.frame, self.types = frame, types
        self._arrays: dict[str, Any] = {}
        self._numbers: dict[str, Any] = {}
        self._texts: dict[str, tuple[npt.NDArray[Any], list[str]]] = {}

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def all(self) -> Bools:
        return np.ones(len(self), bool)

    def arrow(self, name: str) -> Any:
        if name not in self._arrays:
            self._arrays[name] = pa.chunked_array(pa.array(self.frame[name])).combine_chunks()
        return self._arrays[name]

    def number(self, name: str) -> Any:
        """Whole numbers, or floats with NaN for what is empty; a date as its day number."""
        if name not in self._numbers:
            column = self.arrow(name)
            if self.types[name] == "decimal":
                found = self.whole(name) / _SCALE
                found[~self.there(name)] = np.nan
            else:
                whole = column.cast(pa.int32()) if self.types[name] == "date" else column
                found = whole.to_numpy(zero_copy_only=False)
            self._numbers[name] = found
        return self._numbers[name]

    def whole(self, name: str) -> Ints:
        """0 for what is empty; decimals in ten-thousandths."""
        column = self.arrow(name)
        if self.types[name] != "decimal":
            return column.fill_null(0).to_numpy().astype(np.int64)
        halves = np.frombuffer(column.buffers()[1], np.int64)
        found = halves[2 * column.offset :: 2][: len(column)].copy()
        found[~self.there(name)] = 0
        return found

    def there(self, name: str) -> Bools:
        return self.arrow(name).is_valid().to_numpy(zero_copy_only=False)

    def true(self, name: str) -> Bools:
        return self.arrow(name).fill_null(False).to_numpy(zero_copy_only=False)

    def false(self, name: str) -> Bools:
        return ~self.arrow(name).fill_null(True).to_numpy(zero_copy_only=False)

    def month(self, name: str) -> Ints:
        """Of days within the year."""
        return MONTHS[self.number(name) - FIRST] + 1

    def codes(self, name: str) -> tuple[npt.NDArray[Any], list[str]]:
        """A text as a number, and what the numbers stand for. Missing: -1."""
        if name not in self._texts:
            column = pa.chunked_array(pa.array(self.frame[name])).unify_dictionaries()
            encoded = column.combine_chunks()
            texts = encoded.dictionary.to_pylist() if len(encoded.dictionary) < len(self) else []
            kind = np.int8 if len(encoded.dictionary) < 128 else np.int32
            found = encoded.indices.fill_null(-1).to_numpy().astype(kind)
            self._texts[name] = found, texts
        return self._texts[name]

    def among(self, name: str, test: Callable[[str], bool]) -> Bools:
        codes, texts = self.codes(name)
        passing = [n for n, text in enumerate(texts) if test(text)]
        if len(passing) > _FEW:
            chosen = np.zeros(len(texts) + 1, bool)
            chosen[passing] = True
            return chosen.take(codes, mode="wrap")
        found = np.zeros(len(codes), bool)
        for n in passing:
            found |= codes == n
        return found


@dataclass
class Writer:
    """Writes some figures of the same cells a file."""

    out: Path
    tree: DatedTree

    def write(self, name: str, shown: Ints, figures: Iterator[tuple[str, Any, Any]]) -> None:
        """`shown` are the cells, unit · 17 + period; a figure is its name, values, records."""
        units = pd.Categorical.from_codes(shown // len(PERIODS), self.tree.codes)
        periods = pd.Categorical.from_codes(shown % len(PERIODS), list(PERIODS))
        columns: dict[str, Any] = {}
        number = 0
        for figure, values, records in figures:
            columns[figure] = values
            if records is not None:
                columns[f"{figure}__n"] = records.astype(np.int32)
            number += 1
            if number % _A_FILE == 0:
                self._flush(f"{name}_{number}", units, periods, columns)
                columns = {}
        if columns:
            self._flush(f"{name}_{number}", units, periods, columns)

    def _flush(
        self, name: str, units: pd.Categorical, periods: pd.Categorical, columns: dict[str, Any]
    ) -> None:
        frame = pd.DataFrame({"unit": units, "period": periods, **columns}, copy=False)
        frame.to_parquet(
            self.out / f"{name}.parquet",
            engine="pyarrow",
            compression="snappy",
            index=False,
            use_dictionary=["unit", "period"],
            write_statistics=False,
        )


class Year:
    """A group's rows of the year, in runs of one node and month."""

    def __init__(self, frame: pd.DataFrame, group: Group, tree: DatedTree) -> None:
        self._tree, self._day = tree, group["day"]
        days = pd.to_numeric(_days(frame[self._day]))
        within = (days >= FIRST) & (days < BEHIND)
        if not within.all():
            frame, days = frame[within], days[within]
        days = days.astype(np.int64)
        node, month = _nodes(frame[group["unit"]], days, tree), MONTHS[days - FIRST]
        keys = node * 12 + month
        starts = _starts(keys)
        if len(np.unique(keys[starts])) < len(starts):
            order = np.argsort(keys, kind="stable")
            frame, keys, node, month = frame.iloc[order], keys[order], node[order], month[order]
            starts = _starts(keys)
        self.table = Table(frame, group["columns"])
        self.node, self.month = node, month
        self._starts, self._cells = starts, keys[starts]
        sizes = self._up(np.diff(np.append(starts, len(keys))))
        self.shown = np.flatnonzero((sizes > 0) & tree.lives)
        self._wholes: dict[str, Ints] = {}
        self._there: dict[str, Bools] = {}

    def figures(self, group: Group) -> Iterator[tuple[str, Any, Any]]:
        """Name, values and records of each figure. Missing: no records where they are the value."""
        by_name = {each["name"]: each for each in group["figures"]}
        with np.errstate(divide="ignore", invalid="ignore"):
            for name, rows, base in group["conditions"](self.table):
                yield name, *self._figure(by_name[name], rows, base)

    def _figure(self, each: dict[str, Any], rows: Bools, base: Bools) -> tuple[Any, Any]:
        kind, column = each["kind"], each["column"]
        if kind == "count":
            return self._counted(rows), None
        if kind == "share":
            hits, records = self._counted(rows & base), self._counted(base)
            return 100 * hits / records, records
        rows = rows & self._present(column)
        if kind == "median":
            return self._median(column, rows)
        records = self._counted(rows)
        if kind == "distinct":
            return self._distinct(column, rows), records
        if kind == "last":
            return self._last(column, rows), records
        sums = np.add.reduceat(self._whole(column) * rows, self._starts)
        values = self._shown(self._up(sums)) / self._scale(column)
        return (values / records if kind == "average" else values), records

    def _scale(self, column: str) -> int:
        return _SCALE if self.table.types[column] == "decimal" else 1

    def _whole(self, column: str) -> Ints:
        if column not in self._wholes:
            self._wholes[column] = self.table.whole(column)
        return self._wholes[column]

    def _present(self, column: str) -> Bools:
        if column not in self._there:
            self._there[column] = self.table.there(column)
        return self._there[column]

    def _shown(self, cells: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return cells.ravel().take(self.shown)

    def _counted(self, rows: Bools) -> Ints:
        counts = np.add.reduceat(rows.view(np.uint8), self._starts, dtype=np.int32)
        return self._shown(self._up(counts))

    def _up(self, of_runs: npt.NDArray[Any]) -> Ints:
        """From runs to units and periods."""
        dense = np.zeros(len(self._tree) * 12, np.int64)
        dense[self._cells] = of_runs
        return _periods(rolled_up(dense.reshape(-1, 12), self._tree))

    def _distinct(self, column: str, rows: Bools) -> Ints:
        tree, chosen = self._tree, np.flatnonzero(rows)
        bits = len(tree).bit_length()
        who = self.table.codes(column)[0][chosen].astype(np.int64)
        keys = ((who << 4 | self.month[chosen]) << bits) | self.node[chosen]
        several = np.isin(tree.unit, tree.several)
        found = []
        for length, count in _SPANS:
            month = (keys >> bits) & 15
            part = keys if length == 1 else keys ^ ((month ^ month // length) << bits)
            keys_here = _unique(part)
            found.append(self._met(keys_here, bits, count, several))
            if length == 1:
                keys = keys_here
        return self._shown(np.hstack(found))

    def _met(self, keys: Ints, bits: int, count: int, several: Bools) -> Ints:
        """By unit and period. `keys` are who, period and node, in order, each once."""
        tree = self._tree
        node, group = keys & ((1 << bits) - 1), keys >> bits
        period = group & 15
        dense = np.bincount(node * count + period, minlength=len(tree) * count)
        pairs = np.flatnonzero(group[1:] == group[:-1])
        lower, higher = node[pairs], node[pairs + 1]
        meeting = np.zeros(len(pairs), np.int64)
        for nodes, ends in self._ends:
            meeting = np.where(ends[lower] > higher, nodes[lower], meeting)
        dense -= np.bincount(meeting * count + period[pairs], minlength=len(dense))
        found = rolled_up(dense.reshape(-1, count), tree)
        moved = np.flatnonzero(several[node])
        unit = tree.unit[node[moved]]
        once = _unique((group[moved] << bits) | unit)
        unit, period = once & ((1 << bits) - 1), (once >> bits) & 15
        own = np.bincount(unit * count + period, minlength=found.size).reshape(found.shape)
        found[tree.several] = own[tree.several]
        return found

    @cached_property
    def _ends(self) -> list[tuple[Ints, Ints]]:
        """On each depth the node above each node, and its end; no end where there is none."""
        ends = np.append(self._tree.end, -1)
        return [(nodes, ends[nodes]) for nodes in self._tree.above]

    def _median(self, column: str, rows: Bools) -> tuple[Floats, Ints]:
        tree, chosen = self._tree, np.flatnonzero(rows)
        whole = self._whole(column)[chosen]
        least = int(whole.min(initial=0))
        whole = whole - least
        bits = int(whole.max(initial=0)).bit_length()
        node, month = self.node[chosen], self.month[chosen]
        middle = np.zeros((len(tree.codes), len(PERIODS)), np.int64)
        records = np.zeros((len(tree.codes), len(PERIODS)), np.int64)
        for nodes in tree.above:
            unit = np.where(nodes >= 0, tree.unit[nodes], -1)[node]
            below = np.flatnonzero(unit >= 0)
            if len(below) < len(unit):
                unit, part, months = unit[below], whole[below], month[below]
            else:
                part, months = whole, month
            first = 0
            for length, count in _SPANS:
                group = unit * len(PERIODS) + (first + months // length)
                keys = np.sort(group << bits | part)
                starts = _starts(keys >> bits)
                sizes = np.diff(np.append(starts, len(keys)))
                low, high = keys[starts + (sizes - 1) // 2], keys[starts + sizes // 2]
                cells = low >> bits
                middle.ravel()[cells] = (low & ((1 << bits) - 1)) + (high & ((1 << bits) - 1))
                records.ravel()[cells] = sizes
                first += count
        values = (self._shown(middle) + 2 * least) / (2 * self._scale(column))
        return values, self._shown(records)

    def _last(self, column: str, rows: Bools) -> Floats:
        """Rows stand by day and id within a unit: a run's last row is its latest."""
        tree, chosen = self._tree, np.flatnonzero(rows)
        cells = self.node[chosen] * 12 + self.month[chosen]
        latest = chosen[_last_places(cells)]
        frame = self.table.frame[[self._day, "_id"]].iloc[latest]
        keys = pa.table({name: pa.array(frame[name]) for name in frame})
        order = pc.sort_indices(keys, [(self._day, "ascending"), ("_id", "ascending")]).to_numpy()
        dense = np.zeros(len(tree) * 12 + 12, np.int64)
        dense[(self.node * 12 + self.month)[latest[order]]] = np.arange(1, len(order) + 1)
        ranks = dense.reshape(-1, 12)
        inner = tree.inner
        bounds = np.stack([inner, tree.end[inner]], 1).ravel()
        ranks[inner] = np.maximum.reduceat(ranks, bounds, axis=0)[::2]
        found = np.zeros((len(tree.codes), 12), np.int64)
        np.maximum.at(found, tree.unit, ranks[:-1])
        quarters = found.reshape(-1, 4, 3).max(2)
        place = np.hstack([found, quarters, quarters.max(1, keepdims=True)])
        whole = np.append(0, self._whole(column)[latest[order]])
        return whole[self._shown(place)] / self._scale(column)


def stock_figures(
    frame: pd.DataFrame, group: Group, tree: DatedTree
) -> tuple[Ints, list[tuple[str, Any, Any]]]:
    """The cells, and values of each: what began less what ended, month by month."""
    days = pd.to_numeric(_days(frame[group["day"]]))
    begun = days < BEHIND
    frame, days = frame[begun], days[begun].astype(np.int64)
    ends = pd.to_numeric(_days(frame[group["ends"]]))
    ended = np.flatnonzero(ends < BEHIND)
    node = _nodes(frame[group["unit"]], days, tree)
    plus = node * 13 + _slots(days)
    minus = node[ended] * 13 + _slots(np.maximum(ends[ended].astype(np.int64), days[ended]))
    counted = []
    for name, rows, _ in group["conditions"](Table(frame, group["columns"])):
        dense = np.bincount(plus[rows], minlength=len(tree) * 13)
        dense -= np.bincount(minus[rows[ended]], minlength=len(tree) * 13)
        months = np.cumsum(rolled_up(dense.reshape(-1, 13), tree), axis=1)
        counted.append((name, months[:, [*range(1, 13), 3, 6, 9, 12, 12]]))
    there = np.logical_or.reduce([cells > 0 for _, cells in counted])
    shown = np.flatnonzero(there & tree.lives)
    return shown, [(name, cells.ravel().take(shown), None) for name, cells in counted]


def rolled_up(dense: Ints, tree: DatedTree) -> Ints:
    """From nodes, one a row, to units: each with all that stands below it."""
    total = np.zeros((len(dense) + 1, dense.shape[1]), np.int64)
    np.cumsum(dense, axis=0, out=total[1:])
    inner = tree.inner
    dense[inner] = total[tree.end[inner]] - total[inner]
    found = dense[tree.first]
    for unit, _, node in tree.moves:
        found[unit] += dense[node]
    return found


def _periods(months: Ints) -> Ints:
    quarters = months.reshape(-1, 4, 3).sum(2)
    return np.hstack([months, quarters, quarters.sum(1, keepdims=True)])


def _slots(days: Ints) -> Ints:
    """0 before the year, then the month."""
    return np.where(days < FIRST, 0, MONTHS[np.maximum(days, FIRST) - FIRST] + 1)


def _days(dates: pd.Series) -> Any:
    return pa.chunked_array(pa.array(dates)).cast(pa.int32()).to_numpy()


def _nodes(units: pd.Series, days: Ints, tree: DatedTree) -> Ints:
    encoded = pa.chunked_array(pa.array(units)).unify_dictionaries().combine_chunks()
    known = pc.index_in(encoded.dictionary, pa.array(tree.codes)).to_numpy()
    unit = known[encoded.indices.to_numpy()]
    node = tree.first[unit]
    moved = np.flatnonzero(np.isin(np.arange(len(tree.codes)), tree.several)[unit])
    own, on = unit[moved], days[moved]
    for each, day, later in tree.moves:
        node[moved[(own == each) & (on >= day)]] = later
    return node


def _starts(keys: Ints) -> Ints:
    """Where runs of equal keys begin."""
    if not len(keys):
        return np.zeros(0, np.int64)
    return np.append(0, np.flatnonzero(keys[1:] != keys[:-1]) + 1)


def _last_places(keys: Ints) -> Ints:
    """Where runs of equal keys end."""
    return np.append(_starts(keys), len(keys))[1:] - 1


def _unique(keys: Ints) -> Ints:
    keys = np.sort(keys)
    return keys[_starts(keys)]


def run(edition: Path, plan: Path, out: Path, threads: int) -> None:
    """Write all figures; print what each table took."""
    pa.set_cpu_count(threads)
    out.mkdir(parents=True)
    groups: list[Group] = runpy.run_path(str(plan))["GROUPS"]
    spans = pd.read_parquet(edition / "units.parquet", dtype_backend="pyarrow")
    tree = DatedTree({name: pa.array(spans[name]).to_pylist() for name in spans})
    writer = Writer(out, tree)
    by_table: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        by_table[group["table"]].append(group)
    spent = {}
    for table, found in by_table.items():
        began = time.process_time()
        columns = {name: kind for group in found for name, kind in group["columns"].items()}
        frame = pd.read_parquet(
            edition / "tables" / f"{table}.parquet",
            columns=list(columns),
            dtype_backend="pyarrow",
            read_dictionary=[n for n, kind in columns.items() if kind == "text" and n != "_id"],
        )
        for group in found:
            name = f"{table}_{group['day']}"
            if group["ends"]:
                shown, figures = stock_figures(frame, group, tree)
                writer.write(f"{name}_stock", shown, iter(figures))
            else:
                year = Year(frame, group, tree)
                writer.write(name, year.shown, year.figures(group))
        spent[table] = round(time.process_time() - began, 2)
    print(json.dumps(spent))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for command, names in (("prepare", ("definitions", "plan")), ("run", ("plan", "out"))):
        own = commands.add_parser(command)
        for name in ("edition", *names):
            own.add_argument(name, type=Path)
    own.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    if given.command == "run":
        run(given.edition, given.plan, given.out, given.threads)
    else:
        from python_plan import write_plan  # loads a library that only this step needs

        write_plan(given.edition, given.definitions, given.plan, polars=False)


if __name__ == "__main__":
    main()
