"""Distinct values at every unit of a tree, exactly, without following each row up to the root.

Each value adds 1 at every unit that has it. Walked through in pre-order, two neighbours with the
same value have counted it twice from their lowest common superior upwards, so 1 is taken away
there. What remains adds up along the tree like any count. A unit that moved is counted apart, by
the values of all its nodes together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np
import numpy.typing as npt

from shuzhi.engines.forest import Forest
from shuzhi.engines.masks import MASKS_A_BYTE, Mask
from shuzhi.engines.placed_rows import PlacedRows, tally
from shuzhi.engines.plan import Counts, Numbers
from shuzhi.engines.roll_up import NOBODY

_BITS = 63
_WIDE = 31
_AT_ONCE = 1 << 20
_ROWS_AT_ONCE = 1 << 23


@dataclass(frozen=True)
class _Fields:
    """How a value, a node's rank and the bits of measures lie in a number."""

    ranks: int  # bits
    masks: int

    def packed(self, values: Numbers, ranks: Numbers, masks: Numbers) -> Counts:
        key = values.astype(np.int64)
        key <<= self.ranks
        key |= ranks
        return self.with_masks(key, masks)

    def with_masks(self, keys: Counts, masks: Numbers) -> Counts:
        return keys << self.masks | masks

    def rank(self, keys: Counts) -> npt.NDArray[np.int32]:
        return (keys & ((1 << self.ranks) - 1)).astype(np.int32)


@dataclass(frozen=True)
class _Held:
    """Value and rank, each combination once, ascending, and the measures that count it."""

    keys: Counts
    masks: Numbers


def measures_at_once(rows: PlacedRows, values: int) -> int:
    """How many measures can be counted together. 0 where value and unit alone do not go into one
    whole number."""
    return max(_BITS - values.bit_length() - rows.forest.length.bit_length(), 0)


def distinct_values(
    rows: PlacedRows, values: Numbers, count: int, counted: Sequence[Mask]
) -> Counts:
    """How many values each unit has in each period.

    `counted` says for each of at most `measures_at_once` measures which rows count. Shape: `values`
    one per row, below `count`; the answer measures, units, periods.
    """
    fields = _Fields(rows.forest.length.bit_length(), len(counted))
    some = [counted[n : n + MASKS_A_BYTE] for n in range(0, len(counted), MASKS_A_BYTE)]
    of_rows = [rows.bytes_of(masks) for masks in some]
    counter = _Counter(rows.forest, fields, len(counted))
    shape = len(counted), len(rows.forest.first), len(rows.slots.runs)
    found = np.zeros(shape, dtype=np.int64)
    for inside in _by_value(values, count, reduce(np.bitwise_or, of_rows) != 0):
        held = _held_in_slots(rows, values, of_rows, inside, fields)
        for place, run in enumerate(rows.slots.runs):
            parts = held[slice(*run)]
            within = parts[0] if len(parts) == 1 else _together(parts, fields)
            found[:, :, place] += counter.count(within)
    return found


def _by_value(
    values: Numbers, count: int, is_held: npt.NDArray[np.bool_]
) -> Iterator[npt.NDArray[np.intp]]:
    """The rows that are held, those of some values at a time: no value is told of twice."""
    up_to = np.cumsum(tally(values, count))
    cuts = np.searchsorted(up_to, np.arange(_ROWS_AT_ONCE, len(values), _ROWS_AT_ONCE)) + 1
    bounds = np.unique([0, *cuts, count])
    for first, last in zip(bounds, bounds[1:], strict=False):
        yield np.flatnonzero(is_held & (values >= first) & (values < last))


def _held_in_slots(
    rows: PlacedRows, values: Numbers, of_rows: Sequence[Numbers], some: Counts, fields: _Fields
) -> list[_Held]:
    """What is held in each slot by some of the rows."""
    node, slot = np.divmod(rows.cells[some], np.int32(rows.slots.length))
    parts = []
    for number in range(rows.slots.length):
        here = np.flatnonzero(slot == number)
        inside = some[here]
        masks = np.zeros(len(inside), dtype=np.int64)
        for place, byte in enumerate(of_rows):
            masks |= byte[inside].astype(np.int64) << (MASKS_A_BYTE * place)
        ranks = rows.forest.hierarchy.ranks[node[here]]
        parts.append(_once(fields.packed(values[inside], ranks, masks), fields))
    return parts


def _together(parts: Sequence[_Held], fields: _Fields) -> _Held:
    """What is held in any of the parts."""
    packed = np.empty(sum(len(part.keys) for part in parts), dtype=np.int64)
    begin = 0
    for part in parts:
        packed[begin : begin + len(part.keys)] = fields.with_masks(part.keys, part.masks)
        begin += len(part.keys)
    return _once(packed, fields)


