"""Days cut into slots, so that every period is a run of slots and no unit moves within one."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from shuzhi.engines.plan import Counts, Scan
from shuzhi.units import UnitTree

Places = npt.NDArray[np.int64]
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Timeline:
    """Where the rows of a scan fall: by the version of the tree they belong to, and by slot.

    `versions` are the first days (of 1970 on) from which a version of the tree holds; the first
    one also holds for all days before. `cuts` are the first days of the slots, and the day on
    which the last one ends; `runs` the slots of each period, from and to before.
    """

    versions: Counts
    cuts: Counts
    runs: tuple[tuple[int, int], ...]

    @cached_property
    def slots(self) -> int:
        return len(self.cuts) - 1

    def version_of(self, days: Counts) -> Places:
        return np.maximum(np.searchsorted(self.versions, days, side="right") - 1, 0)

    def slot_of(self, days: Counts) -> Places:
        """The slot of each day. Missing: a number outside 0 … `slots` - 1."""
        return np.searchsorted(self.cuts, days, side="right") - 1

    def day_of(self, version: int) -> date:
        """A day on which the version of the tree holds."""
        return date.fromordinal(int(self.versions[version]) + _EPOCH)


def timeline_of(scan: Scan, tree: UnitTree) -> Timeline:
    """The slots of a scan. A stock's first slot holds all days before the first period's end."""
    versions = _versions(scan, tree)
    if scan.ends:
        ends = sorted({day_number(period.end) for period in scan.periods})
        cuts = [_BEFORE_ALL, *ends]
        runs = tuple((0, bisect_right(ends, day_number(p.end))) for p in scan.periods)
    else:
        bounds = {day_number(day) for p in scan.periods for day in (p.start, p.end)}
        moved = {day for day in versions[1:] if min(bounds) < day < max(bounds)}
        cuts = sorted(bounds | moved)
        runs = tuple(
            (cuts.index(day_number(p.start)), cuts.index(day_number(p.end))) for p in scan.periods
        )
    return Timeline(np.array(versions, dtype=np.int64), np.array(cuts, dtype=np.int64), runs)


def day_number(day: date) -> int:
    """Days since 1970-01-01, as Arrow's date32 has them."""
    return day.toordinal() - _EPOCH


_BEFORE_ALL = day_number(date.min) - 1


def _versions(scan: Scan, tree: UnitTree) -> Sequence[int]:
    """The first days of the versions of the tree that rows of the scan can belong to."""
    if scan.tree_as_of is not None:
        return [day_number(scan.tree_as_of)]
    last = max(day_number(period.end) for period in scan.periods)
    first = _BEFORE_ALL if scan.ends else min(day_number(p.start) for p in scan.periods)
    begin = max(first, day_number(date.min))
    return [begin, *(day for day in map(day_number, tree.moves) if begin < day < last)]
