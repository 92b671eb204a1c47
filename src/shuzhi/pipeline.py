"""The story on one page: what was sent becomes a report whose every number can be re-counted.

    read → check → figures → score → report, and a sealed edition of it all

Each function is one command. A source is a folder of workbooks or a sealed edition.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from shuzhi.checks.model import Flag
from shuzhi.checks.output import flags_from_arrow, flags_to_arrow
from shuzhi.checks.run import check_ledgers
from shuzhi.errors import UserError
from shuzhi.figures.compute import compute_figures
from shuzhi.figures.model import Figure, Proof
from shuzhi.figures.output import figures_to_arrow
from shuzhi.figures.trace import trace_figure
from shuzhi.ledgers.edition import MANIFEST, Edition, open_edition, seal_edition
from shuzhi.ledgers.model import Ledgers
from shuzhi.ledgers.read import read_source
from shuzhi.packs.load import load_pack
from shuzhi.packs.model import Pack
from shuzhi.periods import Period, PeriodKind, calendar_period, calendar_periods, previous_year
from shuzhi.scores.model import Score
from shuzhi.scores.output import scores_to_arrow
from shuzhi.scores.score import score_units

# Told the stage, how many steps are done, and of how many.
Progress = Callable[[str, int, int], None]


def no_progress(stage: str, done: int, total: int) -> None:
    """Where nobody watches."""


@dataclass(frozen=True)
class Source:
    """A source, read: its pack, its records, and the edition it came from, if it is one."""

    path: Path
    pack: Pack
    ledgers: Ledgers
    edition: Edition | None

    @property
    def files(self) -> Path | None:
        """The folder with the workbooks as sent; None for an edition, which holds no files."""
        return None if self.edition else self.path


def read(
    path: Path, pack_folder: Path | None, *, lang: str = "zh", progress: Progress = no_progress
) -> Source:
    """The records of a source, with an account of every row."""
    if (path / MANIFEST).is_file():
        edition = open_edition(path)
        pack = load_pack(pack_folder) if pack_folder else edition.pack
        return Source(path, pack, edition.ledgers, edition)
    if pack_folder is None:
        raise UserError(f"{path} is a folder of workbooks: say by --pack which pack reads it")
    pack = load_pack(pack_folder)
    ledgers = read_source(
        path, pack, lang=lang, on_progress=lambda done, total: progress("read", done, total)
    )
    return Source(path, pack, ledgers, None)


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
    )
    progress("check", 1, 1)
    return flags


def figures(
    source: Source,
    *,
    periods: Sequence[Period] = (),
    indicators: Sequence[str] = (),
    units: Sequence[str] = (),
    tree_as_of: date | None = None,
    engine: str = "duckdb",
    progress: Progress = no_progress,
) -> list[Figure]:
    """The figures asked for; all indicators, units and the last year collected by default."""
    progress("figures", 0, 1)
    computed = compute_figures(
        source.ledgers,
        source.pack,
        periods=periods or (last_year_collected(source.pack),),
        indicators=indicators or None,
        units=units or None,
        tree_as_of=tree_as_of,
        engine=engine,
    )
    progress("figures", 1, 1)
    return computed


def proof(
    source: Source,
    indicator: str,
    unit: str,
    period: Period,
    *,
    tree_as_of: date | None = None,
) -> Proof:
    """The records behind one figure, down to their cells."""
    return trace_figure(source.ledgers, source.pack, indicator, unit, period, tree_as_of=tree_as_of)


def score(
    source: Source,
    computed: Sequence[Figure],
    period: Period,
    *,
    lang: str = "zh",
    progress: Progress = no_progress,
) -> list[Score]:
    """Every unit's scorecard, from figures already computed for `period`."""
    progress("score", 0, 1)
    by_key = {(f.indicator, f.unit, f.period): f for f in computed}
    scores = score_units(source.ledgers, source.pack, by_key, period, lang=lang)
    progress("score", 1, 1)
    return scores


def seal(
    source: Source,
    out: Path,
    *,
    flags: Sequence[Flag],
    computed: Sequence[Figure],
    scores: Sequence[Score],
) -> None:
    """An edition of it all in `out`: there whole, or not at all."""
    extras: dict[str, pa.Table] = {
        "flags": flags_to_arrow(flags),
        "figures": figures_to_arrow(computed),
        "scores": scores_to_arrow(scores),
    }
    seal_edition(out, source.pack, source.ledgers, extras)


def periods_of_edition(period: Period) -> list[Period]:
    """What an edition for `period` holds figures of: it, its months, quarters and halves, and
    the same period one year earlier."""
    parts = [
        part
        for kind in (PeriodKind.HALF, PeriodKind.QUARTER, PeriodKind.MONTH)
        for part in calendar_periods(kind, period.start, period.end)
        if period.start <= part.start and part.end <= period.end and part != period
    ]
    return [period, *parts, previous_year(period)]


def last_day_collected(pack: Pack) -> date:
    return date.fromordinal(pack.collects_until.toordinal() - 1)


def last_year_collected(pack: Pack) -> Period:
    return calendar_period(PeriodKind.YEAR, last_day_collected(pack).year, 1)
