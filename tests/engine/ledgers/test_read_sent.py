"""One file that came in by a page is read as it would be in a folder of its own."""

import csv
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from shuzhi import pipeline
from shuzhi.errors import UserError
from shuzhi.ledgers.model import Ledgers
from shuzhi.ledgers.read import read_source
from shuzhi.ledgers.workbooks import read_workbook
from shuzhi.periods import parse_period
from shuzhi.pipeline import Source

ENDINGS = (".xlsx", ".xls", ".ods", ".et", ".csv")
HEADER = ["活动编号", "举办单位", "活动日期", "活动名称", "主讲人", "参加人数"]
DAY = datetime(2023, 3, 1)


def assert_equal(sent: Ledgers, read: Ledgers) -> None:
    assert sent.tables == read.tables
    assert sent.returns == read.returns
    assert sent.sources == read.sources
    assert sent.sheets == read.sheets
    assert [vars(p) for p in sent.problems] == [vars(p) for p in read.problems]


def a_file_of_each_kind(county: Path) -> list[str]:
    """The first of each format, and the first that has problems at its cells."""
    files = sorted(path for path in (county / "2023").rglob("*") if path.is_file())
    found = [next((path for path in files if path.suffix == end), None) for end in ENDINGS]
    return [path.relative_to(county).as_posix() for path in found if path]


def test_a_file_is_read_as_in_a_folder_of_its_own(
    county: Path, county_source: Source, tmp_path: Path
) -> None:
    """Rows, returns, accounts and problems are the same, whatever name the file is stored under;
    what the register of receipts says is said by arguments."""
    pack, units = county_source.pack, county_source.ledgers.units
    kinds = a_file_of_each_kind(county)
    in_doubt = sorted({p.file for p in county_source.ledgers.problems if p.cell})[:2]
    assert len(kinds) >= 3
    for number, file in enumerate([*kinds, *in_doubt]):
        folder, stored = tmp_path / str(number), tmp_path / f"{number:064x}"
        (folder / file).parent.mkdir(parents=True)
        shutil.copyfile(county / file, folder / file)
        shutil.copyfile(county / file, stored)
        with (folder / "receipts.csv").open("w", encoding="utf-8", newline="") as register:
            csv.writer(register).writerows(
                [["文件", "单位", "期间", "收文日期"], [file, "QH-T02", "2023-Q2", "2023-07-05"]]
            )
        sent = pipeline.read_sent(
            stored, pack, units, file=file, unit="QH-T02", period=parse_period("2023-Q2"),
            received_on="2023-07-05",
        )  # fmt: skip
        assert sent.sheets
        assert_equal(sent, read_source(folder, pack, units=units))


def test_sender_and_period_are_found_where_nobody_says_them(source: Any, tmp_path: Path) -> None:
    """Without unit and period title and name are believed, as ever; tokens stay with a key."""
    source.xlsx(
        "活动.xlsx", ["青石镇2023年第一季度活动台账"], HEADER, ["A1", None, DAY, "植树", "王甲", 3]
    )
    whole = source.read(person_key=b"k")
    path = (source.path / "活动.xlsx").rename(tmp_path / "stored")
    sent = pipeline.read_sent(path, source.pack, whole.units, file="活动.xlsx", person_key=b"k")
    assert sent.tables["activities"] == whole.tables["activities"]
    (answer,) = sent.returns
    assert (answer.unit, answer.period, answer.file) == ("QH-T01", "2023-Q1", "活动.xlsx")


