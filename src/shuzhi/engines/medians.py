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
from shuzhi.engines.masks import Bytes, Mask
from shuzhi.engines.placed_rows import PlacedRows, add_up
from shuzhi.engines.plan import Counts, Numbers
from shuzhi.engines.roll_up import NOBODY
from shuzhi.engines.slots import NO_SLOT, Slots

_ROWS_AT_ONCE = 1 << 20


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
    fields = _Fields(rows.slots.length.bit_length(), count.bit_length())
    finder = _Finder(rows.forest, rows.slots, fields, len(counted))
    of_rows = rows.bytes_of(counted)
    tops = [
        _climb(_entries(rows, values, of_rows, branch, len(counted), fields), finder, 1)
        for branch in _branches(rows)
    ]
    _climb(_joined(tops), finder, 0)
    finder.find_moved()
    return finder.lower, finder.upper


def _branches(rows: PlacedRows) -> Iterator[Counts]:
    """The rows that count in parts: those of a few units right below the roots, with all below
    them. Nodes of one part stand under no node of another but a root."""
    ancestors = rows.forest.hierarchy.ancestors
    branch = ancestors[min(1, len(ancestors) - 1)]
    of_node = np.diff(rows.starts[:: rows.slots.length])
    of_branch = np.bincount(branch + 1, weights=of_node, minlength=len(branch) + 1)
    part = np.cumsum(of_branch)[branch + 1] // _ROWS_AT_ONCE
    for number in np.unique(part).tolist():
        yield np.flatnonzero(np.repeat(part == number, of_node))


def _climb(own: "_Entries", finder: "_Finder", until: int) -> "_Entries":
    """Finds the middles of all nodes from the deepest up to those of a depth. What is handed on to
    the nodes above them is returned."""
    fields, hierarchy = finder.fields, finder.hierarchy
    own_depths = hierarchy.depths[fields.owner(own.keys)].astype(np.int8)
    below = own.take(np.zeros(0, dtype=np.intp))
    for depth in range(int(own_depths.max(initial=0)), until - 1, -1):
        here = own.take(np.flatnonzero(own_depths == depth))
        if len(below.keys):
            here = _joined([here, below])
        finder.find(here)
        above = hierarchy.parents[fields.owner(here.keys)]
        below = _Entries(fields.moved(here.keys, above), here.counts)
    return _joined([own.take(np.flatnonzero(own_depths < until)), below])


class _Finder:
    """Finds the middles of entries, node after node."""

    def __init__(self, forest: Forest, slots: Slots, fields: _Fields, measures: int) -> None:
        self.fields = fields
        self.hierarchy = forest.hierarchy
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
            is_moved = self._is_moved[self.fields.owner(entries.keys)]
            self._moved.append(entries.take(np.flatnonzero(is_moved)))
            if is_moved.any():
                entries = entries.take(np.flatnonzero(~is_moved))
        self._find(entries, self._place)

    def find_moved(self) -> None:
        """The middles of units that are several nodes."""
        if self._moved:
            moved = [
                _Entries(self.fields.moved(part.keys, self._place[self.fields.owner(part.keys)]),
                         part.counts)
                for part in self._moved
            ]  # fmt: skip
            self._find(_joined(moved), np.arange(self.lower.shape[1]))

    def _find(self, entries: _Entries, place: Counts) -> None:
        """`place` says where among the units asked for stands what the keys name."""
        for layer in self._slots.layers():
            within = self._within(entries, self._slots.run_of_slots(layer))
            periods = np.array(layer)
            for measure, found in _middles(within, self.fields.values):
                owners = place[found.cells >> self.fields.slots]
                period = periods[found.cells & ((1 << self.fields.slots) - 1)]
                self.lower[measure, owners, period] = found.lower
                self.upper[measure, owners, period] = found.upper

    def _within(self, entries: _Entries, run_of: Counts) -> _Entries:
        """The entries by period in place of slot."""
        if np.array_equal(run_of, np.arange(len(run_of))):
            return entries
        slot = self.fields.slot(entries.keys)
        runs = run_of[slot]
        if (run_of == NO_SLOT).any():
            inside = np.flatnonzero(runs != NO_SLOT)
            entries, slot, runs = entries.take(inside), slot[inside], runs[inside]
        return _merged(entries.keys + (runs - slot << self.fields.values), entries.counts)


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
    rows: PlacedRows, values: Numbers, of_rows: Bytes, some: Counts, measures: int,
    fields: _Fields,
) -> _Entries:  # fmt: skip
    """The entries of some rows, for the measures in their bytes."""
    kept = some[of_rows[some] != 0]
    node, slot = np.divmod(rows.cells[kept], np.int32(rows.slots.length))
    keys = fields.packed(node.astype(np.int64), slot, values[kept])
    order = np.argsort(keys)
    keys = keys[order]
    starts = _starts(keys)
    ends = np.append(starts, len(keys))
    return _Entries(keys[starts], add_up(of_rows[kept[order]], ends, measures, None))


def _joined(parts: Sequence[_Entries]) -> _Entries:
    keys = np.concatenate([part.keys for part in parts])
    return _merged(keys, np.concatenate([part.counts for part in parts]))


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
