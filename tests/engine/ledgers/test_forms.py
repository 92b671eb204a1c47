"""A prefilled form asks for what its unit owes, and comes back without a problem."""

import re
import zipfile
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from sealed_county import meeting, small_ledgers, small_pack

from shuzhi.errors import UserError
from shuzhi.ledgers.form_sheets import FORM_SHEET, INSTRUCTIONS, LISTS_SHEET
from shuzhi.ledgers.forms import write_form
from shuzhi.ledgers.model import ReturnState
from shuzhi.ledgers.read import read_source
from shuzhi.ledgers.workbooks import Sheet, read_workbook
from shuzhi.packs.model import Column, ColumnType, Pack, Role, Table
from shuzhi.periods import parse_period

UNITS = """单位代码,单位全称,层级,上级代码,启用日期,停用日期,承接单位代码
QH,清河县工作办公室,county,,2020-01-01,,
QH-T01,青石镇,township,QH,2020-01-01,,
QH-T02,白水镇,township,QH,2020-01-01,,
QH-T01-V01,上河村,village,QH-T01,2020-01-01,2023-07-01,QH-T01-V02
QH-T01-V02,下河村,village,QH-T01,2020-01-01,,
"""
Q1 = parse_period("2023-Q1")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return small_pack()


def _value(column: Column) -> Any:
    """Something a unit could have written in `column`."""
    if column.role in (Role.UNIT, Role.UNIT_REF):
        return "QH-T01-V02"
    if column.categories:
        return column.categories[-1].value
    return {
        ColumnType.DATE: date(2023, 3, 9),
        ColumnType.BOOLEAN: False,
        ColumnType.INTEGER: int(max(column.minimum or 0, 7)),
        ColumnType.NUMBER: Decimal("7.2500"),
        ColumnType.STRING: f"={column.name}",
    }[column.type]


def _one_record(table: Table) -> dict[str, Any]:
    values = {c.name: _value(c) for c in table.columns if c.role is not Role.PERSON}
    id_column = table.column_with(Role.ID)
    return values | {
        "_id": values[id_column.name] if id_column else "?", "_precision": "day",
        "_file": "x.xlsx", "_sheet": "x", "_row": 3,
    }  # fmt: skip


def _sheets(path: Path) -> dict[str, Sheet]:
    return {sheet.name: sheet for sheet in read_workbook(path)}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_filled_form_comes_back_without_a_problem(pack: Pack, tmp_path: Path, lang: str) -> None:
    """Every table, every column, every kind of value: read as it was written."""
    asked = [table for table in pack.tables.values() if "township" in table.asked.levels]
    rows = {table.name: [_one_record(table)] for table in asked}
    ledgers = small_ledgers(pack, **rows)
    source = tmp_path / "source"
    source.mkdir()
    (source / "单位.csv").write_text(UNITS)

    write_form(pack, ledgers, "QH-T01", source / "a.xlsx", lang=lang)
    returned = read_source(source, pack)

    assert returned.problems == ()
    assert {(r.table, r.unit) for r in returned.returns} == {(t.name, "QH-T01") for t in asked}
    assert {r.state for r in returned.returns} == {ReturnState.ROWS}
    for table in asked:
        (sent,), (back,) = rows[table.name], returned.tables[table.name].to_pylist()
        names = [c.name for c in table.columns if c.role is not Role.PERSON]
        assert {name: back[name] for name in names} == {name: sent[name] for name in names}


def test_sender_and_period_are_read_from_the_form_whatever_its_file_is_called(
    pack: Pack, tmp_path: Path
) -> None:
    """The hidden sheet says so, even in a folder of another unit and year."""
    folder = tmp_path / "白水镇" / "2022年"
    folder.mkdir(parents=True)
    (tmp_path / "单位.csv").write_text(UNITS)
    write_form(pack, small_ledgers(pack), "QH-T01", folder / "新建 工作表.xlsx", period=Q1)
    returned = read_source(tmp_path, pack).returns
    assert {(r.table, r.unit, r.period) for r in returned} == {("meetings", "QH-T01", "2023-Q1")}


