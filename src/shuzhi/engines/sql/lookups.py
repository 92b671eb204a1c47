"""Small tables beside a ledger: units by number, who stands above whom, days by slot of time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shuzhi.engines.plan import Counts, Scan
from shuzhi.engines.roll_up import NOBODY
from shuzhi.engines.slots import Slots, cut_days, day_number, versions_of
from shuzhi.engines.span_columns import SpanColumns, owners
from shuzhi.engines.sql.nodes import CALENDAR, PERIODS, REACH, RUNS, UNITS
from shuzhi.units import UnitTree

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Lookups:
    """What a scan's rows are joined with.

    Units have numbers, in pre-order of the first version of the tree in the scan's time; a version
    is 0 for the units that do not move in that time, else counts from 1.
    """

    scan: Scan
    tree: UnitTree

    @cached_property
    def tables(self) -> Mapping[str, pa.Table]:
        """Shape: of `units` one row per code whose records count for a unit asked for; of `reach`
        one per unit, version, and unit asked for at or above it; of `calendar` one per day of a
        period; of `runs` one per slot and period; of `periods` one per period."""
        return {
            UNITS: self._units,
            REACH: self._reach,
            CALENDAR: self._calendar,
            RUNS: self._runs,
            PERIODS: self._periods,
        }

    @property
    def with_versions(self) -> bool:
        return bool(self._moves.any())

    @cached_property
    def calendar_from(self) -> date:
        """The calendar's first day. It stands for all days before it."""
        days = [*self._versions[1:], *(period.start for period in self.scan.periods)]
        return max(min(days), date.min + _DAY) - _DAY

    @cached_property
    def codes(self) -> Sequence[str]:
        """The code of each number."""
        return [self.tree.codes[place] for place in self._by_number.tolist()]

    @cached_property
    def places(self) -> Counts:
        """The place among the scan's units of each number. Missing: -1, not asked for."""
        found = np.full(len(self.tree.codes), NOBODY, dtype=np.int64)
        found[self._numbers[self._asked]] = np.arange(len(self._asked))
        return found

    @cached_property
    def _slots(self) -> Slots:
        return cut_days(self.scan)

    @cached_property
    def _versions(self) -> list[date]:
        return versions_of(self.scan, self.tree)

    @cached_property
    def _ancestors(self) -> list[Counts]:
        """For each version: who stands above a unit at each depth, by place in `tree.codes`. Shape:
        depths, units."""
        spans = SpanColumns(self.tree)
        found = [spans.hierarchy_on(day).ancestors for day in self._versions]
        deepest = max(len(ancestors) for ancestors in found)
        return [
            np.pad(a, ((0, deepest - len(a)), (0, 0)), constant_values=NOBODY) for a in found
        ]  # fmt: skip

    @cached_property
    def _moves(self) -> npt.NDArray[np.bool_]:
        first, *others = self._ancestors
        found = np.zeros(len(self.tree.codes), dtype=np.bool_)
        for ancestors in others:
            found |= (ancestors != first).any(axis=0)
        return found

    @cached_property
    def _numbers(self) -> Counts:
        """The number of each unit, in the order of `tree.codes`."""
        found = np.empty(len(self.tree.codes), dtype=np.int64)
        found[self._by_number] = np.arange(len(self.tree.codes))
        return found

    @cached_property
    def _by_number(self) -> Counts:
        order: Counts = np.lexsort(self._ancestors[0][::-1])
        return order

    @cached_property
    def _asked(self) -> Counts:
        place = {code: n for n, code in enumerate(self.tree.codes)}
        return np.array([place[code] for code in self.scan.units], dtype=np.int64)

    @cached_property
    def _units(self) -> pa.Table:
        codes = self.tree.codes
        place = {code: n for n, code in enumerate(codes)}
        owner = np.array(
            [place[c] for c in owners(self.tree, self.scan.tree_as_of)], dtype=np.int64
        )
        kept = np.flatnonzero(self._is_under_asked[owner])
        return pa.table(
            {
                "code": pa.array([codes[place] for place in kept.tolist()], pa.string()),
                "unit": self._numbers[owner[kept]],
                "moves": self._moves[owner[kept]],
            }
        )

    @cached_property
    def _is_under_asked(self) -> npt.NDArray[np.bool_]:
        found = np.zeros(len(self.tree.codes), dtype=np.bool_)
        found[self._all_reach[0]] = True
        return found

    @cached_property
    def _all_reach(self) -> tuple[Counts, Counts, Counts]:
        """Units, versions, and who asked for stands at or above them, by place."""
        is_asked = np.zeros(len(self.tree.codes) + 1, dtype=np.bool_)
        is_asked[self._asked] = True  # the last place is that of NOBODY
        parts = []
        for version, ancestors in enumerate(self._ancestors):
            for above in ancestors:
                there = is_asked[above] & (self._moves if version else True)
                units = np.flatnonzero(there)
                parts.append((units, np.where(self._moves[units], version + 1, 0), above[units]))
        units, versions, above = (np.concatenate(column) for column in zip(*parts, strict=True))
        return units, versions, above

    @cached_property
    def _reach(self) -> pa.Table:
        units, versions, above = self._all_reach
        is_inner = np.zeros(len(self.tree.codes), dtype=np.bool_)
        is_inner[above[above != units]] = True
        return pa.table(
            {
                "unit": self._numbers[units],
                "version": versions,
                "above": self._numbers[above],
                "is_inner": is_inner[above],
            }
        )

    @cached_property
    def _calendar(self) -> pa.Table:
        days = np.arange(day_number(self.calendar_from), self._slots.cuts[-1])
        days = days[np.isin(self._slots.of_days(days), self._runs["slot"].to_numpy())]
        since = [day_number(day) for day in self._versions]
        return pa.table(
            {
                "day": pa.array(days.astype(np.int32), pa.int32()).cast(pa.date32()),
                "slot": self._slots.of_days(days),
                "version": np.maximum(np.searchsorted(since, days, side="right"), 1),
            }
        )

    @cached_property
    def _runs(self) -> pa.Table:
        runs = self._slots.runs
        slots = [np.arange(*run, dtype=np.int64) for run in runs]
        numbers = np.repeat(np.arange(len(runs)), [len(run) for run in slots])
        return pa.table({"slot": np.concatenate(slots), "period": numbers})

    @cached_property
    def _periods(self) -> pa.Table:
        periods = self.scan.periods
        return pa.table(
            {
                "number": np.arange(len(periods)),
                "start": pa.array([period.start for period in periods], pa.date32()),
                "last_day": pa.array([period.last_day for period in periods], pa.date32()),
            }
        )
