"""Definitions as a module in Python: for each table, or each of its days, one group of figures.

The module has GROUPS, a list of objects with

    table, unit, day, ends    ends is "" but for stocks
    columns                   what is read, with its type: text, date, number, decimal or boolean
    figures                   the definitions
    literals, conditions      as `write` of the printer's kind prints them
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from conditions import Literals
from expressions import NumpyPrinter, PolarsPrinter, Printer
from sqlglot import exp, parse_one

Definition = dict[str, Any]


def write_plan(edition: Path, definitions: Path, plan: Path, *, polars: bool) -> None:
    """Write the module for an edition's definitions."""
    grouped: dict[tuple[str, ...], list[Definition]] = defaultdict(list)
    for each in json.loads(definitions.read_text(encoding="utf-8")):
        grouped[each["table"], each["unit"], each["date"], each["ends"]].append(each)
    parts = ["import polars as pl" if polars else "import numpy as np", "GROUPS = []"]
    for number, (key, figures) in enumerate(grouped.items()):
        types = _types(edition / "tables" / f"{key[0]}.parquet")
        described = dict(zip(("table", "unit", "day", "ends"), key, strict=True))
        described["columns"] = _columns(figures, types)
        described["figures"] = figures
        write = _polars_group if polars else _numpy_group
        parts.append(write(number, figures, types))
        parts.append(f"GROUPS.append({{**{described!r}, **group_{number}}})")
    plan.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _types(path: Path) -> dict[str, str]:
    known: Sequence[tuple[Callable[[pa.DataType], bool], str]] = (
        (pa.types.is_string, "text"), (pa.types.is_date, "date"), (pa.types.is_int64, "number"),
        (pa.types.is_decimal, "decimal"), (pa.types.is_boolean, "boolean"),
    )  # fmt: skip
    return {
        field.name: next((name for test, name in known if test(field.type)), "other")
        for field in pq.read_schema(path)
    }


def _columns(figures: Sequence[Definition], types: dict[str, str]) -> dict[str, str]:
    names = {f[key] for f in figures for key in ("unit", "date", "ends", "column") if f[key]}
    names |= {"_id"} if any(f["kind"] == "last" for f in figures) else set()
    for text in (f[key] for f in figures for key in ("where", "share_of") if f[key]):
        names |= {c.name for c in parse_one(text, dialect="duckdb").find_all(exp.Column)}
    return {name: types[name] for name in types if name in names}


def _bits(figures: Sequence[Definition]) -> tuple[Literals, dict[str, str], dict[str, str]]:
    literals = Literals()
    where = {f["name"]: literals.bits(f["where"]) for f in figures}
    base = {f["name"]: literals.bits(f["share_of"]) for f in figures if f["share_of"]}
    return literals, where, base


def _printed(literals: Literals, printer: Printer) -> dict[str, str]:
    return {
        name: printer.literal(text, negated=negated)
        for name, (text, negated) in literals.named.items()
    }


def _numpy_group(number: int, figures: Sequence[Definition], types: dict[str, str]) -> str:
    """`conditions(t)` gives for each figure its name, the rows that count and the base."""
    literals, where, base = _bits(figures)
    lines = [f"def conditions_{number}(t):"]
    lines += [f"    {name} = {e}" for name, e in _printed(literals, NumpyPrinter(types)).items()]
    for name, bits in where.items():
        chosen, all_ = (b.replace("1", "t.all") if b == "1" else b for b in (bits, base.get(name)))
        lines.append(f"    yield {name!r}, {chosen}, {all_}")
    return "\n".join([*lines, "", f'group_{number} = {{"conditions": conditions_{number}}}'])


def _polars_group(number: int, figures: Sequence[Definition], types: dict[str, str]) -> str:
    """`literals` and `conditions` are expressions by name; a share's base is NAME__base."""
    literals, where, base = _bits(figures)
    bits = where | {f"{name}__base": text for name, text in base.items()}
    conditions = {
        name: re.sub(r"\bl\d+\b", r'pl.col("\g<0>")', text) for name, text in bits.items()
    }
    lines = [f"group_{number} = {{", '    "literals": {']
    printed = _printed(literals, PolarsPrinter(types))
    lines += [f"        {name!r}: {e}," for name, e in printed.items()]
    lines += ["    },", '    "conditions": {']
    lines += [
        f"        {name!r}: {'pl.lit(True)' if e == '1' else e}," for name, e in conditions.items()
    ]
    return "\n".join([*lines, "    },", "}"])
