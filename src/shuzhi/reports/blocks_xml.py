"""Blocks of the document model as WordprocessingML, the way `shuzhi.reports.document` maps them."""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from shuzhi.reports.document import (
    GIVEN,
    STYLES,
    Block,
    Bound,
    Given,
    Heading,
    PageBreak,
    Paragraph,
    ProofBlock,
    Row,
    Signature,
    Span,
    Spans,
    TableBlock,
    Text,
)

PROOF_WIDTHS = (33.0, 29.0, 22.0, 13.0, 50.0, 9.0)  # millimetres
MAX_TAG = 64  # Word refuses a document with a longer w:tag
_TWIPS = 1440 / 25.4  # a millimetre
_TABLE = (
    '<w:tbl><w:tblPr><w:tblStyle w:val="SzTable"/><w:tblW w:w="{total}" w:type="dxa"/>'
    '<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
)
_CELL_STYLE = '<w:pPr><w:pStyle w:val="SzCell"/></w:pPr>'
_SMALL_STYLE = '<w:pPr><w:pStyle w:val="SzCellSmall"/></w:pPr>'
_HEAD_STYLE = '<w:pPr><w:pStyle w:val="SzCellHead"/></w:pPr>'


def block_xml(block: Block, numbers: Iterator[int], lang: str) -> str:
    """One block. `numbers` gives the ids of bookmarks and content controls."""
    match block:
        case Heading(level, spans, anchor, annex):
            style = STYLES["annex"] if annex else STYLES[f"heading{level}"]
            return _paragraph(style, _bookmarked(anchor, spans_xml(spans, numbers), numbers))
        case Paragraph(spans, style):
            return _paragraph(STYLES[style], spans_xml(spans, numbers))
        case TableBlock():
            return _table_block(block, numbers)
        case ProofBlock():
            return _proof_block(block, numbers, lang)
        case Signature(lines):
            return "".join(_paragraph("SzSignature", spans_xml(line, numbers)) for line in lines)
        case PageBreak():
            return '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'


def spans_xml(spans: Spans, numbers: Iterator[int], properties: str = "") -> str:
    """Runs and content controls. `properties` is the w:rPr of the runs ('' for none)."""
    return "".join(span_xml(span, numbers, properties) for span in spans)


def span_xml(span: Span, numbers: Iterator[int], properties: str = "") -> str:
    """One span. Its own `bold` is used where no `properties` are given."""
    if not properties and span.bold:
        properties = "<w:rPr><w:b/></w:rPr>"
    run = f'<w:r>{properties}<w:t xml:space="preserve">{escape(span.text)}</w:t></w:r>'
    match span:
        case Bound(binding=binding, anchor=anchor, link=link):
            inner = f'<w:hyperlink w:anchor="{link}" w:history="1">{run}</w:hyperlink>'
            inner = _bookmarked(anchor, inner if link else run, numbers)
            return _control(binding if len(binding) <= MAX_TAG else anchor, inner, numbers)
        case Given():
            return _control(GIVEN, run, numbers)
    return run


def proof_note(block: ProofBlock, lang: str) -> Spans:
    """How many records there are, and how many of them are shown where that is not all."""
    total, shown = Given(str(block.total)), Given(str(block.shown))
    if lang == "zh":
        cut = (Text("条，此处列出前"), shown, Text("条，全部记录见网页版和封存版。"))
        return (Text("共"), total, *(cut if block.shown < block.total else (Text("条记录。"),)))
    if block.shown < block.total:
        rest = Text(" are shown here; the page and the edition hold them all.")
        return (Text("Of "), total, Text(" records the first "), shown, rest)
    return (Text("Records: "), total, Text("."))


def _control(tag: str, inner: str, numbers: Iterator[int]) -> str:
    return (
        f'<w:sdt><w:sdtPr><w:tag w:val={quoteattr(tag)}/><w:id w:val="{next(numbers)}"/>'
        f"</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"
    )


def _bookmarked(anchor: str, inner: str, numbers: Iterator[int]) -> str:
    if not anchor:
        return inner
    number = next(numbers)
    return (
        f'<w:bookmarkStart w:id="{number}" w:name="{anchor}"/>{inner}'
        f'<w:bookmarkEnd w:id="{number}"/>'
    )


def _paragraph(style: str, inner: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{inner}</w:p>'


def _table_block(block: TableBlock, numbers: Iterator[int]) -> str:
    caption = _paragraph(STYLES["caption"], spans_xml(block.caption, numbers))
    return caption + _table(block.header, block.body, block.widths, numbers)


def _proof_block(block: ProofBlock, numbers: Iterator[int], lang: str) -> str:
    title = _bookmarked(block.anchor, spans_xml(block.title, numbers), numbers)
    pieces = [
        _paragraph(STYLES["proof"], title),
        _paragraph(STYLES["proof_how"], spans_xml(block.how, numbers)),
    ]
    pieces += [_paragraph(STYLES["proof_part"], spans_xml(part, numbers)) for part in block.parts]
    if block.rows:
        pieces.append(_plain_table(block.header, block.rows, PROOF_WIDTHS))
    if block.total:
        note = proof_note(block, lang)
        pieces.append(_paragraph(STYLES["proof_note"], spans_xml(note, numbers)))
    return "".join(pieces)


def _table(
    header: Sequence[Row], body: Sequence[Row], widths: Sequence[float], numbers: Iterator[int]
) -> str:
    twips = [round(width * _TWIPS) for width in widths]
    rows = [_row(row, twips, numbers, head=True) for row in header]
    rows += [_row(row, twips, numbers, head=False) for row in body]
    return _table_start(twips) + "".join(rows) + "</w:tbl>"


def _row(row: Row, twips: Sequence[int], numbers: Iterator[int], *, head: bool) -> str:
    style = _HEAD_STYLE if head else _CELL_STYLE
    cells = [
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f"<w:p>{style}{spans_xml(cell, numbers)}</w:p></w:tc>"
        for cell, width in zip(row, twips, strict=True)
    ]
    repeat = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{''.join(cells)}</w:tr>"


def _plain_table(
    header: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]
) -> str:
    """A table of plain text: proofs have thousands of cells, so this one takes the short way."""
    twips = [round(width * _TWIPS) for width in widths]
    opening = [
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p>' for width in twips
    ]
    head = "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
    body = "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
    lines = [head, *_plain_cells(opening, _SMALL_STYLE, header), "</w:tr>"]
    for row in rows:
        lines += [body, *_plain_cells(opening, _SMALL_STYLE, row), "</w:tr>"]
    return _table_start(twips) + "".join(lines) + "</w:tbl>"


def _plain_cells(opening: Sequence[str], style: str, row: Sequence[str]) -> Iterator[str]:
    for start, cell in zip(opening, row, strict=True):
        yield (
            f'{start}{style}<w:r><w:t xml:space="preserve">{escape(cell)}</w:t></w:r></w:p></w:tc>'
        )


def _table_start(twips: Sequence[int]) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
    return _TABLE.format(total=sum(twips), grid=grid)
