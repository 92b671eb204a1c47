"""A county of four units with a handful of records, for the tests of editions and workbooks."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from shuzhi.ledgers.model import (
    Ledgers,
    Problem,
    Return,
    ReturnState,
    Severity,
    SheetAccount,
    SourceFile,
    arrow_schema,
)
from shuzhi.packs.load import load_pack
from shuzhi.packs.model import Pack
from shuzhi.units import UnitSpan, UnitTree

PACK_FOLDER = Path(__file__).parents[3] / "packs" / "annual-duty"
SINCE = date(2020, 1, 1)


def tiny_pack_in(folder: Path) -> Pack:
    """The tree and the meetings, and nothing else, written into an empty folder."""
    (folder / "tables").mkdir()
    shutil.copy(PACK_FOLDER / "pack.toml", folder)
    for name in ("units", "meetings"):
        shutil.copy(PACK_FOLDER / "tables" / f"{name}.json", folder / "tables")
    return load_pack(folder)


def small_pack() -> Pack:
    return load_pack(PACK_FOLDER)


def small_tree() -> UnitTree:
    return UnitTree(
        [
            UnitSpan("QH", "清河县工作办公室", "county", "", SINCE, aliases=("县办",)),
            UnitSpan("QH-T01", "青石镇", "township", "QH", SINCE),
            UnitSpan("QH-T02", "白水镇", "township", "QH", SINCE),
            UnitSpan(
                "QH-T01-V01", "上河村", "village", "QH-T01", SINCE, date(2023, 7, 1), "QH-T01-V02"
            ),
            UnitSpan("QH-T01-V02", "下河村", "village", "QH-T01", SINCE),
        ]
    )


def meeting(number: str, unit: str, day: date, title: str, **further: Any) -> dict[str, Any]:
    return {
        "meeting_no": number,
        "unit": unit,
        "held_on": day,
        "kind": "work",
        "title": title,
        "chaired_by_head": True,
        "expected": 12,
        "attended": 11,
        "_id": number,
        "_precision": "day",
        "_file": f"{unit}/会议.xlsx",
        "_sheet": "会议",
        "_row": 3,
        **further,
    }


MEETINGS = [
    meeting("M3", "QH-T02", date(2023, 2, 1), "部署会"),
    meeting("M1", "QH-T01", date(2023, 3, 9), "=1+1"),
    meeting("M2", "QH-T01", date(2023, 2, 8), "调度会", attended=None, chaired_by_head=None),
    meeting("M4", "QH-T01", date(2023, 5, 8), "季度例会"),
]
POSTS = [
    {"unit": "QH-T01", "title": "文化专干", "funded": 2, "filled": 1, "on_the_job": 1,
     "share_of_time": 60, "as_of": date(2022, 12, 31), "_id": "p1", "_precision": "day",
     "_file": "QH-T01/岗位.xlsx", "_sheet": "岗位", "_row": 3},
]  # fmt: skip


def small_ledgers(pack: Pack, **rows: list[dict[str, Any]]) -> Ledgers:
    """`rows` replaces the records of the tables it names."""
    found = {"meetings": MEETINGS, "posts": POSTS, **rows}
    tables = {
        name: pa.Table.from_pylist(found.get(name, []), schema=arrow_schema(table))
        for name, table in pack.tables.items()
    }
    returns = (
        Return("meetings", "QH-T01", "2023-Q1", ReturnState.ROWS, "QH-T01/会议.xlsx", "会议",
               "2023-04-08"),
        Return("meetings", "QH-T02", "2023-Q1", ReturnState.NIL, "QH-T02/会议.xlsx", "会议",
               reason="本期无"),
    )  # fmt: skip
    problems = (
        Problem("QH-T01/会议.xlsx", "会议", 4, "应到人数", "not_a_number", Severity.REFUSED, "H4",
                "若干", "“若干”不是数", "请填数字"),
    )  # fmt: skip
    sheets = (
        SheetAccount("QH-T01/会议.xlsx", "会议", "meetings", (2,), {"unit": "B"}, 6, 3, 1, 2),
    )
    sources = (SourceFile("QH-T01/会议.xlsx", "ab" * 32, 8000, "2023-04-08"),)
    return Ledgers(tables, small_tree(), returns, sources, sheets, problems)


def small_extras() -> dict[str, pa.Table]:
    return {"figures": pa.table({"indicator": ["meetings_held"], "value": [3.0]})}
