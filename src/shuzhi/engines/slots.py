"""Days cut into slots, so that every period of a scan is a run of slots."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from shuzhi.engines.plan import Counts, Numbers, Scan
from shuzhi.units import UnitTree

_EPOCH = date(1970, 1, 1).toordinal()
NO_SLOT = -1
# So many lie in a processor's cache, however their columns are gone through.
_ROWS_AT_ONCE = 4096


@dataclass(frozen=True)
class Slots:
    """`cuts` are the first days (of 1970 on) of the slots and the day on which the last one ends;
    `runs` the slots of each period, from and to before."""

    cuts: Counts
    runs: tuple[tuple[int, int], ...]

    @property
    def length(self) -> int:
        return len(self.cuts) - 1

    def add_up(self, of_slots: Numbers, found: Counts) -> None:
        """Nothing; afterwards `found` has what the slots of each period add up to. Shape: as many
        rows each; columns a slot, and in `found` a period. The width of `of_slots` must hold the
        sums: two slots are added in it."""
        for begin in range(0, len(found), _ROWS_AT_ONCE):
            slots, periods = (of[begin : begin + _ROWS_AT_ONCE] for of in (of_slots, found))
            for slot, period, length in self._copied:
                periods[:, period : period + length] = slots[:, slot : slot + length]
            columns = [*slots.T, *periods.T]
            for place, (first, second, *rest) in self._added:
                np.add(columns[first], columns[second], out=periods[:, place])
                for column in rest:
                    periods[:, place] += columns[column]

    @cached_property
    def _copied(self) -> list[tuple[int, int, int]]:
        """The periods of one slot: the first slot, the first period and how many follow each
        other both ways."""
        found: list[tuple[int, int, int]] = []
        for place, (begin, end) in enumerate(self.runs):
            if end - begin > 1:
                continue
            slot, period, length = found[-1] if found else (NO_SLOT, NO_SLOT, 0)
            if length and (begin, place) == (slot + length, period + length):
                found[-1] = slot, period, length + 1
            else:
                found.append((begin, place, 1))
        return found

    @cached_property
    def _added(self) -> list[tuple[int, list[int]]]:
        """What each longer period is put together from, the shortest first: slots by their place,
        and behind them periods, so that a year is four quarters and not twelve months."""
        known = {(slot, slot + 1): slot for slot in range(self.length)}
        longer = [place for place, (begin, end) in enumerate(self.runs) if end - begin > 1]
        found = []
        for place in sorted(longer, key=lambda place: np.diff(self.runs[place])[0]):
            parts, (begin, end) = [], self.runs[place]
            while begin < end:
                longest = max(
                    last for first, last in known
                    if first == begin and last <= end and (first, last) != self.runs[place]
                )  # fmt: skip
                parts.append(known[begin, longest])
                begin = longest
            known.setdefault(self.runs[place], self.length + place)
            found.append((place, parts))
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
