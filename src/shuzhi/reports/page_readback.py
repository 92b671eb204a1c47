"""A finished .html read back as far as verifying needs: its texts and what they are bound to."""

import json
from collections.abc import Iterator
from pathlib import Path

from lxml import html

from shuzhi.errors import InputRefused
from shuzhi.reports.document import (
    Block,
    Bound,
    Document,
    Given,
    Paragraph,
    Row,
    Span,
    Spans,
    TableBlock,
    Text,
)

_PIECES = ("p", "li", "caption", "figcaption", "h1", "h2", "h3", "h4", "summary", "tr", "text")


def read_page(path: Path) -> Document:
    """All that a reader of the page sees, as paragraphs and rows of tables.

    Raises: InputRefused for a page that `shuzhi report` did not write.
    """
    root = html.document_fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))
    listed = root.xpath("//script[@id='bindings']/text()")
    if not listed:
        raise InputRefused(
            f"{path.name}: this page was not written by shuzhi report, or its list of bindings "
            "was taken out; verify the file as it was made"
        )
    blocks = tuple(block for piece in root.body.iter(*_PIECES) for block in _block(piece))
    lang = "zh" if root.get("lang", "").startswith("zh") else "en"
    return Document(lang, root.findtext(".//title") or "", blocks, json.loads(listed[0]))


def _block(piece: html.HtmlElement) -> Iterator[Block]:
    if piece.tag == "tr":
        row: Row = tuple(tuple(_spans(cell)) for cell in piece.iterchildren("td", "th"))
        yield TableBlock((), (), (row,), ())
    else:
        spans: Spans = tuple(_spans(piece))
        if spans:
            yield Paragraph(spans)


def _spans(piece: html.HtmlElement) -> Iterator[Span]:
    """The piece's own text and bound places; nested pieces speak for themselves."""
    if piece.text:
        yield Text(piece.text)
    for child in piece:
        binding = child.get("data-binding")
        if binding is not None:
            yield Bound(child.text_content(), binding, child.get("id", ""))
        elif child.get("data-given") is not None:
            yield Given(child.text_content())
        elif child.tag not in _PIECES:
            yield from _spans(child)
        if child.tail:
            yield Text(child.tail)
