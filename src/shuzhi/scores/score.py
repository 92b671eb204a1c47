"""Figures become points: every unit's scorecard within its peer group."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from shuzhi.checks.asking import asked_returns
from shuzhi.figures.model import Figure, FigureState, Proof, ProofRecord
from shuzhi.figures.operands import measured_figures
from shuzhi.figures.trace import trace_figures
from shuzhi.ledgers.model import Ledgers
from shuzhi.packs.model import Indicator, Pack
from shuzhi.periods import Period
from shuzhi.scores.appeals import Appeal, AppealEffect
from shuzhi.scores.lost import deducted, missed, names_of, records_at_fault
from shuzhi.scores.model import Score, ScoreLine
from shuzhi.scores.scales import best_value, earned_share
from shuzhi.scores.scorecard import (
    WHOLE,
    Deduction,
    Group,
    Item,
    Scorecard,
    read_scorecard,
)

FigureKey = tuple[str, str, str]  # indicator, unit, period's name
# Points are given to one tenth, as they are printed, so that printed lines add up.
_PLACES = 1


@dataclass(frozen=True)
class _Card:
    """What the lines of one unit are made from."""

    pack: Pack
    figures: Mapping[FigureKey, Figure]
    proofs: Mapping[str, Proof]
    unit: str
    period: Period
    lang: str
    waived: frozenset[str] = frozenset()  # lines that a granted appeal took out
    absent: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)  # by table

    def figure(self, indicator: str) -> Figure:
        return self.figures[indicator, self.unit, self.period.name]

    def target(self, item: Item) -> float | None:
        """Missing: None where the target is an indicator that has no value."""
        target = item.target
        return self.figure(target).value if isinstance(target, str) else target

    def at_fault(self, indicator: Indicator) -> tuple[ProofRecord, ...]:
        proof = self.proofs.get(self.figure(indicator.name).figure_id)
        return records_at_fault(proof, indicator.better) if proof else ()

    def absent_returns(self, indicator: Indicator) -> tuple[str, ...]:
        """The returns the unit was asked for and did not send, of the tables behind the figure."""
        behind = measured_figures(self.pack, [(indicator.name, self.period)])
        tables = {one.measure.table for one, _ in behind if one.measure}
        return tuple(
            f"{self.pack.tables[table].label[self.lang]} {period.name}"
            for table in sorted(tables)
            for period in self.absent.get(table, ())
        )

    def names(self, records: Sequence[ProofRecord]) -> tuple[str, ...]:
        return names_of(records, self.pack, self.lang)


def score_units(
    ledgers: Ledgers,
    pack: Pack,
    figures: Mapping[FigureKey, Figure],
    period: Period,
    *,
    lang: str,
    appeals: Sequence[Appeal] = (),
) -> list[Score]:
    """The scores of every unit of a peer group on the last day of `period`.

    Shape: by group in the order of the scorecard, then by unit: never by points. Empty where the
    pack has no scorecard. `figures` must hold those of `period` for every item and its target. A
    line of which a granted appeal says so does not count.

    Raises: PackRefused where scorecard.toml is wrong, ranks, or scores persons.
    """
    scorecard = read_scorecard(pack)
    if scorecard is None:
        return []
    members = [
        (group, span.code)
        for group in scorecard.groups
        for span in ledgers.units.spans
        if span.level == group.level and span.holds_on(period.last_day)
    ]
    waived = _waived(appeals, period)
    absent = _absent_returns(ledgers, pack, period)
    untraced = {
        unit: _Card(
            pack, figures, {}, unit, period, lang, waived.get(unit, frozenset()),
            absent.get(unit, {}),
        )
        for _, unit in members
    }  # fmt: skip
    wanted = [
        (name, unit, period)
        for group, unit in members
        for name in _indicators_to_trace(scorecard, group, untraced[unit])
    ]
    proofs = trace_figures(ledgers, pack, wanted)
    return [
        _score(scorecard, group, replace(untraced[unit], proofs=proofs)) for group, unit in members
    ]


def _absent_returns(
    ledgers: Ledgers, pack: Pack, period: Period
) -> dict[str, dict[str, tuple[Period, ...]]]:
    """By unit and table, the periods within `period` for which nothing was sent."""
    sent = {(one.table, one.unit, one.period) for one in ledgers.returns}
    absent: dict[str, dict[str, tuple[Period, ...]]] = {}
    for table, unit, asked in asked_returns(pack, ledgers.units):
        within = period.start <= asked.start and asked.end <= period.end
        if within and (table.name, unit, asked.name) not in sent:
            tables = absent.setdefault(unit, {})
            tables[table.name] = (*tables.get(table.name, ()), asked)
    return absent


def _waived(appeals: Sequence[Appeal], period: Period) -> Mapping[str, frozenset[str]]:
    """The lines each unit's granted appeals took out."""
    granted: dict[str, frozenset[str]] = {}
    for appeal in appeals:
        if appeal.effect is AppealEffect.GRANTED and appeal.period == period.name:
            granted[appeal.unit] = granted.get(appeal.unit, frozenset()) | {appeal.item}
    return granted


