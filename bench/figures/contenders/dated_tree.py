"""The dated tree as arrays, for contenders that are written in Python.

A node is a span of a unit: a unit that moves has several. Nodes are numbered in pre-order, so that
all that stands below a node, itself included, are the numbers from it up to its `end`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
_EPOCH = date(1970, 1, 1)
YEAR = 2025
PERIODS = (
    *(f"{YEAR}-{month:02}" for month in range(1, 13)), *(f"{YEAR}-Q{n}" for n in range(1, 5)),
    str(YEAR),
)  # fmt: skip
FIRST, BEHIND = ((date(year, 1, 1) - _EPOCH).days for year in (YEAR, YEAR + 1))
# Of each day of the year its month, from 0 on.
MONTHS = np.array([date.fromordinal(_EPOCH.toordinal() + day).month - 1
                   for day in range(FIRST, BEHIND)], np.int64)  # fmt: skip
_FAR = 10**9


class DatedTree:
    """`above[d]` has for each node the node on depth d that it belongs to, or -1; `first` the first
    node of each unit and `several` the units that have more; `lives` says of units and periods
    whether the unit existed on any day."""

    codes: list[str]
    depth: Ints
    parent: Ints
    end: Ints
    above: list[Ints]
    unit: Ints
    first: Ints
    several: Ints
    lives: npt.NDArray[np.bool_]

    def __init__(self, spans: Mapping[str, Sequence[Any]]) -> None:
        """`spans` has the columns of units.parquet.

        Raises: ValueError where a unit that others stand below has several spans.
        """
        self.codes = sorted(set(spans["code"]))
        place = {code: n for n, code in enumerate(self.codes)}
        unit = np.array([place[code] for code in spans["code"]])
        since = np.array([(day - _EPOCH).days for day in spans["valid_from"]])
        until = np.array([(d - _EPOCH).days if d else _FAR for d in spans["valid_to"]])
        above = np.array([place.get(code, -1) for code in spans["parent"]])
        self.lives = _lives(unit, since, until, len(self.codes))
        order = np.lexsort((since, unit))
        unit, since, above = unit[order], since[order], above[order]
        first = np.searchsorted(unit, np.arange(len(self.codes)))
        several = np.bincount(unit)[above[above >= 0]]
        if (several > 1).any():
            raise ValueError("a unit that others stand below has several spans")
        self._number(unit, since, np.where(above >= 0, first[above], -1))

    def _number(self, unit: Ints, since: Ints, parent: Ints) -> None:
        count = len(unit)
        depth, up = np.zeros(count, np.int64), parent
        while (up >= 0).any():
            depth += up >= 0
            up = np.where(up >= 0, parent[up], -1)
        levels, way = int(depth.max()) + 1, np.arange(count)
        path = np.full((levels, count), -1)
        for level in reversed(range(levels)):
            here = depth[way] == level
            path[level] = np.where(here, way, -1)
            way = np.where(here & (level > 0), parent[way], way)
        order = np.lexsort(path[::-1])
        number = np.empty(count, np.int64)
        number[order] = np.arange(count)
        self.above = [np.where(p >= 0, number[p], -1)[order] for p in path]
        self.depth, self.unit = depth[order], unit[order]
        self.parent = np.where(parent >= 0, number[parent], -1)[order]
        self.end = np.arange(1, count + 1)
        for nodes in self.above:
            last = np.flatnonzero(nodes >= 0)
            np.maximum.at(self.end, nodes[last], last + 1)
        starts = np.searchsorted(unit, np.arange(len(self.codes) + 1))
        self.first = number[starts[:-1]]
        self.several = np.flatnonzero(np.diff(starts) > 1)
        self._moves = [
            (int(u), int(since[s]), int(number[s]))
            for u in self.several
            for s in range(starts[u] + 1, starts[u + 1])
        ]

    def __len__(self) -> int:
        return len(self.unit)

    @property
    def inner(self) -> Ints:
        """The nodes with others below them."""
        return np.flatnonzero(self.end > np.arange(1, len(self) + 1))

    @property
    def moves(self) -> list[tuple[int, int, int]]:
        """Unit, day, and the node it has from that day on; by unit and day."""
        return self._moves


def _lives(unit: Ints, since: Ints, until: Ints, units: int) -> npt.NDArray[np.bool_]:
    firsts = [(date(YEAR, month, 1) - _EPOCH).days for month in range(1, 13)] + [BEHIND]
    bounds = [
        *zip(firsts, firsts[1:], strict=False),
        *((firsts[3 * n], firsts[3 * n + 3]) for n in range(4)),
        (FIRST, BEHIND),
    ]
    lives = np.zeros((units, len(bounds)), bool)
    for n, (first, behind) in enumerate(bounds):
        lives[unit[(since < behind) & (first < until)], n] = True
    return lives
