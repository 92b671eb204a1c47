"""The story on one page: what was sent becomes a report whose every number can be re-counted.

    read → check → figures → score → report, and a sealed edition of it all

Each function is one command. A source is a folder of workbooks or a sealed edition.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from shuzhi.checks.model import Flag
from shuzhi.checks.output import flags_from_arrow, flags_to_arrow
from shuzhi.checks.run import check_ledgers, check_settings
from shuzhi.demo.write import write_county
from shuzhi.errors import InputRefused, PackRefused, UserError
from shuzhi.figures.compute import compute_figures
from shuzhi.figures.model import Figure, Proof
from shuzhi.figures.output import figures_to_arrow
from shuzhi.figures.trace import trace_figure, trace_figures
from shuzhi.ledgers.atomic_folder import new_folder, refuse_existing
from shuzhi.ledgers.edition import (
    MANIFEST,
    Edition,
    open_edition,
    seal_edition,
    write_edition,
)
from shuzhi.ledgers.forms import write_form
from shuzhi.ledgers.model import Ledgers
from shuzhi.ledgers.problem_workbooks import write_problem_workbooks
from shuzhi.ledgers.read import read_source
from shuzhi.ledgers.register import write_register
from shuzhi.packs.lint import LintReport, lint_pack
from shuzhi.packs.load import load_pack
from shuzhi.packs.model import Pack
from shuzhi.periods import (
    Period,
    PeriodKind,
    calendar_period,
    calendar_periods,
    parse_period,
    previous_year,
)
from shuzhi.reports.document import Document
from shuzhi.reports.html import write_html
from shuzhi.reports.page_readback import read_page
from shuzhi.reports.pdf import PdfFontsMissing, write_pdf
from shuzhi.reports.promises import draft_promises, promise_rows
from shuzhi.reports.read_rules import read_rules
from shuzhi.reports.readback import read_docx
from shuzhi.reports.render import open_template
from shuzhi.reports.sources import FigureKey
from shuzhi.reports.tracing import figures_to_trace
from shuzhi.reports.verify import Difference, unit_and_period, verify_document
from shuzhi.reports.write import ReportPress
from shuzhi.scores.model import Score
from shuzhi.scores.output import scores_to_arrow
from shuzhi.scores.score import score_units
from shuzhi.scores.scorecard import read_scorecard
from shuzhi.text_tables import as_csv

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
    scores = score_units(source.ledgers, source.pack, by_key(computed), period, lang=lang)
    progress("score", 1, 1)
    return scores


def seal_source(
    source: Source,
    out: Path,
    *,
    period: Period | None = None,
    lang: str = "zh",
    progress: Progress = no_progress,
) -> None:
    """Check, count and score a source, and seal it all in the new folder `out`."""
    refuse_existing(out)
    work = count(source, period or last_year_collected(source.pack), lang=lang, progress=progress)
    progress("seal", 0, 1)
    seal_edition(out, source.pack, source.ledgers, sealed_beside(work))
    progress("seal", 1, 1)


@dataclass(frozen=True)
class Count:
    """Everything counted for one period: flags, figures by key, scores."""

    period: Period
    flags: tuple[Flag, ...]
    figures: Mapping[FigureKey, Figure]
    scores: tuple[Score, ...]


def count(
    source: Source, period: Period, *, lang: str = "zh", progress: Progress = no_progress
) -> Count:
    """Flags, the figures of every unit for `period`, its parts and the year before, and scores."""
    flags = check(source, lang=lang, progress=progress)
    computed = figures(source, periods=periods_of_edition(period), progress=progress)
    scores = score(source, computed, period, lang=lang, progress=progress)
    return Count(period, flags, by_key(computed), tuple(scores))


def sealed_beside(work: Count) -> dict[str, pa.Table]:
    """What an edition holds beside the records: flags, figures, scores."""
    return {
        "flags": flags_to_arrow(work.flags),
        "figures": figures_to_arrow(list(work.figures.values())),
        "scores": scores_to_arrow(work.scores),
    }


@dataclass(frozen=True)
class Reported:
    """What `report` wrote, and where to look first. `pdf_missing` says why there is no .pdf."""

    source: Source
    work: Count
    unit: str
    pdf_missing: str
    characters_missing: tuple[str, ...]


def report(
    source: Source,
    out: Path,
    *,
    period: Period,
    unit: str = "",
    lang: str = "zh",
    progress: Progress = no_progress,
) -> Reported:
    """The whole job into the new folder `out`: documents, edition, problems, flags, promises.

    `unit` is the root of the tree unless named. Nothing is written to `out` before all is done.
    Raises: UserError where `out` is there already.
    """
    refuse_existing(out)
    unit = unit or source.ledgers.units.root
    if not source.ledgers.units.exists_during(unit, period.start, period.end):
        raise UserError(f"unit {unit!r} did not exist in {period.name}; name one that did")
    work = count(source, period, lang=lang, progress=progress)
    with new_folder(out) as folder:
        missing = write_documents(source, work, unit, folder, lang=lang, progress=progress)
        write_lists(source, work, folder, lang=lang, progress=progress)
        progress("seal", 0, 1)
        edition = folder / "edition"
        edition.mkdir()
        write_edition(edition, source.pack, source.ledgers, sealed_beside(work))
        progress("seal", 1, 1)
    return Reported(source, work, unit, *missing)


def write_documents(
    source: Source,
    work: Count,
    unit: str,
    out: Path,
    *,
    lang: str = "zh",
    progress: Progress = no_progress,
) -> tuple[str, tuple[str, ...]]:
    """report.docx, report.html and report.pdf in `out`: why there is no .pdf, missing glyphs."""
    progress("docx", 0, 1)
    with press_for(source, work, [unit], lang=lang) as press:
        document = press.write(unit, out / "report.docx")
        drafts = promise_rows(press.sources, draft_promises(press.sources, unit))
        (out / "promises.csv").write_text(as_csv(drafts.to_pylist()), "utf-8-sig", newline="")
        progress("docx", 1, 1)
        write_html(document, press.sources, unit, out / "report.html")
    progress("html", 1, 1)
    try:
        glyphs = write_pdf(document, out / "report.pdf")
    except PdfFontsMissing as missing:
        return str(missing), ()
    progress("pdf", 1, 1)
    return "", glyphs


def press_for(source: Source, work: Count, units: Sequence[str], *, lang: str) -> ReportPress:
    """A press that can print the reports of `units`, with the proofs they need."""
    wanted: dict[str, tuple[str, str, Period]] = {}
    for unit in units:
        for figure in figures_to_trace(
            source.pack, source.ledgers, work.figures, unit, work.period, lang
        ):
            key = (figure.indicator, figure.unit, parse_period(figure.period))
            wanted[figure.figure_id] = key
    proofs = trace_figures(source.ledgers, source.pack, wanted.values())
    return ReportPress(
        source.pack,
        source.ledgers,
        work.figures,
        proofs,
        work.scores,
        work.flags,
        work.period,
        lang,
    )


def write_lists(
    source: Source,
    work: Count,
    out: Path,
    *,
    lang: str = "zh",
    progress: Progress = no_progress,
) -> None:
    """The lists that go back to people: problems to their senders, and flags."""
    progress("problems", 0, 1)
    write_problem_workbooks(out, source.files, source.ledgers, lang=lang)
    rows = [
        {**asdict(flag), "records": ";".join(flag.records), "outcome": flag.outcome.value}
        for flag in work.flags
    ]
    (out / "flags.csv").write_text(as_csv(rows), encoding="utf-8-sig", newline="")
    progress("problems", 1, 1)


def verify(document_path: Path, edition_path: Path) -> list[Difference]:
    """Every number of a finished document that its edition does not bear out.

    Nothing stored is trusted: the report is counted and written anew from the records.
    """
    edition = open_edition(edition_path)
    source = Source(edition_path, edition.pack, edition.ledgers, edition)
    document = _read_document(document_path, known_bindings=_stored_figures(edition))
    unit, name = unit_and_period(document)
    work = count(source, parse_period(name), lang=document.lang)
    with (
        press_for(source, work, [unit], lang=document.lang) as press,
        TemporaryDirectory() as folder,
    ):
        remade = press.write(unit, Path(folder) / "report.docx")
        if document_path.suffix.lower() != ".docx":
            page = Path(folder) / "report.html"
            write_html(remade, press.sources, unit, page)
            remade = read_page(page)
        elif not document.bindings:
            document = read_docx(document_path, known_bindings=set(remade.bindings.values()))
        return verify_document(document, remade, press.sources)


def _read_document(path: Path, known_bindings: Iterable[str]) -> Document:
    if path.suffix.lower() == ".docx":
        return read_docx(path, known_bindings)
    if path.suffix.lower() in (".html", ".htm"):
        return read_page(path)
    raise InputRefused(f"{path.name}: verify reads .docx and .html; name one of those")


def _stored_figures(edition: Edition) -> Iterator[str]:
    """The ids of the figures an edition holds: what the annex of its reports has rows of."""
    for row in edition.extras["figures"].select(["indicator", "unit", "period"]).to_pylist():
        yield f"{row['indicator']}.{row['unit']}.{row['period']}"


def lint(pack_folder: Path) -> LintReport:
    """What is wrong with a pack, file by file, and what it costs to fill in.

    The checks, the scorecard and the report are looked at once the rest holds together.
    """
    report = lint_pack(pack_folder)
    if report.complaints:
        return report
    pack = load_pack(pack_folder)
    complaints: list[str] = []
    for look in (check_settings, read_scorecard, _open_templates):
        try:
            look(pack)
        except PackRefused as refused:
            complaints += refused.complaints
    return replace(report, complaints=tuple(complaints))


def _open_templates(pack: Pack) -> None:
    for template in read_rules(pack).templates.values():
        open_template(pack, template)


def write_workbook(
    pack_folder: Path,
    unit: str,
    out: Path,
    *,
    source: Path | None = None,
    period: Period | None = None,
    lang: str = "zh",
) -> None:
    """The workbook `unit` fills in, with its known records where a source is given."""
    pack = load_pack(pack_folder)
    ledgers = read(source, pack_folder, lang=lang).ledgers if source else None
    write_form(pack, ledgers, unit, out, period=period, lang=lang)


def write_unit_register(
    source: Source, flags: Sequence[Flag], unit: str, out: Path, *, lang: str = "zh"
) -> None:
    """A unit's whole register with its evidence, as one .zip."""
    write_register(
        source.ledgers,
        source.pack,
        unit,
        out,
        source=source.files,
        flags=flags_to_arrow(flags),
        lang=lang,
    )


def write_demo(folder: Path, pack_folder: Path, *, seed: int = 1) -> None:
    """The example county in the new folder `folder`."""
    refuse_existing(folder)
    write_county(folder, seed, pack_path=pack_folder)


def by_key(computed: Sequence[Figure]) -> dict[FigureKey, Figure]:
    return {(figure.indicator, figure.unit, figure.period): figure for figure in computed}


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
