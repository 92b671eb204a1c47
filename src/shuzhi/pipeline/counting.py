"""What is worked out of a source beside its figures: flags, scores, and everything together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shuzhi.checks.model import Flag
from shuzhi.checks.output import flags_from_arrow
from shuzhi.checks.run import check_ledgers
from shuzhi.figures.model import Figure
from shuzhi.periods import Period
from shuzhi.pipeline.measuring import figures, last_day_collected, periods_of_edition
from shuzhi.pipeline.source import Progress, Source, no_progress
from shuzhi.reports.objections import Objection, objections_from_arrow, read_objections
from shuzhi.reports.sources import FigureKey
from shuzhi.scores.appeals import Appeal, HeardAppeal, appeals_from_arrow, read_appeals
from shuzhi.scores.model import Score
from shuzhi.scores.score import score_units
from shuzhi.scores.scorecard import read_scorecard
from shuzhi.scores.stability import Standing, stand_units


def check(
    source: Source,
    *,
    as_of: date | None = None,
    lang: str = "zh",
    progress: Progress = no_progress,
) -> tuple[Flag, ...]:
    """The flags over a source. An edition's flags are those it was sealed with.

    `as_of` is the day after which a date lies in the future: the last day of the pack's
    collection unless told otherwise, so that checking again tomorrow raises the same flags.
    """
    if source.edition and as_of is None and "flags" in source.edition.extras:
        return flags_from_arrow(source.edition.extras["flags"])
    progress("check", 0, 1)
    flags = check_ledgers(
        source.ledgers,
        source.pack,
        as_of=as_of or last_day_collected(source.pack),
        source=source.files,
        lang=lang,
        earlier=source.answers,
    )
    progress("check", 1, 1)
    return flags


def score(
    source: Source,
    computed: Sequence[Figure],
    period: Period,
    *,
    lang: str = "zh",
    with_appeals: bool = True,
    progress: Progress = no_progress,
) -> list[Score]:
    """Every unit's scorecard, from figures already computed for `period`."""
    progress("score", 0, 1)
    scores = score_units(
        source.ledgers,
        source.pack,
        by_key(computed),
        period,
        lang=lang,
        appeals=appeals(source) if with_appeals else (),
    )
    progress("score", 1, 1)
    return scores


def appeals(source: Source) -> tuple[Appeal, ...]:
    """The appeals beside a source; of an edition, those it was sealed with."""
    if source.edition:
        sealed = source.edition.extras.get("appeals")
        return appeals_from_arrow(sealed) if sealed is not None else ()
    scorecard = read_scorecard(source.pack)
    if scorecard is None:
        return ()
    lines = [item.name for item in scorecard.items]
    lines += [deduction.name for deduction in scorecard.deductions]
    return read_appeals(source.path, source.ledgers.units.by_code, lines)


def objections(source: Source) -> tuple[Objection, ...]:
    """The objections beside a source; of an edition, those it was sealed with."""
    if source.edition:
        sealed = source.edition.extras.get("objections")
        return objections_from_arrow(sealed) if sealed is not None else ()
    names = tuple(source.pack.report.get("bulletins", ()))
    return read_objections(source.path, source.ledgers.units.by_code, names)


def hear_appeals(
    source: Source, computed: Sequence[Figure], scores: Sequence[Score], period: Period
) -> list[HeardAppeal]:
    """The appeals about `period`, each with its unit's points before and after."""
    about = [appeal for appeal in appeals(source) if appeal.period == period.name]
    if not about:
        return []
    after = {score.unit: score.points for score in scores}
    plain = score(source, computed, period, with_appeals=False)
    before = {one.unit: one.points for one in plain}
    return [
        HeardAppeal(appeal, before[appeal.unit], after[appeal.unit])
        for appeal in about
        if appeal.unit in after
    ]


def stability(
    source: Source, computed: Sequence[Figure], scores: Sequence[Score]
) -> list[Standing]:
    """How real the order of units is, as weights move. Empty where the pack has no scorecard."""
    scorecard = read_scorecard(source.pack)
    return stand_units(scores, scorecard, by_key(computed)) if scorecard else []


@dataclass(frozen=True)
class Count:
    """Everything counted for one period: flags, figures by key, scores."""

    period: Period
    flags: tuple[Flag, ...]
    figures: Mapping[FigureKey, Figure]
    scores: tuple[Score, ...]
    appeals: tuple[Appeal, ...] = ()
    objections: tuple[Objection, ...] = ()
    heard: tuple[HeardAppeal, ...] = ()  # the appeals about the period, with what they changed


def count(
    source: Source, period: Period, *, lang: str = "zh", progress: Progress = no_progress
) -> Count:
    """Flags, the figures of every unit for `period`, its parts and the year before, and scores."""
    flags = check(source, lang=lang, progress=progress)
    computed = figures(source, periods=periods_of_edition(period), progress=progress)
    scores = score(source, computed, period, lang=lang, progress=progress)
    heard = hear_appeals(source, computed, scores, period)
    return Count(
        period, flags, by_key(computed), tuple(scores), appeals(source), objections(source),
        tuple(heard),
    )  # fmt: skip


def by_key(computed: Sequence[Figure]) -> dict[FigureKey, Figure]:
    return {(figure.indicator, figure.unit, figure.period): figure for figure in computed}
