"""Units by number, and what is added up along the tree."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from shuzhi.engines.plan import Counts

NOBODY = -1


@dataclass(frozen=True)
class Hierarchy:
    """The tree on one day. `parents` holds for each unit the number of the one above it. Missing:
    `NOBODY` above a root."""

    parents: Counts

    def roll_up(self, cells: Counts, how: np.ufunc = np.add) -> None:
        """Nothing; afterwards each unit has its own and all below it, put together by `how`.
        Shape: units first."""
        for children, starts, parents in self._levels:
            cells[parents] = how(cells[parents], how.reduceat(cells[children], starts, axis=0))

    @cached_property
    def ancestors(self) -> npt.NDArray[np.int64]:
        """For each depth, the root's first, who stands there above a unit, or is it. Shape:
        depths, units. Missing: `NOBODY`, below the unit."""
        depths = self.depths
        found = np.full((int(depths.max(initial=0)) + 1, len(depths)), NOBODY, dtype=np.int64)
        units, above = np.arange(len(depths)), np.arange(len(depths))
        while len(units):
            found[depths[above], units] = above
            is_below = self.parents[above] != NOBODY
            units, above = units[is_below], self.parents[above[is_below]]
        return found

    @cached_property
    def ranks(self) -> Counts:
        """The place of each unit where every unit comes before all below it, and these before any
        other (pre-order)."""
        ranks = np.empty(len(self.parents), dtype=np.int64)
        ranks[np.lexsort(self.ancestors[::-1])] = np.arange(len(self.parents))
        return ranks

    @cached_property
    def _levels(self) -> tuple[tuple[Counts, Counts, Counts], ...]:
        """For each depth, deepest first: who stands there, by parent; where each parent's
        children begin; the parents."""
        levels = []
        for depth in range(int(self.depths.max(initial=0)), 0, -1):
            children = np.flatnonzero(self.depths == depth)
            children = children[np.argsort(self.parents[children], kind="stable")]
            above, starts = np.unique(self.parents[children], return_index=True)
            levels.append((children, starts, above))
        return tuple(levels)

    @cached_property
    def depths(self) -> Counts:
        """How many units stand above each."""
        depths = np.zeros(len(self.parents), dtype=np.int64)
        above = self.parents
        while (above != NOBODY).any():
            depths += above != NOBODY
            above = np.where(above == NOBODY, NOBODY, self.parents[above])
        return depths
