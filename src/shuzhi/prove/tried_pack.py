"""A small pack and ledger to try definitions on: meetings of two townships."""

import json
import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from shuzhi.ledgers.model import FILE, PRECISION, RECORD_ID, ROW, SHEET, Ledgers, arrow_schema
from shuzhi.packs.model import Pack
from shuzhi.units import UnitSpan, UnitTree

TABLE = "meetings"
COLUMNS = {
    "kind": "string", "topic": "string", "attended": "integer", "seats": "integer",
    "hours": "number", "chaired": "boolean", "closed_on": "date",
}  # fmt: skip
_PACK = """
name = "tried"
version = "1"
title = { zh = "试", en = "Tried" }
collects = { from = 2023-01-01, until = 2024-01-01 }

[[levels]]
code = "county"
label = { zh = "县", en = "County" }

[[levels]]
code = "township"
label = { zh = "乡镇", en = "Township" }
"""
_UNITS = ("code", "name", "level", "parent", "valid_from", "valid_to", "successor", "aliases")


def write_tried_pack(folder: Path, *, where: str) -> None:
    """Nothing; `folder` holds a pack with one indicator, which counts where `where` is true."""
    (folder / "tables").mkdir(parents=True)
    (folder / "indicators").mkdir()
    (folder / "pack.toml").write_text(_PACK, "utf-8")
    units = [_field(name, "date" if name.startswith("valid") else "string") for name in _UNITS]
    units[0] |= {"shuzhi:role": "id", "constraints": {"required": True}}
    _write_table(folder, "units", units, ["code", "valid_from"], {"shuzhi:is_units": True})
    fields = [
        _field("unit", "string") | {"shuzhi:role": "unit", "constraints": {"required": True}},
        _field("held_on", "date") | {"shuzhi:role": "date", "constraints": {"required": True}},
        *(_field(name, kind) for name, kind in COLUMNS.items()),
    ]
    _write_table(folder, TABLE, fields, ["unit", "held_on", "topic"], {})
    text = (
        '[held]\nlabel = { zh = "会议", en = "Meetings" }\nuom = { zh = "次", en = "meetings" }\n'
        f'table = "{TABLE}"\ncount = true\nwhere = {json.dumps(where)}\n'
    )
    (folder / "indicators" / "tried.toml").write_text(text, "utf-8", errors="surrogatepass")


def tried_ledgers(pack: Pack, rng: random.Random, rows: int) -> Ledgers:
    """Meetings drawn by `rng`, with gaps and extremes."""
    tree = UnitTree(
        [
            UnitSpan("C", "C", "county", "", date(2000, 1, 1)),
            *(UnitSpan(code, code, "township", "C", date(2000, 1, 1)) for code in "AB"),
        ]
    )
    meetings = [_meeting(rng, number) for number in range(1, rows + 1)]
    tables = {name: arrow_schema(table).empty_table() for name, table in pack.tables.items()}
    tables[TABLE] = pa.Table.from_pylist(meetings, schema=arrow_schema(pack.tables[TABLE]))
    return Ledgers(tables, tree, (), (), (), ())


def _meeting(rng: random.Random, number: int) -> dict[str, object]:
    day = date(2023, 1, 1) + timedelta(days=rng.randrange(365))
    values: dict[str, tuple[object, ...]] = {
        "kind": ("work", "study"),
        "topic": ("", "a", "ab", "A%b", "防火", "防汛会"),
        "attended": (-3, 0, 1, 2, 7, 12),
        "seats": (0, 1, 7, 10, 9_000_000_000_000_000_000),
        "hours": (Decimal("-3"), Decimal("0"), Decimal("0.1"), Decimal("2.5"), Decimal("8.0001")),
        "chaired": (True, False),
        "closed_on": (day, day + timedelta(days=9), date(2022, 12, 31)),
    }
    drawn = {name: rng.choice((None, *choices)) for name, choices in values.items()}
    place = {RECORD_ID: f"r{number}", PRECISION: "day", FILE: "a", SHEET: "a", ROW: number}
    return {**place, "unit": rng.choice("ABC"), "held_on": day, **drawn}


def _field(name: str, kind: str) -> dict[str, object]:
    return {"name": name, "type": kind, "shuzhi:label": {"zh": f"{name}列", "en": name}}


def _write_table(
    folder: Path, name: str, fields: list[dict[str, object]], key: list[str],
    more: dict[str, object],
) -> None:  # fmt: skip
    content = {
        "name": name,
        "shuzhi:label": {"zh": f"{name}表", "en": name},
        "shuzhi:asked": {"levels": [], "every": "year", "due_days": 10},
        "primaryKey": key,
        "fields": fields,
        **more,
    }
    (folder / "tables" / f"{name}.json").write_text(json.dumps(content), "utf-8")
