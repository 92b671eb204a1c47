"""A small pack with findings and sessions of townships, and its scores."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from shuzhi.figures.compute import compute_figures
from shuzhi.ledgers.model import Ledgers, Return, ReturnState, arrow_schema
from shuzhi.packs.load import load_pack
from shuzhi.packs.model import Pack
from shuzhi.periods import parse_period
from shuzhi.scores.model import Score
from shuzhi.scores.score import score_units
from shuzhi.units import UnitSpan, UnitTree

PACK = """
name = "small"
version = "1"
title = { zh = "小包", en = "Small" }
collects = { from = 2023-01-01, until = 2024-01-01 }
[[levels]]
code = "county"
label = { zh = "县", en = "County" }
[[levels]]
code = "township"
label = { zh = "乡镇", en = "Township" }
"""
INDICATORS = """
[put_right_rate]
label = { zh = "整改率", en = "Put right" }
uom = { zh = "%", en = "per cent" }
table = "findings"
share_of = "found_on is not null"
where = "closed_on is not null"
better = "more"
target = 90
[overdue]
label = { zh = "逾期问题", en = "Overdue findings" }
uom = { zh = "个", en = "findings" }
table = "findings"
count = true
where = "closed_on is null"
better = "less"
target = 0
[sessions_held]
label = { zh = "学习次数", en = "Sessions" }
uom = { zh = "次", en = "sessions" }
table = "sessions"
count = true
better = "more"
target = 4
[found]
label = { zh = "发现问题", en = "Found" }
uom = { zh = "个", en = "findings" }
table = "findings"
count = true
[lecturers]
label = { zh = "主讲人数", en = "Lecturers" }
uom = { zh = "人", en = "people" }
table = "sessions"
distinct = "lecturer"
better = "more"
target = 2
"""
SCORECARD: dict[str, Any] = {
    "subject": "unit",
    "bands": [
        {"label": {"zh": "优", "en": "Good"}, "least": 90},
        {"label": {"zh": "差", "en": "Poor"}, "least": 0},
    ],
    "groups": {"township": {}},
    "items": {
        "put_right_rate": {"weight": 60, "scale": {"kind": "linear", "floor": 40}},
        "sessions_held": {"weight": 40, "scale": {"kind": "linear"}},
    },
    "deductions": {"overdue": {"each": 2, "at_most": 5}},
}


def label(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def field(name: str, kind: str, role: str = "") -> dict[str, Any]:
    given = {"shuzhi:role": role} if role else {}
    return {"name": name, "type": kind, "shuzhi:label": label(name), **given}


UNITS = [
    field("code", "string", "id"),
    field("name", "string"),
    field("level", "string"),
    field("parent", "string"),
    field("valid_from", "date"),
    field("valid_to", "date"),
    field("successor", "string"),
    field("aliases", "string"),
]
TABLES: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "findings": (
        "问题", [field("no", "string", "id"), field("unit", "string", "unit"),
                 field("found_on", "date", "date"), field("closed_on", "date")],
    ),
    "sessions": (
        "学习", [field("unit", "string", "unit"), field("held_on", "date", "date"),
                 field("title", "string"), field("lecturer", "string", "person")],
    ),
}  # fmt: skip


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    folder = tmp_path_factory.mktemp("pack")
    (folder / "tables").mkdir()
    (folder / "indicators").mkdir()
    (folder / "pack.toml").write_text(PACK, "utf-8")
    (folder / "indicators" / "all.toml").write_text(INDICATORS, "utf-8")
    units = {
        "name": "units",
        "shuzhi:label": label("单位"),
        "shuzhi:is_units": True,
        "primaryKey": ["code", "valid_from"],
        "fields": UNITS,
    }
    (folder / "tables" / "units.json").write_text(json.dumps(units), "utf-8")
    for name, (title, fields) in TABLES.items():
        asked = {"levels": ["township"], "every": "year", "due_days": 10}
        table = {
            "name": name,
            "shuzhi:label": label(title),
            "shuzhi:asked": asked,
            "primaryKey": [fields[0]["name"], fields[1]["name"]],
            "fields": fields,
        }
        (folder / "tables" / f"{name}.json").write_text(json.dumps(table), "utf-8")
    return replace(load_pack(folder), scorecard=SCORECARD)


def ledgers(pack: Pack, rows: Mapping[str, list[dict[str, Any]]], silent: set[str]) -> Ledgers:
    tables = {
        name: pa.Table.from_pylist(
            [
                {
                    "_id": row.get("no") or f"{name}{n}",
                    "_file": "a.xlsx",
                    "_sheet": "表",
                    "_row": n,
                    **row,
                }
                for n, row in enumerate(rows.get(name, []), 1)
            ],
            schema=arrow_schema(table),
        )
        for name, table in pack.tables.items()
    }
    returns = [
        Return(name, unit, "2023", ReturnState.ROWS, "a.xlsx", "表")
        for name in TABLES
        for unit in ("T1", "T2")
        if name not in silent
    ]
    begun = date(2000, 1, 1)
    tree = UnitTree(
        [
            UnitSpan("C", "县", "county", "", begun),
            UnitSpan("T1", "甲镇", "township", "C", begun),
            UnitSpan("T2", "乙镇", "township", "C", begun),
        ]
    )
    return Ledgers(tables, tree, tuple(returns), (), (), ())


@pytest.fixture
def scored(pack: Pack) -> Callable[..., list[Score]]:
    """The scores for 2023 of given findings and sessions of `unit`."""

    def _scored(
        closed: int = 0,
        open_: int = 0,
        sessions: int = 0,
        silent: set[str] = frozenset(),
        lang: str = "en",
        unit: str = "T1",
        **changes: Any,
    ) -> list[Score]:
        day = date(2023, 5, 1)
        rows = {
            "findings": [
                {
                    "no": f"F{n}",
                    "unit": unit,
                    "found_on": day,
                    "closed_on": day if n <= closed else None,
                }
                for n in range(1, closed + open_ + 1)
            ],
            "sessions": [{"unit": unit, "held_on": day, "title": str(n)} for n in range(sessions)],
        }
        period = parse_period("2023")
        county = ledgers(pack, rows, silent)
        figures = compute_figures(county, pack, periods=[period])
        by_key = {(f.indicator, f.unit, f.period): f for f in figures}
        changed = replace(pack, scorecard={**SCORECARD, **changes})
        return score_units(county, changed, by_key, period, lang=lang)

    return _scored
