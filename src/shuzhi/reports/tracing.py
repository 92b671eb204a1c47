"""Which figures a report needs the proofs of, before it is written."""

import re
from collections.abc import Iterator, Mapping

from shuzhi.figures.model import Figure
from shuzhi.ledgers.model import Ledgers
from shuzhi.packs.model import Pack
from shuzhi.periods import Period
from shuzhi.reports.gaps import concerned_units, gap_applies
from shuzhi.reports.outcomes import promise_outcomes
from shuzhi.reports.phrases import UNITS_NAMED
from shuzhi.reports.render import open_template
from shuzhi.reports.sources import FigureKey, Sources

_COMPARED = re.compile(r"\b(?:last|change|up|down|same)\.(\w+)")
_UNITS = re.compile(r"\bunits\.(\w+)\.(\w+)")
_TAG = re.compile(r"<[^>]+>")


def figures_to_trace(
    pack: Pack,
    ledgers: Ledgers,
    figures: Mapping[FigureKey, Figure],
    unit: str,
    period: Period,
    lang: str = "zh",
) -> list[Figure]:
    """The figures whose proofs a unit's report prints, each once.

    They are the unit's own, those of last year that the text compares with, those of other units
    that it names, and those its promises are judged by.
    """
    sources = Sources(pack, ledgers, figures, {}, {}, (), period, lang)
    template = open_template(pack, sources.rules.templates[lang])
    text = " ".join(_TAG.sub("", xml) for xml in template.sources.values())
    own = (sources.figure(name, unit) for name in pack.indicators)
    last = (
        sources.figure(name, unit, sources.last_period.name)
        for name in sorted(set(_COMPARED.findall(text)))
    )
    wanted = [*own, *last, *_of_gaps(sources, unit), *_of_text(sources, unit, text)]
    wanted += [promise.figure for promise in promise_outcomes(sources, unit)]
    return list(dict.fromkeys(figure for figure in wanted if figure is not None))


def _of_gaps(sources: Sources, unit: str) -> Iterator[Figure | None]:
    for rule in sources.rules.gaps:
        figure = sources.figure(rule.indicator, unit)
        if figure is None or not gap_applies(sources, rule, figure):
            continue
        units = [
            code for level in rule.levels for code in concerned_units(sources, rule, figure, level)
        ]
        yield from (sources.figure(rule.indicator, code) for code in units[:UNITS_NAMED])


def _of_text(sources: Sources, unit: str, text: str) -> Iterator[Figure | None]:
    for name, level in sorted(set(_UNITS.findall(text))):
        figure = sources.figure(name, unit)
        if figure is not None:
            units = sources.missing_units(figure, level)[:UNITS_NAMED]
            yield from (sources.figure(name, code) for code in units)
