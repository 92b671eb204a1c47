"""Distinct values at every unit of a tree, exactly, without following each row up to the root.

Each value adds 1 at every unit that has it. Walked through in pre-order, two neighbours with the
same value have counted it twice from their lowest common superior upwards, so 1 is taken away
there. What remains adds up along the tree like any count. A unit that moved is counted apart, by
the values of all its nodes together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np
import numpy.typing as npt

from shuzhi.engines.forest import Forest
from shuzhi.engines.masks import MASKS_A_BYTE, Mask
from shuzhi.engines.placed_rows import PlacedRows
from shuzhi.engines.plan import Counts, Numbers
from shuzhi.engines.roll_up import NOBODY
from shuzhi.engines.slots import NO_SLOT

_BITS = 63
_WIDE = 31


@dataclass(frozen=True)
class _Fields:
    """How a slot (or period), a value, a node's rank and the bits of measures lie in a number."""

    values: int  # bits each
    ranks: int
    masks: int

    def packed(self, slots: Counts, values: Numbers, ranks: Counts, masks: Counts) -> Counts:
        key = slots << self.values
        key |= values
        key <<= self.ranks
        key |= ranks
        key <<= self.masks
        key |= masks
        found: Counts = key
        return found

    def slot(self, keys: Counts) -> Counts:
        return keys >> (self.values + self.ranks)

    def rank(self, keys: Counts) -> Counts:
        return keys & ((1 << self.ranks) - 1)


@dataclass(frozen=True)
class _Held:
    """Slot, value and rank, each combination once, ascending, and the measures that count it."""

    keys: Counts
    masks: Numbers


def measures_at_once(rows: PlacedRows, values: int) -> int:
    """How many measures can be counted together. 0 where slot, value and unit alone do not go
    into one whole number."""
    needed = rows.slots.length.bit_length() + values.bit_length()
    return max(_BITS - needed - rows.forest.length.bit_length(), 0)


def distinct_values(
    rows: PlacedRows, values: Numbers, count: int, counted: Sequence[Mask]
) -> Counts:
    """How many values each unit has in each period.

    `counted` says for each of at most `measures_at_once` measures which rows count. Shape: `values`
    one per row, below `count`; the answer units, periods, measures.
    """
    measures = len(counted)
    fields = _Fields(count.bit_length(), rows.forest.length.bit_length(), measures)
    held = _held_in_slots(rows, values, counted, fields)
    counter = _Counter(rows.forest, fields, measures)
    found = np.zeros((len(rows.forest.first), len(rows.slots.runs), measures), dtype=np.int64)
    for layer in rows.slots.layers():
        run_of = rows.slots.run_of_slots(layer)
        if (run_of == np.arange(len(run_of))).all():
            within = held
        else:
            runs = run_of[fields.slot(held.keys)]
            inside = runs != NO_SLOT
            width = fields.values + fields.ranks
            keys = held.keys & ((1 << width) - 1) | runs << width
            within = _once((keys << fields.masks | held.masks)[inside], fields)
        found[:, layer] = counter.count(within, len(layer))
    return found


def _held_in_slots(
    rows: PlacedRows, values: Numbers, counted: Sequence[Mask], fields: _Fields
) -> _Held:
    any_of = reduce(np.bitwise_or, counted)
    kept = rows.that_count(any_of)
    masks = np.zeros(len(kept), dtype=np.int64)
    for first in range(0, len(counted), MASKS_A_BYTE):
        some = rows.bytes_of(counted[first : first + MASKS_A_BYTE])[kept]
        masks |= some.astype(np.int64) << first
    node, slot = np.divmod(rows.cells[kept], np.int32(rows.slots.length))
    ranks = rows.forest.hierarchy.ranks[node]
    return _once(fields.packed(slot.astype(np.int64), values[kept], ranks, masks), fields)


