"""Turns a rendered document's markers into content controls, bookmarks and links.

Also what is only known once the text stands: headings are numbered, and headings and paragraphs
that the data left empty are taken out.
"""

from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from shuzhi.errors import PackRefused
from shuzhi.reports.anchors import Anchors, row_anchor
from shuzhi.reports.blocks_xml import span_xml
from shuzhi.reports.document import CLOSING, GIVEN, STYLES, Bound, Given, Span, Text
from shuzhi.reports.markers import SLOT_TOKEN, TOKEN, has_markers
from shuzhi.reports.package import NS, W
from shuzhi.reports.wording import chinese_number, roman

_P, _R, _T = f"{{{W}}}p", f"{{{W}}}r", f"{{{W}}}t"
_NUMBERED = {STYLES["heading1"]: 1, STYLES["heading2"]: 2, STYLES["heading3"]: 3}

_AFTER_THE_LAST = (CLOSING, STYLES["signature"], STYLES["recipient"])


def prune_empty(body: etree._Element) -> None:
    """Take out the paragraphs the data left empty, then the headings with nothing under them."""
    for paragraph in list(body.findall(_P)):
        if style_of(paragraph) in (STYLES["body"], *_NUMBERED) and _is_empty(paragraph):
            body.remove(paragraph)
    for heading in reversed([p for p in body.findall(_P) if style_of(p) in _NUMBERED]):
        following = heading.getnext()
        level = _NUMBERED[style_of(heading)]
        if following is None or _closes(following, level):
            body.remove(heading)


def number_headings(body: etree._Element, lang: str, anchors: Anchors) -> None:
    """Write 一、（一）1. (I., A., 1.) before the headings that stand, and bookmark each."""
    counts = [0, 0, 0]
    for paragraph in body.iter(_P):
        level = _NUMBERED.get(style_of(paragraph))
        if level is None:
            continue
        counts[level - 1] += 1
        counts[level:] = [0] * (3 - level)
        _insert_number(paragraph, _heading_number(level, counts[level - 1], lang), anchors)
        name = "S" + "_".join(str(number) for number in counts[:level])
        _surround(paragraph, name, anchors)


def bind_markers(body: etree._Element, part: str, anchors: Anchors) -> None:
    """Every token becomes a content control with the run's own look.

    Raises: PackRefused where a token came out cut, naming the words around it.
    """
    for text in list(body.iter(_T)):
        if text.text and has_markers(text.text):
            _bind_text(text, anchors)
    for paragraph in body.iter(_P):
        whole = "".join(t.text or "" for t in paragraph.iter(_T))
        if has_markers(SLOT_TOKEN.sub("", whole)):
            near = "".join(char for char in whole if not has_markers(char))[:60]
            raise PackRefused(
                [f"report/{part} near “{near}”: a field was cut or changed; print it as it is"]
            )


def split_tokens(text: str, anchors: Anchors) -> Iterator[Span]:
    """The spans of a rendered text."""
    end = 0
    for match in TOKEN.finditer(text):
        if match.start() > end:
            yield Text(text[end : match.start()])
        if match[1] == GIVEN:
            yield Given(match[2])
        else:
            anchor = anchors.place(match[1])
            yield Bound(match[2], match[1], anchor, row_anchor(match[1]))
        end = match.end()
    if end < len(text):
        yield Text(text[end:])


def style_of(paragraph: etree._Element) -> str:
    """The id of a paragraph's style. Missing: ''."""
    found = paragraph.find(f"{{{W}}}pPr/{{{W}}}pStyle")
    return "" if found is None else str(found.get(f"{{{W}}}val", ""))


def parse_fragment(xml: str) -> list[etree._Element]:
    """Elements written with the prefix w."""
    return list(etree.fromstring(f'<w:body xmlns:w="{W}">{xml}</w:body>'))


def _bind_text(text: etree._Element, anchors: Anchors) -> None:
    run = text.getparent()
    if len(run.findall(_T)) > 1 or run.getparent().tag.endswith("}hyperlink"):
        run = _split_run(run, text)
    properties = run.find(f"{{{W}}}rPr")
    look = "" if properties is None else etree.tostring(properties, encoding="unicode")
    xml = "".join(
        span_xml(span, anchors.numbers, look) for span in split_tokens(text.text, anchors)
    )
    place = run.getparent()
    for element in parse_fragment(xml):
        place.insert(place.index(run), element)
    place.remove(run)


def _split_run(run: etree._Element, text: etree._Element) -> etree._Element:
    """A run of its own for one text of a run with several (breaks between them)."""
    at, parent = run.index(text), run.getparent()
    own = etree.Element(_R)
    before, after = deepcopy(run), deepcopy(run)
    properties = run.find(f"{{{W}}}rPr")
    if properties is not None:
        own.append(deepcopy(properties))
    for child in list(before)[at:]:
        before.remove(child)
    first = 0 if properties is None else 1
    for child in list(after)[first : at + 1]:
        after.remove(child)
    place = parent.index(run)
    parent.remove(run)
    own.append(text)
    for piece in (after, own, before):
        parent.insert(place, piece)
    return own


def _heading_number(level: int, number: int, lang: str) -> str:
    if level == 3:
        return f"{number}. " if lang == "en" else f"{number}."
    if lang == "zh":
        return f"{chinese_number(number)}、" if level == 1 else f"（{chinese_number(number)}）"
    return f"{roman(number)}. " if level == 1 else f"{chr(ord('A') + (number - 1) % 26)}. "


def _insert_number(paragraph: etree._Element, number: str, anchors: Anchors) -> None:
    span: Span = Given(number) if number[0].isdigit() else Text(number)
    first = next((c for c in paragraph if not c.tag.endswith("}pPr")), None)
    place = len(paragraph) if first is None else paragraph.index(first)
    for element in reversed(parse_fragment(span_xml(span, anchors.numbers))):
        paragraph.insert(place, element)


def _surround(paragraph: etree._Element, name: str, anchors: Anchors) -> None:
    number = str(next(anchors.numbers))
    start = etree.Element(f"{{{W}}}bookmarkStart", {f"{{{W}}}id": number, f"{{{W}}}name": name})
    has_properties = paragraph.find(f"{{{W}}}pPr") is not None
    paragraph.insert(1 if has_properties else 0, start)
    etree.SubElement(paragraph, f"{{{W}}}bookmarkEnd", {f"{{{W}}}id": number})


def _is_empty(paragraph: etree._Element) -> bool:
    if paragraph.xpath(".//w:sectPr | .//w:br | .//w:drawing | .//w:sdt", namespaces=NS):
        return False
    return not "".join(t.text or "" for t in paragraph.iter(_T)).strip()


def _closes(following: etree._Element, level: int) -> bool:
    """Whether what follows a heading of `level` shows that nothing stands under it."""
    if following.tag.endswith("}sectPr"):
        return True
    if following.tag != _P:
        return False
    if SLOT_TOKEN.search("".join(t.text or "" for t in following.iter(_T))):
        return True
    style = style_of(following)
    return _NUMBERED.get(style, 9) <= level or style in _AFTER_THE_LAST
