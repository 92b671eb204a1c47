"""Many measures of a large table at once.

Each row has a cell (a node of the forest and a slot of time), and for each measure a bit that says
whether it counts. Rows lie in the order of their cells, so that what a cell counts is how many bits
are set between its first row and the next cell's. Cells are added up along the tree by one product
of matrices, and over the slots of each period. Sums, extremes, distinct values and middles start
from the same cells and bits. Whole numbers throughout: the answers are exact.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pyarrow as pa

from shuzhi.engines.distinct import distinct_values, measures_at_once
from shuzhi.engines.extremes import greatest
from shuzhi.engines.masks import MASKS_A_BYTE, Mask
from shuzhi.engines.medians import middles
from shuzhi.engines.placed_rows import PlacedRows
from shuzhi.engines.plan import Counts, Floats, Grid, Numbers, Scan
from shuzhi.engines.row_values import numbered
from shuzhi.ledgers.model import DECIMAL
from shuzhi.packs.model import ColumnType, Measure, MeasureKind, Table

_SCALE = 10.0**DECIMAL.scale
# Sums beyond these would no longer be exact, or no longer round correctly to float64.
_LARGEST = {True: 2.0**53, False: 2.0**62}
_FITS_32_BITS = 2.0**31
_AT_ONCE = 1 << 20
# From so many rows on, what one column leaves in pieces is given back before the next one is read:
# a tenth less memory at fifty million; at ten million it takes longer and spares nothing.
_MANY_ROWS = 1 << 24
_FAMILIES = {
    MeasureKind.DISTINCT: "distinct",
    MeasureKind.MIN: "extreme",
    MeasureKind.MAX: "extreme",
    MeasureKind.LAST: "extreme",
    MeasureKind.MEDIAN: "middle",
}
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
            if self._rows.masks.rows >= _MANY_ROWS:
                pa.default_memory_pool().release_unused()
            yield from ways[family](measures, column)

    def _additive(self, measures: _Some, column: str) -> Iterator[_Named]:
        numbers = self._rows.numbers(column) if column else None
        size = 0.0 if numbers is None else _size(numbers)
        if size >= _LARGEST[column in self._decimals]:
            return
        if numbers is not None:
            numbers = numbers.astype(np.int32 if size < _FITS_32_BITS else np.int64, copy=False)
        for some in _batches(measures, MASKS_A_BYTE):
            counted = [self._counted(measure) for measure in some.values()]
            sums = records = self._over_all(self._rows.counts(counted))
            if numbers is not None:
                sums = self._over_all(self._rows.sums(counted, numbers))
            elif any(measure.kind is MeasureKind.SHARE for measure in some.values()):
                selected = [
                    mask & self._rows.masks.hold(measure.where)
                    for mask, measure in zip(counted, some.values(), strict=True)
                ]
                sums = self._over_all(self._rows.counts(selected))
            for place, (name, measure) in enumerate(some.items()):
                yield name, self._grid(self._values(measure, sums[place], records[place]),
                                       records[place])  # fmt: skip

    def _distinct(self, measures: _Some, column: str) -> Iterator[_Named]:
        values, count = self._rows.value_numbers(column)
        at_once = measures_at_once(self._rows, count)
        for some in _batches(measures, at_once) if at_once else ():
            counted = [self._counted(measure) for measure in some.values()]
            found = distinct_values(self._rows, values, count, counted)
            for place, name in enumerate(some):
                records = self._records(counted[place])
                yield name, self._grid(found[place].astype(np.float64), records)

    def _extreme(self, measures: _Some, column: str) -> Iterator[_Named]:
        numbers = self._rows.numbers(column)
        if not self._rounds(numbers, column):
            return
        for name, measure in measures.items():
            counted = self._counted(measure)
            records = self._records(counted)
            found = greatest(self._rows, numbers, measure.kind, counted)
            yield name, self._grid(np.where(records > 0, self._scaled(found, column), 0), records)

    def _middle(self, measures: _Some, column: str) -> Iterator[_Named]:
        numbers = self._rows.numbers(column)
        if not self._rounds(numbers, column):
            return
        values, ranks = _ranked(numbers)
        exact = self._scaled(values, column)
        for some in _batches(measures, MASKS_A_BYTE):
            counted = [self._counted(measure) for measure in some.values()]
            lower, upper = middles(self._rows, ranks, len(values), counted)
            for place, name in enumerate(some):
                records = self._records(counted[place])
                middle = np.zeros(records.shape)
                if len(exact):
                    middle = (exact[lower[place]] + exact[upper[place]]) / 2
                yield name, self._grid(np.where(records > 0, middle, 0), records)

    def _records(self, counted: Mask) -> Counts:
        """How many rows a measure is taken from."""
        found: Counts = self._over_all(self._rows.counts([counted]))[0]
        return found

    def _counted(self, measure: Measure) -> Mask:
        """Which rows are among the records of a measure."""
        masks = self._rows.masks
        chosen = measure.share_of if measure.kind is MeasureKind.SHARE else measure.where
        found = masks.hold(chosen)
        return found & masks.filled(measure.column) if measure.column else found

    def _over_all(self, cells: Numbers) -> Counts:
        """What the nodes' cells add up to along the tree and over time. Shape: of `cells`
        measures, cells; of the answer measures, units, periods."""
        rows = self._rows
        below = rows.forest.below.astype(cells.dtype)
        found = np.empty((len(cells), below.shape[0], len(rows.slots.runs)), dtype=np.int64)
        for place, of_measure in enumerate(cells):
            units = below @ of_measure.reshape(rows.forest.length, -1)
            rows.slots.add_up(units, found[place])
        return found

    def _values(self, measure: Measure, sums: Counts, records: Counts) -> Floats:
        values = self._scaled(sums, measure.column)
        if measure.kind is MeasureKind.AVERAGE:
            return values / np.maximum(records, 1)
        if measure.kind is MeasureKind.SHARE:
            return 100.0 * values / np.maximum(records, 1)
        return values

    def _scaled(self, numbers: Counts, column: str) -> Floats:
        return numbers / _SCALE if column in self._decimals else numbers.astype(np.float64)

    def _rounds(self, numbers: Numbers, column: str) -> bool:
        """Whether every number of the column rounds correctly to float64."""
        largest = max(int(numbers.max(initial=0)), -int(numbers.min(initial=0)))
        return largest < _LARGEST[column in self._decimals]

    def _grid(self, values: Floats, records: Counts) -> Grid:
        return Grid(tuple(period.name for period in self._scan.periods), values, records)


def _size(numbers: Numbers) -> float:
    """What the numbers come to without their signs; more than any of their sums."""
    blocks = (numbers[n : n + _AT_ONCE] for n in range(0, len(numbers), _AT_ONCE))
    return sum(float(np.abs(block.astype(np.float64)).sum()) for block in blocks)


def _ranked(numbers: Numbers) -> tuple[Counts, Numbers]:
    """Each number once, ascending, and the place of each in there."""
    distinct, places = numbered(pa.chunked_array([numbers]))
    values = distinct.to_numpy()
    order = np.argsort(values)
    ranks = np.empty(len(order), dtype=np.int32)
    ranks[order] = np.arange(len(order), dtype=np.int32)
    return values[order], ranks[places]


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
