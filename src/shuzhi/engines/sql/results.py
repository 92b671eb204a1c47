"""What came back from a query, with the codes of units and the names of periods again."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shuzhi.engines.plan import (
    ALL_UNITS,
    Cell,
    CellKey,
    Cells,
    Counts,
    Exact,
    Floats,
    Grid,
    Scan,
    TracedRow,
    Traces,
    empty_grid,
)
from shuzhi.engines.sql.lookups import Lookups
from shuzhi.engines.sql.selection import Selection
from shuzhi.engines.sql.states import Reading
from shuzhi.engines.sql.steps import Measuring
from shuzhi.engines.sql.traced import trace_columns
from shuzhi.packs.model import Measure, MeasureKind

_PROVENANCE = 6  # columns at the head of `trace_columns` that go into a traced row as they are
_EXACT = 2**53  # whole numbers up to this are float64 without rounding


def grids_of_result(
    scan: Scan, lookups: Lookups, readings: Mapping[str, Reading], found: pa.Table
) -> Iterator[tuple[str, Grid]]:
    """A grid a measure, from the columns of a measuring query."""
    place = lookups.places[found["above"].to_numpy()], found["period"].to_numpy()
    for name, measure in scan.measures.items():
        reading = readings[name]
        records = found[reading.records].to_numpy()
        grid = empty_grid(scan)
        grid.values[place] = _values(measure, found[reading.value], records)
        grid.records[place] = records
        yield name, grid


def cells_of(
    scan: Scan, lookups: Lookups, measuring: Measuring, rows: Iterable[tuple[Any, ...]]
) -> Cells:
    """The cells with records, from the rows of the same query."""
    cells: dict[str, dict[CellKey, Cell]] = {name: {} for name in scan.measures}
    readings = measuring.readings
    place = {column: number for number, column in enumerate(measuring.columns)}
    where = [
        (name, measure, place[readings[name].value], place[readings[name].records])
        for name, measure in scan.measures.items()
    ]
    key_of = _Keys(scan, lookups)
    for row in rows:
        key = key_of(row)
        for name, measure, value, records in where:
            if row[records]:
                cells[name][key] = Cell(_value(measure, row[value], row[records]), row[records])
    return cells


def traces_of(selection: Selection, lookups: Lookups, rows: Iterable[tuple[Any, ...]]) -> Traces:
    """The rows behind each cell, from those of a tracing query."""
    scan = selection.scan
    readers = {n: _TraceReader(selection, m) for n, m in scan.measures.items()}
    traces: dict[str, dict[CellKey, list[TracedRow]]] = {name: {} for name in scan.measures}
    key_of = _Keys(scan, lookups)
    for row in rows:
        key = key_of(row)
        for name, reader in readers.items():
            traced = reader.read(row)
            if traced is not None:
                traces[name].setdefault(key, []).append(traced)
    return traces


class _Keys:
    """Finds the key of a cell at the head of a row."""

    def __init__(self, scan: Scan, lookups: Lookups) -> None:
        self._periods = [period.name for period in scan.periods]
        self._codes = lookups.codes
        self._has_own = scan.by_own_unit

    def __call__(self, row: tuple[Any, ...]) -> CellKey:
        own = self._codes[row[1]] if self._has_own else ALL_UNITS
        return CellKey(self._codes[row[0]], own, self._periods[row[1 + self._has_own]])


class _TraceReader:
    """Finds one measure's part in the rows of a tracing query."""

    def __init__(self, selection: Selection, measure: Measure) -> None:
        self._keys = len(selection.keys)
        places = {name: self._keys + n for n, name in enumerate(trace_columns(selection))}
        self._where = places[selection.answers[measure.where]] if measure.where else None
        self._base = places[selection.answers[measure.share_of]] if measure.share_of else None
        self._value = places[selection.values[measure.column]] if measure.column else None

    def read(self, row: tuple[Any, ...]) -> TracedRow | None:
        """The row as the measure takes it into account; None if it does not."""
        selected = self._where is None or row[self._where] is True
        value = None if self._value is None else row[self._value]
        if self._base is not None:
            in_account = row[self._base] is True
        else:
            in_account = selected and (self._value is None or value is not None)
        if not in_account:
            return None
        return TracedRow._make((*row[self._keys : self._keys + _PROVENANCE], selected, value))


def _value(measure: Measure, value: Any, records: int) -> Exact:
    if measure.kind is MeasureKind.AVERAGE:
        return float(value) / records
    if measure.kind is MeasureKind.SHARE:
        return float(100 * value / records)
    answer: Exact = value
    return answer


def _values(measure: Measure, values: pa.ChunkedArray, records: Counts) -> Floats:
    """`_value` for a column. Missing: 0 where there are no records."""
    found = _as_floats(values)
    if measure.kind is MeasureKind.AVERAGE:
        return found / np.maximum(records, 1)
    if measure.kind is MeasureKind.SHARE:
        return 100.0 * found / np.maximum(records, 1)
    return np.where(records > 0, found, 0.0)


def _as_floats(values: pa.ChunkedArray) -> Floats:
    """The nearest float64 to each. Missing: 0."""
    if not pa.types.is_decimal(values.type):
        plain: Floats = pc.fill_null(values, 0).to_numpy().astype(np.float64)
        return plain
    whole = values.combine_chunks().cast(pa.decimal128(38, values.type.scale))
    low, high = (
        np.frombuffer(whole.buffers()[1], dtype=np.int64)
        .reshape(-1, 2)[whole.offset : whole.offset + len(whole)]
        .T
    )
    is_there = whole.is_valid().to_numpy(zero_copy_only=False)
    found: Floats = np.where(is_there, low, 0) / 10.0**whole.type.scale
    is_large = is_there & ((high != low >> 63) | (low > _EXACT) | (low < -_EXACT))
    for place in np.flatnonzero(is_large).tolist():
        found[place] = float(whole[place].as_py())
    return found
