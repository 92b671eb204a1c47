"""The dated tree as columns: who stands above whom on a day, for all units at once."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from shuzhi.engines.plan import Counts
from shuzhi.engines.roll_up import NOBODY, Hierarchy
from shuzhi.units import UnitTree


def span_columns(tree: UnitTree) -> "SpanColumns":
    """The columns of a tree, made once."""
    if tree not in _KNOWN:
        _KNOWN[tree] = SpanColumns(tree)
    return _KNOWN[tree]


class SpanColumns:
    """The spans of a tree; units by their number in `tree.codes`."""

    def __init__(self, tree: UnitTree) -> None:
        self.number = number = {code: place for place, code in enumerate(tree.codes)}
        spans = tree.spans
        self._spans = spans
        self._units = _column(number[span.code] for span in spans)
        self._parents = _column(number.get(span.parent, NOBODY) for span in spans)
        self._begins = _column(span.valid_from.toordinal() for span in spans)
        self._ends = _column(span.valid_to.toordinal() for span in spans)
        is_first = np.diff(self._units, prepend=-1) != 0
        self._first = np.flatnonzero(is_first)
        self._last = np.append(self._first[1:], len(spans)) - 1
        self._moves = [day.toordinal() for day in tree.moves]
        self._hierarchies: dict[int, Hierarchy] = {}

    def hierarchy_on(self, day: date) -> Hierarchy:
        """The tree as it stood on `day`; a unit that did not exist then as `UnitTree.span` has
        it."""
        version = bisect_right(self._moves, day.toordinal())
        if version not in self._hierarchies:
            self._hierarchies[version] = self._hierarchy_on(day)
        return self._hierarchies[version]

    def at_or_below(self, unit: int, days: Iterable[date]) -> Counts:
        """The units that stood at or below one on any of the days."""
        is_below = np.zeros(len(self._first), dtype=np.bool_)
        for day in days:
            is_below |= (self.hierarchy_on(day).ancestors == unit).any(axis=0)
        return np.flatnonzero(is_below)

    def _hierarchy_on(self, day: date) -> Hierarchy:
        when = day.toordinal()
        found = np.where(when < self._begins[self._first], self._first, self._last)
        holding = np.flatnonzero((self._begins <= when) & (when < self._ends))
        found[self._units[holding]] = holding
        return Hierarchy(self._parents[found])

    def of_levels(self, levels: tuple[str, ...], day: date) -> Counts:
        """The units of the levels that existed on `day`, in the order of their numbers."""
        when = day.toordinal()
        is_of = np.fromiter((span.level in levels for span in self._spans), np.bool_)
        holding = is_of & (self._begins <= when) & (when < self._ends)
        return self._units[np.flatnonzero(holding)]

    def exist_during(self, start: date, end: date) -> npt.NDArray[np.bool_]:
        """Whether each unit existed on any day from `start` to before `end`."""
        there = (self._begins < end.toordinal()) & (start.toordinal() < self._ends)
        found: npt.NDArray[np.bool_] = np.logical_or.reduceat(there, self._first)
        return found

    def exist_on(self, day: date) -> npt.NDArray[np.bool_]:
        return self.exist_during(day, day + timedelta(days=1))

    def ended_by(self, day: date) -> npt.NDArray[np.bool_]:
        """Whether each unit's last span has ended by `day`."""
        found: npt.NDArray[np.bool_] = self._ends[self._last] <= day.toordinal()
        return found


# Gone with their tree.
_KNOWN: "WeakKeyDictionary[UnitTree, SpanColumns]" = WeakKeyDictionary()


def owners(tree: UnitTree, tree_as_of: date | None) -> Sequence[str]:
    """For each unit, in the order of `tree.codes`, the one that its rows count for."""
    if tree_as_of is None:
        return tree.codes
    return [tree.heir(code, tree_as_of) for code in tree.codes]


def _column(numbers: Iterable[int]) -> Counts:
    return np.fromiter(numbers, dtype=np.int64)
