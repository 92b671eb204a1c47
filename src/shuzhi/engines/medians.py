"""The middle of the values at every unit of a tree, exactly, without sorting each row anew at
every level: equal values of a cell become one entry with its counts, and entries are merged
upwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from shuzhi.engines.forest import Forest
from shuzhi.engines.placed_rows import Numbers, PlacedRows
from shuzhi.engines.plan import Counts
from shuzhi.engines.roll_up import NOBODY
from shuzhi.engines.slots import NO_SLOT, Slots


@dataclass(frozen=True)
class _Entries:
    """Node (or unit), slot (or period) and value, each combination once, ascending in `keys`, and
    how many rows have it. Shape: counts entries by measures."""

    keys: Counts
    counts: Numbers

    def take(self, places: npt.NDArray[np.intp]) -> "_Entries":
        return _Entries(self.keys[places], self.counts[places])


def middles(
    rows: PlacedRows, values: Numbers, count: int, counted: npt.NDArray[np.bool_]
) -> tuple[Counts, Counts]:
    """The numbers of the lower and of the upper middle value.

    Values are numbered in their order, below `count`. Shape: `values` one per row; `counted`
    signatures by measures; the answers units, periods, measures. Missing: 0, there is no row.
    """
    forest, slots = rows.forest, rows.slots
    finder = _Finder(forest, slots, count, counted.shape[1])
    bits = finder.value_bits
    own = _entries(rows, values, counted, bits)
    depth_of, parents = forest.hierarchy.depths, forest.hierarchy.parents
    own_depths = depth_of[(own.keys >> bits) // slots.length]
    below = own.take(np.zeros(0, dtype=np.intp))
    for depth in range(int(depth_of.max(initial=0)), -1, -1):
        here = own.take(np.flatnonzero(own_depths == depth))
        if len(below.keys):
            keys = np.concatenate([here.keys, below.keys])
            here = _merged(keys, np.concatenate([here.counts, below.counts]))
        finder.find(here)
        node, slot = np.divmod(here.keys >> bits, slots.length)
        above = parents[node]
        up = np.flatnonzero(above != NOBODY)
        value = here.keys[up] & ((1 << bits) - 1)
        below = _Entries((above[up] * slots.length + slot[up]) << bits | value, here.counts[up])
    finder.find_moved()
    return finder.lower, finder.upper


class _Finder:
    """Finds the middles of entries, node after node."""

    def __init__(self, forest: Forest, slots: Slots, count: int, measures: int) -> None:
        self.value_bits = count.bit_length()
        self._slots = slots
        self._place = np.full(forest.length, NOBODY, dtype=np.int64)
        self._place[forest.first] = np.arange(len(forest.first))
        places, nodes = forest.others
        self._place[nodes] = places
        self._is_moved = np.zeros(forest.length, dtype=np.bool_)
        self._is_moved[nodes] = self._is_moved[forest.first[places]] = True
        self._moved: list[_Entries] = []
        shape = len(forest.first), len(slots.runs), measures
        self.lower = np.zeros(shape, dtype=np.int64)
        self.upper = np.zeros(shape, dtype=np.int64)

    def find(self, entries: _Entries) -> None:
        """The middles of nodes that are units by themselves; others are kept for `find_moved`."""
        if self._is_moved.any():
            is_moved = self._is_moved[(entries.keys >> self.value_bits) // self._slots.length]
            self._moved.append(entries.take(np.flatnonzero(is_moved)))
            entries = entries.take(np.flatnonzero(~is_moved))
        self._find(entries, self._place)

    def find_moved(self) -> None:
        """The middles of units that are several nodes."""
        if self._moved:
            bits, length = self.value_bits, self._slots.length
            keys = np.concatenate([part.keys for part in self._moved])
            node, slot = np.divmod(keys >> bits, length)
            keys = (self._place[node] * length + slot) << bits | keys & ((1 << bits) - 1)
            moved = _merged(keys, np.concatenate([part.counts for part in self._moved]))
            self._find(moved, np.arange(len(self.lower)))

    def _find(self, entries: _Entries, place: Counts) -> None:
        """`place` says where among the units asked for stands what the keys name."""
        bits = self.value_bits
        owner, slot = np.divmod(entries.keys >> bits, self._slots.length)
        value = entries.keys & ((1 << bits) - 1)
        for layer in self._slots.layers():
            runs = self._slots.run_of_slots(layer)[slot]
            inside = np.flatnonzero(runs != NO_SLOT)
            keys = (owner[inside] * len(layer) + runs[inside]) << bits | value[inside]
            within = _in_order(keys, entries.counts[inside])
            for measure, found in _middles(within, bits):
                owners, periods = np.divmod(found.cells, len(layer))
                where = place[owners], np.array(layer)[periods], measure
                self.lower[where], self.upper[where] = found.lower, found.upper


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
    rows: PlacedRows, values: Numbers, counted: npt.NDArray[np.bool_], bits: int
) -> _Entries:
    is_counted = np.asarray(counted.any(axis=1))
    kept = np.flatnonzero(is_counted[rows.rows.codes])
    keys = rows.rows.cells[kept].astype(np.int64) << bits
    keys |= values[kept]
    order = np.argsort(keys)
    keys, codes = keys[order], rows.rows.codes[kept[order]]
    starts = _starts(keys)
    ones = np.ones(len(codes), dtype=np.int32)
    matrix = sparse.csr_array(
        (ones, codes, np.append(starts, len(codes))), shape=(len(starts), len(counted))
    )
    return _Entries(keys[starts], matrix @ counted.astype(np.int32))


def _in_order(keys: Counts, counts: Numbers) -> _Entries:
    """Entries whose keys may come in any order, and several times."""
    if bool(np.all(keys[1:] > keys[:-1])):
        return _Entries(keys, counts)
    return _merged(keys, counts)


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
