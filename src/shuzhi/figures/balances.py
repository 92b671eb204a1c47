"""What the measures of large units came to, unrounded, kept beside an edition.

An amendment is added to these, so that what lies below a large unit need not be counted anew. They
are working figures: no part of the edition, and nothing is lost with them but time.
"""

import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shuzhi.engines.duckdb import DuckDBEngine
from shuzhi.engines.kernel_rule import fits
from shuzhi.engines.near_middles import NearMiddle, near_middles
from shuzhi.engines.plan import Counts, Floats, Grid, Scan
from shuzhi.engines.span_columns import span_columns
from shuzhi.figures.compute import open_engine
from shuzhi.figures.operands import plan_scans
from shuzhi.ledgers.model import DECIMAL, Ledgers
from shuzhi.ledgers.scanning import scan_columns
from shuzhi.packs.model import ColumnType, MeasureKind, Pack, Role
from shuzhi.periods import Period

# From so many rows at or below it a unit is large. Fewer are counted anew in a moment.
LARGE_FROM = 5_000
# Greater numbers, decimals in units of their last place, do not all round to float64 one by one.
_EXACT = 2.0**50
_NOT_KEPT = -1
_FORMAT = "shuzhi-balances/1"
_NEAR = ("below", "above", "lengths", "values", "counts")
_SCHEMA = pa.schema(
    [
        pa.field("unit", pa.string(), nullable=False),
        pa.field("indicator", pa.string(), nullable=False),
        pa.field("values", pa.list_(pa.float64()), nullable=False),
        pa.field("records", pa.list_(pa.int64()), nullable=False),
        # of medians, for each period: how many rows are below and above what is near the middle,
        # how many values that are; then these values and their counts, period after period
        *(pa.field(f"near_{name}", pa.list_(pa.int64())) for name in _NEAR[:3]),
        pa.field("near_values", pa.list_(pa.float64())),
        pa.field("near_counts", pa.list_(pa.int64())),
    ]
)
# For a median and a unit what is near the middle of each period, by its name.
Near = Mapping[str, NearMiddle]


@dataclass(frozen=True)
class Balances:
    """The measures of some large units, as it was on each record's day.

    Shape: `values` and `records` indicators, units, periods; `near` by indicator and unit, for
    medians. Missing: a value means nothing where there are no records.
    """

    units: tuple[str, ...]
    indicators: tuple[str, ...]
    periods: tuple[str, ...]
    values: Floats
    records: Counts
    near: Mapping[tuple[str, str], Near] = field(default_factory=dict)

    def grid(self, indicator: str, units: Sequence[str], periods: Sequence[str]) -> Grid | None:
        """The grid of a measure. Missing: None, it is not kept for all of these."""
        if indicator not in self.indicators or not set(periods) <= set(self.periods):
            return None
        number = self.indicators.index(indicator)
        places = np.ix_(
            [self.units.index(unit) for unit in units],
            [self.periods.index(period) for period in periods],
        )
        records = self.records[number][places]
        if (records == _NOT_KEPT).any():
            return None
        return Grid(tuple(periods), self.values[number][places], records)


NO_BALANCES = Balances((), (), (), np.zeros((0, 0, 0)), np.zeros((0, 0, 0), dtype=np.int64))


def balances_path(edition: Path) -> Path:
    """The file beside an edition that holds its balances."""
    return edition.with_name(f"{edition.name}.balances.parquet")


def take_balances(
    ledgers: Ledgers, pack: Pack, periods: Sequence[Period], units: Sequence[str],
    *, engine: str = "duckdb",
) -> Balances:  # fmt: skip
    """The balances of the units, for the periods and for those that formulas look at then."""
    wanted = [(name, period) for name in pack.indicators for period in periods]
    scans = [s for s in plan_scans(pack, wanted, units, None) if units and not s.by_own_unit]
    grids: dict[str, Grid] = {}
    near: dict[tuple[str, str], Near] = {}
    with open_engine(engine, ledgers, pack) as opened:
        for scan in scans:
            grids |= dict(opened.grids(scan))
            if isinstance(opened, DuckDBEngine):
                near |= dict(_near_middles(opened, scan, pack))
    names = tuple(dict.fromkeys(name for grid in grids.values() for name in grid.periods))
    values = np.zeros((len(grids), len(units), len(names)))
    records = np.full(values.shape, _NOT_KEPT, dtype=np.int64)
    for place, grid in enumerate(grids.values()):
        at = [names.index(name) for name in grid.periods]
        values[place][:, at], records[place][:, at] = grid.values, grid.records
    return Balances(tuple(units), tuple(grids), names, values, records, near)


def _near_middles(
    engine: DuckDBEngine, scan: Scan, pack: Pack
) -> Iterator[tuple[tuple[str, str], Near]]:
    medians = {
        name: measure
        for name, measure in scan.measures.items()
        if measure.kind is MeasureKind.MEDIAN and fits(measure)
    }
    if not medians:
        return
    rows = engine.place(replace(scan, measures=medians))
    for name, measure in medians.items():
        is_decimal = pack.tables[scan.table].column(measure.column).type is ColumnType.NUMBER
        numbers = rows.numbers(measure.column)
        if float(np.abs(numbers.astype(np.float64)).max(initial=0)) >= _EXACT:
            continue
        counted = rows.masks.hold(measure.where) & rows.masks.filled(measure.column)
        scale = 10.0**DECIMAL.scale if is_decimal else 1.0
        of_units = near_middles(rows, numbers, counted, scale)
        for unit, found in zip(scan.units, of_units, strict=True):
            yield (name, unit), dict(zip((p.name for p in scan.periods), found, strict=True))


