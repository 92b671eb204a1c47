"""Cells put right beside a workbook: read as if they stood in it, the file left as it was sent."""

from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from shuzhi import pipeline
from shuzhi.ledgers.model import Ledgers
from shuzhi.ledgers.workbooks import read_workbook
from shuzhi.periods import Period, parse_period
from shuzhi.pipeline import Source

HEADER = ["活动编号", "举办单位", "活动日期", "活动名称", "主讲人", "参加人数", "结项日期"]
TITLE = ["青石镇2023年第一季度活动台账"]
DAY = datetime(2023, 3, 1)


def test_a_mended_cell_is_read_in_the_place_of_what_stood_there(
    source: Any, tmp_path: Path
) -> None:
    """Its row is kept, total and ids follow; the file's bytes do not change."""
    source.xlsx(
        "活动.xlsx", TITLE, HEADER,
        [None, None, "三月", "植树", "王甲", "若干", None],
        [None, None, DAY, "义诊", "王甲", 4, None],
        ["合计", None, None, None, None, 34, None],
    )  # fmt: skip
    units, path = source.read().units, source.path / "活动.xlsx"
    before = path.read_bytes()
    mends = {("Sheet1", "F3"): "30", ("Sheet1", "C3"): "3月2日"}
    sent = pipeline.read_sent(path, source.pack, units, file="活动.xlsx", mends=mends)
    assert sent.problems == ()
    assert sent.tables["activities"]["heads"].to_pylist() == [30, 4]
    assert str(sent.tables["activities"]["held_on"][0]) == "2023-03-02"
    assert path.read_bytes() == before

    out = tmp_path / "back.xlsx"
    pipeline.mark_sent(path, sent, source.pack, out, file="活动.xlsx", mends=mends)
    _, sheet = read_workbook(out)
    assert sheet.rows[2][2:6] == ["3月2日", "植树", "王甲", "30"]


def test_one_row_of_a_merged_cell_is_mended_alone(source: Any) -> None:
    """The other rows keep what was merged over them."""
    source.xlsx(
        "活动.xlsx", TITLE, HEADER,
        [None, "月球", DAY, "植树", None, 3, None],
        [None, None, DAY, "义诊", None, 4, None],
        merged=["B3:B4"],
    )  # fmt: skip
    units, path = source.read().units, source.path / "活动.xlsx"
    mends = {("Sheet1", "B4"): "李家湾村"}
    sent = pipeline.read_sent(path, source.pack, units, file="活动.xlsx", mends=mends)
    assert sent.tables["activities"]["unit"].to_pylist() == ["QH-T01-V02"]
    assert [(p.cell, p.value) for p in sent.problems] == [("B3", "月球")]


def test_rows_in_doubt_are_given_as_they_stand(source: Any) -> None:
    """Typed cells stay typed, days are ISO texts, names of persons dots."""
    source.xlsx(
        "活动.xlsx", TITLE, HEADER,
        ["A1", "青石镇", 9.3, "植树", "王甲", 3.0, DAY],
        ["A2", "青石镇", DAY, "义诊", "王甲", 4, None],
    )  # fmt: skip
    ledgers = source.read()
    (row,) = pipeline.rows_in_doubt(
        source.path / "活动.xlsx", source.pack, ledgers, file="活动.xlsx"
    )
    assert (row.table, row.sheet, row.row) == ("activities", "Sheet1", 3)
    assert row.values == {
        "activity_no": "A1", "unit": "青石镇", "held_on": 9.3, "title": "植树", "lecturer": "●",
        "heads": 3.0, "closed_on": "2023-03-01",
    }  # fmt: skip


def test_rows_in_doubt_read_again_show_the_same_problems(
    county: Path, county_source: Source
) -> None:
    """Each of the county's rows, checked alone, has the problems that reading its file found."""
    pack, whole = county_source.pack, county_source.ledgers
    files = sorted({p.file for p in whole.problems if p.cell})
    assert len(files) > 5
    checked = 0
    for file in files[:12]:
        ledgers = pipeline.read_sent(county / file, pack, whole.units, file=file)
        expected: dict[tuple[str, int], set[str]] = defaultdict(set)
        for problem in ledgers.problems:
            expected[problem.sheet, problem.row].add(problem.code)
        senders = {(r.sheet, r.table): r.unit for r in ledgers.returns}
        for row in pipeline.rows_in_doubt(county / file, pack, ledgers, file=file):
            codes = expected[row.sheet, row.row]
            if codes & {"total_disagrees", "formula_without_value", "date_without_year"}:
                continue  # told by other rows, or by the sheet
            read = pipeline.read_values(
                pack, row.table, row.values, whole.units,
                unit=senders.get((row.sheet, row.table), ""), period=_period(ledgers, row.sheet),
            )  # fmt: skip
            found = {p.code for problems in read.problems.values() for p in problems}
            assert found == codes, (file, row)
            checked += 1
    assert checked > 10


def _period(ledgers: Ledgers, sheet: str) -> Period | None:
    names = [answer.period for answer in ledgers.returns if answer.sheet == sheet]
    return parse_period(names[0]) if names else None


def test_a_long_mended_workbook_has_all_its_rows(
    source: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be sent in the place of the file: what went back shortened would lose records."""
    monkeypatch.setattr("shuzhi.ledgers.marked_sheets.LONGEST_SHEET", 10)
    rows = [[None, None, DAY, f"第{n}次", None, n, None] for n in range(40)]
    source.xlsx("活动.xlsx", TITLE, HEADER, *rows)
    units, path = source.read().units, source.path / "活动.xlsx"
    back = {}
    for mends in ({}, {("Sheet1", "F3"): "7"}):
        sent = pipeline.read_sent(path, source.pack, units, file="活动.xlsx", mends=mends)
        out = tmp_path / f"back{len(mends)}.xlsx"
        pipeline.mark_sent(path, sent, source.pack, out, file="活动.xlsx", mends=mends)
        _, sheet = read_workbook(out)
        back[len(mends)] = sum(bool(row[3]) for row in sheet.rows[2:])
    assert back == {0: 18, 1: 40}