def test_it_asks_for_the_tables_of_the_units_level(pack: Pack, tmp_path: Path) -> None:
    """In the pack's order and under the pack's labels, header in the second row."""
    write_form(pack, small_ledgers(pack), "QH-T01", tmp_path / "form.xlsx")
    sheets = _sheets(tmp_path / "form.xlsx")
    asked = [t for t in pack.tables.values() if "township" in t.asked.levels]
    expected = [INSTRUCTIONS["zh"], LISTS_SHEET, *(t.label["zh"] for t in asked), FORM_SHEET]
    assert list(sheets) == expected
    assert [name for name, sheet in sheets.items() if not sheet.is_visible] == [
        LISTS_SHEET, FORM_SHEET,
    ]  # fmt: skip
    for table in asked:
        rows = sheets[table.label["zh"]].rows
        assert rows[0][0] == f"青石镇2023年度{table.label['zh']}"
        assert rows[1] == [column.label["zh"] for column in table.columns]


def test_a_form_for_a_quarter_leaves_out_what_is_asked_once_a_year(
    pack: Pack, tmp_path: Path
) -> None:
    write_form(pack, small_ledgers(pack), "QH-T01", tmp_path / "form.xlsx", period=Q1)
    names = set(_sheets(tmp_path / "form.xlsx"))
    assert pack.tables["meetings"].label["zh"] in names
    assert pack.tables["posts"].label["zh"] not in names


def _data(pack: Pack, path: Path, table: str) -> list[Mapping[str, Any]]:
    sheet = _sheets(path)[pack.tables[table].label["zh"]]
    names = [column.name for column in pack.tables[table].columns]
    return [dict(zip(names, row, strict=True)) for row in sheet.rows[2:] if any(row)]


def test_known_records_stand_there_already(pack: Pack, tmp_path: Path) -> None:
    """The period's own, of the unit and those below it, by day; nobody else's."""
    meetings = [
        meeting("M1", "QH-T01", date(2023, 3, 9), "乙"),
        meeting("M2", "QH-T01-V01", date(2023, 2, 8), "甲"),
        meeting("M3", "QH-T02", date(2023, 2, 8), "别人的"),
        meeting("M4", "QH-T01", date(2023, 4, 1), "下一季的"),
        meeting("M5", "QH-T01", date(2023, 3, 11), "丙", _precision="ten_days"),
    ]
    ledgers = small_ledgers(pack, meetings=meetings)
    write_form(pack, ledgers, "QH-T01", tmp_path / "form.xlsx", period=Q1)
    known = _data(pack, tmp_path / "form.xlsx", "meetings")
    assert [(row["title"], row["unit"]) for row in known] == [
        ("甲", "上河村"), ("乙", "青石镇"), ("丙", "青石镇"),
    ]  # fmt: skip
    assert known[0]["chaired_by_head"] == "是"
    assert known[2]["held_on"] == "2023年3月中旬"


def test_a_register_stands_as_it_was_last_sent(pack: Pack, tmp_path: Path) -> None:
    """Its day is left blank: what comes back speaks of the new period's end."""
    write_form(pack, small_ledgers(pack), "QH-T01", tmp_path / "form.xlsx")
    (post,) = _data(pack, tmp_path / "form.xlsx", "posts")
    assert (post["title"], post["funded"], post["as_of"]) == ("文化专干", 2, "")


def test_persons_are_not_printed(pack: Pack, tmp_path: Path) -> None:
    """What the ledgers hold of a person is a token, and means nothing to the unit."""
    duty = _one_record(pack.tables["duties"]) | {"person": "9f86d081884c7d65"}
    write_form(pack, small_ledgers(pack, duties=[duty]), "QH-T01", tmp_path / "form.xlsx")
    (known,) = _data(pack, tmp_path / "form.xlsx", "duties")
    assert known["person"] == ""


def _part(path: Path, pack: Pack, table: str) -> ElementTree.Element:
    number = list(_sheets(path)).index(pack.tables[table].label["zh"]) + 1
    with zipfile.ZipFile(path) as parts:
        return ElementTree.fromstring(parts.read(f"xl/worksheets/sheet{number}.xml"))  # noqa: S314 ours


