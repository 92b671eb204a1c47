"""What the measures of large units came to, unrounded, kept beside an edition.

An amendment is added to these, so that what lies below a large unit need not be counted anew. They
are working figures: no part of the edition, and nothing is lost with them but time.
"""

import json
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shuzhi.engines.plan import Counts, Floats, Grid
from shuzhi.engines.span_columns import span_columns
from shuzhi.figures.compute import open_engine
from shuzhi.figures.operands import is_combined, plan_scans
from shuzhi.ledgers.model import Ledgers
from shuzhi.ledgers.scanning import scan_columns
from shuzhi.packs.model import Pack, Role
from shuzhi.periods import Period

# From so many rows at or below it a unit is large. Fewer are counted anew in a moment.
LARGE_FROM = 5_000
_NOT_KEPT = -1
_FORMAT = "shuzhi-balances/1"
_SCHEMA = pa.schema(
    [
        pa.field("unit", pa.string(), nullable=False),
        pa.field("indicator", pa.string(), nullable=False),
        pa.field("values", pa.list_(pa.float64()), nullable=False),
        pa.field("records", pa.list_(pa.int64()), nullable=False),
    ]
)


@dataclass(frozen=True)
class Balances:
    """The measures of some large units, as it was on each record's day.

    Shape: `values` and `records` indicators, units, periods. Missing: a value means nothing where
    there are no records.
    """

    units: tuple[str, ...]
    indicators: tuple[str, ...]
    periods: tuple[str, ...]
    values: Floats
    records: Counts

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


def write_balances(
    edition: Path, root: str, ledgers: Ledgers, pack: Pack, periods: Sequence[Period],
    *, large_from: int = LARGE_FROM,
) -> int:  # fmt: skip
    """How many units are large; afterwards their balances for the periods, and for those that
    formulas look at then, lie beside the edition."""
    units = large_units(ledgers, pack, large_from)
    measured = [n for n, i in pack.indicators.items() if i.measure and not is_combined(i)]
    wanted = [(name, period) for name in pack.indicators for period in periods]
    grids: dict[str, Grid] = {}
    if units:
        with open_engine("duckdb", ledgers, pack) as engine:
            for scan in plan_scans(pack, wanted, units, None):
                if not scan.by_own_unit:
                    grids |= dict(engine.grids(scan))
    names = list(dict.fromkeys(name for grid in grids.values() for name in grid.periods))
    path = balances_path(edition)
    writing = path.with_name(f".{path.name}.writing")
    about = {"format": _FORMAT, "root": root, "periods": names}
    schema = _SCHEMA.with_metadata({"shuzhi": json.dumps(about)})
    try:
        with pq.ParquetWriter(writing, schema, compression="zstd") as file:
            for place, unit in enumerate(units):
                rows = [
                    {
                        "unit": unit,
                        "indicator": name,
                        "values": _laid_out(grids[name], grids[name].values[place], names, 0.0),
                        "records": _laid_out(
                            grids[name], grids[name].records[place], names, _NOT_KEPT
                        ),
                    }
                    for name in measured
                    if name in grids
                ]
                file.write_table(pa.Table.from_pylist(rows, schema=schema))
        os.replace(writing, path)
    finally:
        writing.unlink(missing_ok=True)
    return len(units)


def _laid_out(
    grid: Grid, row: npt.NDArray[np.generic], periods: Sequence[str], missing: float
) -> list[float]:
    places = {name: place for place, name in enumerate(grid.periods)}
    return [row[places[name]].item() if name in places else missing for name in periods]


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
    return Balances(tuple(found), tuple(names), tuple(about["periods"]), values, records)


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
