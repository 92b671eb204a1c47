"""The document model: what a finished report says, whatever it is printed as.

The .docx is the document of record. It is read back into this model, and the page, the .pdf and
the verification are made from the model alone. Each part stands in the .docx as follows; style
names are those of the template (STYLES), and a paragraph in any other style is a plain paragraph.

============ =====================================================================================
model        in the .docx
============ =====================================================================================
Document     dc:language and dc:title of docProps/core.xml; `bindings` in customXml/bindings.xml
Heading      a paragraph in style SzHeading1 (一、), SzHeading2 (（一）) or SzHeading3 (1.);
             SzAnnex for the head of an annex (level 1, `annex` set); a bookmark named `anchor`
             around its text
Paragraph    a paragraph; `style` is the key of its style in STYLES ("body" where none fits)
TableBlock   w:tbl; the paragraph in style SzCaption just above it is `caption`; rows with
             w:tblHeader are `header`; w:gridCol gives `widths`
ProofBlock   a paragraph in style SzProof with the bookmark `anchor` (title), one in SzProofHow
             (how), one in SzProofPart for each operand (parts), a w:tbl (header, rows) and one
             in SzProofNote saying how many records there are and how many are shown
Signature    neighbouring paragraphs in style SzSignature, one a line
PageBreak    a paragraph with w:br type=page and nothing else, or w:pageBreakBefore
Text         a run; `bold` is w:b
Bound        a content control: w:sdt with w:tag = the binding, inside it a bookmark named
             `anchor` around a w:hyperlink to the bookmark `link`
Given        a content control with w:tag = "given"
============ =====================================================================================

A binding names what a number is; `shuzhi.reports.bindings.binding_text` says what it must read:

- `meetings_held.QH.2023` a figure; with `:target`, `:short` (its distance from the target),
  `:change` (from the year before, without sign), `:records`, `:asked`, `:reported`,
  `:verified` (without the records an open flag doubts), `:doubted` (how many those are) or
  `:missed/LEVEL` (how many units of that level below miss the target) what belongs to it;
- `score.QH-T01.2023` a unit's points; `score.QH-T01.2023:ITEM` those of one line, and
  `/weight`, `/value`, `/target` or `/lost` after the item what they are out of, were given for,
  held against, and why some are missing;
- `standing.QH-T01.2023:tier` a unit's tier among its peers, `:lowest` and `:highest` its points as
  weights move; `appeal.QH-T01.2023:before` its points had no appeal been granted;
- `record:venues/V-07/capacity` a cell of a record; of a promise, `:years` after the column is for
  how many years it has been promised;
- `promises.QH` how many of last year's promises fell due, `promises.QH:kept` (late, partly, not,
  withdrawn, unknown) how many came to that;
- `flags.QH` how many flags at the unit and below are open;
- `given` a number the template or a dictionary marked as given: a date, a document number.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

GIVEN = "given"
CLOSING = "SzClosing"  # style of the sentence after the last section; read back as "body"

STYLES: Mapping[str, str] = {
    "title": "SzTitle",
    "subtitle": "SzSubtitle",
    "body": "SzBody",
    "recipient": "SzRecipient",
    "note": "SzNote",
    "caption": "SzCaption",
    "cell": "SzCell",
    "signature": "SzSignature",
    "annex": "SzAnnex",
    "heading1": "SzHeading1",
    "heading2": "SzHeading2",
    "heading3": "SzHeading3",
    "proof": "SzProof",
    "proof_how": "SzProofHow",
    "proof_part": "SzProofPart",
    "proof_note": "SzProofNote",
}


@dataclass(frozen=True)
class Text:
    """Words. A digit in them is nobody's number: the lint refuses it."""

    text: str
    bold: bool = False


@dataclass(frozen=True)
class Bound:
    """A number, or the word that stands for a missing one, with what it is bound to.

    `anchor` is this place's own bookmark, unique in the document; `link` the bookmark it leads
    to: from the text to the figure's row in the annex, from that row back to the text ('' where
    there is nowhere to go).
    """

    text: str
    binding: str
    anchor: str
    link: str = ""
    bold: bool = False


@dataclass(frozen=True)
class Given:
    """A number that is no figure and says so: a date, a document number, an item number."""

    text: str
    bold: bool = False


Span = Text | Bound | Given
Spans = tuple[Span, ...]
Row = tuple[Spans, ...]


@dataclass(frozen=True)
class Heading:
    """`level` counts from 1. `annex` is set for the head of an annex."""

    level: int
    spans: Spans
    anchor: str
    annex: bool = False


@dataclass(frozen=True)
class Paragraph:
    """`style` is a key of STYLES."""

    spans: Spans
    style: str = "body"


@dataclass(frozen=True)
class TableBlock:
    """Shape: every row of `header` and `body` has one cell a column of `widths`.

    Units: `widths` in millimetres. Missing: a cell without spans is an empty tuple.
    """

    caption: Spans
    header: tuple[Row, ...]
    body: tuple[Row, ...]
    widths: tuple[float, ...]


@dataclass(frozen=True)
class ProofBlock:
    """The proof of one figure, as far as it is printed.

    `binding` is the figure's id, `title` its label and value, `how` what is counted, `parts` the
    operands of a derived figure (each bound and linked). `rows` are the records shown, plain
    text under `header`; `total` is how many there are, `shown` how many of them stand here.
    """

    binding: str
    anchor: str
    title: Spans
    how: Spans
    parts: tuple[Spans, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    total: int = 0
    shown: int = 0


@dataclass(frozen=True)
class Signature:
    """The lines above which the head of the unit signs: unit, name, day."""

    lines: tuple[Spans, ...]


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Heading | Paragraph | TableBlock | ProofBlock | Signature | PageBreak


@dataclass(frozen=True)
class Document:
    """A finished report.

    `lang` is "zh" or "en". `title` is plain text; the title also stands among `blocks`, as
    paragraphs in style "title". `bindings` is what the document was built with: anchor → binding,
    for every bound place; an anchor that no longer stands in `blocks` was taken out by hand.
    `margins` are the paragraphs outside the text: headers, footers, notes, comments.
    """

    lang: str
    title: str
    blocks: tuple[Block, ...]
    bindings: Mapping[str, str] = field(default_factory=dict)
    margins: tuple[Spans, ...] = ()

    def bound(self) -> Iterator[Bound]:
        """Every bound place, in reading order."""
        for spans in self.texts():
            yield from (span for span in spans if isinstance(span, Bound))

    def texts(self) -> Iterator[Spans]:
        """The spans of every paragraph and cell, in reading order; proofs' rows left out."""
        for block in self.blocks:
            yield from _texts(block)


def plain(spans: Spans) -> str:
    """The text of spans, as it reads."""
    return "".join(span.text for span in spans)


def _texts(block: Block) -> Iterator[Spans]:
    match block:
        case Heading() | Paragraph():
            yield block.spans
        case TableBlock():
            yield block.caption
            for row in (*block.header, *block.body):
                yield from row
        case ProofBlock():
            yield from (block.title, block.how, *block.parts)
        case Signature():
            yield from block.lines
