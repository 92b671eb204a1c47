"""Units by number, and cells added up along the tree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from shuzhi.engines.plan import Counts
from shuzhi.units import UnitTree

_NONE = -1


@dataclass(frozen=True)
class Hierarchy:
    """The tree on one day: for each depth, deepest first, who stands there and under whom.

    Shape: `children` sorted by their parent, `starts` where each parent's children begin.
    """

    levels: tuple[tuple[Counts, Counts, Counts], ...]  # children, starts, parents

    def roll_up(self, cells: npt.NDArray[np.int64]) -> None:
        """Nothing; afterwards each unit has its own and all below it. Shape: units first."""
        for children, starts, parents in self.levels:
            cells[parents] += np.add.reduceat(cells[children], starts, axis=0)


def hierarchy_on(tree: UnitTree, day: date) -> Hierarchy:
    """The tree as it stood on `day`, units in the order of `tree.codes`."""
    number = {code: place for place, code in enumerate(tree.codes)}
    parents = np.array(
        [number.get(tree.span(code, day).parent, _NONE) for code in tree.codes], dtype=np.int64
    )
    depths = _depths(parents)
    levels = []
    for depth in range(int(depths.max(initial=0)), 0, -1):
        children = np.flatnonzero(depths == depth)
        children = children[np.argsort(parents[children], kind="stable")]
        above, starts = np.unique(parents[children], return_index=True)
        levels.append((children, starts, above))
    return Hierarchy(tuple(levels))


def owners(tree: UnitTree, tree_as_of: date | None) -> Sequence[str]:
    """For each unit, in the order of `tree.codes`, the one that its rows count for."""
    if tree_as_of is None:
        return tree.codes
    return [tree.heir(code, tree_as_of) for code in tree.codes]


def _depths(parents: Counts) -> Counts:
    depths = np.zeros(len(parents), dtype=np.int64)
    above = parents.copy()
    while (above != _NONE).any():
        depths += above != _NONE
        above = np.where(above == _NONE, _NONE, parents[above])
    return depths
