"""What could not be read goes back to its sender, cell for cell, marked and explained."""

import re
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
import xlwt
from sealed_county import small_ledgers, small_pack

from shuzhi.ledgers.model import Ledgers, Problem, Severity
from shuzhi.ledgers.problem_workbooks import write_problem_workbooks
from shuzhi.ledgers.read import read_source
from shuzhi.ledgers.workbooks import Sheet, read_workbook
from shuzhi.packs.model import Pack

FILE = "青石镇/会议.xlsx"
HEADER = ["会议编号", "召开单位", "召开日期", "会议类型", "会议名称", "应到人数"]
ROWS: list[list[object]] = [
    ["1", "青石镇", date(2023, 2, 8), "工作会议", "=1+1", 12],
    ["2", "青石镇", date(2023, 2, 9), "工作会议", "https://example.org", "若干"],
    ["3", "青石镇", 9.1, "工作会议", "'例会", "约20人"],
]
UNITS = [
    ["单位代码", "单位全称", "层级", "上级代码", "启用日期"],
    ["QH", "清河县工作办公室", "county", "", "2020-01-01"],
    ["QH-T01", "青石镇", "township", "QH", "2020-01-01"],
]  # fmt: skip


@pytest.fixture(scope="module")
def pack() -> Pack:
    return small_pack()


