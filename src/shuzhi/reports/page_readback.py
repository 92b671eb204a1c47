"""A finished .html read back as far as verifying needs: its texts and what they are bound to."""

import json
from collections.abc import Iterator
from pathlib import Path

from lxml import html

from shuzhi.errors import InputRefused
from shuzhi.reports.document import Bound, Document, Given, Paragraph, Span, Text

_PIECES = ("p", "li", "td", "th", "caption", "h2", "h3", "h4", "summary")


def read_page(path: Path) -> Document:
    """The page's article and charts as paragraphs of spans; the register of records left out.

    Raises: InputRefused for a page that `shuzhi report` did not write.
    """
    root = html.document_fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))
    listed = root.xpath("//script[@id='bindings']/text()")
    articles = root.xpath("//article")
    if not listed or not articles:
        raise InputRefused(
            f"{path.name}: this page was not written by shuzhi report, or its list of bindings "
            "was taken out; verify the file as it was made"
        )
    pieces = [*articles[0].iter(*_PIECES), *root.xpath("//figure//tr")]
    blocks = tuple(Paragraph(spans) for piece in pieces if (spans := tuple(_spans(piece))))
    lang = "zh" if root.get("lang", "").startswith("zh") else "en"
    return Document(lang, root.findtext(".//title") or "", blocks, json.loads(listed[0]))


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
        elif child.tag not in _PIECES and "ids" not in child.get("class", ""):
            yield from _spans(child)
        if child.tail:
            yield Text(child.tail)
