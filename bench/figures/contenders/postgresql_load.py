"""An edition in PostgreSQL's tables, typed as somebody would who knows what will be asked.

Loaded are the columns that the definitions use. Units, and whatever is counted by different values,
are numbers; categories are enums; whole numbers are integers. Decimals are doubles, which tell
those of four places apart; to add them up there are their ten-thousandths, whole and thus exact, as
COLUMN_v. Every day by which rows are placed has its slot as DAY_slot. Rows lie in the order of unit
and slot and are indexed by them.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi as postgresql
import duckdb
from postgresql_server import load, run
from postgresql_tree import Calendar
from sqlglot import exp, parse_one

Definition = dict[str, Any]
_FEW = 64  # values of a category
_TYPES = {"BOOLEAN": "boolean", "DATE": "date", "VARCHAR": "text"}


def load_tables(
    connection: postgresql.Connection, reader: duckdb.DuckDBPyConnection, edition: Path,
    calendar: Calendar, definitions: Sequence[Definition],
) -> set[tuple[str, str]]:  # fmt: skip
    """Make and fill one table for each that is asked about. `reader` has the table `unit`.

    The decimals among the columns, by table.
    """
    decimals = set()
    by_table: dict[str, list[Definition]] = defaultdict(list)
    for each in definitions:
        by_table[each["table"]].append(each)
    for table, group in by_table.items():
        source = f"read_parquet('{edition / 'tables' / f'{table}.parquet'}')"
        fields = list(_fields(connection, reader, source, table, group))
        days = sorted({each["date"] for each in group}, key=lambda d: d != group[0]["date"])
        slots = [(f"{day}_slot", "smallint", calendar.slot_of(f'"{day}"')) for day in days]
        fields = [("unit_no", "integer", "unit_no"), *slots, *fields]
        decimals |= {(table, name[:-2]) for name, *_ in fields if name.endswith("_v")}
        columns = ", ".join(f'"{name}" {kind}' for name, kind, _ in fields)
        cells = ", ".join(f'{cell} AS "{name}"' for name, _, cell in fields)
        rows = reader.sql(
            f"""SELECT {cells} FROM {source} JOIN unit ON code = "{group[0]["unit"]}"
            ORDER BY unit_no, "{slots[0][0]}", "{days[0]}" """
        )
        run(connection, f'CREATE TABLE "{table}" ({columns})')
        load(connection, table, rows.to_arrow_reader())
        for name, *_ in slots:
            run(connection, f'CREATE INDEX ON "{table}" (unit_no, "{name}")')
        run(connection, f'VACUUM ANALYZE "{table}"')
    return decimals


def _fields(
    connection: postgresql.Connection, reader: duckdb.DuckDBPyConnection, source: str, table: str,
    group: Sequence[Definition],
) -> Iterator[tuple[str, str, str]]:  # fmt: skip
    """Name, type here, and expression for DuckDB of each column that is used."""
    conditions = [
        parse_one(text, dialect="duckdb")
        for each in group
        for text in (each["where"], each["share_of"])
        if text
    ]
    asked = {c.name for tree in conditions for c in tree.find_all(exp.Column)}
    alike = {
        c.name
        for tree in conditions
        for like in tree.find_all(exp.Like)
        for c in like.find_all(exp.Column)
    }
    different = {each["column"] for each in group if each["kind"] == "distinct"} - asked
    used = asked | {each[key] for each in group for key in ("column", "date", "ends")} - {""}
    if any(each["kind"] == "last" for each in group):
        used.add("_id")
    for name, kind, *_ in reader.execute(f"DESCRIBE FROM {source}").fetchall():
        if name not in used:
            continue
        if name in different:
            yield name, "integer", _numbered(reader, source, table, name)
        elif kind.startswith("DECIMAL"):
            yield name, "double precision", f'"{name}"::DOUBLE'
            yield f"{name}_v", "double precision", f'round("{name}"::DOUBLE * 10000)'
        elif kind == "BIGINT":
            yield name, *_whole(reader, source, name)
        elif kind == "VARCHAR" and name not in alike and (values := _few(reader, source, name)):
            run(connection, f'CREATE TYPE "{table}_{name}" AS ENUM ({values})')
            yield name, f'"{table}_{name}"', f'"{name}"'
        else:
            yield name, _TYPES[kind], f'"{name}"'


def _numbered(reader: duckdb.DuckDBPyConnection, source: str, table: str, name: str) -> str:
    """The number of a value, by a list of all of them."""
    values = f'"{table}_{name}"'
    reader.execute(
        f"""CREATE TEMP TABLE {values} AS SELECT row_number() OVER (ORDER BY value)::INTEGER AS no,
        value FROM (SELECT DISTINCT "{name}" AS value FROM {source})
        WHERE value IS NOT NULL"""
    )
    return f'(SELECT no FROM {values} WHERE value = "{name}")'


def _whole(reader: duckdb.DuckDBPyConnection, source: str, name: str) -> tuple[str, str]:
    query = f'SELECT coalesce(max(abs("{name}")), 0) < 2147483648 FROM {source}'
    fits = reader.execute(query).fetchall()[0][0]
    return ("integer", f'"{name}"::INTEGER') if fits else ("bigint", f'"{name}"')


def _few(reader: duckdb.DuckDBPyConnection, source: str, name: str) -> str:
    """The values as a list in SQL. Missing: "" where they are too many to be categories."""
    query = f'SELECT DISTINCT "{name}" FROM {source} WHERE "{name}" IS NOT NULL LIMIT {_FEW + 1}'
    values = [value for (value,) in reader.execute(query).fetchall()]
    quoted = ", ".join("'" + value.replace("'", "''") + "'" for value in sorted(values))
    return quoted if len(values) <= _FEW else ""
