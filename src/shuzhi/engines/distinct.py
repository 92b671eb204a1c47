"""Distinct values at every unit of a tree, exactly, without following each row up to the root.

Each value adds 1 at every unit that has it. Walked through in pre-order, two neighbours with the
same value have counted it twice from their lowest common superior upwards, so 1 is taken away
there. What remains adds up along the tree like any count.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shuzhi.engines.plan import Counts
from shuzhi.engines.roll_up import NOBODY, Hierarchy

MEASURES_AT_ONCE = 16
_BITS = 63


@dataclass(frozen=True)
class Holding:
    """Rows under one version of the tree: the unit and the value of each, by number, and a bit
    set for each measure that counts it."""

    hierarchy: Hierarchy
    units: Counts
    values: Counts
    masks: Counts


def is_countable(units: int, values: int) -> bool:
    """Whether a unit, a value and the bits of the measures go into one whole number."""
    return (units * max(values, 1)).bit_length() + MEASURES_AT_ONCE <= _BITS


def distinct_values(holdings: Sequence[Holding], units: int, measures: int) -> Counts:
    """How many values each unit has, with all below it. Shape: units, measures."""
    held = [holding for holding in holdings if len(holding.units)]
    if len(held) == 1:
        return _by_common_superiors(held[0], units, measures)
    return _by_paths(held, units, measures)


def _by_common_superiors(holding: Holding, units: int, measures: int) -> Counts:
    tree = holding.hierarchy
    values, ranks, masks = _unique(holding.values, tree.ranks[holding.units], holding.masks, units)
    by_rank = np.empty(units, dtype=np.int64)
    by_rank[tree.ranks] = np.arange(units)
    cells = np.zeros((units, measures), dtype=np.int64)
    for measure in range(measures):
        counts = np.flatnonzero(masks >> measure & 1)
        holders, held = by_rank[ranks[counts]], values[counts]
        again = np.flatnonzero(held[1:] == held[:-1])
        common = tree.lowest_common(holders[again], holders[again + 1])
        cells[:, measure] = np.bincount(holders, minlength=units)
        cells[:, measure] -= np.bincount(common[common != NOBODY], minlength=units)
    tree.roll_up(cells)
    return cells


def _by_paths(holdings: Sequence[Holding], units: int, measures: int) -> Counts:
    """For rows whose units moved meanwhile: every row at every superior it had."""
    cells = np.zeros((units, measures), dtype=np.int64)
    exploded: list[tuple[Counts, Counts, Counts]] = []
    for holding in holdings:
        values, own, masks = _unique(holding.values, holding.units, holding.masks, units)
        for above in holding.hierarchy.ancestors:
            there = above[own]
            is_there = there != NOBODY
            exploded.append((values[is_there], there[is_there], masks[is_there]))
    if exploded:
        values, above, masks = (np.concatenate(column) for column in zip(*exploded, strict=True))
        _, above, masks = _unique(values, above, masks, units)
        for measure in range(measures):
            counted = above[masks >> measure & 1 == 1]
            cells[:, measure] = np.bincount(counted, minlength=units)
    return cells


def _unique(
    values: Counts, units: Counts, masks: Counts, all_units: int
) -> tuple[Counts, Counts, npt.NDArray[np.int64]]:
    """Each value at each unit once, by value and unit, with the masks of its rows together."""
    packed = np.sort((values * all_units + units) << MEASURES_AT_ONCE | masks)
    keys = packed >> MEASURES_AT_ONCE
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    masks = np.bitwise_or.reduceat(packed & ((1 << MEASURES_AT_ONCE) - 1), starts)
    keys = keys[starts]
    return keys // all_units, keys % all_units, masks
