"""A file is read by its content, within limits, and never brings the reader down."""

import os
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table as OdsTable
from odf.table import TableCell, TableRow
from odf.text import P

from shuzhi.ledgers import limits
from shuzhi.ledgers.limits import FileRefused
from shuzhi.ledgers.problem_workbooks import write_problem_workbooks
from shuzhi.ledgers.workbooks import decode, read_workbook

HEADER = ["活动日期", "活动名称", "参加人数"]
NAME = "青石镇2023年第一季度活动台账"


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        read_workbook(path)
    return refused.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_files_in_every_encoding(source: Any, encoding: str) -> None:
    """A csv is decoded strictly; a rare character and a line break in a cell survive."""
    row = ["2023-02-01", "䶮桥\n慰问", "30"]
    source.csv(f"{NAME}.csv", HEADER, row, encoding=encoding)
    ledgers = source.read()
    assert ledgers.problems == ()
    assert ledgers.tables["activities"].column("title").to_pylist() == ["䶮桥\n慰问"]


def test_separators_of_text_files(source: Any) -> None:
    """Tabs and semicolons separate as well as commas."""
    for number, sign in enumerate("\t;"):
        lines = [sign.join(HEADER), sign.join(["2023-02-01", "慰问", "1,200"])]
        (source.path / f"{number}{NAME}.txt").write_text("\n".join(lines), "utf-8")
    assert source.read().tables["activities"].column("heads").to_pylist() == [1200, 1200]


def test_old_and_open_formats(source: Any) -> None:
    """xls, et and ods are read with true row numbers, whatever their ending says."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("活动台账")
    style = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for position, text in enumerate(HEADER):
        sheet.write(2, position, text)
    sheet.write(4, 0, date(2023, 2, 1), style)
    sheet.write(4, 1, "慰问")
    sheet.write(4, 2, 30)
    book.save(str(source.path / "青石镇2023年第一季度.et"))
    write_ods(source.path / "白杨镇2023年第一季度.xls")
    rows = source.read().tables["activities"].to_pylist()
    found = [(row["unit"], row["held_on"], row["heads"], row["_row"]) for row in rows]
    assert found == [
        ("QH-T02", date(2023, 2, 1), 30, 3),
        ("QH-T01", date(2023, 2, 1), 30, 5),
    ]


def write_ods(path: Path) -> None:
    document = OpenDocumentSpreadsheet()
    sheet = OdsTable(name="活动台账")
    for texts, hidden in ((HEADER, False), (["2023-01-01", "样子", "1"], True)):
        row = TableRow(visibility="collapse") if hidden else TableRow()
        for text in texts:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=text))
            row.addElement(cell)
        sheet.addElement(row)
    row = TableRow()
    row.addElement(TableCell(valuetype="date", datevalue="2023-02-01"))
    row.addElement(TableCell(valuetype="string", stringvalue="慰问"))
    row.childNodes[1].addElement(P(text="慰问"))
    row.addElement(TableCell(valuetype="float", value="30"))
    sheet.addElement(row)
    empty = TableRow(numberrowsrepeated=1_048_573)
    empty.addElement(TableCell(numbercolumnsrepeated=1_024))
    sheet.addElement(empty)
    document.spreadsheet.addElement(sheet)
    document.save(str(path))


@pytest.mark.parametrize("further", [0, 500])
def test_hidden_rows_and_errors_of_old_workbooks(tmp_path: Path, further: int) -> None:
    """An .xls tells them too, however small or large it is."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("活动")
    sheet.write(1, 0, "样子")
    sheet.row(1).hidden = True
    sheet.row(2).set_cell_error(3, "#REF!")
    for row in range(3, 3 + further):
        sheet.write(row, 0, f"第{row}次")
    book.save(str(tmp_path / "a.xls"))
    (read,) = read_workbook(tmp_path / "a.xls")
    assert (read.hidden_rows, read.errors) == ({1}, {(2, 3): "#REF!"})


def test_a_workbook_that_unpacks_to_too_much(tmp_path: Path) -> None:
    """A small file that unpacks to a giant is refused while it unpacks, by its real size."""
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    assert refusal(bomb) == "unpacks_too_large"
    bomb.write_bytes(_understate_sizes(bomb.read_bytes()))
    assert refusal(bomb) == "unpacks_too_large"


def _understate_sizes(content: bytes) -> bytes:
    """The same archive claiming that its big entry unpacks to 10 bytes."""
    claimed = struct.pack("<I", 60_000_000)
    return content.replace(claimed, struct.pack("<I", 10))


