"""A file as sheets of raw cells, whatever its format, by content and not by its ending."""

import csv
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from pathlib import Path, PurePath

from shuzhi.ledgers.confined_sheets import confined_sheets
from shuzhi.ledgers.limits import FileRefused, check_extent, check_size, unpack_entries
from shuzhi.ledgers.raw_sheets import RawSheet, raw_sheets
from shuzhi.ledgers.sheet_xml import Place, SheetFacts, facts_of_ods, facts_of_xlsx
from shuzhi.ledgers.xls_records import facts_of_xls

WORKBOOK_ENDINGS = frozenset({".xlsx", ".xls", ".ods", ".et", ".csv", ".txt"})
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_DELIMITERS = (",", "\t", ";", "|")
_SNIFFED_LINES = 20
_LONGEST_FIELD = 2**20


@dataclass
class Sheet:
    """One sheet. `rows[i]` is row i+1 of the file; cells are str, float, bool, date, datetime.

    `merged` holds first and last (row, column) from 0 of each merged range. `hidden_rows`,
    `errors` and `unvalued` (formulas without a value) count from 0 too.
    """

    name: str
    rows: list[list[object]]
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    errors: dict[Place, str] = field(default_factory=dict)
    unvalued: set[Place] = field(default_factory=set)
    is_visible: bool = True

    @property
    def has_content(self) -> bool:
        return any(cell not in ("", None) for row in self.rows for cell in row)


def read_workbook(path: Path, name: PurePath | None = None) -> list[Sheet]:
    """All worksheets of a file. `name` is what it is called where it lies under another name.

    Raises: FileRefused with the code of the problem.
    """
    name = name or path
    size = check_size(path)
    content = path.read_bytes()
    if content.startswith(_ZIP):
        return _read_zipped(content, size)
    if content.startswith(_OLE):
        if _ENCRYPTED_PACKAGE in content:
            raise FileRefused("file_encrypted")
        facts = facts_of_xls(content)
        return list(_with_facts(confined_sheets(content), facts))
    if name.suffix.lower() in (".csv", ".txt") or not content.strip():
        return [Sheet(name_as_text(name.stem), _read_text(content))]
    raise FileRefused("file_unreadable", reason="neither a workbook nor text")


def name_as_text(name: str) -> str:
    """A file's name fit to be written anywhere: bytes that are no UTF-8 stand as \\xNN."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _read_zipped(content: bytes, size: int) -> list[Sheet]:
    parts = unpack_entries(BytesIO(content), size)
    if "xl/workbook.xml" in parts:
        facts = facts_of_xlsx(parts)
    elif "content.xml" in parts:
        if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
            raise FileRefused("file_encrypted")
        facts = facts_of_ods(parts["content.xml"])
    else:
        raise FileRefused("file_unreadable", reason="a zip file, but no workbook")
    del parts
    return list(_with_facts(raw_sheets(content), facts))


def _with_facts(sheets: Iterable[RawSheet], facts: dict[str, SheetFacts]) -> Iterator[Sheet]:
    for sheet in sheets:
        known = facts.get(sheet.name, SheetFacts())
        yield Sheet(
            sheet.name,
            sheet.rows,
            known.merged or sheet.merged,
            known.hidden_rows,
            known.errors,
            known.unvalued,
            sheet.is_visible,
        )


def decode(content: bytes) -> str:
    """Text in the first encoding that fits: UTF-8 or UTF-16 with a mark, UTF-8, GB18030.

    Raises: FileRefused where none fits.
    """
    encodings = ("utf-8", "gb18030")
    if content.startswith(b"\xef\xbb\xbf"):
        encodings = ("utf-8-sig", "gb18030")
    elif content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise FileRefused("file_unreadable", reason="no known encoding")


def _read_text(content: bytes) -> list[list[object]]:
    text = decode(content)
    csv.field_size_limit(_LONGEST_FIELD)
    rows: list[list[object]] = []
    widest = 0
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text)):
            widest = max(widest, len(row))
            check_extent(len(rows) + 1, widest)
            rows.append(list(row))
    except csv.Error as error:
        raise FileRefused("file_unreadable", reason=str(error)) from error
    for row_read in rows:
        row_read.extend([""] * (widest - len(row_read)))
    return rows


def _delimiter(text: str) -> str:
    head = text[:_LONGEST_FIELD].splitlines()[:_SNIFFED_LINES]
    return max(_DELIMITERS, key=lambda sign: max((line.count(sign) for line in head), default=0))
