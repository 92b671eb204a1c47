"""Many measures of a large table at once, from rows placed in cells and told apart by signature.

Each row has a cell (a node of the forest and a slot of time) and a signature (what every predicate
says of it). The matrix of cells by signatures, times the matrix that says which signature counts
for which measure, gives all counts and sums of all cells at once; they are then added up along the
tree, and over the slots of each period. Extremes, distinct values and middles start from the same
cells. Whole numbers throughout: the answers are exact.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import sparse

from shuzhi.engines.distinct import distinct_values, measures_at_once
from shuzhi.engines.extremes import greatest
from shuzhi.engines.medians import middles
from shuzhi.engines.placed_rows import Cells, Numbers, PlacedRows
from shuzhi.engines.plan import Counts, Floats, Grid, Scan
from shuzhi.ledgers.model import DECIMAL
from shuzhi.packs.model import ColumnType, Measure, MeasureKind, Table

_SCALE = 10.0**DECIMAL.scale
# Sums beyond these would no longer be exact, or no longer round correctly to float64.
_LARGEST = {True: 2.0**53, False: 2.0**62}
_FITS_32_BITS = 2.0**31
_AT_ONCE = 8
_FAMILIES = {
    MeasureKind.DISTINCT: "distinct",
    MeasureKind.MIN: "extreme",
    MeasureKind.MAX: "extreme",
    MeasureKind.LAST: "extreme",
    MeasureKind.MEDIAN: "middle",
}
_Flags = npt.NDArray[np.bool_]
_Named = tuple[str, Grid]
_Some = Mapping[str, Measure]


class Kernel:
    """Measures the rows of one scan."""

    def __init__(self, scan: Scan, table: Table, rows: PlacedRows) -> None:
        self._scan = scan
        self._rows = rows
        self._decimals = {c.name for c in table.columns if c.type is ColumnType.NUMBER}

    def grids(self) -> Iterator[_Named]:
        """The grid of each measure of the scan, as soon as it is worked out. Missing: a measure
        of a column whose numbers could be too large to be exact."""
        ways: Mapping[str, Callable[[_Some, str], Iterator[_Named]]] = {
            "additive": self._additive,
            "distinct": self._distinct,
            "extreme": self._extreme,
            "middle": self._middle,
        }
        for (family, column), measures in _families(self._scan.measures).items():
            yield from ways[family](measures, column)

    def _additive(self, measures: _Some, column: str) -> Iterator[_Named]:
        numbers = self._rows.numbers(column) if column else None
        size = 0.0 if numbers is None else float(np.abs(numbers.astype(np.float64)).sum())
        if size >= _LARGEST[column in self._decimals]:
            return
        if numbers is not None and size < _FITS_32_BITS:
            numbers = numbers.astype(np.int32)
        for some in _batches(measures, _AT_ONCE):
            records = self._totals(self._counted(some))
            sums = records
            if numbers is not None:
                sums = self._totals(self._counted(some), numbers)
            elif any(measure.kind is MeasureKind.SHARE for measure in some.values()):
                sums = self._totals(self._selected(some))
            for place, (name, measure) in enumerate(some.items()):
                of_measure = np.ascontiguousarray(records[:, :, place])
                values = self._values(measure, sums[:, :, place], of_measure)
                yield name, self._grid(values, of_measure)

    def _distinct(self, measures: _Some, column: str) -> Iterator[_Named]:
        values, count = self._rows.value_numbers(column)
        at_once = measures_at_once(self._rows, count)
        for some in _batches(measures, at_once) if at_once else ():
            counted = self._counted(some)
            found = distinct_values(self._rows, values, count, counted)
            for place, (name, records) in enumerate(self._records(some)):
                yield name, self._grid(found[:, :, place].astype(np.float64), records)

    def _extreme(self, measures: _Some, column: str) -> Iterator[_Named]:
        numbers = self._rows.numbers(column)
        if not self._rounds(numbers, column):
            return
        counted = self._counted(measures)
        for place, (name, records) in enumerate(self._records(measures)):
            kind = measures[name].kind
            found = greatest(self._rows, numbers, kind, counted[:, place])
            yield name, self._grid(np.where(records > 0, self._scaled(found, column), 0), records)

    def _middle(self, measures: _Some, column: str) -> Iterator[_Named]:
        numbers = self._rows.numbers(column)
        if not self._rounds(numbers, column):
            return
        values, ranks = _ranked(numbers)
        exact = self._scaled(values, column)
        for some in _batches(measures, _AT_ONCE):
            lower, upper = middles(self._rows, ranks, len(values), self._counted(some))
            for place, (name, records) in enumerate(self._records(some)):
                if len(exact):
                    middle = (exact[lower[:, :, place]] + exact[upper[:, :, place]]) / 2
                else:
                    middle = np.zeros(records.shape)
                yield name, self._grid(np.where(records > 0, middle, 0), records)

    def _records(self, measures: _Some) -> Iterator[tuple[str, Counts]]:
        """How many rows each measure is taken from."""
        for some in _batches(measures, _AT_ONCE):
            records = self._totals(self._counted(some))
            for place, name in enumerate(some):
                yield name, np.ascontiguousarray(records[:, :, place])

    def _counted(self, measures: _Some) -> _Flags:
        """Which signatures' rows are among the records of which measure."""
        signatures = self._rows.signatures
        found = []
        for measure in measures.values():
            chosen = measure.share_of if measure.kind is MeasureKind.SHARE else measure.where
            flags = signatures.hold(chosen)
            found.append(flags & signatures.filled(measure.column) if measure.column else flags)
        return np.stack(found, axis=1)

    def _selected(self, measures: _Some) -> _Flags:
        where = [self._rows.signatures.hold(measure.where) for measure in measures.values()]
        return self._counted(measures) & np.stack(where, axis=1)

    def _totals(self, counted: _Flags, numbers: Numbers | None = None) -> Counts:
        """What `numbers`, or the rows themselves, add up to. Shape: units, periods, measures."""
        rows = self._rows
        cells = _product(rows.rows, numbers, counted)
        if rows.ended is not None:
            cells -= _product(rows.ended, numbers, counted)
        cells = cells.reshape(rows.forest.length, rows.slots.length, -1)
        rows.forest.hierarchy.roll_up(cells)
        units = rows.forest.of_units(cells)
        total = np.empty((len(units), len(rows.slots.runs), counted.shape[1]), dtype=np.int64)
        for place, run in enumerate(rows.slots.runs):
            total[:, place] = units[:, slice(*run)].sum(axis=1)
        return total

    def _values(self, measure: Measure, sums: Counts, records: Counts) -> Floats:
        values = self._scaled(sums, measure.column)
        if measure.kind is MeasureKind.AVERAGE:
            return values / np.maximum(records, 1)
        if measure.kind is MeasureKind.SHARE:
            return 100.0 * values / np.maximum(records, 1)
        return values

    def _scaled(self, numbers: Counts, column: str) -> Floats:
        return numbers / _SCALE if column in self._decimals else numbers.astype(np.float64)

    def _rounds(self, numbers: Counts, column: str) -> bool:
        """Whether every number of the column rounds correctly to float64."""
        largest = float(np.abs(numbers.astype(np.float64)).max(initial=0))
        return largest < _LARGEST[column in self._decimals]

    def _grid(self, values: Floats, records: Counts) -> Grid:
        return Grid(tuple(period.name for period in self._scan.periods), values, records)


