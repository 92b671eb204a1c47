"""The .pdf, typeset from the finished .docx read back.

Typst lays out; the document reaches it as JSON, so that no word of it is ever read as code, and it
has no network and no file but the layout and the fonts. The same document gives the same bytes.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from shuzhi.errors import InputRefused
from shuzhi.reports.blocks_xml import PROOF_WIDTHS
from shuzhi.reports.document import (
    Block,
    Bound,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    ProofBlock,
    Signature,
    Span,
    Spans,
    TableBlock,
)
from shuzhi.reports.fonts import missing_characters

_LAYOUT = Path(__file__).parent / "layout" / "report.typ"

# Stand-ins for the fonts GB/T 9704 names, all in Debian's fonts-noto-cjk and texlive-lang-chinese.
FONTS_NEEDED = ("FandolFang R", "FandolKai", "FandolHei", "FandolSong", "Noto Serif CJK SC")
_SHOWN = {
    "zh": "共 {total} 条记录，此处列出 {shown} 条；全部见网页版和封存版。",
    "en": "{total} records in all, {shown} of them listed here; all of them in the web page and "
    "the edition.",
}


def font_folder() -> Path:
    """Where set-up puts the fonts: beside the Python that runs."""
    return Path(sys.prefix) / "share" / "shuzhi" / "fonts"


class PdfFontsMissing(InputRefused):
    """The fonts for the PDF are not on this machine; the other documents can still be made."""


def write_pdf(document: Document, out: Path, *, fonts: Path | None = None) -> tuple[str, ...]:
    """The characters no font has (shown as boxes), `()` where all are there. Writes `out`.

    Raises: PdfFontsMissing, naming the packages to install.
    """
    folder = fonts or font_folder()
    data = _compiler(folder).compile(
        format="pdf", sys_inputs={"document": json.dumps(document_as_json(document))}, timestamp=0
    )
    assert isinstance(data, bytes)
    partial = out.with_name(out.name + ".partial")
    partial.write_bytes(data)
    partial.replace(out)
    return missing_characters(_characters(document), folder)


@lru_cache(maxsize=2)
def _compiler(folder: Path) -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=True, font_paths=[folder] if folder.is_dir() else [])
    absent = [name for name in FONTS_NEEDED if name not in fonts.families()]
    if absent:
        raise PdfFontsMissing(
            f"report.pdf was not made: the fonts {', '.join(absent)} are missing; run: "
            "sudo apt-get install fonts-noto-cjk texlive-lang-chinese, then make setup"
        )
    return typst.Compiler(_LAYOUT, font_paths=fonts)


def document_as_json(document: Document) -> dict[str, Any]:
    """The document as the layout reads it: blocks with a `kind`, spans with a `kind`.

    A link that leads nowhere in the document is left out: Typst would refuse it. So is an anchor
    to which no link leads: each costs the layout time.
    """
    links = frozenset(bound.link for bound in document.bound() if bound.link)
    blocks = _Blocks(document.lang, frozenset(_anchors(document)), links)
    return {
        "lang": document.lang,
        "title": document.title,
        "blocks": [blocks.block(block) for block in document.blocks],
    }


def _anchors(document: Document) -> Iterator[str]:
    yield from (bound.anchor for bound in document.bound() if bound.anchor)
    for block in document.blocks:
        if isinstance(block, Heading | ProofBlock) and block.anchor:
            yield block.anchor


@dataclass(frozen=True)
class _Blocks:
    lang: str
    anchors: frozenset[str]
    links: frozenset[str]

    def block(self, block: Block) -> dict[str, Any]:
        match block:
            case Paragraph():
                return {"kind": "paragraph", "style": block.style, "spans": self.spans(block.spans)}
            case Heading():
                return {
                    "kind": "heading",
                    "level": block.level,
                    "annex": block.annex,
                    "anchor": block.anchor,
                    "spans": self.spans(block.spans),
                }
            case TableBlock():
                return {
                    "kind": "table",
                    "caption": self.spans(block.caption),
                    "widths": block.widths,
                    "header": [[self.spans(cell) for cell in row] for row in block.header],
                    "body": [[self.spans(cell) for cell in row] for row in block.body],
                }
            case ProofBlock():
                return self.proof(block)
            case Signature():
                return {"kind": "signature", "lines": [self.spans(line) for line in block.lines]}
            case PageBreak():
                return {"kind": "page_break"}

    def proof(self, block: ProofBlock) -> dict[str, Any]:
        cut = block.shown < block.total
        note = _SHOWN[self.lang].format(total=block.total, shown=block.shown) if cut else ""
        return {
            "kind": "proof",
            "anchor": block.anchor,
            "title": self.spans(block.title),
            "how": self.spans(block.how),
            "parts": [self.spans(part) for part in block.parts],
            "widths": PROOF_WIDTHS,
            "header": block.header,
            "rows": block.rows,
            "note": note,
        }

    def spans(self, spans: Spans) -> list[dict[str, Any]]:
        return [self.span(span) for span in spans]

    def span(self, span: Span) -> dict[str, Any]:
        if isinstance(span, Bound):
            link = span.link if span.link in self.anchors else ""
            return {
                "kind": "bound",
                "text": span.text,
                "bold": span.bold,
                "anchor": span.anchor if span.anchor in self.links else "",
                "link": link,
            }
        return {"kind": "text", "text": span.text, "bold": span.bold}


def _characters(document: Document) -> frozenset[str]:
    found = {char for spans in document.texts() for span in spans for char in span.text}
    for block in document.blocks:
        if isinstance(block, ProofBlock):
            found.update(
                char for row in (block.header, *block.rows) for cell in row for char in cell
            )
    return frozenset(char for char in found if not char.isspace())
