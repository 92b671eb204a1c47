"""Reads a paragraph's runs and content controls as spans."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from lxml import etree

from shuzhi.reports.document import GIVEN, Bound, Given, Span, Spans, Text
from shuzhi.reports.package import W

_PLACE = re.compile(r"[A-Z]([0-9a-f]{16})(?:_\d+)?")
_OWN = re.compile(r"P[0-9a-f]{16}")  # around the whole title of a proof
_SKIPPED = frozenset(
    f"{{{W}}}{name}"
    for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "instrText", "delText", "sdtEndPr")
)
_CHARACTERS = {
    f"{{{W}}}{name}": text
    for name, text in (("tab", "\t"), ("br", "\n"), ("cr", "\n"), ("noBreakHyphen", "-"))
}
_T, _R, _SDT, _LINK, _START, _END = (
    f"{{{W}}}{name}" for name in ("t", "r", "sdt", "hyperlink", "bookmarkStart", "bookmarkEnd")
)
_TAG, _BOLD = f"{{{W}}}sdtPr/{{{W}}}tag", f"{{{W}}}rPr/{{{W}}}b"
_VAL, _ID, _NAME, _ANCHOR = (f"{{{W}}}{name}" for name in ("val", "id", "name", "anchor"))


class _Place(NamedTuple):
    """Where the walk through a paragraph is: in which control, bookmark, link and run."""

    tag: str = ""
    link: str = ""
    bold: bool = False


_OUTSIDE = _Place()


class SpanReader:
    """Reads spans; `bindings` is anchor → binding as listed, `by_digest` what is known besides."""

    def __init__(self, bindings: Mapping[str, str], by_digest: Mapping[str, str]) -> None:
        self._bindings = bindings
        self._by_digest = by_digest
        self._anchors: dict[str, str] = {}  # open bookmarks of this paragraph: id → name

    def read(self, paragraph: etree._Element) -> Spans:
        """The spans of a paragraph, neighbours of one kind joined."""
        self._anchors = {}
        joined: list[Span] = []
        for span in self._walk(paragraph, _OUTSIDE):
            last = joined[-1] if joined else None
            if last is not None and replace(last, text="") == replace(span, text=""):
                joined[-1] = replace(last, text=last.text + span.text)
            else:
                joined.append(span)
        return tuple(joined)

    def _walk(self, element: etree._Element, place: _Place) -> Iterator[Span]:
        for child in element:
            kind = child.tag
            if kind in _SKIPPED or not isinstance(kind, str):
                continue
            if kind == _T or kind in _CHARACTERS:
                text = child.text or "" if kind == _T else _CHARACTERS[kind]
                if text:
                    yield self._span(text, place)
            elif kind in (_START, _END):
                self._note_bookmark(kind, child)
            else:
                yield from self._walk(child, _step(kind, child, place))

    def _note_bookmark(self, kind: str, child: etree._Element) -> None:
        number = str(child.get(_ID))
        name = str(child.get(_NAME, ""))
        if kind == _END:
            self._anchors.pop(number, None)
        elif _PLACE.fullmatch(name) and not _OWN.fullmatch(name):
            self._anchors[number] = name

    def _span(self, text: str, place: _Place) -> Span:
        anchor = next(reversed(self._anchors.values()), "") if self._anchors else ""
        if place.tag == GIVEN:
            return Given(text, place.bold)
        binding = self._binding(place.tag, anchor)
        if binding:
            return Bound(text, binding, anchor, place.link, place.bold)
        return Text(text, place.bold)

    def _binding(self, tag: str, anchor: str) -> str:
        """The tag, unless it was too long for Word or has been dropped."""
        if tag and tag not in self._bindings and not _PLACE.fullmatch(tag):
            return tag
        match = _PLACE.fullmatch(anchor or tag)
        found = self._bindings.get(tag) or self._bindings.get(anchor)
        return found or (self._by_digest.get(match[1], "") if match else "")


def _step(kind: str, child: etree._Element, place: _Place) -> _Place:
    if kind == _R:
        bold = child.find(_BOLD)
        if bold is None or bold.get(_VAL) in ("0", "false"):
            return place
        return place._replace(bold=True)
    if kind == _SDT:
        tag = child.find(_TAG)
        return place if tag is None else place._replace(tag=str(tag.get(_VAL, "")))
    if kind == _LINK:
        return place._replace(link=str(child.get(_ANCHOR, "")))
    return place
