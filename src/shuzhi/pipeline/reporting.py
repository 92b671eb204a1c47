"""The whole job: documents, edition, and the lists that go back to people."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from shuzhi.errors import UserError
from shuzhi.figures.trace import trace_figures
from shuzhi.ledgers.atomic_folder import new_folder, refuse_existing
from shuzhi.ledgers.edition import write_edition
from shuzhi.ledgers.office_lists import OBJECTIONS_FILES
from shuzhi.ledgers.problem_workbooks import write_problem_workbooks
from shuzhi.periods import Period, parse_period
from shuzhi.pipeline.counting import Count, count, objections
from shuzhi.pipeline.sealing import seal_terms, sealed_beside
from shuzhi.pipeline.source import Progress, Source, no_progress
from shuzhi.reports.bulletins import as_bulletin
from shuzhi.reports.html import write_html
from shuzhi.reports.objections import ObjectionEffect
from shuzhi.reports.pdf import PdfFontsMissing, write_pdf
from shuzhi.reports.promises import draft_promises, promise_rows
from shuzhi.reports.sources import Sources
from shuzhi.reports.tracing import figures_to_trace
from shuzhi.reports.write import ReportPress
from shuzhi.text_tables import as_csv


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
    supersedes: Path | None = None,
    because: str = "",
    key: Path | None = None,
    progress: Progress = no_progress,
) -> Reported:
    """The whole job into the new folder `out`: documents, edition, problems, flags, promises.

    `unit` is the root of the tree unless named; `supersedes`, `because` and `key` are the terms of
    the edition (see `seal_terms`). Nothing is written to `out` before all is done.
    Raises: UserError where `out` is there already.
    """
    refuse_existing(out)
    unit = unit or source.ledgers.units.root
    if not source.ledgers.units.exists_during(unit, period.start, period.end):
        raise UserError(f"unit {unit!r} did not exist in {period.name}; name one that did")
    terms = seal_terms(source, period, supersedes=supersedes, because=because, key=key)
    work = count(source, period, lang=lang, progress=progress)
    with new_folder(out) as folder:
        missing = write_documents(source, work, unit, folder, lang=lang, progress=progress)
        write_lists(source, work, folder, lang=lang, progress=progress)
        progress("seal", 0, 1)
        edition = folder / "edition"
        edition.mkdir()
        write_edition(edition, source.pack, source.ledgers, sealed_beside(work), terms)
        progress("seal", 1, 1)
    return Reported(source, work, unit, *missing)


def bulletin(
    source: Source,
    name: str,
    out: Path,
    *,
    period: Period,
    unit: str = "",
    final_on: date | None = None,
    lang: str = "zh",
    progress: Progress = no_progress,
) -> tuple[str, tuple[str, ...]]:
    """The draft of the pack's bulletin `name` as .docx, .html and .pdf in the new folder `out`.

    With `final_on`, the day it is issued, the bulletin itself.
    Returns why there is no .pdf, and the glyphs missing from it. `unit` is the root unless named.
    Raises: UserError where `out` is there already, or the pack has no such bulletin; of one that is
    to be final, before the objection window has ended or while an objection is open.
    """
    refuse_existing(out)
    source = replace(source, pack=as_bulletin(source.pack, name, draft=final_on is None))
    if final_on is not None:
        refuse_unheard(source, name, period, final_on)
    work = count(source, period, lang=lang, progress=progress)
    unit = unit or source.ledgers.units.root
    with new_folder(out) as folder:
        return write_documents(
            source, work, unit, folder, name="bulletin", lang=lang, progress=progress
        )


def refuse_unheard(source: Source, name: str, period: Period, day: date) -> None:
    """Raises: UserError where units may still object to a bulletin, or wait for an answer."""
    sources = Sources(source.pack, source.ledgers, {}, {}, {}, (), period, "en")
    if day <= sources.objections_until:
        raise UserError(
            f"units may object to the bulletin {name} of {period.name} until "
            f"{sources.objections_until}; it can be final from the day after"
        )
    waiting = [
        objection.unit
        for objection in objections(source)
        if (objection.bulletin, objection.period) == (name, period.name)
        and objection.effect is ObjectionEffect.OPEN
    ]
    if waiting:
        raise UserError(
            f"the objections of {', '.join(waiting)} are not answered; answer them in "
            f"{OBJECTIONS_FILES[0]} and seal the edition again"
        )


def write_documents(
    source: Source,
    work: Count,
    unit: str,
    out: Path,
    *,
    name: str = "report",
    lang: str = "zh",
    progress: Progress = no_progress,
) -> tuple[str, tuple[str, ...]]:
    """NAME.docx, NAME.html and NAME.pdf in `out`: why there is no .pdf, missing glyphs.

    Where the pack drafts promises, promises.csv as well.
    """
    progress("docx", 0, 1)
    with press_for(source, work, [unit], lang=lang) as press:
        document = press.write(unit, out / f"{name}.docx")
        if press.sources.rules.drafts:
            drafts = promise_rows(press.sources, draft_promises(press.sources, unit))
            (out / "promises.csv").write_text(as_csv(drafts.to_pylist()), "utf-8-sig", newline="")
        progress("docx", 1, 1)
        write_html(document, press.sources, unit, out / f"{name}.html")
    progress("html", 1, 1)
    try:
        glyphs = write_pdf(document, out / f"{name}.pdf")
    except PdfFontsMissing as missing:
        return str(missing), ()
    progress("pdf", 1, 1)
    return "", glyphs


def press_for(source: Source, work: Count, units: Sequence[str], *, lang: str) -> ReportPress:
    """A press that can print the reports of `units`, with the proofs they need."""
    wanted: dict[str, tuple[str, str, Period]] = {}
    traced: dict[str, list[str]] = {unit: [] for unit in units}
    for unit in units:
        for figure in figures_to_trace(
            source.pack, source.ledgers, work.figures, unit, work.period, lang
        ):
            key = (figure.indicator, figure.unit, parse_period(figure.period))
            wanted[figure.figure_id] = key
            traced[unit].append(figure.figure_id)
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
        work.objections,
        work.heard,
        traced,
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
    write_problem_workbooks(out, source.files, source.ledgers, source.pack, lang=lang)
    rows = [
        {**asdict(flag), "records": ";".join(flag.records), "outcome": flag.outcome.value}
        for flag in work.flags
    ]
    (out / "flags.csv").write_text(as_csv(rows), encoding="utf-8-sig", newline="")
    progress("problems", 1, 1)