def _product(rows: Cells, numbers: Numbers | None, counted: _Flags) -> Numbers:
    """The totals of each cell, in the width of the numbers. Shape: cells, measures."""
    weights = np.ones(len(rows.codes), dtype=np.int32) if numbers is None else numbers
    shape = len(rows.starts) - 1, len(counted)
    matrix = sparse.csr_array((weights, rows.codes, rows.starts), shape=shape)
    found: Numbers = matrix @ counted.astype(weights.dtype)
    return found


def _ranked(numbers: Counts) -> tuple[Counts, Counts]:
    """Each number once, ascending, and the place of each in there."""
    found = pa.array(numbers).dictionary_encode()
    values = found.dictionary.to_numpy()
    order = np.argsort(values)
    places = np.empty(len(order), dtype=np.int32)
    places[order] = np.arange(len(order))
    return values[order], places[found.indices.to_numpy()]


def _families(measures: _Some) -> dict[tuple[str, str], dict[str, Measure]]:
    """The measures by how they are worked out, and by column."""
    found: dict[tuple[str, str], dict[str, Measure]] = {}
    for name, measure in measures.items():
        family = _FAMILIES.get(measure.kind, "additive")
        found.setdefault((family, measure.column), {})[name] = measure
    return found


def _batches(measures: _Some, at_once: int) -> Iterator[dict[str, Measure]]:
    named = list(measures.items())
    for first in range(0, len(named), at_once):
        yield dict(named[first : first + at_once])