def _once(packed: Counts, fields: _Fields) -> _Held:
    """Each key once, with the masks of all its rows; `packed` is used up."""
    packed.sort()
    masks = np.empty(len(packed), dtype=np.int32 if fields.masks < _WIDE else np.int64)
    begin = length = 0
    while begin < len(packed):
        end = begin + _AT_ONCE
        if end < len(packed):  # all rows of a key lie in one block
            above = ((packed[end - 1] >> fields.masks) + 1) << fields.masks
            end = int(np.searchsorted(packed, above))
        block = packed[begin:end] & ((1 << fields.masks) - 1)
        keys = packed[begin:end] >> fields.masks
        starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
        kept = slice(length, length + len(starts))
        packed[kept] = keys[starts]
        masks[kept] = np.bitwise_or.reduceat(block, starts)
        begin, length = end, kept.stop
    return _Held(packed[:length], masks[:length])


class _Counter:
    """Counts what is held, along one forest."""

    def __init__(self, forest: Forest, fields: _Fields, measures: int) -> None:
        self._forest = forest
        self._fields = fields
        self._measures = measures

    def count(self, held: _Held) -> Counts:
        """Shape: measures, units."""
        length = self._forest.length
        ranks = self._fields.rank(held.keys)
        common = self._common_depths(held.keys, ranks)
        nodes = self._by_rank[ranks]
        cells = np.zeros((length, self._measures), dtype=np.int64)
        for measure in range(self._measures):
            counts = np.flatnonzero(held.masks & (1 << measure))
            if len(counts):
                depths = _depths_of_pairs(counts, common)
                again = np.flatnonzero(depths != NOBODY)
                above = self._above[depths[again], ranks[counts[again + 1]]]
                cells[:, measure] = np.bincount(nodes[counts], minlength=length)
                cells[:, measure] -= np.bincount(above, minlength=length)
        found: Counts = self._forest.below.astype(np.int64) @ cells
        moved = np.unique(self._forest.others[0])
        if len(moved):
            found[moved] = self._of_moved(held, ranks, moved)
        return found.T

    def _common_depths(self, keys: Counts, ranks: Numbers) -> npt.NDArray[np.int8]:
        """The depth of the lowest node above each entry and the one before it. Missing: -1, they
        hold different values, or stand under different roots."""
        common = np.full(len(keys), NOBODY, dtype=np.int8)
        for begin in range(1, len(keys), _AT_ONCE):
            end = min(begin + _AT_ONCE, len(keys))
            values = keys[begin - 1 : end] >> self._fields.ranks
            again = np.flatnonzero(values[1:] == values[:-1]) + begin
            here, before = ranks[again], ranks[again - 1]
            depth = np.full(len(again), NOBODY, dtype=np.int8)
            for above in self._above:
                one = above[here]
                depth += (one == above[before]) & (one != NOBODY)
            common[again] = depth
        return common

    def _of_moved(self, held: _Held, ranks: Numbers, moved: Counts) -> Counts:
        """The values of all nodes of a unit that has several. Shape: `moved`, measures."""
        forest = self._forest
        unit = np.full(forest.length, NOBODY, dtype=np.int64)
        unit[forest.first[moved]] = np.arange(len(moved))
        places, nodes = forest.others
        unit[nodes] = np.searchsorted(moved, places)
        of_ranks = np.where(self._above == NOBODY, NOBODY, unit[self._above])
        inside = np.flatnonzero((of_ranks != NOBODY).any(axis=0)[ranks])  # few units ever moved
        units, entries = [], []
        for of_rank in of_ranks:
            of = of_rank[ranks[inside]]
            counts = np.flatnonzero(of != NOBODY)
            units.append(of[counts])
            entries.append(inside[counts])
        of_unit, entry = np.concatenate(units), np.concatenate(entries)
        value = held.keys[entry] >> self._fields.ranks
        packed = self._fields.with_masks(value * len(moved) + of_unit, held.masks[entry])
        once = _once(packed, self._fields)
        found = np.zeros((len(moved), self._measures), dtype=np.int64)
        for measure in range(self._measures):
            counts = np.flatnonzero(once.masks & (1 << measure))
            found[:, measure] = np.bincount(once.keys[counts] % len(moved), minlength=len(moved))
        return found

    @cached_property
    def _by_rank(self) -> npt.NDArray[np.int32]:
        return np.argsort(self._forest.hierarchy.ranks).astype(np.int32)

    @cached_property
    def _above(self) -> npt.NDArray[np.int32]:
        """For each depth and rank the node that stands there above it, or is it."""
        return self._forest.hierarchy.ancestors[:, self._by_rank].astype(np.int32)


def _depths_of_pairs(counts: Counts, common: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
    """For each of the entries but the first, the depth of the lowest node above it and the one
    before it: the least that neighbours from the one to the other have in common."""
    found: npt.NDArray[np.int8] = common[:0]
    if len(counts) > 1:
        found = np.minimum.reduceat(common[: counts[-1] + 1], counts[:-1] + 1)
    return found
