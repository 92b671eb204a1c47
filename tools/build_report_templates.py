"""Builds the report and bulletin templates of the packs from tools/report_text.

    .venv/bin/python tools/build_report_templates.py

The wording of packs/PACK/report/NAME.LANG.docx stands in tools/report_text/PACK/NAME.LANG.txt; that
of the pack `shuzhi pack new` begins with, in tools/report_text/starter. One paragraph a line:

    @title, @signature    a line of the title, of the signature
    @closing              the sentence after the last section
    #, ##, ###            a heading (numbered when the report is written); @h2 likewise
    @blank                an empty line
    @table A:46 | B:26    a table with columns A and B of 46 and 26 mm, until @end;
                          each line that begins with | is a row
    {%p …}, {%tr …}       a paragraph or row that only directs docxtpl
    @annexes              where the annexes go

The layout is that of GB/T 9704-2012; each number below names its clause.
"""

import zipfile
from pathlib import Path

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from shuzhi.reports.style_ids import style_name

TEXTS = Path(__file__).parent / "report_text"
ROOT = Path(__file__).parent.parent

PAGE = Mm(210), Mm(297)  # 5.1: A4
TOP, LEFT = Mm(37), Mm(28)  # 5.2.1: head 37 mm, spine 28 mm
TEXT_WIDTH, TEXT_HEIGHT = Mm(156), Mm(225)  # 5.2.1: type area
LINE = Pt(28.95)  # 5.2.3: 22 lines a page
LINE_PITCH = "579"  # the same in twentieths of a point
SPACING = "-5"  # twentieths of a point: 28 characters of 16 pt a line (5.2.3)
BODY_SIZE, TITLE_SIZE, PAGE_NUMBER_SIZE = Pt(16), Pt(22), Pt(14)  # 3号, 2号, 4号 (7.3, 7.5)
INDENT = "200"  # first line, hundredths of a character
SONG, FANG, KAI, HEI = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"
ENGLISH = "Times New Roman"

# style: font, size, first-line indent, alignment, on the grid
STYLES = {
    "SzTitle": (SONG, TITLE_SIZE, False, "center", True),
    "SzSubtitle": (KAI, BODY_SIZE, False, "center", True),
    "SzRecipient": (FANG, BODY_SIZE, False, "left", True),
    "SzBody": (FANG, BODY_SIZE, True, "left", True),
    "SzClosing": (FANG, BODY_SIZE, True, "left", True),
    "SzHeading1": (HEI, BODY_SIZE, True, "left", True),
    "SzHeading2": (KAI, BODY_SIZE, True, "left", True),
    "SzHeading3": (FANG, BODY_SIZE, True, "left", True),
    "SzSignature": (FANG, BODY_SIZE, False, "right", True),
    "SzAnnex": (HEI, BODY_SIZE, False, "left", True),
    "SzNote": (KAI, Pt(12), False, "both", False),
    "SzCaption": (HEI, Pt(12), False, "center", False),
    "SzCell": (FANG, Pt(10.5), False, "left", False),
    "SzCellSmall": (FANG, Pt(9), False, "left", False),
    "SzCellHead": (HEI, Pt(10.5), False, "center", False),
    "SzProof": (HEI, Pt(11), False, "left", False),
    "SzProofHow": (FANG, Pt(10.5), False, "both", False),
    "SzProofPart": (FANG, Pt(10.5), False, "left", False),
    "SzProofNote": (KAI, Pt(10.5), False, "left", False),
}
PROPERTIES = ("w:autoSpaceDE", "w:autoSpaceDN", "w:snapToGrid", "w:spacing", "w:ind", "w:jc")
ALIGN = {
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
MARKS = {
    "# ": "SzHeading1",
    "## ": "SzHeading2",
    "### ": "SzHeading3",
    "@h2 ": "SzHeading2",
    "@title ": "SzTitle",
    "@signature ": "SzSignature",
    "@annexes ": "SzBody",
    "@closing ": "SzClosing",
}


def build_template(text: Path, out: Path) -> None:
    """Write one template; the same text gives the same bytes."""
    lang = text.stem.rpartition(".")[2]
    document = Document()
    _empty(document)
    _set_page(document)
    for identifier, look in STYLES.items():
        _add_style(document, identifier, look, lang)
    _add_table_style(document)
    _set_settings(document, lang)
    _add_page_numbers(document)
    _write_text(document, text.read_text(encoding="utf-8").splitlines())
    partial = out.with_suffix(".partial")
    document.save(str(partial))
    _rewrite(partial, out)


def _empty(document):
    for style in list(document.styles):
        if style.type != WD_STYLE_TYPE.PARAGRAPH or style.name != "Normal":
            style.element.getparent().remove(style.element)
    latent = document.styles.element.find(qn("w:latentStyles"))
    document.styles.element.remove(latent)
    numbering = document.part.numbering_part
    for child in list(numbering.element):
        numbering.element.remove(child)
    properties = document.core_properties
    properties.author = properties.comments = properties.keywords = ""
    properties.title = "Report"


def _set_page(document):
    section = document.sections[0]
    section.page_width, section.page_height = PAGE
    section.top_margin, section.left_margin = TOP, LEFT
    section.right_margin = PAGE[0] - LEFT - TEXT_WIDTH
    section.bottom_margin = PAGE[1] - TOP - TEXT_HEIGHT
    section.header_distance = Mm(15)
    section.footer_distance = Mm(23)  # 7.5: page number 7 mm below the type area
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    # type=lines: LibreOffice breaks linesAndChars with a negative charSpace.
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), LINE_PITCH)


