"""The rows behind a measured figure as columns: for figures that stand on more rows than anybody
reads one by one."""

from collections.abc import Iterator
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from shuzhi.engines.duckdb import DuckDBEngine
from shuzhi.engines.kernel_rule import fits
from shuzhi.engines.plan import Scan
from shuzhi.errors import UserError
from shuzhi.figures.compute import known
from shuzhi.figures.narrowing import narrowed
from shuzhi.figures.operands import counted_period, is_combined
from shuzhi.ledgers.model import FILE, RECORD_ID, ROW, SHEET, Ledgers
from shuzhi.ledgers.scanning import scan_columns
from shuzhi.packs.model import Indicator, Measure, MeasureKind, Pack, Role
from shuzhi.periods import Period

_Flags = npt.NDArray[np.bool_]


def read_proof_rows(
    ledgers: Ledgers,
    pack: Pack,
    indicator: str,
    unit: str,
    period: Period,
    *,
    tree_as_of: date | None = None,
) -> pa.Table:
    """The rows that a measured figure counts.

    Shape: one row per record, in the order of the ledger: record, unit, day, file, sheet, row,
    counted (false for the rest of a share's base) and, where a column is measured, value. Missing:
    no value of persons, who are counted and never listed. Raises: UserError where an indicator or
    unit is not known, and where the figure is derived from others.
    """
    known([indicator], pack.indicators, "indicator")
    known([unit], ledgers.units.by_code, "unit")
    definition = pack.indicators[indicator]
    measure = _measure_of(definition)
    table = pack.tables[measure.table]
    ledgers = narrowed(ledgers, pack, [unit], tree_as_of)
    scan = Scan(
        measure.table, measure.date, measure.ends, {indicator: measure},
        (counted_period(definition, period),), (unit,), tree_as_of=tree_as_of,
    )  # fmt: skip
    with DuckDBEngine(ledgers, pack) as engine:
        rows = engine.place(scan)
    chosen = measure.share_of if measure.kind is MeasureKind.SHARE else measure.where
    mask = rows.masks.hold(chosen) & rows.kept
    if measure.column:
        mask = mask & rows.masks.filled(measure.column)
    is_behind = _flags(mask, rows.masks.rows)
    if rows.ending is not None:
        is_behind[rows.ending.order] = False
    is_counted = is_behind & _flags(rows.masks.hold(measure.where), rows.masks.rows)
    named = {"record": RECORD_ID, "unit": table.unit_column.name, "day": measure.date,
             "file": FILE, "sheet": SHEET, "row": ROW}  # fmt: skip
    if measure.column and table.column(measure.column).role is not Role.PERSON:
        named["value"] = measure.column
    return pa.concat_tables(_parts(ledgers, measure.table, named, is_behind, is_counted))


def _parts(
    ledgers: Ledgers, table: str, named: dict[str, str], is_behind: _Flags, is_counted: _Flags
) -> Iterator[pa.Table]:
    columns = list(dict.fromkeys(named.values()))
    begin = 0
    for part in scan_columns(ledgers, table, columns, plain=[RECORD_ID]):
        inside = slice(begin, begin + len(part))
        behind = np.flatnonzero(is_behind[inside])
        found = part.take(pa.array(behind))
        texts = {name: _plain(found[column]) for name, column in named.items()}
        yield pa.table(texts | {"counted": pa.array(is_counted[inside][behind])})
        begin += len(part)


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    return pc.cast(column, kind.value_type) if pa.types.is_dictionary(kind) else column


def _flags(mask: npt.NDArray[np.uint8], rows: int) -> _Flags:
    return np.unpackbits(mask, count=rows).view(np.bool_)


def _measure_of(indicator: Indicator) -> Measure:
    if indicator.measure is None or is_combined(indicator) or not fits(indicator.measure):
        raise UserError(
            f"{indicator.name} is put together from other figures; name one of those, or take "
            "another format than parquet"
        )
    return indicator.measure
