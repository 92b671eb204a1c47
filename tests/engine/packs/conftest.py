"""A small pack that loads, and a way to write it with something changed."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

PACK = """
name = "small"
version = "1"
title = { zh = "小", en = "Small" }
collects = { from = 2023-01-01, until = 2024-01-01 }
[[levels]]
code = "county"
label = { zh = "县", en = "County" }
[[levels]]
code = "township"
label = { zh = "乡镇", en = "Township" }
"""
INDICATORS = """
[held]
label = { zh = "会议次数", en = "Meetings" }
uom = { zh = "次", en = "meetings" }
table = "meetings"
count = true
where = "kind = 'work' and held"
[hours_total]
label = { zh = "时长", en = "Hours" }
uom = { zh = "小时", en = "hours" }
table = "meetings"
sum = "hours"
[hours_each]
label = { zh = "平均时长", en = "Hours a meeting" }
uom = { zh = "小时", en = "hours" }
formula = "hours_total / held"
"""


def text(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def column(name: str, type_: str, zh: str, **more: Any) -> dict[str, Any]:
    label = {"shuzhi:label": text(zh, name.replace("_", " "))}
    return {"name": name, "type": type_, "shuzhi:minutes": 0.5, **label, **more}


def units_table() -> dict[str, Any]:
    days = ("valid_from", "valid_to")
    names = ("code", "name", "level", "parent", *days, "successor", "aliases")
    fields = [column(n, "date" if n in days else "string", f"列{n}") for n in names]
    label = text("单位", "Units")
    return {
        "name": "units", "shuzhi:label": label, "shuzhi:is_units": True, "fields": fields,
        "shuzhi:retention": {"years": 30},
    }  # fmt: skip


def meetings_table() -> dict[str, Any]:
    kinds = [
        {"value": "work", "label": "工作", "shuzhi:label": text("工作", "Work")},
        {"value": "study", "label": "学习", "shuzhi:label": text("学习", "Study")},
    ]
    return {
        "name": "meetings",
        "shuzhi:label": text("会议", "Meetings"),
        "shuzhi:synonyms": ["会议台账"],
        "shuzhi:asked": {"levels": ["county", "township"], "every": "quarter", "due_days": 10},
        "shuzhi:retention": {"years": 10},
        "primaryKey": ["unit", "held_on", "title"],
        "fields": [
            column("unit", "string", "单位名称", **{"shuzhi:role": "unit"}),
            column("held_on", "date", "日期", **{"shuzhi:role": "date"}),
            column("title", "string", "主题"),
            column("kind", "string", "类别", categories=kinds),
            column("held", "boolean", "是否召开"),
            column("hours", "number", "时长", constraints={"minimum": 0}),
            column("hours_talk", "number", "讨论时长"),
            column("attended", "integer", "人数"),
            column("chair", "string", "主持人", **{"shuzhi:role": "person"}),
            column("closed_on", "date", "办结"),
        ],
    }


@pytest.fixture
def pack_files() -> dict[str, Any]:
    """The files of the small pack: texts, and tables as values; a test may change them."""
    return deepcopy(
        {
            "pack.toml": PACK,
            "tables/units.json": units_table(),
            "tables/meetings.json": meetings_table(),
            "indicators/all.toml": INDICATORS,
        }
    )


@pytest.fixture
def write_pack(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    """Writes the files as a pack and gives its folder."""

    def write(files: dict[str, Any]) -> Path:
        for name, content in files.items():
            path = tmp_path / "pack" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            body = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
            path.write_text(body, encoding="utf-8")
        return tmp_path / "pack"

    return write


@pytest.fixture
def meetings(pack_files: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The columns of the small pack's meetings, by name, to be changed in place."""
    return {field["name"]: field for field in pack_files["tables/meetings.json"]["fields"]}
