"""Compares what stands around the bound places of two documents: dates, names, rows of tables."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from shuzhi.reports.document import (
    Bound,
    Document,
    Heading,
    Paragraph,
    ProofBlock,
    Signature,
    Spans,
    TableBlock,
    Text,
    plain,
)
from shuzhi.reports.lint import numbers_in
from shuzhi.reports.markers import START

_CELL = "\t"
_ALIKE = 0.6  # from here on a line counts as the same one, edited
_NEAR = 8  # lines left over on the other side that are looked at for that


@dataclass(frozen=True)
class Line:
    """A paragraph, or a row of a table. `bare` has START for each bound place; `fixed` says that
    no word of it is anybody's prose; `place` counts the lines of the document, 0 to 1."""

    bare: str
    bindings: tuple[str, ...]
    fixed: bool
    text: str
    place: float = 0.0

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        return self.bare, self.bindings


@dataclass(frozen=True)
class LineDifference:
    """`shown` stands in the document alone, `expected` in the other alone; one may be ''."""

    shown: str
    expected: str
    context: str


def compare_lines(
    document: Document, remade: Document, given_words: Sequence[str] = ()
) -> Iterator[LineDifference]:
    """What was changed around the bound places: numbers everywhere, words in tables and proofs.

    `given_words` hold numerals that are no counts (千家万户).
    """
    found, expected = _numbered(_lines(document)), _numbered(_lines(remade))
    missing = _without(expected, found)
    for line in _without(found, expected):
        partner = _partner(line, missing)
        if partner is not None:
            missing.remove(partner)
            yield from _edited(line, partner, given_words)
        else:
            for number in _numbers(line, given_words):
                yield LineDifference(number, "", line.text)
    for line in missing:
        if _numbers(line, given_words) or (line.fixed and not line.bindings):
            yield LineDifference("", line.text.replace(_CELL, " "), line.text)


def _lines(document: Document) -> Iterator[Line]:
    for block in document.blocks:
        match block:
            case Heading(spans=spans) | Paragraph(spans=spans):
                yield _line(spans, fixed=False)
            case Signature(lines=lines):
                yield from (_line(spans, fixed=False) for spans in lines)
            case TableBlock():
                yield _line(block.caption, fixed=True)
                for row in (*block.header, *block.body):
                    yield _line(_joined(row), fixed=True)
            case ProofBlock():
                for spans in (block.title, block.how, *block.parts):
                    yield _line(spans, fixed=True)
                for cells in block.rows:
                    yield _line((Text(_CELL.join(cells)),), fixed=True)
                yield _line((Text(f"{block.shown}/{block.total}"),), fixed=True)
    yield from (_line(spans, fixed=False) for spans in document.margins)


def _joined(row: Iterable[Spans]) -> Spans:
    return tuple(span for cell in row for span in (*cell, Text(_CELL)))


def _line(spans: Spans, *, fixed: bool) -> Line:
    bare = "".join(START if isinstance(span, Bound) else span.text for span in spans)
    bindings = tuple(span.binding for span in spans if isinstance(span, Bound))
    cells = (" ".join(cell.split()) for cell in bare.rstrip(_CELL).split(_CELL))
    return Line(_CELL.join(cells), bindings, fixed, plain(spans).rstrip(_CELL))


def _numbered(lines: Iterable[Line]) -> list[Line]:
    found = [line for line in lines if line.bare]
    return [
        Line(line.bare, line.bindings, line.fixed, line.text, number / len(found))
        for number, line in enumerate(found)
    ]


def _without(lines: Sequence[Line], others: Sequence[Line]) -> list[Line]:
    """The lines that have no equal among `others`, each of which is the equal of one."""
    equals = Counter(line.key for line in others)
    left = []
    for line in lines:
        if equals[line.key]:
            equals[line.key] -= 1
        else:
            left.append(line)
    return left


def _partner(line: Line, missing: Sequence[Line]) -> Line | None:
    """The line that this one was before it was edited. Missing: None where none is alike."""
    near = sorted(
        (other for other in missing if other.fixed == line.fixed),
        key=lambda other: (other.bindings != line.bindings, abs(other.place - line.place)),
    )[:_NEAR]
    best = max(near, key=lambda other: _likeness(line, other), default=None)
    return best if best is not None and _likeness(line, best) >= _ALIKE else None


def _likeness(line: Line, other: Line) -> float:
    if line.bindings and line.bindings == other.bindings:
        return 1.0 + SequenceMatcher(None, line.bare, other.bare, autojunk=False).ratio()
    return SequenceMatcher(None, line.bare, other.bare, autojunk=False).ratio()


def _edited(line: Line, was: Line, given_words: Sequence[str]) -> Iterator[LineDifference]:
    if line.fixed:
        cells, before = line.bare.split(_CELL), was.bare.split(_CELL)
        if len(cells) != len(before):
            cells, before = [line.bare], [was.bare]
        pairs = [(a, b) for a, b in zip(cells, before, strict=True) if a != b]
        if not pairs:  # its places were exchanged for others
            pairs = [(line.text, was.text)]
    else:
        now, then = _numbers(line, given_words), _numbers(was, given_words)
        added = list((Counter(now) - Counter(then)).elements())
        gone = list((Counter(then) - Counter(now)).elements())
        longest = max(len(added), len(gone))
        padded = (side + [""] * (longest - len(side)) for side in (added, gone))
        pairs = list(zip(*padded, strict=True))
    for shown, expected in pairs:
        yield LineDifference(_readable(shown), _readable(expected), line.text)


def _numbers(line: Line, given_words: Sequence[str]) -> list[str]:
    return [number for number, _ in numbers_in(line.bare, given_words)]


def _readable(bare: str) -> str:
    return bare.replace(START, "…").replace(_CELL, " ")
