"""Everything a report may quote, and the questions it asks of it."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Self

from shuzhi.checks.model import Flag, Outcome
from shuzhi.figures.model import Figure, Proof, ProofRecord
from shuzhi.ledgers.model import Ledgers
from shuzhi.packs.model import MeasureKind, Pack
from shuzhi.periods import Period, parse_period, previous_year
from shuzhi.reports.objections import Objection
from shuzhi.reports.read_rules import read_rules
from shuzhi.reports.records import Records
from shuzhi.reports.rules import ReportRules
from shuzhi.scores.appeals import HeardAppeal
from shuzhi.scores.model import Score
from shuzhi.scores.scorecard import read_scorecard
from shuzhi.scores.stability import Standing, stand_units

_ADDED_UP = (MeasureKind.COUNT, MeasureKind.STOCK, MeasureKind.SUM)

FigureKey = tuple[str, str, str]  # indicator, unit, name of the period


@dataclass(frozen=True)
class Sources:
    """Everything a report may quote.

    `figures` holds every unit for `period` and, where a comparison is wanted, for the same period
    one year earlier; `scores` is by unit; `proofs` by figure id.
    """

    pack: Pack
    ledgers: Ledgers
    figures: Mapping[FigureKey, Figure]
    proofs: Mapping[str, Proof]
    scores: Mapping[str, Score]
    flags: Sequence[Flag]
    period: Period
    lang: str
    objections: Sequence[Objection] = ()
    appeals: Sequence[HeardAppeal] = ()

    def with_proofs(self, proofs: Mapping[str, Proof]) -> Self:
        """The same with other proofs. What was worked out before is kept: it rests on none."""
        same = copy(self)
        object.__setattr__(same, "proofs", proofs)
        return same

    @cached_property
    def records(self) -> Records:
        return Records(self.pack, self.ledgers, self.lang)

    @cached_property
    def rules(self) -> ReportRules:
        return read_rules(self.pack)

    @cached_property
    def last_period(self) -> Period:
        return previous_year(self.period)

    @cached_property
    def standings(self) -> Mapping[str, Standing]:
        """How real each scored unit's place among its peers is. Empty without a scorecard."""
        scorecard = read_scorecard(self.pack)
        if scorecard is None:
            return {}
        found = stand_units(list(self.scores.values()), scorecard, self.figures)
        return {standing.unit: standing for standing in found}

    @property
    def signed_on(self) -> date:
        """The day the report bears: so many days after the period as report.toml says."""
        return self.period.last_day + timedelta(days=self.rules.signed_days_after)

    @property
    def objections_until(self) -> date:
        """The last day on which a unit may object to the draft of the bulletin."""
        days = self.rules.bulletins[self.rules.bulletin].objection_days
        return self.signed_on + timedelta(days=days)

    @property
    def day(self) -> date:
        """The day the tree of units is read on."""
        return self.period.last_day

    def figure(self, indicator: str, unit: str, period: str = "") -> Figure | None:
        return self.figures.get((indicator, unit, period or self.period.name))

    def value(self, indicator: str, unit: str, period: str = "") -> float | None:
        figure = self.figure(indicator, unit, period)
        return figure.value if figure else None

    def target(self, figure: Figure) -> float | None:
        """The number the figure is held against. Missing: no target, or its figure is none."""
        target = self.pack.indicators[figure.indicator].target
        if isinstance(target, str):
            return self.value(target, figure.unit, figure.period)
        return None if target is None else float(target)

    def misses(self, figure: Figure) -> bool:
        """Whether the figure is a value on the wrong side of its target."""
        target = self.target(figure)
        if figure.value is None or target is None:
            return False
        better = self.pack.indicators[figure.indicator].better
        return (better == "more" and figure.value < target) or (
            better == "less" and figure.value > target
        )

    def distance(self, figure: Figure) -> float | None:
        """How far the figure is from its target, without sign."""
        target = self.target(figure)
        return None if target is None or figure.value is None else abs(target - figure.value)

    def change(self, figure: Figure) -> float | None:
        """How far the figure is from that of the year before, without sign."""
        last = self.value(figure.indicator, figure.unit, self.last_period.name)
        return None if last is None or figure.value is None else abs(figure.value - last)

    def doubted_records(self, figure: Figure) -> tuple[ProofRecord, ...]:
        """The records a count or sum is made of that an open flag doubts, of the checks the pack
        verifies by. Missing: none where the figure is no count or sum, or was not traced."""
        measure = self.pack.indicators[figure.indicator].measure
        proof = self.proofs.get(figure.figure_id)
        if measure is None or measure.kind not in _ADDED_UP or proof is None:
            return ()
        return tuple(r for r in proof.records if (r.table, r.record) in self._doubted)

    def verified(self, figure: Figure) -> float | None:
        """The figure without the records an open flag doubts. Missing: as the figure itself."""
        if figure.value is None:
            return None
        doubted = (record.contribution for record in self.doubted_records(figure))
        return figure.value - sum(c for c in doubted if isinstance(c, float | int))

    def missing_units(self, figure: Figure, level: str) -> tuple[str, ...]:
        """The units of `level` below whose own figure misses its target, worst first."""
        found = []
        for code in self.units_below(figure.unit, level):
            own = self.figure(figure.indicator, code, figure.period)
            if own is not None and self.misses(own):
                found.append((-(self.distance(own) or 0.0), code))
        return tuple(code for _, code in sorted(found))

    def units_below(self, unit: str, level: str) -> tuple[str, ...]:
        """The units of `level` that stood below `unit` on the period's last day, by code."""
        return self._below.get((unit, level), ())

    def open_flags(self, unit: str) -> tuple[Flag, ...]:
        """The flags of the unit and of those below it that nobody has answered yet."""
        tree = self.ledgers.units
        return tuple(
            flag
            for flag in self.flags
            if flag.outcome is Outcome.OPEN
            and flag.unit in tree.by_code
            and unit in tree.ancestors(flag.unit, self.day)
        )

    def flagged_units(self, unit: str, check: str) -> tuple[str, ...]:
        """The unit and those below it that a check has doubted in the period, answered or not, by
        code."""
        tree = self.ledgers.units
        doubted = {f.unit for f in self.flags if f.check == check and self._concerns(f)}
        return tuple(
            code
            for code in sorted(doubted & set(tree.by_code))
            if unit in tree.ancestors(code, self.day)
        )

    def _concerns(self, flag: Flag) -> bool:
        """Whether a flag is about the period; one without a period is about every one."""
        if not flag.period:
            return True
        asked = parse_period(flag.period)
        return asked.start < self.period.end and self.period.start < asked.end

    @cached_property
    def _doubted(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            (flag.table, record)
            for flag in self.flags
            if flag.check in self.rules.verified_by and flag.outcome is Outcome.OPEN
            for record in flag.records
        )

    @cached_property
    def _below(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        tree = self.ledgers.units
        below: dict[tuple[str, str], list[str]] = {}
        for code in tree.codes:
            if tree.exists(code, self.day):
                level = tree.level(code, self.day)
                for above in tree.ancestors(code, self.day)[1:]:
                    below.setdefault((above, level), []).append(code)
        return {key: tuple(codes) for key, codes in below.items()}
