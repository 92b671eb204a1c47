"""Reads a finished .docx back into the document model, whichever office suite last saved it."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from shuzhi.errors import InputRefused
from shuzhi.reports.anchors import digest
from shuzhi.reports.document import (
    STYLES,
    Block,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    ProofBlock,
    Row,
    Signature,
    Spans,
    TableBlock,
    plain,
)
from shuzhi.reports.package import BINDINGS, CORE, DOCUMENT, NS, W, open_package, safe_parser
from shuzhi.reports.readback_spans import SpanReader

_P, _T, _TBL, _TR, _TC = (f"{{{W}}}{name}" for name in ("p", "t", "tbl", "tr", "tc"))
_VAL = f"{{{W}}}val"
_STYLE_KEYS = {style: key for key, style in STYLES.items()}
_HEADINGS = {STYLES["heading1"]: 1, STYLES["heading2"]: 2, STYLES["heading3"]: 3}
_DC = {"dc": "http://purl.org/dc/elements/1.1/"}
_TWIPS = 1440 / 25.4  # a millimetre
_NUMBER = re.compile(r"\d+")
_PAGE_FIELD = re.compile(r"\s*(PAGE|NUMPAGES)\b")
_MARGIN = re.compile(r"word/(header|footer|footnotes|endnotes|comments)\d*\.xml")
_BLOCK_WRAPPERS = ("sdt", "sdtContent", "customXml", "smartTag", "ins")


def read_docx(path: Path, known_bindings: Iterable[str] = ()) -> Document:
    """The document in a .docx that Shuzhi made, as it now stands.

    `known_bindings` help to tell what a number is bound to in a file whose list of bindings and
    content controls an office suite has dropped: bookmarks carry a digest of the binding.

    Raises: InputRefused where the file is no .docx, or its text cannot be read.
    """
    parts = open_package(path)
    bindings = _listed_bindings(parts)
    try:
        root = etree.fromstring(parts[DOCUMENT], safe_parser())
    except etree.XMLSyntaxError:
        raise InputRefused(f"{path}: its text is damaged; save it again as .docx") from None
    by_digest = {digest(binding): binding for binding in known_bindings}
    reader = _Reader(SpanReader(bindings, by_digest))
    blocks = tuple(reader.blocks(root.find(f"{{{W}}}body")))
    lang, title = _core(parts)
    return Document(lang, title, blocks, bindings, tuple(_margins(parts, reader.spans)))


def write_bindings(bindings: Mapping[str, str]) -> bytes:
    """The list of bindings as a part of the .docx."""
    root = etree.Element("bindings", xmlns="urn:shuzhi:bindings")
    root.text = json.dumps(bindings, ensure_ascii=False)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _listed_bindings(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Word and WPS rename the part, so it is known by its content."""
    for name, data in parts.items():
        if name.startswith(BINDINGS.partition("/")[0]) and b"urn:shuzhi:bindings" in data:
            root = etree.fromstring(data, safe_parser())
            if root.tag == "{urn:shuzhi:bindings}bindings":
                return {str(key): str(value) for key, value in json.loads(root.text).items()}
    return {}


def _margins(parts: Mapping[str, bytes], spans: SpanReader) -> Iterator[Spans]:
    for name in sorted(name for name in parts if _MARGIN.fullmatch(name)):
        root = etree.fromstring(parts[name], safe_parser())
        for paragraph in root.iter(_P):
            _drop_page_numbers(paragraph)
            if found := spans.read(paragraph):
                yield found


def _drop_page_numbers(paragraph: etree._Element) -> None:
    """Take out what PAGE and NUMPAGES fields show: office suites count pages each in their way."""
    for field in list(paragraph.iter(f"{{{W}}}fldSimple")):
        if _PAGE_FIELD.match(str(field.get(f"{{{W}}}instr", ""))):
            field.getparent().remove(field)
    is_page = in_result = False
    for element in list(paragraph.iter(f"{{{W}}}fldChar", f"{{{W}}}instrText", _T)):
        if element.tag == _T:
            if is_page and in_result:
                element.text = ""
        elif element.tag.endswith("}instrText"):
            is_page = is_page or bool(_PAGE_FIELD.match(element.text or ""))
        else:
            in_result = element.get(f"{{{W}}}fldCharType") == "separate"
            is_page = is_page and element.get(f"{{{W}}}fldCharType") != "end"


def _core(parts: Mapping[str, bytes]) -> tuple[str, str]:
    if CORE not in parts:
        return "zh", ""
    root = etree.fromstring(parts[CORE], safe_parser())
    lang = root.findtext("dc:language", default="zh", namespaces=_DC) or "zh"
    return lang[:2], root.findtext("dc:title", default="", namespaces=_DC) or ""


