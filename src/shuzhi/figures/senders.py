"""Which senders answer for which units."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

from shuzhi.engines.plan import Counts
from shuzhi.engines.roll_up import NOBODY, Hierarchy
from shuzhi.engines.span_columns import owners, span_columns
from shuzhi.units import UnitTree

_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Senders:
    """Pairs of a unit and a sender that answers for it, by their numbers in `tree.codes`. Each
    pair stands there once."""

    units: Counts
    senders: Counts


class SendersOnDays:
    """The senders of any day, on the tree as it was then or as of one day.

    A sender is a unit of the levels asked that existed on the day. Those at or below a unit
    answer for it; where there are none, its nearest superior that is one.
    """

    def __init__(self, tree: UnitTree, tree_as_of: date | None) -> None:
        self._tree = tree
        self._tree_as_of = tree_as_of
        self._spans = span_columns(tree)
        self._found: dict[tuple[tuple[str, ...], date], Senders] = {}

    def on(self, levels: tuple[str, ...], day: date) -> Senders:
        key = levels, day
        if key not in self._found:
            self._found[key] = self._senders(levels, day)
        return self._found[key]

    def _senders(self, levels: tuple[str, ...], day: date) -> Senders:
        senders = self._spans.of_levels(levels, day)
        hierarchy = self._hierarchy(day)
        above = hierarchy.ancestors[:, self._owners[senders]]
        is_there = above != NOBODY
        units, below = above[is_there], np.broadcast_to(senders, above.shape)[is_there]
        has_any = np.zeros(len(self._tree.codes), dtype=np.bool_)
        has_any[units] = True
        alone, superiors = self._nearest(~has_any, senders, hierarchy, day)
        return Senders(np.concatenate([units, alone]), np.concatenate([below, superiors]))

    def _nearest(
        self, is_alone: _Flags, senders: Counts, hierarchy: Hierarchy, day: date
    ) -> tuple[Counts, Counts]:
        """Pairs of the units that have no sender at or below them with the senders that stand
        for their nearest superior."""
        owner = self._owners[senders]
        is_sender = np.zeros(len(self._tree.codes), dtype=np.bool_)
        is_sender[owner] = True
        units = np.flatnonzero(is_alone)
        nearest = hierarchy.parents[self._owners[units]]
        while (searching := (nearest != NOBODY) & ~is_sender[nearest]).any():
            nearest[searching] = hierarchy.parents[nearest[searching]]
        if self._tree_as_of is None:
            for place in np.flatnonzero(self._spans.ended_by(day)[units]):
                nearest[place] = self._nearest_at_end(int(units[place]), is_sender)
        units, nearest = units[nearest != NOBODY], nearest[nearest != NOBODY]
        order = np.argsort(owner, kind="stable")
        first = np.searchsorted(owner[order], nearest, side="left")
        count = np.searchsorted(owner[order], nearest, side="right") - first
        begins = np.repeat(first - np.concatenate([[0], np.cumsum(count)[:-1]]), count)
        return np.repeat(units, count), senders[order][begins + np.arange(len(begins))]

    def _nearest_at_end(self, unit: int, is_sender: _Flags) -> int:
        """A unit that has ended keeps the superiors of its last day."""
        code = self._tree.codes[unit]
        last_day = self._tree.by_code[code][-1].valid_to - timedelta(days=1)
        above = (self._places[c] for c in self._tree.ancestors(code, last_day)[1:])
        return next((place for place in above if is_sender[place]), NOBODY)

    def _hierarchy(self, day: date) -> Hierarchy:
        if self._tree_as_of is not None:
            day = self._tree_as_of
        return self._spans.hierarchy_on(day)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {code: place for place, code in enumerate(self._tree.codes)}

    @cached_property
    def _owners(self) -> Counts:
        """The unit that answers for each unit."""
        found = owners(self._tree, self._tree_as_of)
        return np.array([self._places[code] for code in found], dtype=np.int64)