def write_balances(
    edition: Path, root: str, ledgers: Ledgers, pack: Pack, periods: Sequence[Period],
    *, large_from: int = LARGE_FROM,
) -> int:  # fmt: skip
    """How many units are large; afterwards their balances lie beside the edition."""
    units = large_units(ledgers, pack, large_from)
    found = take_balances(ledgers, pack, periods, units)
    path = balances_path(edition)
    writing = path.with_name(f".{path.name}.writing")
    about = {"format": _FORMAT, "root": root, "periods": found.periods}
    schema = _SCHEMA.with_metadata({"shuzhi": json.dumps(about)})
    try:
        with pq.ParquetWriter(writing, schema, compression="zstd") as file:
            for place, unit in enumerate(units):
                rows = [
                    {
                        "unit": unit,
                        "indicator": name,
                        "values": found.values[number, place],
                        "records": found.records[number, place],
                        **_near_row(found.near.get((name, unit)), found.periods),
                    }
                    for number, name in enumerate(found.indicators)
                ]
                file.write_table(pa.Table.from_pylist(rows, schema=schema))
        os.replace(writing, path)
    finally:
        writing.unlink(missing_ok=True)
    return len(units)


def _near_row(near: Near | None, periods: Sequence[str]) -> dict[str, object]:
    if near is None or not set(periods) <= near.keys():
        return {}
    found = [near[period] for period in periods]
    return {
        "near_below": [each.below for each in found],
        "near_above": [each.above for each in found],
        "near_lengths": [len(each.values) for each in found],
        "near_values": np.concatenate([each.values for each in found]),
        "near_counts": np.concatenate([each.counts for each in found]),
    }


def read_balances(edition: Path, root: str, units: Collection[str]) -> Balances | None:
    """The balances beside an edition, of those of the units that are large. Missing: None, there
    are none, or they are of another edition."""
    path = balances_path(edition)
    if not path.is_file():
        return None
    with pq.ParquetFile(path) as file:
        about = json.loads((file.schema_arrow.metadata or {}).get(b"shuzhi", b"{}"))
        if (about.get("format"), about.get("root")) != (_FORMAT, root):
            return None
        groups = [
            group
            for group in range(file.num_row_groups)
            if file.metadata.row_group(group).column(0).statistics.min in units
        ]
        table = file.read_row_groups(groups) if groups else _SCHEMA.empty_table()
    found = pc.unique(table["unit"]).to_pylist()
    names = pc.unique(table["indicator"]).to_pylist()
    shape = len(found), len(names), len(about["periods"])
    values, records = (
        pc.list_flatten(table[column]).to_numpy().reshape(shape).swapaxes(0, 1)
        for column in ("values", "records")
    )
    periods = tuple(about["periods"])
    near = _NearRows(table.filter(pc.is_valid(table["near_below"])), periods)
    return Balances(tuple(found), tuple(names), periods, values, records, near)


class _NearRows(Mapping[tuple[str, str], Near]):
    """What is near middles, made of a row once somebody looks at it."""

    def __init__(self, rows: pa.Table, periods: Sequence[str]) -> None:
        keys = zip(rows["indicator"].to_pylist(), rows["unit"].to_pylist(), strict=True)
        self._places = {key: place for place, key in enumerate(keys)}
        self._rows = rows
        self._periods = periods

    def __getitem__(self, key: tuple[str, str]) -> Near:
        place = self._places[key]
        below, above, lengths, values, counts = (
            self._rows[f"near_{name}"][place].values.to_numpy() for name in _NEAR
        )
        ends = np.cumsum(lengths)
        return {
            period: NearMiddle(int(below[n]), int(above[n]), values[part], counts[part])
            for n, period in enumerate(self._periods)
            for part in [slice(ends[n] - lengths[n], ends[n])]
        }

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def large_units(ledgers: Ledgers, pack: Pack, large_from: int) -> tuple[str, ...]:
    """The units with so many rows at or below them on the tree of some day, by code."""
    tree = ledgers.units
    codes = pa.array(tree.codes, pa.string())
    own = np.zeros(len(codes), dtype=np.int64)
    for name, table in pack.tables.items():
        unit = table.column_with(Role.UNIT)
        if unit is None:
            continue
        for part in scan_columns(ledgers, name, [unit.name]):
            for chunk in part[unit.name].chunks:
                number = pc.index_in(chunk.dictionary, codes).fill_null(-1).to_numpy()
                met = np.bincount(chunk.indices.drop_null(), minlength=len(number))
                np.add.at(own, number[number >= 0], met[number >= 0])
    is_large = np.zeros(len(codes), dtype=np.bool_)
    spans = span_columns(tree)
    for day in (pack.collects_from, *tree.moves):
        below = own.copy()
        spans.hierarchy_on(day).roll_up(below)
        is_large |= below >= large_from
    return tuple(tree.codes[place] for place in np.flatnonzero(is_large).tolist())
