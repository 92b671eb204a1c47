"""A county small enough to count by hand: its pack, its tree, and ledgers from text tables.

C ─┬─ A ─┬─ A1        county C, townships A and B, villages A1, A2 and B1
   │     └─ A2        meetings: every township is asked every quarter
   └─ B ─── B1        venues: the office's own list, nobody is asked
"""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from shuzhi.ledgers.model import (
    FILE,
    PRECISION,
    RECORD_ID,
    ROW,
    SHEET,
    Ledgers,
    Return,
    ReturnState,
    SheetAccount,
    SourceFile,
    arrow_schema,
)  # fmt: skip
from shuzhi.packs.load import load_pack
from shuzhi.packs.model import ColumnType, Pack, Table
from shuzhi.periods import PeriodKind, calendar_periods
from shuzhi.units import FOREVER, UnitSpan, UnitTree

PACK_FOLDER = Path(__file__).parent / "small_pack"
FILE_NAME = "book.xlsx"
SHA256 = "5" * 64
UNITS = """
code | level    | parent | valid_from | valid_to | successor
C    | county   |        | 2000-01-01 |          |
A    | township | C      | 2000-01-01 |          |
B    | township | C      | 2000-01-01 |          |
A1   | village  | A      | 2000-01-01 |          |
A2   | village  | A      | 2000-01-01 |          |
B1   | village  | B      | 2000-01-01 |          |
"""


def small_pack(folder: Path, definitions: str, *, is_shipped: bool = True) -> Pack:
    """The pack of the small county with these indicators, in TOML.

    As if it had come with Shuzhi: its queries are answered in this process.
    """
    shutil.copytree(PACK_FOLDER, folder)
    (folder / "indicators").mkdir()
    (folder / "indicators" / "indicators.toml").write_text(definitions, encoding="utf-8")
    return replace(load_pack(folder), is_shipped=is_shipped)


def small_ledgers(pack: Pack, meetings: str, venues: str, units: str, returns: str) -> Ledgers:
    """Ledgers from text tables. Every return asked for is in, but those that `returns` names."""
    texts = {"meetings": meetings, "venues": venues, "units": units}
    tree = tree_from_text(units)
    return Ledgers(
        tables={name: _ledger(table, texts[name]) for name, table in pack.tables.items()},
        units=tree,
        returns=tuple(_returns(pack, tree, returns)),
        sources=(SourceFile(FILE_NAME, SHA256, 1),),
        sheets=tuple(_account(table) for table in pack.tables.values()),
        problems=(),
    )


def text_table(text: str) -> list[dict[str, str]]:
    """The rows of a text table: columns parted by |, the first line names them."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]] if lines else []


def tree_from_text(text: str) -> UnitTree:
    return UnitTree(
        UnitSpan(
            row["code"], row["code"], row["level"], row["parent"],
            date.fromisoformat(row["valid_from"]),
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else FOREVER,
            row["successor"],
        )
        for row in text_table(text)
    )  # fmt: skip


def ledger_of(table: Table, rows: Sequence[dict[str, object]]) -> pa.Table:
    """A ledger with provenance as if each row stood in its own row of a sheet."""
    placed = [
        {RECORD_ID: f"r{n}", PRECISION: "day", FILE: FILE_NAME, SHEET: table.name, ROW: n + 1} | row
        for n, row in enumerate(rows, start=1)
    ]
    return pa.Table.from_pylist(placed, schema=arrow_schema(table))


def _ledger(table: Table, text: str) -> pa.Table:
    types = {column.name: column.type for column in table.columns}
    rows: list[dict[str, object]] = [
        {name: _typed(cell, types[name]) for name, cell in row.items()} for row in text_table(text)
    ]
    return ledger_of(table, rows)


def _typed(cell: str, kind: ColumnType) -> object:
    parse = {
        ColumnType.STRING: str,
        ColumnType.INTEGER: int,
        ColumnType.NUMBER: Decimal,
        ColumnType.BOOLEAN: lambda text: text == "yes",
        ColumnType.DATE: date.fromisoformat,
    }
    return parse[kind](cell) if cell else None


def _returns(pack: Pack, tree: UnitTree, text: str) -> Iterable[Return]:
    """`text`: a line each of unit, period and silent, nil or not_applicable; else rows."""
    stated = {(row["unit"], row["period"]): row["state"] for row in text_table(text)}
    for table in pack.tables.values():
        every = table.asked.every if table.asked.levels else PeriodKind.YEAR
        for period in calendar_periods(every, pack.collects_from, pack.collects_until):
            for code in tree.codes:
                exists = tree.exists(code, period.last_day)
                asked = exists and tree.level(code, period.last_day) in table.asked.levels
                state = stated.get((code, period.name), "rows")
                if asked and state != "silent":
                    yield Return(
                        table.name, code, period.name, ReturnState(state), FILE_NAME, table.name
                    )


def _account(table: Table) -> SheetAccount:
    letters = {column.name: chr(ord("A") + n) for n, column in enumerate(table.columns)}
    return SheetAccount(FILE_NAME, table.name, table.name, (1,), letters, 0, 0, 0, 0)
