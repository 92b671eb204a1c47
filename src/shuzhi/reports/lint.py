"""Finds numbers in a rendered document that are bound to no figure and marked as no given."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from shuzhi.reports.markers import has_markers, without_tokens
from shuzhi.reports.package import NS, W

# Words of measure that make a Chinese numeral before them a count.
_MEASURES = (
    "个|次|人|名|项|家|处|场|篇|条|件|天|小时|分钟|元|万元|所|支|类|份|期|年|月|日|周|季度|堂|"
    "册|位|户|批|轮|遍|届|成|倍|分|级|片|座|台|套|本|乡镇|村|单位|部门"
)
_CHINESE = re.compile(
    rf"(?<!第)(?:[二两三四五六七八九十]|[一几](?=[十百千万亿])|[百千万亿](?=[多余]))"
    rf"[一二三四五六七八九十百千万亿〇零]*[多余几]?(?={_MEASURES})"
)


@dataclass(frozen=True)
class UnboundNumber:
    """A number nobody answers for. `paragraph` counts from 1, `near` is the words around it."""

    paragraph: int
    number: str
    near: str


def lint_paragraphs(
    paragraphs: Iterable[str], given_words: Sequence[str] = ()
) -> tuple[UnboundNumber, ...]:
    """The unbound numbers in rendered paragraphs.

    Shape: one a run of digits — of any script, full-width and circled ones too — and one a
    Chinese numeral from two up before a word of measure. `given_words` are expressions that are
    no counts (千家万户).
    """
    return tuple(
        UnboundNumber(place, number, near)
        for place, text in enumerate(paragraphs, start=1)
        for number, near in numbers_in(text, given_words)
    )


def paragraph_texts(root: etree._Element) -> list[str]:
    """The text of every paragraph of a part, tokens included, results of fields left out."""
    return [_visible_text(paragraph) for paragraph in root.iter(f"{{{W}}}p")]


def numbers_in(text: str, given_words: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
    """Every number in a text, tokens left out, with the words around it."""
    bare = without_tokens(text)
    for word in given_words:
        bare = bare.replace(word, "\ue000" * len(word))
    for start, end in _runs(bare):
        near = bare[max(0, start - 12) : end + 12]
        yield bare[start:end], "".join("…" if has_markers(char) else char for char in near)


def _runs(text: str) -> Iterator[tuple[int, int]]:
    start = None
    for place, char in enumerate(text + " "):
        numeric = char.isdigit() or unicodedata.category(char) in ("Nd", "No")
        if numeric and start is None:
            start = place
        elif start is not None and not numeric and not _inside(text, place):
            yield start, place
            start = None
    for match in _CHINESE.finditer(text):
        yield match.span()


def _inside(text: str, place: int) -> bool:
    """Whether a point or comma stands between two digits of one number."""
    return place + 1 < len(text) and text[place] in ".," and text[place + 1].isdigit()


def _visible_text(paragraph: etree._Element) -> str:
    depth, in_result, pieces = 0, False, []
    for element in paragraph.iter(f"{{{W}}}t", f"{{{W}}}fldChar"):
        if element.tag.endswith("}fldChar"):
            kind = element.get(f"{{{W}}}fldCharType")
            depth += {"begin": 1, "end": -1}.get(str(kind), 0)
            in_result = depth > 0 and kind != "end"
        elif not in_result and not element.xpath("ancestor::w:fldSimple", namespaces=NS):
            pieces.append(element.text or "")
    return "".join(pieces)