def test_a_sheet_that_reaches_too_far(tmp_path: Path) -> None:
    """One cell in the last corner would be laid out as 17 thousand million: refused."""
    far = _workbook_with('<row r="1"><c r="A1"><v>1</v></c></row>'
                         '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')  # fmt: skip
    (tmp_path / "far.xlsx").write_bytes(far)
    assert refusal(tmp_path / "far.xlsx") == "too_many_columns"
    deep = _workbook_with("<row r='1048576'><c r='B1048576'><v>1</v></c></row>")
    (tmp_path / "deep.xlsx").write_bytes(deep)
    assert refusal(tmp_path / "deep.xlsx") == "too_many_rows"
    wide = _workbook_with('<row r="99999"><c r="ZZ99999"><v>1</v></c></row>')
    (tmp_path / "wide.xlsx").write_bytes(wide)
    assert refusal(tmp_path / "wide.xlsx") == "too_many_rows"


def _workbook_with(rows: str) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packaging = "http://schemas.openxmlformats.org/package/2006/relationships"
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
            '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{packaging}"><Relationship Id="rId1" '
            f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
        )
    return buffer.getvalue()


def test_a_sheet_of_many_repeated_cells(tmp_path: Path) -> None:
    """An .ods that says "repeat this a million times" is refused before it is laid out."""
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0">'
        '<office:body><office:spreadsheet><table:table table:name="S">'
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
        'table:number-columns-repeated="500" office:value-type="float" office:value="1"/>'
        "</table:table-row></table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    assert refusal(tmp_path / "a.ods") == "too_many_rows"


@pytest.mark.parametrize(
    "row",
    [
        'table:number-rows-repeated="1048576000"><table:table-cell',
        '><table:table-cell table:number-columns-repeated="2147483648"',
        '><table:table-cell table:number-columns-repeated="2147483648"/><table:table-cell',
    ],
)
def test_repetitions_past_every_limit(tmp_path: Path, row: str) -> None:
    """A number with more digits than any sheet has is not taken for one."""
    names = "urn:oasis:names:tc:opendocument:xmlns"
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<o:document-content xmlns:o="{names}:office:1.0" xmlns:table="{names}:table:1.0">'
            '<o:body><o:spreadsheet><table:table table:name="S">'
            f'<table:table-row {row} o:value-type="float" o:value="1"/></table:table-row>'
            "</table:table></o:spreadsheet></o:body></o:document-content>",
        )
    assert refusal(tmp_path / "a.ods") in {"too_many_rows", "too_many_columns"}


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="4294967295"><c r="A4294967295"><v>1</v></c></row>',
        '<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>',
        '<row r="1"><c r="ZZZZZZZ1"><v>1</v></c></row>',
        '<row r="9"><c r="ZZ000000000900000"><v>1</v></c></row>',
        '<row r="²" hidden="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1048576"><c><v>1</v></c></row>',
        "<row>" + "<c><v>1</v></c>" * 1_000 + "</row>",
    ],
)
def test_cells_at_impossible_addresses(tmp_path: Path, rows: str) -> None:
    """However an address is written, or left out, no cell stretches its sheet past the limits."""
    content = _workbook_with('<row r="1"><c r="A1"><v>1</v></c></row>' + rows)
    (tmp_path / "a.xlsx").write_bytes(content)
    expected = {"too_many_rows", "too_many_columns", "file_unreadable"}
    assert refusal(tmp_path / "a.xlsx") in expected


def _old_workbook() -> bytearray:
    book, stream = xlwt.Workbook(), BytesIO()
    sheet = book.add_sheet("S")
    for row in range(400):
        sheet.write(row, 0, f"第{row}次")
    book.save(stream)
    return bytearray(stream.getvalue())


def _in_a_circle(content: bytearray) -> None:
    fat = struct.unpack_from("<I", content, 76)[0]
    content[(fat + 1) * 512 : (fat + 2) * 512] = struct.pack("<128I", *range(128))


def _many_sectors(content: bytearray) -> None:
    struct.pack_into("<I", content, 64, 2**28)


def _reaching_far(content: bytearray) -> None:
    at = content.index(struct.pack("<HHIIHH", 0x200, 14, 0, 400, 0, 1))
    struct.pack_into("<II", content, at + 4, 0, 2**31)


def _turned_round(content: bytearray) -> None:
    at = content.index(struct.pack("<HHIIHH", 0x200, 14, 0, 400, 0, 1))
    struct.pack_into("<II", content, at + 4, 900, 400)


@pytest.mark.parametrize("damage", [_in_a_circle, _many_sectors, _reaching_far, _turned_round])
def test_old_workbooks_that_claim_too_much(
    tmp_path: Path, damage: Callable[[bytearray], None]
) -> None:
    """What an .xls says of its size is checked before room is made for it."""
    content = _old_workbook()
    damage(content)
    (tmp_path / "a.xls").write_bytes(bytes(content))
    assert refusal(tmp_path / "a.xls") in {"file_unreadable", "too_many_rows"}


