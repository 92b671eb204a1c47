"""One unit at a glance, for the screen: its figures by section, each held against its target, its
peers and its own past; what it promised; what it left unanswered."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import quantiles

from shuzhi.checks.asking import asked_returns, due_day
from shuzhi.figures.model import Figure, FigureState
from shuzhi.packs.model import Indicator, Text
from shuzhi.periods import Period, PeriodKind, calendar_periods
from shuzhi.reports.outcomes import JudgedPromise, promise_outcomes
from shuzhi.reports.sources import Sources
from shuzhi.reports.wording import STATES, number_text

# Fewer peers with a value, and a band would tell one unit's figure from another's.
LEAST_PEERS = 4


class PeerBand(StrEnum):
    """Where a figure stands among those of its peers. A band and never a rank: the middle half
    is one band, however its units are ordered."""

    ABOVE = "above"
    AMONG = "among"
    BELOW = "below"


@dataclass(frozen=True)
class Peers:
    """The units of the same level with a value: how many, where their middle half begins and
    ends, their median, and the unit's band."""

    count: int
    lower: float
    median: float
    upper: float
    band: PeerBand


@dataclass(frozen=True)
class Line:
    """One figure of a unit. `text` is the value as printed, or the word for its absence.

    `reached` is how far it got to its target, in per cent of it, at most 100 where it is met;
    `distance_text` how far it is from it, '' where that cannot be said.
    Missing: None where there is no target, no value, or the target is nothing.
    """

    indicator: Indicator
    figure: Figure
    text: str
    target: float | None
    target_text: str
    reached: float | None
    distance_text: str
    misses: bool
    last: Figure | None
    last_text: str
    peers: Peers | None


@dataclass(frozen=True)
class SectionLines:
    """A section of the report with its lines, in the pack's order."""

    name: str
    title: Text
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Point:
    """One figure of a chart: the label under it, and the text that says the same as its bar."""

    label: str
    figure: Figure
    text: str


@dataclass(frozen=True)
class Missing:
    """A return that was asked for and did not come."""

    table: str
    unit: str
    period: Period
    due: str  # an ISO day


def section_lines(sources: Sources, unit: str) -> tuple[SectionLines, ...]:
    """The unit's figures by section of the report; what no section holds comes last."""
    by_section: dict[str, list[Line]] = {}
    for name, indicator in sources.pack.indicators.items():
        figure = sources.figure(name, unit)
        if figure is not None:
            by_section.setdefault(indicator.section, []).append(_line(sources, indicator, figure))
    titles = _titles(sources)
    order = [*titles, *(name for name in by_section if name not in titles)]
    return tuple(
        SectionLines(name, titles.get(name, {}), tuple(by_section[name]))
        for name in order
        if name in by_section
    )


def line_of(sources: Sources, indicator: str, unit: str) -> Line | None:
    """One of them. Missing: None where the unit has no such figure in the period."""
    figure = sources.figure(indicator, unit)
    return _line(sources, sources.pack.indicators[indicator], figure) if figure else None


def trend(sources: Sources, indicator: str, unit: str) -> tuple[Point, ...]:
    """The figure by the quarters of the period's year, as far as there are figures of them."""
    start, end = sources.period.start, sources.period.end
    year = next(calendar_periods(PeriodKind.YEAR, start, end))
    found = (
        (quarter.name, sources.figure(indicator, unit, quarter.name))
        for quarter in calendar_periods(PeriodKind.QUARTER, year.start, year.end)
    )
    return tuple(
        Point(name, figure, figure_text(sources, figure)) for name, figure in found if figure
    )


def units_below(sources: Sources, indicator: str, unit: str) -> tuple[Point, ...]:
    """The figure of each unit right below that was asked, in the order of the tree."""
    tree = sources.ledgers.units
    points = []
    for code in tree.children(unit, sources.day):
        figure = sources.figure(indicator, code)
        if figure is not None and figure.state is not FigureState.NOT_ASKED:
            name = tree.name(code, sources.day)
            points.append(Point(name, figure, figure_text(sources, figure)))
    return tuple(points)


def peers_of(sources: Sources, figure: Figure) -> Peers | None:
    """Where a figure stands among the units of its level. Missing: None where the figure is no
    value, or fewer than LEAST_PEERS other units have one."""
    if figure.value is None:
        return None
    tree, day = sources.ledgers.units, sources.day
    others = sources.units_below(tree.root, tree.level(figure.unit, day))
    values = [
        value
        for code in others
        if code != figure.unit
        and (value := sources.value(figure.indicator, code, figure.period)) is not None
    ]
    if len(values) < LEAST_PEERS:
        return None
    lower, median, upper = quantiles(values, n=4, method="inclusive")
    band = PeerBand.AMONG
    if figure.value > upper:
        band = PeerBand.ABOVE
    elif figure.value < lower:
        band = PeerBand.BELOW
    return Peers(len(values), lower, median, upper, band)


def missing_returns(sources: Sources, unit: str) -> tuple[Missing, ...]:
    """What the unit and those below it were asked for in the period and never answered, by the
    day it was due."""
    tree = sources.ledgers.units
    there = {(a.table, a.unit, a.period) for a in sources.ledgers.returns}
    found = [
        Missing(table.name, code, period, due_day(table, period).isoformat())
        for table, code, period in asked_returns(sources.pack, tree)
        if sources.period.start <= period.start
        and period.end <= sources.period.end
        and (table.name, code, period.name) not in there
        and unit in tree.ancestors(code, period.last_day)
    ]
    return tuple(sorted(found, key=lambda missing: (missing.due, missing.unit, missing.table)))


def promises_of(sources: Sources, unit: str) -> Sequence[tuple[JudgedPromise, str]]:
    """The promises due in the period's year of the unit and those below, each with its text."""
    table = sources.rules.promises
    return [
        (promise, sources.records.text(table.table, promise.record, table.text))
        for promise in promise_outcomes(sources, unit)
        if table is not None
    ]


def figure_text(sources: Sources, figure: Figure) -> str:
    """The value with the indicator's decimals, or the word for its absence."""
    if figure.value is None:
        return STATES[sources.lang][figure.state]
    return _number(sources, sources.pack.indicators[figure.indicator], figure.value)


def _line(sources: Sources, indicator: Indicator, figure: Figure) -> Line:
    target, distance = sources.target(figure), sources.distance(figure)
    last = sources.figure(figure.indicator, figure.unit, sources.last_period.name)
    return Line(
        indicator, figure, figure_text(sources, figure), target,
        "" if target is None else _number(sources, indicator, target),
        _reached(indicator, figure, target),
        "" if distance is None else _number(sources, indicator, distance),
        sources.misses(figure), last,
        figure_text(sources, last) if last else "", peers_of(sources, figure),
    )  # fmt: skip


def _reached(indicator: Indicator, figure: Figure, target: float | None) -> float | None:
    """Rounded down, so that a target that was just missed is never said to be reached."""
    if figure.value is None or not target or not indicator.better:
        return None
    if indicator.better == "less":
        share = 1.0 if figure.value <= target else target / figure.value
    else:
        share = figure.value / target
    return math.floor(1000 * max(0.0, min(1.0, share))) / 10


def _number(sources: Sources, indicator: Indicator, value: float) -> str:
    return number_text(value, indicator.decimals, sources.lang)


def _titles(sources: Sources) -> Mapping[str, Text]:
    sections = sources.pack.report.get("sections", ())
    return {section["name"]: section["title"] for section in sections}
