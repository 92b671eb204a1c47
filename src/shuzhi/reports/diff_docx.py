"""What moved between two editions, as a document in the pack's style."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from shuzhi.packs.model import Pack
from shuzhi.reports.diff import (
    WORDS,
    EditionDiff,
    fact_lines,
    figure_rows,
    record_rows,
    sentence_rows,
)
from shuzhi.reports.document import Block, Heading, Paragraph, Spans, TableBlock, Text
from shuzhi.reports.house_document import write_house_docx
from shuzhi.units import UnitTree

_WIDTHS = {
    "figures": (36.0, 24.0, 20.0, 20.0, 16.0, 40.0),
    "records": (20.0, 24.0, 22.0, 46.0, 44.0),
    "sentences": (78.0, 78.0),
}  # millimetres; the text is 156 wide


def write_diff_docx(
    diff: EditionDiff, pack: Pack, units: UnitTree, out: Path, *, lang: str
) -> None:
    """The three tables of the diff as a .docx; `pack` is the new edition's."""
    write_house_docx(pack, _blocks(diff, pack, units, lang), out, lang=lang)


def _blocks(diff: EditionDiff, pack: Pack, units: UnitTree, lang: str) -> Iterator[Block]:
    words = WORDS[lang]
    yield Paragraph(_text(words["title"]), "title")
    for fact in fact_lines(diff, lang):
        yield Paragraph(_text(fact), "note")
    parts: Mapping[str, Sequence[Mapping[str, str]]] = {
        "figures": figure_rows(diff, pack, units, lang),
        "records": record_rows(diff, pack, lang),
        "sentences": sentence_rows(diff, lang),
    }
    for number, (name, rows) in enumerate(parts.items(), start=1):
        yield Heading(1, _text(words[name]), f"D{number}")
        if rows:
            yield _table(rows, _WIDTHS[name])
        else:
            yield Paragraph(_text(words["none"]))


def _table(rows: Sequence[Mapping[str, str]], widths: tuple[float, ...]) -> TableBlock:
    return TableBlock(
        caption=(),
        header=(tuple(_text(name) for name in rows[0]),),
        body=tuple(tuple(_text(cell) for cell in row.values()) for row in rows),
        widths=widths,
    )


def _text(text: str) -> Spans:
    return (Text(text),) if text else ()
