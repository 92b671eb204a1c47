"""The middle of the values at every unit of a tree, exactly, without sorting each row anew at
every level: equal values of a unit become one entry with a count, and entries are merged upwards.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from shuzhi.engines.distinct import Holding
from shuzhi.engines.plan import Counts
from shuzhi.engines.roll_up import NOBODY


class _Entries(NamedTuple):
    """`unit × values + value`, ascending, each once, and how many rows have it."""

    keys: Counts
    counts: Counts


def middles(holdings: Sequence[Holding], units: int, values: int) -> Counts:
    """For each unit, with all below it, the numbers of the lower and the upper middle value.

    Values are numbered in their order, from 0 to before `values`. Shape: units, 2. Missing: -1,
    the unit has no row.
    """
    found = np.full((units, 2), NOBODY, dtype=np.int64)
    climbing = [entries for holding in holdings for entries in _climb(holding, values)]
    if len([holding for holding in holdings if len(holding.units)]) > 1:
        climbing = [_merged(climbing)]
    for entries in climbing:
        if len(entries.keys):
            there, middle = _middle(entries, values)
            found[there] = middle
    return found


def _climb(holding: Holding, values: int) -> Iterator[_Entries]:
    """The entries of the units of each depth, deepest first, with all below them."""
    tree = holding.hierarchy
    own = _counted(holding.units * values + holding.values)
    depths = tree.depths[own.keys // values]
    below = _Entries(own.keys[:0], own.counts[:0])
    for depth in range(int(tree.depths.max(initial=0)), -1, -1):
        here = depths == depth
        entries = _merged([_Entries(own.keys[here], own.counts[here]), below])
        yield entries
        parents = tree.parents[entries.keys // values]
        is_below = parents != NOBODY
        keys = parents[is_below] * values + entries.keys[is_below] % values
        below = _Entries(keys, entries.counts[is_below])


def _counted(keys: Counts) -> _Entries:
    keys = np.sort(keys)
    starts = _starts(keys)
    return _Entries(keys[starts], np.diff(starts, append=len(keys)))


def _merged(parts: Sequence[_Entries]) -> _Entries:
    keys = np.concatenate([part.keys for part in parts])
    counts = np.concatenate([part.counts for part in parts])
    if not len(keys):
        return _Entries(keys, counts)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = _starts(keys)
    return _Entries(keys[starts], np.add.reduceat(counts[order], starts))


def _middle(entries: _Entries, values: int) -> tuple[Counts, Counts]:
    """The units of the entries, and their lower and upper middle values."""
    units = entries.keys // values
    starts = _starts(units)
    up_to = np.cumsum(entries.counts)
    before = up_to[starts] - entries.counts[starts]
    rows = np.append(before[1:], up_to[-1]) - before
    wanted = np.stack([before + (rows - 1) // 2, before + rows // 2], axis=1)
    places = np.searchsorted(up_to, wanted, side="right")
    return units[starts], entries.keys[places] % values


def _starts(ordered: Counts) -> Counts:
    """Where each run of equal numbers begins."""
    if not len(ordered):
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