def _add_style(document, identifier, look, lang):
    font, size, indented, alignment, on_grid = look
    style = document.styles.add_style(style_name(identifier), WD_STYLE_TYPE.PARAGRAPH)
    style.element.set(qn("w:styleId"), identifier)
    style.element.append(OxmlElement("w:qFormat"))
    style.base_style = None
    style.font.size = size
    _set_fonts(style.element.get_or_add_rPr(), font)
    style.font.bold = identifier == "SzHeading3" or None
    layout = style.paragraph_format
    layout.alignment = ALIGN[alignment]
    layout.widow_control = False
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = LINE if on_grid else Pt(round(size.pt * 1.45, 1))
    layout.keep_with_next = _keeps(identifier) or None
    properties = style.element.get_or_add_pPr()
    # No space of its own between Chinese and digits: 28 characters a line, however they mix.
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):
        _insert_property(properties, name, {"w:val": "0"})
    if on_grid:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), SPACING)
        style.element.get_or_add_rPr().append(spacing)
    else:
        _insert_property(properties, "w:snapToGrid", {"w:val": "0"})
    if indented:
        twips = str(round(2 * (size.pt - 0.25) * 20))
        _insert_property(properties, "w:ind", {"w:firstLineChars": INDENT, "w:firstLine": twips})
    _adjust(identifier, layout, properties, lang)


def _keeps(identifier):
    # 7.3.5.5: the signature never stands alone on a page
    return (
        identifier.startswith(("SzHeading", "SzProof"))
        and identifier != "SzProofNote"
        or (identifier in ("SzCaption", "SzAnnex", "SzClosing", "SzRecipient"))
    )


def _adjust(identifier, layout, properties, lang):
    if identifier == "SzTitle":
        layout.line_spacing = Pt(36)
    if identifier == "SzSignature":
        # 7.3.5.1: the day four characters from the right edge
        layout.right_indent = Pt(4 * 15.75) if lang == "zh" else Pt(24)
        layout.keep_with_next = True
    if identifier == "SzAnnex":
        layout.page_break_before = True
    if identifier in ("SzCaption", "SzProof"):
        layout.space_before = Pt(10)
        layout.space_after = Pt(3)
    if identifier in ("SzNote", "SzProofNote"):
        layout.space_before = layout.space_after = Pt(3)
    if identifier == "SzProofPart":
        layout.left_indent = Pt(21)


def _set_fonts(properties, font):
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for slot in ("w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(slot), ENGLISH)
    fonts.set(qn("w:eastAsia"), font)


def _insert_property(properties, name, attributes):
    """Put a paragraph property where the schema wants it."""
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(key), value)
    later = PROPERTIES[PROPERTIES.index(name) + 1 :]
    after = next((child for child in properties if child.tag in map(qn, later)), None)
    if after is None:
        properties.append(element)
    else:
        after.addprevious(element)


def _add_table_style(document):
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    document.styles.element.append(
        parse_xml(
            f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="SzTable">'
            '<w:name w:val="Sz Table"/><w:qFormat/><w:tblPr>'
            f"<w:tblBorders>{sides}</w:tblBorders><w:tblCellMar>"
            '<w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/>'
            "</w:tblCellMar></w:tblPr>"
            '<w:tcPr><w:vAlign w:val="center"/></w:tcPr></w:style>'
        )
    )


def _set_settings(document, lang):
    settings = document.settings
    settings.odd_and_even_pages_header_footer = True
    compat = settings.element.find(qn("w:compat"))
    if compat is None:
        compat = OxmlElement("w:compat")
        settings.element.append(compat)
    setting = OxmlElement("w:compatSetting")
    setting.set(qn("w:name"), "compatibilityMode")
    setting.set(qn("w:uri"), "http://schemas.microsoft.com/office/word")
    setting.set(qn("w:val"), "15")
    compat.append(setting)
    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    _set_fonts(properties, FANG)
    for slot in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        properties.find(qn("w:rFonts")).attrib.pop(qn(f"w:{slot}"), None)
    language = properties.find(qn("w:lang"))
    language.set(qn("w:val"), "en-GB")
    language.set(qn("w:eastAsia"), "zh-CN")