def test_only_the_data_can_be_edited(pack: Pack, tmp_path: Path) -> None:
    """Protected without a password; title and header locked, every data cell open."""
    path = tmp_path / "form.xlsx"
    write_form(pack, small_ledgers(pack), "QH-T01", path)
    with zipfile.ZipFile(path) as parts:
        styles = ElementTree.fromstring(parts.read("xl/styles.xml"))  # noqa: S314 ours
    formats = styles.find(f"{MAIN}cellXfs")
    assert formats is not None
    is_open = [f.find(f"{MAIN}protection[@locked='0']") is not None for f in formats]
    sheet = _part(path, pack, "meetings")
    protection = sheet.find(f"{MAIN}sheetProtection")
    assert protection is not None
    assert "password" not in protection.attrib
    for cell in sheet.iter(f"{MAIN}c"):
        row = int(re.sub(r"\D", "", cell.attrib["r"]))
        assert is_open[int(cell.attrib["s"])] == (row > 2)
    assert all(is_open[int(column.attrib["style"])] for column in sheet.iter(f"{MAIN}col"))


def test_units_kinds_and_yes_or_no_are_chosen_from_lists(pack: Pack, tmp_path: Path) -> None:
    """Units at or below the unit, in force during the period; 无 can be said in a first column."""
    path = tmp_path / "form.xlsx"
    write_form(pack, small_ledgers(pack), "QH-T01", path)
    lists = list(zip(*_sheets(path)[LISTS_SHEET].rows, strict=True))
    offered = [[option for option in options if option] for options in lists]
    kinds = [c.label["zh"] for c in pack.tables["meetings"].column("kind").categories]
    assert ["青石镇", "上河村", "下河村"] in offered
    assert ["青石镇", "上河村", "下河村", "无", "不适用"] in offered
    assert ["是", "否"] in offered
    assert kinds in offered
    rules = list(_part(path, pack, "meetings").iter(f"{MAIN}dataValidation"))
    types = {rule.attrib["type"] for rule in rules}
    assert types == {"list", "date", "whole"}


def test_equal_names_are_told_apart_by_code(pack: Pack, tmp_path: Path) -> None:
    ledgers = small_ledgers(pack)
    spans = [
        type(span)(**{**vars(span), "name": "同名村"}) if span.level == "village" else span
        for span in ledgers.units.spans
    ]
    twins = type(ledgers)(**{**vars(ledgers), "units": type(ledgers.units)(spans)})
    write_form(pack, twins, "QH-T01", tmp_path / "form.xlsx")
    offered = {cell for row in _sheets(tmp_path / "form.xlsx")[LISTS_SHEET].rows for cell in row}
    assert "同名村" not in offered
    assert {"QH-T01-V01", "QH-T01-V02"} <= offered


def test_headers_say_what_they_are_for(pack: Pack, tmp_path: Path) -> None:
    """A note at each header: required or not, what it feeds, the minutes it costs."""
    path = tmp_path / "form.xlsx"
    write_form(pack, small_ledgers(pack), "QH-T01", path)
    with zipfile.ZipFile(path) as parts:
        notes = "".join(
            parts.read(name).decode() for name in parts.namelist() if "comments" in name
        )
    assert "单位台账" in notes
    assert "每条约3分钟" in notes
    assert "必填" in notes


def test_without_records_it_asks_for_everything(pack: Pack, tmp_path: Path) -> None:
    """A level's code stands for any unit of that level."""
    write_form(pack, None, "township", tmp_path / "form.xlsx", lang="en")
    assert pack.tables["findings"].label["en"] not in _sheets(tmp_path / "form.xlsx")
    write_form(pack, None, "青石镇", tmp_path / "all.xlsx", lang="en")
    assert pack.tables["findings"].label["en"] in _sheets(tmp_path / "all.xlsx")


def test_wrong_units_are_refused_with_a_way_out(pack: Pack, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nearest: QH-T01"):
        write_form(pack, small_ledgers(pack), "QH-T1", tmp_path / "form.xlsx")
    with pytest.raises(UserError, match="nothing is asked of QH-T01-V02"):
        write_form(pack, small_ledgers(pack), "QH-T01-V02", tmp_path / "form.xlsx")
    assert not (tmp_path / "form.xlsx").exists()


def test_equal_content_gives_an_equal_form(pack: Pack, tmp_path: Path) -> None:
    for name in ("1.xlsx", "2.xlsx"):
        write_form(pack, small_ledgers(pack), "QH-T01", tmp_path / name)
    assert (tmp_path / "1.xlsx").read_bytes() == (tmp_path / "2.xlsx").read_bytes()
