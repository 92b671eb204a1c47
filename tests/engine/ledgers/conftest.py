"""A pack built by hand, and folders of workbooks to read with it."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from shuzhi.ledgers.model import Ledgers, Problem
from shuzhi.ledgers.read import read_source
from shuzhi.packs.model import Asked, Category, Column, ColumnType, Level, Pack, Role, Table
from shuzhi.periods import PeriodKind

UNITS_CSV = """单位代码,单位全称,层级,上级代码,启用日期,停用日期,承接单位代码,别名
QH,清河县工作办公室,县级,,2020-01-01,,,清河县;县办
QH-T01,青石镇,乡镇,QH,2020-01-01,,,青石
QH-T02,白杨镇,乡镇,QH,2020-01-01,,,
QH-T01-V01,王家庄村,村,QH-T01,2020-01-01,2023-07-01,QH-T01-V02,王村
QH-T01-V02,李家湾村,村,QH-T01,2020-01-01,,,东片村
QH-T01-V03,张家坪村,村,QH-T01,2020-01-01,,,东片村
QH-T02-V01,柳树村,村,QH-T02,2020-01-01,,,
QH-T01-V04,柳树村,村,QH-T01,2020-01-01,,,
"""


def text(zh: str) -> dict[str, str]:
    return {"zh": zh, "en": zh}


def column(name: str, type_: ColumnType, zh: str, *synonyms: str, **more: Any) -> Column:
    return Column(name, type_, text(zh), synonyms=synonyms, **more)


def _units_table() -> Table:
    string, day = ColumnType.STRING, ColumnType.DATE
    return Table(
        "units",
        text("单位"),
        (
            column("code", string, "单位代码", role=Role.ID, required=True),
            column("name", string, "单位全称", required=True),
            column("level", string, "层级", required=True),
            column("parent", string, "上级代码"),
            column("valid_from", day, "启用日期"),
            column("valid_to", day, "停用日期"),
            column("successor", string, "承接单位代码"),
            column("aliases", string, "别名"),
        ),
        ("单位名册",),
        primary_key=("code", "valid_from"),
        is_units=True,
    )


def _activities_table() -> Table:
    string, integer = ColumnType.STRING, ColumnType.INTEGER
    kinds = (Category("talk", text("宣讲讲座"), ("宣讲",)), Category("reading", text("阅读")))
    return Table(
        "activities",
        text("阵地活动"),
        (
            column("activity_no", string, "活动编号", "编号", role=Role.ID),
            column("unit", string, "举办单位", "单位", role=Role.UNIT, default="sender",
                   required=True),
            column("held_on", ColumnType.DATE, "活动日期", "日期", role=Role.DATE, required=True),
            column("title", string, "活动名称", required=True),
            column("kind", string, "活动类型", categories=kinds),
            column("heads", integer, "参加人数", minimum=0, uom=text("人")),
            column("heads_adult", integer, "成人", "参加人数/成人", minimum=0, uom=text("人")),
            column("volunteers", integer, "志愿者人数", minimum=0, maximum=500, uom=text("人")),
            column("hours", ColumnType.NUMBER, "服务时长", uom=text("小时")),
            column("photographed", ColumnType.BOOLEAN, "是否拍照"),
            column("closed_on", ColumnType.DATE, "结项日期"),
            column("host", string, "协办单位", role=Role.UNIT_REF),
            column("lecturer", string, "主讲人", role=Role.PERSON),
        ),
        ("活动台账", "各个活动受益人数及人次统计表"),
        asked=Asked(("township",), PeriodKind.QUARTER, 10),
        primary_key=("unit", "held_on", "title"),
    )  # fmt: skip


def _posts_table() -> Table:
    return Table(
        "posts",
        text("岗位"),
        (
            column("unit", ColumnType.STRING, "用人单位", "单位", role=Role.UNIT,
                   default="sender", required=True),
            column("title", ColumnType.STRING, "岗位名称", required=True),
            column("funded", ColumnType.INTEGER, "编制数", uom=text("人")),
            column("as_of", ColumnType.DATE, "截止日期", role=Role.DATE, default="period_end",
                   required=True),
        ),
        ("岗位台账",),
        asked=Asked(("township",), PeriodKind.YEAR, 20),
        primary_key=("unit", "title", "as_of"),
    )  # fmt: skip


@pytest.fixture(scope="session")
def hand_built_pack() -> Pack:
    tables = (_units_table(), _activities_table(), _posts_table())
    levels = (("county", "县级"), ("township", "乡镇"), ("village", "村"))
    return Pack(
        Path("hand-built"),
        "hand-built",
        "1",
        text("手工"),
        tuple(Level(code, text(label)) for code, label in levels),
        date(2022, 1, 1),
        date(2024, 1, 1),
        {table.name: table for table in tables},
        {},
        {},
        {},
        {},
    )


@dataclass
class Source:
    """A folder of workbooks with its units; `read` reads it."""

    path: Path
    pack: Pack

    def csv(self, file: str, *rows: Sequence[object], encoding: str = "utf-8") -> None:
        path = self.path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding=encoding, newline="") as stream:
            csv.writer(stream).writerows(rows)

    def xlsx(self, file: str, *rows: Sequence[object], **sheet: Any) -> None:
        path = self.path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        write_xlsx(path, {"Sheet1": Written(rows, **sheet)})

    def book(self, file: str, **sheets: Sequence[Sequence[object]]) -> None:
        write_xlsx(self.path / file, {name: Written(rows) for name, rows in sheets.items()})

    def read(self, **options: Any) -> Ledgers:
        return read_source(self.path, self.pack, **options)


@dataclass(frozen=True)
class Written:
    """A sheet for write_xlsx. `merged` holds ranges such as "A1:C1"."""

    rows: Sequence[Sequence[object]]
    merged: Sequence[str] = ()
    hidden: Sequence[int] = ()
    formulas: Mapping[str, object] = field(default_factory=dict)


def write_xlsx(path: Path, sheets: Mapping[str, Written]) -> None:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    for name, written in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(written.rows):
            for position, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, position, cell)
                elif cell is not None:
                    sheet.write(number, position, cell)
        for number in written.hidden:
            sheet.set_row(number, None, None, {"hidden": True})
        for address, value in written.formulas.items():
            sheet.write_formula(address, "=A1", None, value)
        for merged in written.merged:
            row, position = xlsxwriter.utility.xl_cell_to_rowcol(merged.partition(":")[0])
            sheet.merge_range(merged, written.rows[row][position])
    book.close()


@pytest.fixture
def source(tmp_path: Path, hand_built_pack: Pack) -> Source:
    (tmp_path / "单位名册.csv").write_text(UNITS_CSV, encoding="utf-8")
    return Source(tmp_path, hand_built_pack)


@pytest.fixture
def read_one(source: Source) -> Callable[..., Ledgers]:
    """Reads one sheet of activities of 青石镇 for the first quarter of 2023."""

    def read(header: Sequence[str], *rows: Sequence[object], **sheet: Any) -> Ledgers:
        source.xlsx("活动.xlsx", ["青石镇2023年第一季度活动台账"], header, *rows, **sheet)
        return source.read()

    return read


def codes(problems: Sequence[Problem]) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.code) for problem in problems]


@pytest.fixture
def list_codes() -> Callable[[Sequence[Problem]], list[tuple[int, str, str]]]:
    """Row, column and code of each problem."""
    return codes
