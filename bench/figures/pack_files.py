"""The pack of the benchmark as files: levels, tables, and the indicators in TOML."""

import json
from pathlib import Path

from indicators import Definition
from tables import TABLES, Field, TableSpec
from unit_tree import LEVELS

_LEVELS_ZH = ("省", "市", "县", "乡镇", "村")
_ASKED = ["township", "village"]
_UNITS = ("code", "name", "level", "parent", "valid_from", "valid_to", "successor", "aliases")


def write_tables(folder: Path) -> None:
    """Nothing; afterwards `folder` is a pack without indicators."""
    (folder / "tables").mkdir(parents=True)
    (folder / "pack.toml").write_text(_pack_toml(), encoding="utf-8")
    _write_json(folder / "tables" / "units.json", _units_table())
    for spec in TABLES:
        _write_json(folder / "tables" / f"{spec.name}.json", _table(spec))


def write_indicators(folder: Path, definitions: list[Definition]) -> None:
    """Nothing; afterwards the pack in `folder` has these indicators, a file a table."""
    (folder / "indicators").mkdir()
    for spec in TABLES:
        blocks = [_indicator(d) for d in definitions if d.table == spec.name]
        path = folder / "indicators" / f"{spec.name}.toml"
        path.write_text("\n".join(blocks), encoding="utf-8")


def _pack_toml() -> str:
    levels = "".join(
        f'\n[[levels]]\ncode = "{code}"\nlabel = {{ zh = "{zh}", en = "{code.title()}" }}\n'
        for code, zh in zip(LEVELS, _LEVELS_ZH, strict=True)
    )
    return (
        'name = "province"\nversion = "2025.1"\ntitle = { zh = "全省", en = "A province" }\n'
        f"collects = {{ from = 2025-01-01, until = 2026-01-01 }}\n{levels}"
    )


def _units_table() -> dict[str, object]:
    return {
        "name": "units",
        "shuzhi:label": {"zh": "单位", "en": "Units"},
        "shuzhi:is_units": True,
        "shuzhi:retention": {"years": 30},
        "primaryKey": ["code", "valid_from"],
        "fields": [
            {
                "name": name,
                "type": "date" if name.startswith("valid") else "string",
                "shuzhi:label": {"zh": f"单位{name}", "en": f"Unit {name}"},
            }
            for name in _UNITS
        ],
    }


def _table(spec: TableSpec) -> dict[str, object]:
    return {
        "name": spec.name,
        "shuzhi:label": {"zh": spec.zh, "en": spec.name.title()},
        "shuzhi:asked": {"levels": _ASKED, "every": spec.every, "due_days": 10},
        "shuzhi:retention": {"years": 10},
        "fields": [_field(column) for column in spec.fields],
    }


def _field(column: Field) -> dict[str, object]:
    label = {"zh": column.zh, "en": column.name.replace("_", " ").capitalize()}
    found: dict[str, object] = {"name": column.name, "type": column.type, "shuzhi:label": label}
    if column.role:
        found["shuzhi:role"] = column.role
    if column.values:
        found["categories"] = [
            {"value": v, "label": v, "shuzhi:label": {"zh": v, "en": v}} for v in column.values
        ]
    return found


def _indicator(definition: Definition) -> str:
    lines = [
        f"[{definition.name}]",
        f'label = {{ zh = "{definition.name}", en = "{definition.name}" }}',
        'uom = { zh = "项", en = "items" }',
        f'table = "{definition.table}"',
        *(f"{key} = {value}" for key, value in definition.keys.items()),
    ]
    return "\n".join(lines) + "\n"


def _write_json(path: Path, content: dict[str, object]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