def _indicators_to_trace(scorecard: Scorecard, group: Group, card: _Card) -> list[str]:
    """The indicators behind lines that lost points and have a value to trace."""
    entries: tuple[Item | Deduction, ...] = (*scorecard.items, *scorecard.deductions)
    indicators = {entry.name: entry.indicator for entry in entries}
    return [
        indicators[line.item]
        for line in _lines(scorecard, group, card)
        if line.lost and line.value is not None
    ]


def _score(scorecard: Scorecard, group: Group, card: _Card) -> Score:
    lines = tuple(_lines(scorecard, group, card))
    points = round(max(0.0, sum(line.points for line in lines)), _PLACES)
    band = next(band.label[card.lang] for band in scorecard.bands if points >= band.least)
    if not any(line.counted and line.weight for line in lines):
        band = ""
    return Score(card.unit, card.period.name, group.name, points, band, lines)


def _lines(scorecard: Scorecard, group: Group, card: _Card) -> Iterator[ScoreLine]:
    items = [item for item in scorecard.items if group.name in item.groups]
    weights = spread_weights({i.name: i.weight for i in items if _is_counted(i, card)})
    for item in items:
        yield _item_line(item, card, weights.get(item.name, 0.0))
    for deduction in scorecard.deductions:
        if group.name in deduction.groups:
            yield _deduction_line(deduction, card)


def spread_weights(weights: Mapping[str, float]) -> dict[str, float]:
    """The weights in proportion, in tenths that add up to 100: the largest remainders are raised.

    Equal remainders are raised in the order given.
    """
    total, tenths = sum(weights.values()), round(WHOLE * 10**_PLACES)
    exact = {name: weight * tenths / total for name, weight in weights.items()}
    whole = {name: math.floor(part) for name, part in exact.items()}
    by_remainder = sorted(exact, key=lambda name: whole[name] - exact[name])
    for name in by_remainder[: tenths - sum(whole.values())]:
        whole[name] += 1
    return {name: part / 10**_PLACES for name, part in whole.items()}


def _is_counted(item: Item, card: _Card) -> bool:
    if item.name in card.waived:
        return False
    figure = card.figure(item.indicator)
    if figure.state is FigureState.NOT_REPORTED:
        return True
    if figure.state is not FigureState.VALUE or figure.records < item.min_records:
        return False
    return item.target is None or card.target(item) is not None


def _item_line(item: Item, card: _Card, weight: float) -> ScoreLine:
    indicator, figure = card.pack.indicators[item.indicator], card.figure(item.indicator)
    target = best_value(item.scale, card.target(item), indicator.better)
    if not weight:
        return ScoreLine(
            item.name, card.unit, figure.figure_id, figure.value, target, 0.0, 0.0, False, ""
        )
    share = 0.0
    if figure.value is not None:
        share = earned_share(item.scale, figure.value, card.target(item), indicator.better)
    points = round(weight * share, _PLACES)
    lost = round(weight - points, _PLACES) if share < 1 else 0.0
    records = card.at_fault(indicator) if lost > 0 else ()
    return ScoreLine(
        item.name,
        card.unit,
        figure.figure_id,
        figure.value,
        target,
        weight,
        points,
        True,
        missed(
            indicator, figure, target, weight, lost, card.names(records),
            card.absent_returns(indicator), card.lang,
        ),
        tuple(record.record for record in records),
    )  # fmt: skip


def _deduction_line(deduction: Deduction, card: _Card) -> ScoreLine:
    indicator, figure = card.pack.indicators[deduction.indicator], card.figure(deduction.indicator)
    counted = figure.value is not None and deduction.name not in card.waived
    value = figure.value if counted and figure.value else 0.0
    lost = round(min(deduction.each * value, deduction.at_most), _PLACES)
    records = card.at_fault(indicator) if lost > 0 else ()
    sentence = deducted(
        indicator, figure, deduction.each, deduction.at_most, lost, card.names(records), card.lang
    )
    return ScoreLine(
        deduction.name,
        card.unit,
        figure.figure_id,
        figure.value,
        0.0 if counted else None,
        0.0,
        -lost if lost > 0 else 0.0,
        counted,
        sentence,
        tuple(record.record for record in records),
    )