def _save(path: Path, title: str, rows: list[list[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet("会议")
        days = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet.merge_range(0, 0, 0, 5, title)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, column, value, days)
                elif isinstance(value, str):
                    sheet.write_string(number, column, value)
                else:
                    sheet.write(number, column, value)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    _save(folder / FILE, "青石镇2023年第一季度会议台账", [list(HEADER), *ROWS])
    (folder / "单位.csv").write_text("\n".join(",".join(row) for row in UNITS), "gb18030")
    return folder


@pytest.fixture
def ledgers(source: Path, pack: Pack) -> Ledgers:
    return read_source(source, pack)


def _sheets(path: Path) -> dict[str, Sheet]:
    return {sheet.name: sheet for sheet in read_workbook(path)}


def _filled_cells(sheet: Sheet) -> dict[tuple[int, int], object]:
    return {
        (row, column): value
        for row, values in enumerate(sheet.rows) for column, value in enumerate(values)
        if value != ""
    }  # fmt: skip


def test_a_sender_gets_its_cells_back_where_they_stood(
    source: Path, ledgers: Ledgers, pack: Pack, tmp_path: Path
) -> None:
    """Every cell has its old address, type and text; only notes beside the table are new."""
    write_problem_workbooks(tmp_path / "out", source, ledgers, pack)
    sent = _filled_cells(_sheets(source / FILE)["会议"])
    returned = _filled_cells(_sheets(tmp_path / "out" / "problems" / FILE)["会议"])
    assert sent.items() <= returned.items()
    assert {column for _, column in returned.keys() - sent.keys()} == {len(HEADER) + 1}


def test_nothing_in_them_is_alive(
    source: Path, ledgers: Ledgers, pack: Pack, tmp_path: Path
) -> None:
    """A text that looks like a formula or an address stays a text."""
    for path in write_problem_workbooks(tmp_path / "out", source, ledgers, pack):
        with zipfile.ZipFile(path) as parts:
            for name in parts.namelist():
                content = parts.read(name)
                assert not name.startswith("xl/worksheets/sheet") or b"<f" not in content
                assert b"example.org" not in content or name == "xl/sharedStrings.xml"


def test_every_problem_is_listed_and_noted(
    source: Path, ledgers: Ledgers, pack: Pack, tmp_path: Path
) -> None:
    """In the office's list, in the sender's, and as a comment at the cell."""
    assert {problem.code for problem in ledgers.problems} >= {
        "not_a_number", "date_ambiguous", "approximate_number",
    }  # fmt: skip
    overview, own = write_problem_workbooks(tmp_path / "out", source, ledgers, pack)
    assert overview == tmp_path / "out" / "problems.xlsx"
    assert own == tmp_path / "out" / "problems" / FILE
    for path in (overview, own):
        rows = _sheets(path)["问题清单"].rows
        assert {(row[2], row[3], row[4], row[9]) for row in rows[1:]} == {
            (p.file, p.sheet, p.cell, p.code) for p in ledgers.problems
        }
    with zipfile.ZipFile(own) as parts:
        notes = parts.read("xl/comments2.xml" if "xl/comments2.xml" in parts.namelist()
                           else "xl/comments1.xml").decode()  # fmt: skip
    assert set(re.findall(r'ref="([A-Z]+\d+)"', notes)) == {p.cell for p in ledgers.problems}
    assert all(p.message in notes for p in ledgers.problems)


def test_links_lead_to_the_cell(source: Path, ledgers: Ledgers, pack: Pack, tmp_path: Path) -> None:
    overview, _ = write_problem_workbooks(tmp_path / "out", source, ledgers, pack)
    names = list(_sheets(overview))
    with zipfile.ZipFile(overview) as parts:
        links = re.findall(r'location="([^"]+)"', parts.read("xl/worksheets/sheet1.xml").decode())
    assert links == [f"'{names[2]}'!{p.cell}" for p in sorted(ledgers.problems)]


def test_mended_and_sent_again_it_is_read_without_a_problem(
    source: Path, pack: Pack, ledgers: Ledgers, tmp_path: Path
) -> None:
    """The list and the notes beside the table are passed over; what was unmended is found again."""
    own = write_problem_workbooks(tmp_path / "out", source, ledgers, pack)[1]
    (source / FILE).write_bytes(own.read_bytes())
    again = read_source(source, pack)
    assert {(p.cell, p.code) for p in again.problems} == {
        (p.cell, p.code) for p in ledgers.problems
    }
    assert again.returns == ledgers.returns


def test_other_formats_come_back_as_xlsx(source: Path, pack: Pack, tmp_path: Path) -> None:
    """An .xls beside an .xlsx of the same name does not take its place."""
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("会议")
    for number, row in enumerate([["青石镇2023年第二季度会议台账"], HEADER, ROWS[1]]):
        for column, value in enumerate(row):
            sheet.write(number, column, str(value))
    workbook.save(str(source / "青石镇" / "会议.xls"))
    written = write_problem_workbooks(tmp_path / "out", source, read_source(source, pack), pack)
    assert {path.name for path in written} == {"problems.xlsx", "会议.xlsx", "会议.xls.xlsx"}


def test_every_file_has_a_workbook_of_its_own(pack: Pack, tmp_path: Path) -> None:
    """A file named as another's workbook would be keeps its name; the other makes way."""
    first = Problem("a.xls", "会议", 1, "", "sheet_unrecognised", Severity.FILE)
    problems = (first, replace(first, file="a.xls.xlsx"))
    ledgers = replace(small_ledgers(pack), problems=problems)
    written = write_problem_workbooks(tmp_path, None, ledgers, pack)
    names = {path.name: _sheets(path)["问题清单"].rows[1][2] for path in written[1:]}
    assert names == {"a.xls.xlsx": "a.xls.xlsx", "a.xls.xlsx.xlsx": "a.xls"}


def test_what_cannot_be_opened_is_in_the_list(source: Path, pack: Pack, tmp_path: Path) -> None:
    (source / "坏.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    ledgers = read_source(source, pack)
    written = write_problem_workbooks(tmp_path / "out", source, ledgers, pack)
    assert "坏.xlsx" in {row[2] for row in _sheets(written[0])["问题清单"].rows}
    assert list(_sheets(tmp_path / "out" / "problems" / "坏.xlsx")) == ["问题清单"]


def test_no_path_leads_out_of_the_folders(pack: Pack, tmp_path: Path) -> None:
    """A file name made to climb is written below `out`, and nothing outside the source is read."""
    (tmp_path / "source").mkdir()
    _save(tmp_path / "secret.xlsx", "秘密", [["秘密"]])
    evil = Problem("../secret.xlsx", "会议", 1, "", "sheet_unrecognised", Severity.FILE)
    ledgers = replace(small_ledgers(pack), problems=(evil, replace(evil, file="/etc/x.xlsx")))
    out = tmp_path / "a" / "out"
    written = write_problem_workbooks(out, tmp_path / "source", ledgers, pack, lang="en")
    assert all(path.resolve().is_relative_to(out) for path in written)
    assert all(list(_sheets(path))[0] == "Problems" for path in written)
    assert not any("秘密" in str(s.rows) for path in written for s in read_workbook(path))


def test_persons_go_back_to_their_own_sender_only(pack: Pack, source: Path, tmp_path: Path) -> None:
    """The office's list shows that somebody is named, and never who."""
    header = ["责任单位", "责任事项", "承担方式", "责任人", "印发日期"]
    rows = [["青石镇", "校园周边整治", "牵头", "王甲", "不详"], ["青石镇", "书屋", "牵头", "", ""]]
    with xlsxwriter.Workbook(str(source / "责任分工.xlsx")) as workbook:
        sheet = workbook.add_worksheet("责任分工")
        for number, row in enumerate([["青石镇2023年责任分工"], header, *rows]):
            sheet.write_row(number, 0, row)
    ledgers = read_source(source, pack)
    office, *senders = write_problem_workbooks(tmp_path / "out", source, ledgers, pack)
    shown = [cell for sheet in read_workbook(office) for row in sheet.rows for cell in row]
    assert "校园周边整治" in shown
    assert "责任人" in shown
    assert not any("王甲" in str(cell) for cell in shown)
    assert shown.count("●") == 1
    (own,) = (path for path in senders if path.name == "责任分工.xlsx")
    assert any("王甲" in row for sheet in read_workbook(own) for row in sheet.rows)


def test_equal_problems_give_equal_workbooks(
    source: Path, ledgers: Ledgers, pack: Pack, tmp_path: Path
) -> None:
    first = write_problem_workbooks(tmp_path / "1", source, ledgers, pack)
    second = write_problem_workbooks(tmp_path / "2", source, ledgers, pack)
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
