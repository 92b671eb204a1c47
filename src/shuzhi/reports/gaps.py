"""Section 5: what fell short, written by the rules of report.toml from the figures themselves."""

from collections.abc import Callable
from typing import Any

from shuzhi.figures.model import Figure
from shuzhi.reports.phrases import (
    bound,
    figure_fields,
    fill,
    record_names,
    units_with_figures,
)
from shuzhi.reports.rules import GapRule, When
from shuzhi.reports.sources import Sources


def write_gaps(sources: Sources, unit: str) -> list[dict[str, Any]]:
    """The gaps of a unit, in the order of the rules.

    Shape: one a rule that applies: `title`, `text` (the sentence on the unit itself),
    `units` (on those below; '' where none) and `records` (what is behind; '' where nothing is).
    """
    found: list[dict[str, Any]] = []
    for rule in sources.rules.gaps:
        figure = sources.figure(rule.indicator, unit)
        if figure is None or not gap_applies(sources, rule, figure):
            continue
        found.append(
            {
                "name": rule.name,
                "title": rule.title[sources.lang],
                "text": fill(rule.text[sources.lang], _fields(sources, rule, figure)),
                "units": _units_sentence(sources, rule, figure),
                "records": _records_sentence(sources, rule, figure),
            }
        )
    return found


def gap_applies(sources: Sources, rule: GapRule, figure: Figure) -> bool:
    """Whether the figure is one the rule speaks of."""
    if figure.value is None:
        return False
    match rule.when:
        case When.MISSED:
            return sources.misses(figure)
        case When.POSITIVE:
            return figure.value > 0
        case When.EXCEEDS:
            other = sources.value(rule.other, figure.unit)
            return other is not None and figure.value > other


def _fields(sources: Sources, rule: GapRule, figure: Figure) -> dict[str, Callable[[], str]]:
    fields = figure_fields(sources, figure)
    other = f"{rule.other}.{figure.unit}.{figure.period}"
    return fields | {"other": lambda: bound(sources, other)}


def _units_sentence(sources: Sources, rule: GapRule, figure: Figure) -> str:
    if rule.units_text is None:
        return ""
    units = [
        code for level in rule.levels for code in concerned_units(sources, rule, figure, level)
    ]
    if not units:
        return ""
    return fill(
        rule.units_text[sources.lang],
        {"units": lambda: units_with_figures(sources, figure, units)},
    )


def concerned_units(sources: Sources, rule: GapRule, figure: Figure, level: str) -> tuple[str, ...]:
    """The units of `level` below of which the rule speaks as well, worst first."""
    if rule.when is When.MISSED:
        return sources.missing_units(figure, level)
    below = [
        own
        for code in sources.units_below(figure.unit, level)
        if (own := sources.figure(figure.indicator, code)) and gap_applies(sources, rule, own)
    ]
    return tuple(own.unit for own in sorted(below, key=lambda own: (-(own.value or 0), own.unit)))


def _records_sentence(sources: Sources, rule: GapRule, figure: Figure) -> str:
    if rule.records is None or rule.records_text is None:
        return ""
    behind = sources.figure(rule.records.indicator, figure.unit)
    names = record_names(sources, rule.records, behind, with_units=True) if behind else ""
    return fill(rule.records_text[sources.lang], {"records": lambda: names}) if names else ""
