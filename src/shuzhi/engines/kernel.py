"""Counts and sums of many measures in one product of matrices, and distinct values beside them.

Each row has a cell (its unit and slot of time) and a signature (what every predicate says of it).
The matrix of cells by signatures, times the matrix that says which signature counts for which
measure, gives all measures of all cells at once; they are then added up along the tree, and over
the slots of each period. Whole numbers throughout: the answers are exact.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from shuzhi.engines.distinct import Holding, distinct_values, is_countable
from shuzhi.engines.medians import middles
from shuzhi.engines.plan import Counts, Floats, Grid, Scan
from shuzhi.engines.roll_up import Hierarchy, hierarchy_on, owners
from shuzhi.engines.signatures import Atoms, holds
from shuzhi.engines.timeline import timeline_of
from shuzhi.ledgers.model import DECIMAL
from shuzhi.packs.model import Measure, MeasureKind
from shuzhi.packs.predicates import Predicate
from shuzhi.units import UnitTree

_SCALE = 10.0**DECIMAL.scale
# Sums beyond these would no longer be exact, or no longer round correctly to float64.
_LARGEST = {True: 2.0**53, False: 2.0**62}
_COLUMNS_AT_ONCE = 16
_LEAST = np.iinfo(np.int64).min
_FAMILIES = {
    MeasureKind.DISTINCT: "distinct",
    MeasureKind.MIN: "extreme",
    MeasureKind.MAX: "extreme",
    MeasureKind.LAST: "extreme",
    MeasureKind.MEDIAN: "middle",
}
_Named = tuple[str, Grid]
_Way = Callable[[Mapping[str, Measure], str], Iterator[_Named]]


@dataclass(frozen=True)
class Rows:
    """The rows of a scan, column by column: unit codes, days since 1970 (with what ends a stock),
    the words of their signatures and the measured columns."""

    units: pa.ChunkedArray
    days: pa.ChunkedArray
    ends: pa.ChunkedArray | None
    words: tuple[pa.ChunkedArray, ...]
    values: Mapping[str, pa.ChunkedArray]
    records: pa.ChunkedArray | None = None  # ids, where the last record is asked for


class Kernel:
    """Measures the rows of one scan."""

    def __init__(self, scan: Scan, tree: UnitTree, atoms: Atoms, rows: Rows) -> None:
        self._scan = scan
        self._tree = tree
        self._atoms = atoms
        self._rows = rows
        self._timeline = timeline_of(scan, tree)

    def grids(self, measures: Mapping[str, Measure]) -> Iterator[tuple[str, Grid]]:
        """The grid of each measure. Missing: a measure of a column whose numbers could be too
        large to be exact."""
        for family, columns in _families(measures).items():
            for column, of_column in columns.items():
                for some in _batches(of_column):
                    yield from self._ways[family](some, column)

    @cached_property
    def _ways(self) -> "Mapping[str, _Way]":
        return {
            "additive": self._additive,
            "distinct": self._distinct,
            "extreme": self._extreme,
            "middle": self._middle,
        }

    def _additive(self, measures: Mapping[str, Measure], column: str) -> Iterator[_Named]:
        if column and not self._adds_up(column):
            return
        sums, records = self._sums(measures, column)
        for place, (name, measure) in enumerate(measures.items()):
            values = self._values(measure, sums[:, :, place], records[:, :, place])
            yield name, self._grid(values, records[:, :, place])

    def _extreme(self, measures: Mapping[str, Measure], column: str) -> Iterator[_Named]:
        """The greatest key of the rows of each cell: the value, less the value, or the place by
        day and record id."""
        if not self._rounds(column):
            return
        numbers, is_there = self._numbers(column)
        for name, measure in measures.items():
            counted = self._counted(measure)
            records = self._total(is_there, counted[:, None])[:, :, 0]
            is_counted = (counted[self._signatures.codes] * is_there) > 0
            keys, value_of = self._keys(measure.kind, numbers, np.flatnonzero(is_counted))
            greatest = np.where(records > 0, self._greatest(keys, is_counted), 0)
            values = np.where(records > 0, value_of(greatest), 0)
            yield name, self._grid(self._scaled(values, column), records)

    def _keys(
        self, kind: MeasureKind, numbers: Counts, rows: Counts
    ) -> tuple[Counts, Callable[[Counts], Counts]]:
        """What to take the greatest of, and the value that a key stands for."""
        if kind is MeasureKind.MAX:
            return numbers, lambda keys: keys
        if kind is MeasureKind.MIN:
            return -numbers, lambda keys: -keys
        assert self._rows.records is not None
        by = pa.table({"day": self._rows.days, "record": self._rows.records}).take(pa.array(rows))
        order = rows[pc.sort_indices(by, [("day", "ascending"), ("record", "ascending")])]
        places = np.zeros(len(numbers), dtype=np.int64)
        places[order] = np.arange(len(order))
        return places, lambda keys: numbers[order[keys]] if len(order) else keys

    def _greatest(self, keys: Counts, is_counted: npt.NDArray[np.bool_]) -> Counts:
        """Shape: units asked for, periods. Missing: the least whole number."""
        found = np.full((len(self._asked), len(self._timeline.runs)), _LEAST, dtype=np.int64)
        units = len(self._tree.codes)
        for part in self._parts:
            of_rows = np.where(is_counted[part.rows], keys[part.rows], _LEAST)
            cells = np.full((units, part.slots), _LEAST, dtype=np.int64)
            filled = np.flatnonzero(np.diff(part.starts))
            cells.reshape(-1)[filled] = np.maximum.reduceat(of_rows, part.starts[filled])
            self._hierarchy(part.version).roll_up(cells, np.maximum)
            for period, run in enumerate(self._timeline.runs):
                within = cells[self._asked, slice(*part.within(run))]
                found[:, period] = np.maximum(found[:, period], within.max(axis=1, initial=_LEAST))
        return found

    def _middle(self, measures: Mapping[str, Measure], column: str) -> Iterator[_Named]:
        if not self._rounds(column):
            return
        numbers, is_there = self._numbers(column)
        values, ranks = np.unique(numbers, return_inverse=True)
        exact = self._scaled(values, column)
        for name, measure in measures.items():
            counted = self._counted(measure)
            records = self._total(is_there, counted[:, None])[:, :, 0]
            grid = self._grid(np.zeros(records.shape), records)
            for period, run in enumerate(self._timeline.runs):
                holdings = [
                    self._holding(part, run, ranks, is_there, counted) for part in self._parts
                ]
                found = middles(holdings, len(self._tree.codes), len(values))[self._asked]
                middle = (exact[found[:, 0]] + exact[found[:, 1]]) / 2
                grid.values[:, period] = np.where(records[:, period] > 0, middle, 0)
            yield name, grid

    def _grid(self, values: Floats, records: Counts) -> Grid:
        names = tuple(period.name for period in self._scan.periods)
        return Grid(names, values, np.ascontiguousarray(records))

    def _distinct(self, measures: Mapping[str, Measure], column: str) -> Iterator[_Named]:
        if not self._is_countable(column):
            return
        counted = np.stack([self._counted(m) for m in measures.values()], axis=1)
        values, is_there = self._value_numbers[column]
        records = self._total(is_there, counted)
        masks = (counted << np.arange(len(measures))).sum(axis=1)
        totals = np.stack(
            [
                distinct_values(
                    [self._holding(part, run, values, is_there, masks) for part in self._parts],
                    len(self._tree.codes),
                    len(measures),
                )[self._asked]
                for run in self._timeline.runs
            ],
            axis=1,
        )
        for place, name in enumerate(measures):
            yield name, self._grid(totals[:, :, place].astype(np.float64), records[:, :, place])

    def _holding(
        self, part: "_Part", run: tuple[int, int], values: Counts, is_there: Counts, masks: Counts
    ) -> Holding:
        """The rows of the part in the slots of a run that have a value and count for a measure."""
        begin, end = part.within(run)
        rows = part.rows[(part.slot >= begin) & (part.slot < end)]
        of_row = masks[self._signatures.codes[rows]] * is_there[rows]
        rows, of_row = rows[of_row > 0], of_row[of_row > 0]
        return Holding(self._hierarchy(part.version), self._owners[rows], values[rows], of_row)

    def _is_countable(self, column: str) -> bool:
        values, _ = self._value_numbers[column]
        return is_countable(len(self._tree.codes), int(values.max(initial=0)) + 1)

    @cached_property
    def _value_numbers(self) -> "Mapping[str, tuple[Counts, Counts]]":
        """For each column whose values are counted: its values by number, and 1 where there is
        one."""
        found = {}
        for measure in self._scan.measures.values():
            if measure.kind is MeasureKind.DISTINCT and measure.column in self._rows.values:
                values = self._rows.values[measure.column].combine_chunks().dictionary_encode()
                is_there = values.is_valid().to_numpy(zero_copy_only=False).astype(np.int64)
                numbers = values.indices.fill_null(0).to_numpy().astype(np.int64)
                found[measure.column] = numbers, is_there
        return found

    def _values(self, measure: Measure, sums: Counts, records: Counts) -> Floats:
        values = self._scaled(sums, measure.column)
        if measure.kind is MeasureKind.AVERAGE:
            return values / np.maximum(records, 1)
        if measure.kind is MeasureKind.SHARE:
            return 100.0 * values / np.maximum(records, 1)
        return values

    def _scaled(self, numbers: Counts, column: str) -> Floats:
        is_decimal = bool(column) and self._is_decimal(column)
        return numbers / _SCALE if is_decimal else numbers.astype(np.float64)

    def _sums(self, measures: Mapping[str, Measure], column: str) -> tuple[Counts, Counts]:
        """Sums and records. Shape: units asked for, periods, measures."""
        counted = np.stack([self._counted(m) for m in measures.values()], axis=1)
        if column:
            numbers, is_there = self._numbers(column)
            return self._total(numbers, counted), self._total(is_there, counted)
        records = self._total(None, counted)
        if all(measure.kind is not MeasureKind.SHARE for measure in measures.values()):
            return records, records
        selected = np.stack([self._selected(m) for m in measures.values()], axis=1)
        return self._total(None, selected), records

    def _counted(self, measure: Measure) -> Counts:
        """1 for each signature whose rows are among the measure's records."""
        chosen = measure.share_of if measure.kind is MeasureKind.SHARE else measure.where
        return self._truth_of(chosen)

    def _selected(self, measure: Measure) -> Counts:
        return self._counted(measure) * self._truth_of(measure.where)

    def _truth_of(self, predicate: Predicate | None) -> Counts:
        if predicate is None:
            return np.ones(self._signatures.length, dtype=np.int64)
        return holds(predicate, self._signatures.truths).astype(np.int64)

    def _total(self, numbers: Counts | None, counted: Counts) -> Counts:
        """What `numbers`, or the rows themselves, add up to. Shape: units asked for, periods,
        measures."""
        asked = self._asked
        total = np.zeros((len(asked), len(self._timeline.runs), counted.shape[1]), dtype=np.int64)
        for part in self._parts:
            weights = part.signs if numbers is None else part.signs * numbers[part.rows]
            codes = self._signatures.codes[part.rows]
            shape = len(self._tree.codes) * part.slots, len(counted)
            matrix = sparse.csr_array((weights, codes, part.starts), shape=shape)
            cells = np.asarray(matrix @ counted).reshape(len(self._tree.codes), part.slots, -1)
            self._hierarchy(part.version).roll_up(cells)
            cells = cells[asked]
            for period, run in enumerate(self._timeline.runs):
                total[:, period] += cells[:, slice(*part.within(run))].sum(axis=1)
        return total

    def _numbers(self, column: str) -> tuple[Counts, Counts]:
        """The column as whole numbers, 0 where there is none, and 1 where there is one."""
        values = self._rows.values[column].combine_chunks()
        is_there = pc.is_valid(values).to_numpy(zero_copy_only=False).astype(np.int64)
        return _whole(values), is_there

    def _adds_up(self, column: str) -> bool:
        """Whether every sum of the column stays in the exact range."""
        numbers, _ = self._numbers(column)
        largest = float(np.abs(numbers.astype(np.float64)).sum())
        return largest < _LARGEST[self._is_decimal(column)]

    def _rounds(self, column: str) -> bool:
        """Whether every number of the column rounds correctly to float64."""
        numbers, _ = self._numbers(column)
        largest = float(np.abs(numbers.astype(np.float64)).max(initial=0))
        return largest < _LARGEST[self._is_decimal(column)]

    def _is_decimal(self, column: str) -> bool:
        return bool(pa.types.is_decimal(self._rows.values[column].type))

    def _hierarchy(self, version: int) -> Hierarchy:
        if version not in self._hierarchies:
            day = self._scan.tree_as_of or self._timeline.day_of(version)
            self._hierarchies[version] = hierarchy_on(self._tree, day)
        return self._hierarchies[version]

    @cached_property
    def _hierarchies(self) -> dict[int, Hierarchy]:
        return {}

    @cached_property
    def _asked(self) -> Counts:
        number = {code: place for place, code in enumerate(self._tree.codes)}
        return np.array([number[code] for code in self._scan.units], dtype=np.int64)

    @cached_property
    def _signatures(self) -> "_Signatures":
        codes = np.zeros(len(self._rows.days), dtype=np.int32)
        words: list[Counts] = []
        for word in self._rows.words:
            found = word.combine_chunks().dictionary_encode()
            mixed = codes.astype(np.int64) * len(found.dictionary) + found.indices.to_numpy()
            both = pa.array(mixed).dictionary_encode()
            codes = both.indices.to_numpy()
            pairs = both.dictionary.to_numpy()
            words = [earlier[pairs // len(found.dictionary)] for earlier in words]
            words.append(found.dictionary.to_numpy()[pairs % len(found.dictionary)])
        length = len(words[0]) if words else 1
        return _Signatures(codes, self._atoms.truths(words), length)

    @cached_property
    def _parts(self) -> "list[_Part]":
        """The rows of each version of the tree, in the order of their cells."""
        timeline = self._timeline
        owner, days = self._owners, _days(self._rows.days)
        slots, signs = timeline.slot_of(days), np.ones(len(days), dtype=np.int64)
        rows = np.arange(len(days))
        kept = (owner >= 0) & (days != _NEVER) & (slots >= 0) & (slots < timeline.slots)
        if self._rows.ends is not None:
            ends = _days(self._rows.ends)
            kept &= (ends == _NEVER) | (ends > days)
            closed = timeline.slot_of(ends)
            is_closed = kept & (ends != _NEVER) & (closed < timeline.slots)
            rows = np.concatenate([rows[kept], rows[is_closed]])
            slots = np.concatenate([slots[kept], closed[is_closed]])
            signs = np.concatenate([signs[kept], -signs[is_closed]])
        else:
            rows, slots, signs = rows[kept], slots[kept], signs[kept]
        if len(timeline.versions) == 1:
            units = len(self._tree.codes)
            return [_part(0, rows, slots, signs, owner[rows], units)] if len(rows) else []
        versions = timeline.version_of(days[rows])
        return [
            _part(int(version), rows[is_in], slots[is_in], signs[is_in], owner[rows[is_in]],
                  len(self._tree.codes))
            for version in np.flatnonzero(np.bincount(versions))
            for is_in in [versions == version]
        ]  # fmt: skip

    @cached_property
    def _owners(self) -> Counts:
        """The unit each row counts for, by number. Missing: -1, no unit of the tree."""
        codes = self._tree.codes
        number = {code: place for place, code in enumerate(codes)}
        of_code = [number[owner] for owner in owners(self._tree, self._scan.tree_as_of)]
        found = pc.index_in(self._rows.units, pa.array(codes, pa.string())).fill_null(-1)
        place = found.to_numpy()
        return np.where(place < 0, -1, np.array(of_code, dtype=np.int64)[place])


@dataclass(frozen=True)
class _Signatures:
    """The signature of each row by number, and what each signature answers to every atom."""

    codes: npt.NDArray[np.int32]
    truths: Mapping[str, npt.NDArray[np.int8]]
    length: int


@dataclass(frozen=True)
class _Part:
    """Rows that belong to one version of the tree, sorted by cell: `starts` says where each cell
    begins, `slot` the slot of each row within the part,
    `signs` is -1 for what ends. Its slots are `slots` from `first_slot` on."""

    version: int
    first_slot: int
    slots: int
    rows: Counts
    signs: Counts
    slot: Counts
    starts: Counts

    def within(self, run: tuple[int, int]) -> tuple[int, int]:
        """The part's own slots in a run of slots, from and to before."""
        first, last = (max(bound - self.first_slot, 0) for bound in run)
        return first, last


def _part(
    version: int, rows: Counts, slots: Counts, signs: Counts, owner: Counts, units: int
) -> _Part:
    first = int(slots.min())
    width = int(slots.max()) - first + 1
    slots = slots - first
    cells = owner * width + slots
    if (np.diff(cells) < 0).any():
        order = np.argsort(cells, kind="stable")
        rows, signs, slots, cells = rows[order], signs[order], slots[order], cells[order]
    starts = np.searchsorted(cells, np.arange(units * width + 1))
    return _Part(version, first, width, rows, signs, slots, starts)


_NEVER = np.iinfo(np.int64).max


def _days(days: pa.ChunkedArray) -> Counts:
    """Days since 1970. Missing: `_NEVER`."""
    numbers = pc.cast(pc.cast(days, pa.int32()), pa.int64())
    found: Counts = numbers.fill_null(_NEVER).to_numpy()
    return found


def _whole(values: pa.Array) -> Counts:
    """Whole numbers; of decimals, in units of their last place. Missing: 0."""
    if not pa.types.is_decimal(values.type):
        found: Counts = values.fill_null(0).cast(pa.int64()).to_numpy()
        return found
    # 18 digits stand in the lower of the two words of a 128-bit number
    words = np.frombuffer(values.buffers()[1], dtype=np.int64)
    lower = words[2 * values.offset : 2 * (values.offset + len(values)) : 2]
    return np.where(values.is_valid().to_numpy(zero_copy_only=False), lower, 0)


def _families(
    measures: Mapping[str, Measure],
) -> dict[str, dict[str, dict[str, Measure]]]:
    """The measures by how they are worked out, and by column."""
    found: dict[str, dict[str, dict[str, Measure]]] = {}
    for name, measure in measures.items():
        family = _FAMILIES.get(measure.kind, "additive")
        found.setdefault(family, {}).setdefault(measure.column, {})[name] = measure
    return found


def _batches(measures: Mapping[str, Measure]) -> Iterator[dict[str, Measure]]:
    named = list(measures.items())
    for first in range(0, len(named), _COLUMNS_AT_ONCE):
        yield dict(named[first : first + _COLUMNS_AT_ONCE])
