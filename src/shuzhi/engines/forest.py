"""The dated tree as one forest: a unit that moved stands in it once for every chain of superiors.

A node is a unit under one chain of superiors. Units that never moved are one node each, and all
that stands above them is the same whatever the day. So what belongs to a node adds up along one
tree, and a unit that moved is put together from its few nodes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from shuzhi.engines.plan import Counts, Numbers
from shuzhi.engines.roll_up import NOBODY, Hierarchy
from shuzhi.engines.span_columns import owners, span_columns
from shuzhi.units import UnitTree


@dataclass(frozen=True)
class Forest:
    """`hierarchy` holds the nodes, `nodes` for each version of the tree and unit the node that its
    rows belong to. Missing: `NOBODY`, they belong to no unit that is asked for.

    A version holds from its day in `since` (of 1970 on; the first also before it). `first` is one
    node of each unit asked for; `others` are further nodes, each with the place of its unit among
    those asked for.
    """

    hierarchy: Hierarchy
    since: Counts
    nodes: Counts
    first: Counts
    others: tuple[Counts, Counts]

    @property
    def length(self) -> int:
        return len(self.hierarchy.parents)

    def versions_of(self, days: Counts) -> Counts:
        """The version of the tree that holds on each day."""
        return np.maximum(np.searchsorted(self.since, days, side="right") - 1, 0)

    def nodes_of(self, units: Numbers, versions: Numbers) -> npt.NDArray[np.int32]:
        """The nodes that rows of these units belong to in these versions of the tree. Missing:
        `NOBODY`, also where the unit or the version is -1."""
        nodes = self._by_version
        found: npt.NDArray[np.int32] = nodes[(versions + 1) * self._width + (units + 1)]
        return found

    @cached_property
    def _by_version(self) -> npt.NDArray[np.int32]:
        """The nodes one behind the other, with nobody before each version and each unit."""
        padded = np.full((len(self.nodes) + 1, self._width), NOBODY, dtype=np.int32)
        padded[1:, 1:] = self.nodes
        return padded.ravel()

    @property
    def _width(self) -> int:
        return int(self.nodes.shape[1]) + 1

    @cached_property
    def below(self) -> sparse.csr_array:
        """Which nodes stand at or below which units asked for, as a matrix of ones. Shape: units,
        nodes."""
        units, nodes = [], []
        place = np.full(self.length, NOBODY, dtype=np.int64)
        place[self.first] = np.arange(len(self.first))
        place[self.others[1]] = self.others[0]
        for above in self.hierarchy.ancestors:
            there = np.flatnonzero(above != NOBODY)
            units.append(place[above[there]])
            nodes.append(there)
        of = np.concatenate(units), np.concatenate(nodes)
        ones = np.ones(len(of[0]), dtype=np.int32)
        return sparse.csr_array((ones, of), shape=(len(self.first), self.length))

    def of_units(self, cells: Counts, how: np.ufunc = np.add) -> Counts:
        """What the units asked for have, from what the nodes have. Shape: nodes first; units."""
        found = cells[self.first]
        places, nodes = self.others
        if len(places):
            how.at(found, places, cells[nodes])
        return found


def grow_forest(
    tree: UnitTree,
    versions: Sequence[date],
    asked: Sequence[str],
    tree_as_of: date | None,
    order: Counts,
) -> Forest:
    """The forest of the versions of a tree that begin on these days.

    `order` has the place of each unit of `tree.codes`; nodes are numbered in that order, so that
    rows in it are in the order of their nodes. Where few units are asked for, what stands below
    them counts as theirs.
    """
    spans = span_columns(tree)
    number = spans.number
    hierarchies = [spans.hierarchy_on(day) for day in versions]
    nodes, parents, units = _nodes(hierarchies, order)
    owned = np.array([number[code] for code in owners(tree, tree_as_of)], dtype=np.int64)
    nodes = nodes[:, owned]
    wanted = np.array([number[code] for code in asked], dtype=np.int64)
    if len(asked) < len(number):
        nodes, parents, units = _only(wanted, nodes, Hierarchy(parents), units)
    since = np.array([day.toordinal() - _EPOCH for day in versions], dtype=np.int64)
    return Forest(Hierarchy(parents), since, nodes, *_nodes_by_unit(wanted, units, len(number)))


_EPOCH = date(1970, 1, 1).toordinal()


def _nodes(hierarchies: Sequence[Hierarchy], place_of: Counts) -> tuple[Counts, Counts, Counts]:
    """The node of each version and unit, the node above each node, and the unit of each node."""
    above = np.stack([hierarchy.parents for hierarchy in hierarchies])
    depths = np.stack([hierarchy.depths for hierarchy in hierarchies])
    length = above.shape[1]
    nodes = np.full(above.shape, NOBODY, dtype=np.int64)
    parents, units, first_seen, count = [], [], [], 0
    for depth in range(int(depths.max(initial=0)) + 1):
        version, unit = np.nonzero(depths == depth)
        superior = nodes[version, above[version, unit]] if depth else np.full(len(unit), NOBODY)
        keys, first, place = np.unique(
            (superior + 1) * length + unit, return_index=True, return_inverse=True
        )
        nodes[version, unit] = count + place
        parents.append(keys // length - 1)
        units.append(keys % length)
        first_seen.append(version[first])
        count += len(keys)
    found, of_unit = np.concatenate(parents), np.concatenate(units)
    order = np.lexsort((np.concatenate(first_seen), place_of[of_unit]))
    new = np.empty(count, dtype=np.int64)
    new[order] = np.arange(count)
    return new[nodes], _renumbered(found[order], new), of_unit[order]


def _only(
    wanted: Counts, nodes: Counts, hierarchy: Hierarchy, units: Counts
) -> tuple[Counts, Counts, Counts]:
    """The forest of the wanted units alone: each node belongs to the nearest of them above it."""
    is_wanted = np.isin(units, wanted)
    nearest = np.where(is_wanted, np.arange(len(units)), NOBODY)
    for depth in range(1, int(hierarchy.depths.max(initial=0)) + 1):
        here = np.flatnonzero((hierarchy.depths == depth) & ~is_wanted)
        nearest[here] = nearest[hierarchy.parents[here]]
    kept = np.flatnonzero(is_wanted)
    new = np.full(len(units), NOBODY, dtype=np.int64)
    new[kept] = np.arange(len(kept))
    above = _renumbered(hierarchy.parents[kept], nearest)
    return _renumbered(_renumbered(nodes, nearest), new), _renumbered(above, new), units[kept]


def _renumbered(numbers: Counts, new: Counts) -> Counts:
    return np.where(numbers == NOBODY, NOBODY, new[numbers])


def _nodes_by_unit(
    wanted: Counts, units: Counts, all_units: int
) -> tuple[Counts, tuple[Counts, Counts]]:
    place = np.full(all_units, NOBODY, dtype=np.int64)
    place[wanted] = np.arange(len(wanted))
    nodes = np.arange(len(units))
    first = np.empty(len(wanted), dtype=np.int64)
    first[place[units][::-1]] = nodes[::-1]
    is_other: npt.NDArray[np.bool_] = first[place[units]] != nodes
    return first, (place[units][is_other], nodes[is_other])