def test_aliases_progress_and_refusals(source: Any) -> None:
    """Confirmed spellings are read; each sheet is told of; no other than a known unit sends."""
    source.book(
        "台账.xlsx",
        活动台账=[["活动日期", "活动名称", "来了多少人"], [DAY, "植树", 30]],
        岗位台账=[["岗位名称", "编制数"], ["宣传委员", 1]],
    )
    units, path = source.read().units, source.path / "台账.xlsx"
    aliases = pipeline.Aliases({"来了多少人": "activities.heads"}, {})
    told: list[tuple[int, int]] = []
    sent = pipeline.read_sent(
        path, source.pack, units, file="台账.xlsx", unit="QH-T01", period=parse_period("2023"),
        aliases=aliases, on_progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert sent.problems == ()
    assert sent.tables["activities"]["heads"].to_pylist() == [30]
    assert told == [(1, 2), (2, 2)]
    with pytest.raises(UserError, match="QH-T01"):
        pipeline.read_sent(path, source.pack, units, file="台账.xlsx", unit="QH-T0")


@pytest.mark.parametrize(
    ("file", "code"), [("说明.docx", "file_type_unknown"), ("台账.xlsx", "file_unreadable")]
)
def test_what_is_no_workbook_is_a_problem(
    source: Any, tmp_path: Path, file: str, code: str
) -> None:
    """Its name says what it should be, its bytes say what it is."""
    stored = tmp_path / "stored"
    stored.write_bytes(b"\x00\x01\x02 no workbook")
    sent = pipeline.read_sent(stored, source.pack, source.read().units, file=file)
    assert [(p.file, p.code) for p in sent.problems] == [(file, code)]
    assert [s.path for s in sent.sources] == [file]


def test_a_suggestion_is_the_target_of_an_alias(read_one: Callable[..., Ledgers]) -> None:
    """A near miss names the column or the unit that it may stand for; nothing near names none."""
    header = ["活动日期", "活动名称", "举办单位", "参与志愿者的人数", "天气情况"]
    ledgers = read_one(
        header, [DAY, "一", "青石镇人民政府", 5, "晴"], [DAY, "二", "月球", 5, "晴"],
        [DAY, "三", "青石镇人民政府", 5, "晴"],
    )  # fmt: skip
    found = {(p.row, p.column): p.suggestion for p in ledgers.problems}
    assert found == {
        (2, "参与志愿者的人数"): "activities.volunteers",
        (2, "天气情况"): "",
        (3, "举办单位"): "QH-T01",
        (4, "举办单位"): "",
        (5, "举办单位"): "QH-T01",
    }


def test_an_alias_is_not_offered_for_a_column_that_has_its_header(
    read_one: Callable[..., Ledgers],
) -> None:
    """Confirming it would take the header's place; the words still name it."""
    header = ["活动日期", "活动名称", "志愿者人数", "参与志愿者的人数"]
    (problem,) = read_one(header, [DAY, "一", 4, 5]).problems
    assert (problem.code, problem.suggestion) == ("header_unknown", "")
    assert "志愿者人数" in problem.remedy


def test_the_file_goes_back_with_its_problems_marked(source: Any, tmp_path: Path) -> None:
    """One workbook: the list, then the sheet, cell for cell; persons stay with their sender."""
    source.xlsx(
        "活动.xlsx",
        ["青石镇2023年第一季度活动台账"],
        HEADER,
        ["A1", None, DAY, "植树", "王甲", "若干"],
    )
    ledgers, path = source.read(), source.path / "活动.xlsx"
    stored = path.rename(tmp_path / "stored")
    shown = {}
    for dotted in (False, True):
        out = tmp_path / f"back{dotted}.xlsx"
        pipeline.mark_sent(stored, ledgers, source.pack, out, file="活动.xlsx", dot_persons=dotted)
        listing, sheet = read_workbook(out)
        assert [row[7] for row in listing.rows[1:]] == ["“若干”不是一个数。"]
        assert sheet.rows[2][5] == "若干"
        assert "不是一个数" in str(sheet.rows[2][-1])
        shown[dotted] = sheet.rows[2][4]
    assert shown == {False: "王甲", True: "●"}


def test_a_file_that_cannot_be_opened_goes_back_as_a_list(source: Any, tmp_path: Path) -> None:
    """There is nothing to mark, but what was wrong is said."""
    stored = tmp_path / "stored"
    stored.write_bytes(b"\x00\x01")
    sent = pipeline.read_sent(stored, source.pack, source.read().units, file="台账.xlsx")
    out = tmp_path / "back.xlsx"
    pipeline.mark_sent(stored, sent, source.pack, out, file="台账.xlsx", lang="en")
    (listing,) = read_workbook(out)
    assert listing.rows[1][9] == "file_unreadable"
