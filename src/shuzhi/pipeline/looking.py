"""An edition looked at a unit at a time, as pages show it."""

from dataclasses import replace

from shuzhi.checks.output import flags_from_arrow
from shuzhi.errors import UserError
from shuzhi.figures.by_unit import FiguresByUnit
from shuzhi.figures.proof_output import write_proof_xlsx
from shuzhi.figures.trace import Proofs, trace_figures
from shuzhi.periods import Period, parse_period
from shuzhi.pipeline.source import Source
from shuzhi.reports.charts import Bar, Chart, draw_bar
from shuzhi.reports.outcomes import PromiseOutcome, promise_outcomes
from shuzhi.reports.overview import (
    figure_text,
    line_of,
    missing_returns,
    promises_of,
    section_lines,
    trend,
    units_below,
)
from shuzhi.reports.sources import Sources
from shuzhi.scores.output import scores_from_arrow

__all__ = [
    "Bar",
    "Chart",
    "Proofs",
    "draw_bar",
    "figure_text",
    "line_of",
    "look_at",
    "missing_returns",
    "promises_of",
    "section_lines",
    "trend",
    "units_below",
    "with_promises_traced",
    "write_proof_xlsx",
]


def look_at(source: Source, period: Period, *, lang: str = "zh") -> Sources:
    """What an edition says of `period`, without computing it anew.

    Its figures are made a unit at a time, when they are asked for; it has no proofs.
    Raises: UserError where the source is no edition, or was not sealed with that period.
    """
    if source.edition is None:
        raise UserError(f"{source.path} is no edition; seal it first")
    extras = source.edition.extras
    figures = FiguresByUnit(extras["figures"])
    if period.name not in figures.periods:
        raise UserError(
            f"{source.path} holds no figures of {period.name}; it has {', '.join(figures.periods)}"
        )
    scores = {score.unit: score for score in scores_from_arrow(extras["scores"])}
    flags = flags_from_arrow(extras["flags"])
    return Sources(source.pack, source.ledgers, figures, {}, scores, flags, period, lang)


def with_promises_traced(sources: Sources, unit: str) -> Sources:
    """The same with the proofs that tell a promise kept in time from one kept late."""
    wanted = [
        (promise.figure.indicator, promise.figure.unit, parse_period(promise.figure.period))
        for promise in promise_outcomes(sources, unit)
        if promise.figure is not None
        and promise.outcome is PromiseOutcome.KEPT
        and promise.due < sources.day
    ]
    if not wanted:
        return sources
    return replace(sources, proofs=trace_figures(sources.ledgers, sources.pack, wanted))