@dataclass
class _Reader:
    """Reads the body's children in order; a proof and a signature take several of them."""

    spans: SpanReader

    def blocks(self, body: etree._Element) -> Iterator[Block]:
        elements = list(_flat(body))
        at = 0
        while at < len(elements):
            taken, block = self._block(elements, at)
            if block is not None:
                yield block
            at += taken

    def _block(self, elements: list[etree._Element], at: int) -> tuple[int, Block | None]:
        element = elements[at]
        if element.tag == _TBL:
            return 1, self._table((), element)
        style = _style(element)
        following = elements[at + 1] if at + 1 < len(elements) else None
        if style == STYLES["caption"] and following is not None and following.tag == _TBL:
            return 2, self._table(self.spans.read(element), following)
        if style == STYLES["proof"]:
            return self._proof(elements, at)
        if style == STYLES["signature"]:
            return self._signature(elements, at)
        return 1, self._paragraph(element, style)

    def _paragraph(self, element: etree._Element, style: str) -> Block | None:
        if element.find(f".//{{{W}}}br[@{{{W}}}type='page']") is not None:
            return PageBreak()
        spans = self.spans.read(element)
        if not plain(spans).strip():
            return None
        if style in _HEADINGS or style == STYLES["annex"]:
            level = _HEADINGS.get(style, 1)
            return Heading(level, spans, _bookmark(element), annex=style == STYLES["annex"])
        return Paragraph(spans, _STYLE_KEYS.get(style, "body"))

    def _signature(self, elements: list[etree._Element], at: int) -> tuple[int, Block]:
        lines: list[Spans] = []
        end = at
        while end < len(elements) and _style(elements[end]) == STYLES["signature"]:
            spans = self.spans.read(elements[end])
            lines += [spans] if spans else []
            end += 1
        return end - at, Signature(tuple(lines))

    def _table(self, caption: Spans, table: etree._Element) -> TableBlock:
        widths = [
            round(float(column.get(f"{{{W}}}w", "0")) / _TWIPS, 2)
            for column in table.findall(f"{{{W}}}tblGrid/{{{W}}}gridCol")
        ]
        header: list[Row] = []
        body: list[Row] = []
        for row in table.findall(_TR):
            cells = [self._cell(cell) for cell in row.iterchildren(_TC)]
            cells += [()] * (len(widths) - len(cells))
            is_head = row.find(f"{{{W}}}trPr/{{{W}}}tblHeader") is not None
            (header if is_head else body).append(tuple(cells))
        return TableBlock(caption, tuple(header), tuple(body), tuple(widths))

    def _cell(self, cell: etree._Element) -> Spans:
        return tuple(span for paragraph in cell.iter(_P) for span in self.spans.read(paragraph))

    def _proof(self, elements: list[etree._Element], at: int) -> tuple[int, Block]:
        title = self.spans.read(elements[at])
        how: Spans = ()
        parts: list[Spans] = []
        header: tuple[str, ...] = ()
        rows: tuple[tuple[str, ...], ...] = ()
        note = ""
        end = at + 1
        while end < len(elements):
            element, style = elements[end], _style(elements[end])
            if element.tag == _TBL and not rows:
                header, rows = _plain_table(element)
            elif style == STYLES["proof_how"]:
                how = self.spans.read(element)
            elif style == STYLES["proof_part"]:
                parts.append(self.spans.read(element))
            elif style == STYLES["proof_note"]:
                note = "".join(element.itertext(_T))
            else:
                break
            end += 1
        total, shown = _counts(note)
        binding = next((s.binding for s in title if hasattr(s, "binding")), "")
        return end - at, ProofBlock(
            binding, _bookmark(elements[at]), title, how, tuple(parts), header, rows, total, shown
        )


def _flat(parent: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables in order, through whatever an office suite wrapped around them."""
    for child in parent:
        if child.tag in (_P, _TBL):
            yield child
        elif isinstance(child.tag, str) and etree.QName(child).localname in _BLOCK_WRAPPERS:
            yield from _flat(child)


def _plain_table(table: etree._Element) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    lines = [
        tuple("".join(cell.itertext(_T)) for cell in row.iterchildren(_TC))
        for row in table.iterchildren(_TR)
    ]
    return lines[0], tuple(lines[1:])


def _counts(note: str) -> tuple[int, int]:
    numbers = [int(number) for number in _NUMBER.findall(note)]
    if not numbers:
        return 0, 0
    return numbers[0], numbers[-1]


def _style(element: etree._Element) -> str:
    found = element.find(f"{{{W}}}pPr/{{{W}}}pStyle")
    return "" if found is None else str(found.get(_VAL, ""))


def _bookmark(paragraph: etree._Element) -> str:
    """The paragraph's own bookmark. Missing: ''."""
    names = paragraph.xpath("./w:bookmarkStart/@w:name", namespaces=NS)
    return str(names[0]) if names else ""