def _once(packed: Counts, fields: _Fields) -> _Held:
    packed.sort()
    keys = packed >> fields.masks
    is_first = np.empty(len(keys), dtype=np.bool_)
    is_first[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=is_first[1:])
    starts = np.flatnonzero(is_first)
    packed &= (1 << fields.masks) - 1
    masks = np.bitwise_or.reduceat(packed, starts) if len(starts) else packed
    return _Held(keys[starts], masks.astype(np.int32) if fields.masks < _WIDE else masks)


class _Counter:
    """Counts what is held, along one forest."""

    def __init__(self, forest: Forest, fields: _Fields, measures: int) -> None:
        self._forest = forest
        self._fields = fields
        self._measures = measures

    def count(self, held: _Held, periods: int) -> Counts:
        """Shape: units, periods, measures."""
        ranks = self._fields.rank(held.keys)
        common = self._common_depths(held.keys, ranks)
        run = self._fields.slot(held.keys)
        cells = (self._by_rank[ranks] * periods + run).astype(np.int32)
        length = self._forest.length * periods
        found = np.zeros((self._measures, length), dtype=np.int64)
        for measure in range(self._measures):
            counts = np.flatnonzero(held.masks & (1 << measure))
            if len(counts):
                depths = _depths_of_pairs(counts, common)
                again = np.flatnonzero(depths != NOBODY)
                before = counts[again + 1]
                above = self._above[depths[again], ranks[before]] * np.int32(periods)
                above += run[before].astype(np.int32)
                found[measure] = np.bincount(cells[counts], minlength=length)
                found[measure] -= np.bincount(above, minlength=length)
        below = self._forest.below.astype(np.int64)
        units = [below @ of.reshape(self._forest.length, periods) for of in found]
        counted = np.stack(units, axis=2)
        moved = np.unique(self._forest.others[0])
        if len(moved):
            counted[moved] = self._of_moved(held, ranks, run, moved, periods)
        return counted

    def _common_depths(self, keys: Counts, ranks: Counts) -> npt.NDArray[np.int8]:
        """The depth of the lowest node above each entry and the one before it. Missing: -1, they
        hold different values, or stand under different roots."""
        common = np.full(len(keys), NOBODY, dtype=np.int8)
        value = keys >> self._fields.ranks
        again = np.flatnonzero(value[1:] == value[:-1]) + 1
        here, before = ranks[again], ranks[again - 1]
        depth = np.full(len(again), NOBODY, dtype=np.int8)
        for above in self._above:
            one = above[here]
            depth += (one == above[before]) & (one != NOBODY)
        common[again] = depth
        return common

    def _of_moved(
        self, held: _Held, ranks: Counts, run: Counts, moved: Counts, periods: int
    ) -> Counts:
        """The values of all nodes of a unit that has several. Shape: as `count`, for `moved`."""
        forest = self._forest
        unit = np.full(forest.length, NOBODY, dtype=np.int64)
        unit[forest.first[moved]] = np.arange(len(moved))
        places, nodes = forest.others
        unit[nodes] = np.searchsorted(moved, places)
        units, entries = [], []
        for above in self._above:
            superior = above[ranks]
            of = np.where(superior == NOBODY, NOBODY, unit[superior])
            entries.append(np.flatnonzero(of != NOBODY))
            units.append(of[entries[-1]])
        of_unit, entry = np.concatenate(units), np.concatenate(entries)
        value = held.keys[entry] >> self._fields.ranks
        packed = (value * len(moved) + of_unit) << self._fields.masks | held.masks[entry]
        once = _once(packed, self._fields)
        found = np.zeros((len(moved), periods, self._measures), dtype=np.int64)
        of_unit, runs = once.keys % len(moved), once.keys // len(moved) >> self._fields.values
        for measure in range(self._measures):
            counts = once.masks >> measure & 1 == 1
            np.add.at(found[:, :, measure], (of_unit[counts], runs[counts]), 1)
        return found

    @cached_property
    def _by_rank(self) -> Counts:
        return np.argsort(self._forest.hierarchy.ranks)

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