def _add_page_numbers(document):
    """7.5: — 1 — in 4号 宋体, odd pages right, even pages left, one character in from the edge."""
    section = document.sections[0]
    for footer, alignment in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, ALIGN["left"]),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = document.styles["Normal"]
        paragraph.alignment = alignment
        paragraph.paragraph_format.left_indent = PAGE_NUMBER_SIZE
        paragraph.paragraph_format.right_indent = PAGE_NUMBER_SIZE
        paragraph.paragraph_format.space_after = Pt(0)
        _page_run(paragraph, text="— ")
        for kind, text in (
            ("begin", ""),
            ("", " PAGE "),
            ("separate", ""),
            ("result", "1"),
            ("end", ""),
        ):
            _page_run(paragraph, kind, text)
        _page_run(paragraph, text=" —")


def _page_run(paragraph, kind="result", text=""):
    run = paragraph.add_run()
    run.font.size = PAGE_NUMBER_SIZE
    fonts = run._r.get_or_add_rPr()
    _set_fonts(fonts, "宋体")
    for slot in ("w:ascii", "w:hAnsi"):
        fonts.find(qn("w:rFonts")).set(qn(slot), "宋体")
    if kind == "result":
        run.text = text
    elif kind:
        char = OxmlElement("w:fldChar")
        char.set(qn("w:fldCharType"), kind)
        run._r.append(char)
    else:
        instruction = OxmlElement("w:instrText")
        instruction.set(qn("xml:space"), "preserve")
        instruction.text = text
        run._r.append(instruction)


def _write_text(document, lines):
    table = None
    for line in lines:
        if line.startswith("@table "):
            table = _start_table(document, line.removeprefix("@table "))
        elif line == "@end":
            table = None
        elif table is not None:
            _add_row(document, table, line)
        elif line == "@blank":
            document.add_paragraph(style=_style(document, "SzRecipient"))
        elif line:
            mark = next((mark for mark in MARKS if line.startswith(mark)), "")
            paragraph = document.add_paragraph(line.removeprefix(mark))
            paragraph.style = _style(document, MARKS.get(mark, "SzBody"))


def _start_table(document, head):
    columns = [column.strip().rpartition(":") for column in head.split("|")]
    table = document.add_table(0, len(columns))
    properties = table._tbl.tblPr
    properties.insert(0, parse_xml(f'<w:tblStyle {nsdecls("w")} w:val="SzTable"/>'))
    table.autofit = False
    for column, (_, _, width) in zip(table.columns, columns, strict=True):
        column.width = Mm(float(width))
    _fill_row(document, table, [name for name, _, _ in columns], "SzCellHead")
    row = table.rows[0]._tr.get_or_add_trPr()
    row.append(OxmlElement("w:tblHeader"))
    return table


def _add_row(document, table, line):
    cells = [cell.strip() for cell in line.removeprefix("|").split(" | ")]
    _fill_row(document, table, cells + [""] * (len(table.columns) - len(cells)), "SzCell")


def _fill_row(document, table, cells, style):
    row = table.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, text, column in zip(row.cells, cells, table.columns, strict=True):
        cell.width = column.width
        cell.paragraphs[0].text = text
        cell.paragraphs[0].style = _style(document, style)


def _style(document, identifier):
    return document.styles[style_name(identifier)]


def _rewrite(partial, out):
    """The package again with fixed times, without the thumbnail python-docx brings."""
    with zipfile.ZipFile(partial) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/thumbnail.jpeg":
                continue
            if name == "_rels/.rels":
                data = b"".join(_without_thumbnail(data))
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, data)
    partial.unlink()


def _without_thumbnail(data):
    start = data.find(b"<Relationship ")
    yield data[:start]
    for relation in data[start:].split(b"<Relationship ")[1:]:
        if b"thumbnail" not in relation:
            yield b"<Relationship " + relation
        elif b"</Relationships>" in relation:
            yield b"</Relationships>"


def pack_of(text: Path) -> Path:
    """The pack a text is for."""
    starter = text.parent.name == "starter"
    return ROOT / ("src/shuzhi/packs" if starter else "packs") / text.parent.name


def main():
    for text in sorted(TEXTS.glob("*/*.txt")):
        build_template(text, pack_of(text) / "report" / f"{text.stem}.docx")


if __name__ == "__main__":
    main()
