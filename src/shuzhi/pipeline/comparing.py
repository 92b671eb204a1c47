"""Two editions of one programme held against each other."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from shuzhi.errors import UserError
from shuzhi.figures.model import Figure, Proof
from shuzhi.figures.moves import Move, moved_figures, redefined_indicators, with_causes
from shuzhi.figures.trace import trace_figures
from shuzhi.ledgers.changes import RecordChange, changed_records
from shuzhi.ledgers.edition import Edition, open_edition
from shuzhi.periods import Period, parse_period
from shuzhi.pipeline.counting import Count, count
from shuzhi.pipeline.reporting import press_for
from shuzhi.pipeline.sealing import sealed_period
from shuzhi.pipeline.source import Source
from shuzhi.reports.diff import EditionDiff
from shuzhi.reports.document import Document
from shuzhi.reports.sentences import changed_sentences


def diff(
    old_path: Path, new_path: Path, *, unit: str = "", period: Period | None = None,
    lang: str = "zh",
) -> EditionDiff:  # fmt: skip
    """What moved from one edition to the next: figures with their causes, records, sentences.

    Both are counted anew for `period` (by default the one the new edition was sealed for), its
    parts and the year before. `unit` is the one whose report is compared, the root by default.
    Raises: UserError where the editions are of different programmes.
    """
    old, new = open_edition(old_path), open_edition(new_path)
    if old.pack.name != new.pack.name:
        raise UserError(
            f"{old_path} is of the programme {old.pack.name!r}, {new_path} of {new.pack.name!r}; "
            "name two editions of one programme"
        )
    period = period or sealed_period(new)
    unit = unit or new.ledgers.units.root
    sources = [
        Source(edition.path, edition.pack, edition.ledgers, edition) for edition in (old, new)
    ]
    counts = [count(source, period, lang=lang) for source in sources]
    moves = _with_causes(old, new, counts)
    before, after = (
        _report(source, work, unit, lang) for source, work in zip(sources, counts, strict=True)
    )
    supersedes = new.manifest.supersedes
    reason = supersedes.reason if supersedes and supersedes.root == old.manifest.root else ""
    return EditionDiff(
        old_root=old.manifest.root,
        new_root=new.manifest.root,
        reason=reason,
        unit=unit,
        period=period.name,
        moves=moves,
        records=changed_records(old.ledgers, new.ledgers, new.pack),
        sentences=changed_sentences(before, after),
    )


def _with_causes(old: Edition, new: Edition, counts: list[Count]) -> tuple[Move, ...]:
    before, after = counts
    moves = moved_figures(before.figures.values(), after.figures.values())
    proofs = [
        _proofs(edition, [figure for figure in figures if figure])
        for edition, figures in (
            (old, [move.old for move in moves]),
            (new, [move.new for move in moves]),
        )
    ]
    redefined = redefined_indicators(old.pack.indicators, new.pack.indicators)
    by_tree = {
        (record.table, record.record)
        for record in changed_records(old.ledgers, new.ledgers, new.pack)
        if record.change is RecordChange.MOVED
    }
    return tuple(
        with_causes(
            move,
            proofs[0].get(move.figure.figure_id),
            proofs[1].get(move.figure.figure_id),
            redefined=redefined,
            moved_by_tree=by_tree,
        )
        for move in moves
    )


def _proofs(edition: Edition, figures: list[Figure]) -> Mapping[str, Proof]:
    wanted = [(f.indicator, f.unit, parse_period(f.period)) for f in figures]
    return trace_figures(edition.ledgers, edition.pack, wanted) if wanted else {}


def _report(source: Source, work: Count, unit: str, lang: str) -> Document:
    with press_for(source, work, [unit], lang=lang) as press, TemporaryDirectory() as folder:
        return press.write(unit, Path(folder) / "report.docx")