def test_size_rows_and_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits hold for text files too, and the size is looked at before anything is read."""
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" * 50, "utf-8")
    monkeypatch.setattr(limits, "MAX_ROWS", 40)
    assert refusal(path) == "too_many_rows"
    monkeypatch.setattr(limits, "MAX_COLUMNS", 1)
    assert refusal(path) == "too_many_columns"
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 100)
    assert refusal(path) == "file_too_large"


def test_no_entity_is_resolved(tmp_path: Path) -> None:
    """A workbook with a DTD reads no file of this machine and swells to nothing."""
    secret = tmp_path / "secret"
    secret.write_text("secret", "utf-8")
    rows = '<row r="1" hidden="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row>'
    plain = _workbook_with(rows)
    dtd = f'<!DOCTYPE w [<!ENTITY x SYSTEM "file://{secret}">]>'
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(plain)) as old, zipfile.ZipFile(buffer, "w") as new:
        for entry in old.namelist():
            prefix = dtd.encode() if "sheet1" in entry else b""
            new.writestr(entry, prefix + old.read(entry))
    (tmp_path / "a.xlsx").write_bytes(buffer.getvalue())
    try:
        cells = [cell for sheet in read_workbook(tmp_path / "a.xlsx") for row in sheet.rows
                 for cell in row]  # fmt: skip
    except FileRefused as refused:
        assert refused.code == "file_unreadable"
    else:
        assert "secret" not in cells


def test_files_that_are_no_workbooks(source: Any, list_codes: Callable[..., Any]) -> None:
    """Each is one problem of its file; settings, evidence and lock files are none."""
    for name, content in {
        "a.xlsx": b"PK\x03\x04 interrupted while saving",
        "b.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
        "c.xlsx": b"<html>not a workbook</html>",
        "d.csv": b"\xff\xff\x00\x01",
        "e.docx": b"PK\x03\x04",
        "f.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "g.csv": b"",
        "truth.json": b"{}",
        "~$a.xlsx": b"lock",
        "evidence/photo.jpg": b"\xff\xd8",
    }.items():
        (source.path / name).parent.mkdir(exist_ok=True)
        (source.path / name).write_bytes(content)
    found = {problem.file: problem.code for problem in source.read().problems}
    assert found == {
        "a.xlsx": "file_unreadable",
        "b.xls": "file_unreadable",
        "c.xlsx": "file_unreadable",
        "d.csv": "file_unreadable",
        "e.docx": "file_type_unknown",
        "f.xlsx": "file_encrypted",
        "g.csv": "sheet_empty",
    }


def test_what_is_no_file_of_the_folder(
    source: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A link out of the folder is not followed; a folder or a dead link is a problem, no crash."""
    outside = tmp_path_factory.mktemp("outside") / "secret.csv"
    outside.write_text("秘密,1", "utf-8")
    (source.path / "link.csv").symlink_to(outside)
    (source.path / "dead.xlsx").symlink_to(source.path / "gone.xlsx")
    (source.path / "round.xlsx").symlink_to(source.path / "round.xlsx")
    (source.path / "folder.xlsx").mkdir()
    ledgers = source.read()
    assert {problem.file: problem.code for problem in ledgers.problems} == dict.fromkeys(
        ("link.csv", "dead.xlsx", "round.xlsx", "folder.xlsx"), "file_unreadable"
    )
    assert "秘密" not in str(ledgers)


@pytest.mark.parametrize(
    "name", [b"a\nb\t.csv", b"\xff\xfe.csv", b"a\x01\x1b[31m.csv", b"=1+1.csv"]
)
def test_odd_file_names(source: Any, name: bytes) -> None:
    """Line breaks, control characters and bytes of another encoding are names like others."""
    (source.path / os.fsdecode(name)).write_text("x,y\n1,2", "utf-8")
    ledgers = source.read()
    (problem,) = ledgers.problems
    assert problem.file.encode("utf-8")
    assert problem.code == "sheet_unrecognised"
    write_problem_workbooks(source.path / "out", source.path, ledgers, source.pack)


def test_damaged_workbooks_never_crash(tmp_path: Path) -> None:
    """Cut short or with bytes changed, a workbook is read or refused, nothing else."""
    rng = random.Random(7)  # noqa: S311 no secret depends on it
    whole = _workbook_with('<row r="1" hidden="1"><c r="A1"><f>B1</f></c></row>')
    inner = zlib.compress(whole)
    for number in range(150):
        damaged = bytearray(whole)
        for _ in range(rng.randint(1, 6)):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(bytes(damaged[: rng.randint(1, len(damaged))]) + inner[: number % 3])
        try:
            read_workbook(path)
        except FileRefused as refused:
            assert refused.code in {"file_unreadable", "file_encrypted", "unpacks_too_large"}


def test_text_that_is_no_text() -> None:
    """Bytes that fit no encoding strictly are refused."""
    with pytest.raises(FileRefused):
        decode(b"\x80\xff\x80\xff")
