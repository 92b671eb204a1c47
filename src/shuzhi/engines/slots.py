"""Days cut into slots, so that every period of a scan is a run of slots."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from shuzhi.engines.plan import Counts, Scan
from shuzhi.units import UnitTree

_EPOCH = date(1970, 1, 1).toordinal()
NO_SLOT = -1


@dataclass(frozen=True)
class Slots:
    """`cuts` are the first days (of 1970 on) of the slots and the day on which the last one ends;
    `runs` the slots of each period, from and to before."""

    cuts: Counts
    runs: tuple[tuple[int, int], ...]

    @property
    def length(self) -> int:
        return len(self.cuts) - 1

    @cached_property
    def within(self) -> Counts:
        """1 where a slot lies in a period. Shape: slots, periods."""
        found = np.zeros((self.length, len(self.runs)), dtype=np.int64)
        for place, run in enumerate(self.runs):
            found[slice(*run), place] = 1
        return found

    def of_days(self, days: Counts) -> Counts:
        """The slot of each day. Missing: `NO_SLOT`."""
        found = np.searchsorted(self.cuts, days, side="right") - 1
        return np.where(found < self.length, found, NO_SLOT)

    def layers(self) -> list[list[int]]:
        """The periods, by place, in layers: those of a layer share no slot."""
        layers: list[list[int]] = []
        for place in sorted(range(len(self.runs)), key=self.runs.__getitem__):
            begin = self.runs[place][0]
            fitting = (layer for layer in layers if self.runs[layer[-1]][1] <= begin)
            layer = next(fitting, None)
            if layer is None:
                layers.append(layer := [])
            layer.append(place)
        return layers

    def run_of_slots(self, layer: Sequence[int]) -> Counts:
        """For each slot the place within the layer of the period it lies in. Missing: `NO_SLOT`."""
        found = np.full(self.length, NO_SLOT, dtype=np.int64)
        for number, place in enumerate(layer):
            found[slice(*self.runs[place])] = number
        return found


def cut_days(scan: Scan) -> Slots:
    """The slots of a scan. A stock's first slot holds all days before the first period's end."""
    if scan.ends:
        ends = sorted({day_number(period.end) for period in scan.periods})
        runs = tuple((0, bisect_right(ends, day_number(p.end))) for p in scan.periods)
        return Slots(np.array([_BEFORE_ALL, *ends], dtype=np.int64), runs)
    cuts = sorted({day_number(day) for p in scan.periods for day in (p.start, p.end)})
    runs = tuple(
        (cuts.index(day_number(p.start)), cuts.index(day_number(p.end))) for p in scan.periods
    )
    return Slots(np.array(cuts, dtype=np.int64), runs)


def versions_of(scan: Scan, tree: UnitTree) -> list[date]:
    """A day in each version of the tree that rows of the scan can belong to: its first one."""
    if scan.tree_as_of is not None:
        return [scan.tree_as_of]
    last = max(period.end for period in scan.periods)
    begin = date.min if scan.ends else min(period.start for period in scan.periods)
    return [begin, *(day for day in tree.moves if begin < day < last)]


def day_number(day: date) -> int:
    """Days since 1970-01-01, as Arrow's date32 has them."""
    return day.toordinal() - _EPOCH


_BEFORE_ALL = day_number(date.min) - 1
