"""How real the order of units is: would other, equally fair weights have turned it round?

Every weight is moved by up to a fifth, alone and together with the others, and every line that
rests on few records is left out once. Two units whose order turns round too often are told apart by
nothing but the choice of weights; they stand in one tier.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from shuzhi.figures.model import Figure
from shuzhi.scores.model import Score, ScoreLine
from shuzhi.scores.scorecard import WHOLE, Scorecard

MOVED_BY = 0.2  # a weight times 0.8 to 1.2
DRAWS = 500
TURNED = 0.05  # the share of draws that may turn a real order round
FEW = 5  # records; a line on fewer is left out once
_SEED = 2012

Weights = Mapping[str, float]
FigureKey = tuple[str, str, str]


@dataclass(frozen=True)
class Standing:
    """Where a unit stands within its peer group.

    `tier` counts from 1, the units with most points; `lowest` and `highest` are its points under
    all the weights tried. `tiers` is how many the group
    has: 1 means that no order is real.
    """

    unit: str
    group: str
    tier: int
    tiers: int
    points: float
    lowest: float
    highest: float


def stand_units(
    scores: Sequence[Score],
    scorecard: Scorecard,
    figures: Mapping[FigureKey, Figure],
    *,
    draws: int = DRAWS,
) -> list[Standing]:
    """Every unit's standing: by group, by tier, and within a tier in the order of `scores`, which
    is that of the tree. Seeded: equal scores stand equally. Units without a counted line are left
    out. `figures` must hold those the lines name."""
    standings: list[Standing] = []
    for group in dict.fromkeys(score.group for score in scores):
        members = [s for s in scores if s.group == group and s.band]
        standings += _stand(members, scorecard, figures, draws)
    return standings


def _stand(
    members: Sequence[Score],
    scorecard: Scorecard,
    figures: Mapping[FigureKey, Figure],
    draws: int,
) -> Iterator[Standing]:
    if not members:
        return
    weights = {i.name: i.weight for i in scorecard.items if members[0].group in i.groups}
    base = {score.unit: _points(score, weights) for score in members}
    drawn = [
        {score.unit: _points(score, tried) for score in members}
        for tried in _drawn_weights(weights, draws)
    ]
    single = [
        {score.unit: _points(score, tried) for score in members} for tried in _moved_alone(weights)
    ]
    thinned = [
        base | {score.unit: _points(score, weights, without=line.item)}
        for score in members
        for line in score.lines
        if line.counted and line.weight and _rests_on_few(line, figures)
    ]
    tiers = _tiers(base, drawn, [*single, *thinned])
    order = {score.unit: position for position, score in enumerate(members)}
    variants = [base, *drawn, *single, *thinned]
    for score in sorted(members, key=lambda s: (tiers[s.unit], order[s.unit])):
        tried = [variant[score.unit] for variant in variants]
        yield Standing(
            score.unit,
            score.group,
            tiers[score.unit],
            max(tiers.values()),
            score.points,
            round(min(tried), 1),
            round(max(tried), 1),
        )


def _points(score: Score, weights: Weights, without: str = "") -> float:
    """The points under other weights, spread over the lines that count for this unit."""
    counted = [
        line
        for line in score.lines
        if line.counted and line.weight and line.item in weights and line.item != without
    ]
    total = sum(weights[line.item] for line in counted)
    earned = sum(weights[line.item] * line.points / line.weight for line in counted)
    taken = sum(line.points for line in score.lines if not line.weight)
    return max(0.0, (WHOLE * earned / total if total else 0.0) + taken)


def _drawn_weights(weights: Weights, draws: int) -> Iterator[Weights]:
    chance = random.Random(_SEED)  # noqa: S311 repeatable on purpose: nothing here is secret
    for _ in range(draws):
        yield {
            name: weight * chance.uniform(1 - MOVED_BY, 1 + MOVED_BY)
            for name, weight in weights.items()
        }


def _moved_alone(weights: Weights) -> Iterator[Weights]:
    for name, weight in weights.items():
        for factor in (1 - MOVED_BY, 1 + MOVED_BY):
            yield {**weights, name: weight * factor}


def _rests_on_few(line: ScoreLine, figures: Mapping[FigureKey, Figure]) -> bool:
    indicator, _, rest = line.figure_id.partition(".")
    unit, _, period = rest.rpartition(".")
    return figures[indicator, unit, period].records < FEW


def _tiers(
    base: Mapping[str, float],
    drawn: Sequence[Mapping[str, float]],
    further: Sequence[Mapping[str, float]],
) -> dict[str, int]:
    """The tier of each unit: a cut falls between two neighbours where nobody above it is overtaken
    by anybody below it, but for the few draws allowed."""
    order = sorted(base, key=lambda unit: -base[unit])
    tiers, tier = {}, 1
    for place, unit in enumerate(order):
        if place and _is_real(order[:place], order[place:], drawn, further):
            tier += 1
        tiers[unit] = tier
    return tiers


def _is_real(
    above: Sequence[str],
    below: Sequence[str],
    drawn: Sequence[Mapping[str, float]],
    further: Sequence[Mapping[str, float]],
) -> bool:
    def turned(points: Mapping[str, float]) -> bool:
        return min(points[unit] for unit in above) <= max(points[unit] for unit in below)

    return not any(map(turned, further)) and _share(turned, drawn) < TURNED


def _share(
    turned: Callable[[Mapping[str, float]], bool], drawn: Sequence[Mapping[str, float]]
) -> float:
    return sum(map(turned, drawn)) / len(drawn) if drawn else 0.0
