"""What the workbook reader does not tell: hidden rows, failed formulas, true extents.

Sheets are screened by one pass of a pattern over their bytes; only those with something to tell
are parsed. No entity is resolved and no DTD is loaded.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO

from lxml import etree

from shuzhi.ledgers.limits import MAX_ROWS, FileRefused, check_extent

Place = tuple[int, int]  # row and column, from 0

_MAIN = "{*}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# Each begins with plain bytes: ten times faster to look for than a class.
_TELLS = (b"hidden=", b"<f>", b"<f ", b"<f/", b":f>", b":f ", b't="e"', b":c>", b":c ")
# Addresses a glance cannot bound: other quotes or spaces, none at all, small letters, entities,
# columns past ZZ, long rows.
_ODD_SPACING = (b" r='", b" r =", b" r= ", b"\nr=", b"\tr=", b"\rr=")
_ODD_ADDRESS = re.compile(rb' r="(?:[A-Z]{3}|[A-Z]*\d{7}|[A-Z\d]*[^A-Z\d"])')
_NO_ADDRESS = re.compile(rb"<c(?:>|/| (?!r=))")
_TWO_LETTERS = re.compile(rb' r="[A-Z]{2}\d')
_FIVE_DIGITS = re.compile(rb' r="[A-Z]*\d{5}')
_SIX_DIGITS = re.compile(rb' r="[A-Z]*(\d{6})"')
_TOO_MANY = 10**8
_EXCEL_ERROR = re.compile(r"(?:Err:\d{3}|#[A-Z/0!?]+)")


@dataclass
class SheetFacts:
    """Beside the values of one sheet. Rows and columns count from 0."""

    hidden_rows: set[int] = field(default_factory=set)
    errors: dict[Place, str] = field(default_factory=dict)
    unvalued: set[Place] = field(default_factory=set)  # formulas without a cached value
    merged: list[tuple[Place, Place]] = field(default_factory=list)


def facts_of_xlsx(parts: Mapping[str, bytes]) -> dict[str, SheetFacts]:
    """Sheet name → facts, for the parts of an .xlsx.

    Raises: FileRefused on broken XML and on sheets past the limits.
    """
    return {name: _facts_of_part(parts[path]) for name, path in _sheet_paths(parts)}


def _sheet_paths(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    targets = {
        relation.get("Id"): relation.get("Target", "")
        for relation in _parse(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"))
    }
    workbook = _parse(parts["xl/workbook.xml"])
    for sheet in workbook.iterfind(f"{_MAIN}sheets/{_MAIN}sheet"):
        target = targets.get(sheet.get(_RELATION), "")
        path = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
        if path in parts:
            yield sheet.get("name", ""), path


def _facts_of_part(xml: bytes) -> SheetFacts:
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in xml[:64]:
        raise FileRefused("file_unreadable", reason="UTF-16")
    tells = any(sign in xml for sign in (*_TELLS, *_ODD_SPACING))
    odd = _ODD_ADDRESS.search(xml) or _NO_ADDRESS.search(xml)
    if tells or odd or not _is_bounded(xml):
        return _look_closely(xml)
    return SheetFacts()


def _is_bounded(xml: bytes) -> bool:
    """Whether a glance shows the sheet within the limits: few rows, or few columns."""
    if _TWO_LETTERS.search(xml):
        return _FIVE_DIGITS.search(xml) is None
    return max((int(match[1]) for match in _SIX_DIGITS.finditer(xml)), default=0) <= MAX_ROWS


def _look_closely(xml: bytes) -> SheetFacts:
    facts = SheetFacts()
    rows = columns = row = column = 0
    for element in _walk(xml, f"{_MAIN}row", f"{_MAIN}c"):
        if etree.QName(element).localname == "row":
            if element.get("hidden") in ("1", "true"):
                facts.hidden_rows.add(_row_number(element, row) - 1)
            row = max(row, _row_number(element, row))
            rows, column = max(rows, row) if column else rows, 0
            element.clear()
            continue
        place = _place(element, row, column)
        column = place[1] + 1
        if _note_cell(element, place, facts):
            rows, columns = max(rows, place[0] + 1), max(columns, column)
    check_extent(rows, columns)
    return facts


def _place(cell: etree._Element, row: int, column: int) -> Place:
    """Where a cell stands; one without an address stands at `row` and `column`."""
    address = cell.get("r")
    if address is None:
        return row, column
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise FileRefused("file_unreadable", reason=f"address {address[:20]!r}")
    return int(match[2]) - 1, column_index(match[1])


def _row_number(element: etree._Element, previous: int) -> int:
    text = element.get("r")
    if text is None:
        return previous + 1
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise FileRefused("file_unreadable", reason=f"row {text[:20]!r}")
    return int(text)


def _note_cell(cell: etree._Element, place: Place, facts: SheetFacts) -> bool:
    """Whether the cell holds a value; what it tells goes into `facts`."""
    value = cell.findtext(f"{_MAIN}v")
    if cell.get("t") == "e":
        facts.errors[place] = value or "#VALUE!"
    elif not value and cell.get("t") != "inlineStr" and cell.find(f"{_MAIN}f") is not None:
        facts.unvalued.add(place)
    return bool(value) or cell.get("t") == "inlineStr"


def facts_of_ods(content: bytes) -> dict[str, SheetFacts]:
    """Sheet name → facts, for the content.xml of an .ods.

    Raises: FileRefused on broken XML and on sheets past the limits.
    """
    found: dict[str, SheetFacts] = {}
    rows = columns = row = 0
    for element in _walk(content, f"{_TABLE}table-row", f"{_TABLE}table"):
        if element.tag == f"{_TABLE}table":
            check_extent(rows, columns)
            found.setdefault(element.get(f"{_TABLE}name", ""), SheetFacts())
            rows = columns = row = 0
            continue
        facts = found.setdefault(_sheet_name(element), SheetFacts())
        used = _note_ods_row(element, row, facts)
        row += _repeated(element, "rows")
        if used:
            rows, columns = row, max(columns, used)
        element.clear()
    return found


def _sheet_name(row: etree._Element) -> str:
    table = next(row.iterancestors(f"{_TABLE}table"), None)
    return "" if table is None else table.get(f"{_TABLE}name", "")


def _note_ods_row(element: etree._Element, row: int, facts: SheetFacts) -> int:
    """How many columns of the row hold something; what it tells goes into `facts`."""
    column = used = 0
    for cell in element:
        repeated = _repeated(cell, "columns")
        text = "".join(cell.itertext())
        if text or cell.get(f"{_OFFICE}value-type"):
            used = column + repeated
        if cell.get(f"{_TABLE}formula") and _EXCEL_ERROR.fullmatch(text):
            facts.errors[row, column] = text
        elif cell.get(f"{_TABLE}formula") and not text and not cell.get(f"{_OFFICE}value-type"):
            facts.unvalued.add((row, column))
        down, across = _spanned(cell, "rows"), _spanned(cell, "columns")
        if down > 1 or across > 1:
            facts.merged.append(((row, column), (row + down - 1, column + across - 1)))
        column += repeated
    if used and element.get(f"{_TABLE}visibility", "visible") != "visible":
        facts.hidden_rows.update(range(row, row + min(_repeated(element, "rows"), 1_000)))
    return used


def _repeated(element: etree._Element, what: str) -> int:
    return _count(element.get(f"{_TABLE}number-{what}-repeated"))


def _spanned(element: etree._Element, what: str) -> int:
    return _count(element.get(f"{_TABLE}number-{what}-spanned"))


def _count(text: str | None) -> int:
    """How often; more digits than any sheet has rows say a number past every limit."""
    if not text or not (text.isascii() and text.isdigit()):
        return 1
    return int(text) if len(text) < 8 else _TOO_MANY


def column_index(letters: str) -> int:
    """The column number from 0: A → 0, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _walk(xml: bytes, *tags: str) -> Iterator[etree._Element]:
    try:
        for _, element in etree.iterparse(
            BytesIO(xml), tag=tags, resolve_entities=False, no_network=True, load_dtd=False
        ):
            yield element
    except etree.XMLSyntaxError as error:
        raise FileRefused("file_unreadable", reason=str(error)) from error


def _parse(xml: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise FileRefused("file_unreadable", reason=str(error)) from error
