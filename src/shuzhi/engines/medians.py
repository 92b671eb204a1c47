"""The middle of the values at every unit of a tree, exactly, without sorting each row anew at
every level: equal values of a cell become one entry with its counts, and entries are merged
upwards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from shuzhi.engines.forest import Forest
from shuzhi.engines.masks import Mask
from shuzhi.engines.placed_rows import PlacedRows, add_up
from shuzhi.engines.plan import Counts, Numbers
from shuzhi.engines.roll_up import NOBODY
from shuzhi.engines.slots import NO_SLOT, Slots


@dataclass(frozen=True)
class _Fields:
    """How a node (or unit), a slot (or period) and a value lie in one number."""

    slots: int  # bits each
    values: int

    def packed(self, owners: Counts, slots: Numbers, values: Numbers) -> Counts:
        return (owners << self.slots | slots) << self.values | values

    def owner(self, keys: Counts) -> Counts:
        return keys >> (self.slots + self.values)

    def slot(self, keys: Counts) -> Counts:
        return keys >> self.values & ((1 << self.slots) - 1)

    def moved(self, keys: Counts, owners: Counts) -> Counts:
        """The same slots and values, of others."""
        rest = (1 << (self.slots + self.values)) - 1
        return owners << (self.slots + self.values) | keys & rest


@dataclass(frozen=True)
class _Entries:
    """Node (or unit), slot (or period) and value, each combination once, ascending in `keys`, and
    how many rows have it. Shape: counts entries by measures."""

    keys: Counts
    counts: Numbers

    def take(self, places: npt.NDArray[np.intp]) -> "_Entries":
        return _Entries(self.keys[places], self.counts[places])


def middles(
    rows: PlacedRows, values: Numbers, count: int, counted: Sequence[Mask]
) -> tuple[Numbers, Numbers]:
    """The numbers of the lower and of the upper middle value.

    Values are numbered in their order, below `count`. `counted` says for each of at most eight
    measures which rows count. Shape: `values` one per row; the answers measures, units, periods.
    Missing: 0, there is no row.
    """
    forest = rows.forest
    fields = _Fields(rows.slots.length.bit_length(), count.bit_length())
    finder = _Finder(forest, rows.slots, fields, len(counted))
    own = _entries(rows, values, counted, fields)
    depth_of, parents = forest.hierarchy.depths, forest.hierarchy.parents
    own_depths = depth_of[fields.owner(own.keys)].astype(np.int8)
    below = own.take(np.zeros(0, dtype=np.intp))
    for depth in range(int(depth_of.max(initial=0)), -1, -1):
        here = own.take(np.flatnonzero(own_depths == depth))
        if len(below.keys):
            keys = np.concatenate([here.keys, below.keys])
            here = _merged(keys, np.concatenate([here.counts, below.counts]))
        finder.find(here)
        above = parents[fields.owner(here.keys)]
        if depth:
            below = _Entries(fields.moved(here.keys, above), here.counts)
    finder.find_moved()
    return finder.lower, finder.upper


class _Finder:
    """Finds the middles of entries, node after node."""

    def __init__(self, forest: Forest, slots: Slots, fields: _Fields, measures: int) -> None:
        self._fields = fields
        self._slots = slots
        self._place = np.full(forest.length, NOBODY, dtype=np.int64)
        self._place[forest.first] = np.arange(len(forest.first))
        places, nodes = forest.others
        self._place[nodes] = places
        self._is_moved = np.zeros(forest.length, dtype=np.bool_)
        self._is_moved[nodes] = self._is_moved[forest.first[places]] = True
        self._moved: list[_Entries] = []
        shape = measures, len(forest.first), len(slots.runs)
        self.lower = np.zeros(shape, dtype=np.int32)
        self.upper = np.zeros(shape, dtype=np.int32)

    def find(self, entries: _Entries) -> None:
        """The middles of nodes that are units by themselves; others are kept for `find_moved`."""
        if self._is_moved.any():
            is_moved = self._is_moved[self._fields.owner(entries.keys)]
            self._moved.append(entries.take(np.flatnonzero(is_moved)))
            if is_moved.any():
                entries = entries.take(np.flatnonzero(~is_moved))
        self._find(entries, self._place)

    def find_moved(self) -> None:
        """The middles of units that are several nodes."""
        if self._moved:
            keys = np.concatenate([part.keys for part in self._moved])
            keys = self._fields.moved(keys, self._place[self._fields.owner(keys)])
            moved = _merged(keys, np.concatenate([part.counts for part in self._moved]))
            self._find(moved, np.arange(self.lower.shape[1]))

    def _find(self, entries: _Entries, place: Counts) -> None:
        """`place` says where among the units asked for stands what the keys name."""
        for layer in self._slots.layers():
            within = self._within(entries, self._slots.run_of_slots(layer))
            periods = np.array(layer)
            for measure, found in _middles(within, self._fields.values):
                owners = place[found.cells >> self._fields.slots]
                period = periods[found.cells & ((1 << self._fields.slots) - 1)]
                self.lower[measure, owners, period] = found.lower
                self.upper[measure, owners, period] = found.upper

    def _within(self, entries: _Entries, run_of: Counts) -> _Entries:
        """The entries by period in place of slot."""
        if np.array_equal(run_of, np.arange(len(run_of))):
            return entries
        slot = self._fields.slot(entries.keys)
        runs = run_of[slot]
        if (run_of == NO_SLOT).any():
            inside = np.flatnonzero(runs != NO_SLOT)
            entries, slot, runs = entries.take(inside), slot[inside], runs[inside]
        return _merged(entries.keys + (runs - slot << self._fields.values), entries.counts)


@dataclass(frozen=True)
class _Found:
    cells: Counts
    lower: Counts
    upper: Counts


def _middles(entries: _Entries, bits: int) -> Iterator[tuple[int, _Found]]:
    cells = entries.keys >> bits
    starts = _starts(cells)
    values = entries.keys & ((1 << bits) - 1)
    for measure in range(entries.counts.shape[1] if len(starts) else 0):
        counts = entries.counts[:, measure]
        up_to = np.cumsum(counts, dtype=np.int64)
        before = up_to[starts] - counts[starts]
        rows = np.append(before[1:], up_to[-1]) - before
        there = np.flatnonzero(rows)
        first, rows = before[there], rows[there]
        lower = np.searchsorted(up_to, first + (rows - 1) // 2, side="right")
        upper = np.searchsorted(up_to, first + rows // 2, side="right")
        yield measure, _Found(cells[starts[there]], values[lower], values[upper])


def _entries(
    rows: PlacedRows, values: Numbers, counted: Sequence[Mask], fields: _Fields
) -> _Entries:
    of_rows = rows.bytes_of(counted)
    kept = np.flatnonzero(of_rows)
    node, slot = np.divmod(rows.cells[kept], np.int32(rows.slots.length))
    keys = fields.packed(node.astype(np.int64), slot, values[kept])
    order = np.argsort(keys)
    keys = keys[order]
    starts = _starts(keys)
    ends = np.append(starts, len(keys))
    return _Entries(keys[starts], add_up(of_rows[kept[order]], ends, len(counted), None))


def _merged(keys: Counts, counts: Numbers) -> _Entries:
    order = np.argsort(keys)
    keys = keys[order]
    starts = _starts(keys)
    ones = np.ones(len(keys), dtype=counts.dtype)
    adding = sparse.csr_array(
        (ones, order, np.append(starts, len(keys))), shape=(len(starts), len(keys))
    )
    return _Entries(keys[starts], adding @ counts)


def _starts(ordered: Counts) -> Counts:
    """Where each run of equal numbers begins."""
    if not len(ordered):
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
