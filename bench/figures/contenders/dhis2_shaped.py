"""The figures in the shape in which DHIS2's analytics computes them, on PostgreSQL.

    dhis2_shaped.py prepare EDITION DEFINITIONS WORK     the analytics tables
    dhis2_shaped.py run DEFINITIONS WORK OUT             the queries; this is what is measured

As its event analytics have it: one analytics table a table, one row a record, joined beforehand
with the structure of the units (`uidlevel1` ... `uidlevel5`, a code a level) and of the periods
(`monthly`, `quarterly`, `yearly`). Then one aggregate query for each indicator, level of units and
kind of period. A share is two of them, put together afterwards; a stock is one query a period, as
with period boundaries.

DHIS2 joins the tree of today. Here it is the tree of the record's day, so that the cells are the
same as everybody's. Other differences, for the same reason or in its favour: decimals are numerics,
an average is an exact sum by a number, a query gives the records beside the value, a median is
asked of PostgreSQL in such a query too; the units of a level are not listed one by one in it; there
are no indexes, since no query asks for few rows.
"""

import argparse
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from fused_tree import PERIODS, depths, moving_days, node_of, tree_statements
from postgresql_server import load, read, server
from postgresql_server import run as execute
from sqlglot import parse_one

Definition = dict[str, Any]
_KINDS = ("monthly", "quarterly", "yearly")
_SHAPE = pa.schema(
    [("indicator", pa.string()), ("unit", pa.string()), ("period", pa.string()),
     ("value", pa.float64()), ("records", pa.int64())]
)  # fmt: skip
_TYPES = {"BIGINT": "bigint", "BOOLEAN": "boolean", "DATE": "date", "VARCHAR": "text"}
_DECIMAL = "numeric(18, 4)"
_VALUES = {
    "count": "count(*)",
    "sum": "sum({column})",
    "average": "sum({column})::double precision / count({column})",
    "distinct": "count(DISTINCT {column})",
    "median": "percentile_cont(0.5) WITHIN GROUP (ORDER BY {column})",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    for job, names in ((prepare, ("edition", "definitions", "work")),
                       (run, ("definitions", "work", "out"))):  # fmt: skip
        command = commands.add_parser(job.__name__)
        for name in names:
            command.add_argument(name, type=Path)
        command.set_defaults(job=job)
    given = vars(parser.parse_args())
    given.pop("job")(**given)


def prepare(edition: Path, definitions: Path, work: Path) -> None:
    """Fill the analytics tables."""
    units = edition / "units.parquet"
    found: list[Definition] = json.loads(definitions.read_text(encoding="utf-8"))
    shutil.rmtree(work / "data", ignore_errors=True)
    with server(work / "data") as connection, duckdb.connect() as reader:
        for statement in tree_statements(moving_days(units), depths(units)):
            reader.execute(statement.replace("{edition}", str(edition)))
        names = ", ".join(f"({number}, '{name}')" for number, name, *_ in PERIODS)
        gone = reader.sql(
            f"""SELECT code AS unit, period FROM gone JOIN unit USING (unit_no)
            JOIN (VALUES {names}) AS period (p, period) USING (p)"""
        )
        execute(connection, "CREATE TABLE gone (unit text, period text)")
        load(connection, "gone", gone.to_arrow_reader())
        for each in {each["table"]: each for each in found}.values():
            _fill(connection, reader, edition, each)


def _fill(
    connection: Any, reader: duckdb.DuckDBPyConnection, edition: Path, one: Definition
) -> None:
    """The analytics table of the table that a definition is about."""
    day, units = f'"{one["date"]}"', edition / "units.parquet"
    levels = [f"uidlevel{level}" for level in range(1, depths(units) + 1)]
    source = f"read_parquet('{edition / 'tables' / one['table']}.parquet')"
    columns = reader.execute(f"DESCRIBE FROM {source}").fetchall()
    name = f"analytics_event_{one['table']}"
    typed = [f"{each} text" for each in (*_KINDS, *levels)]
    typed += [f'"{column}" {_TYPES.get(kind, _DECIMAL)}' for column, kind, *_ in columns]
    execute(connection, f"CREATE TABLE {name} ({', '.join(typed)})")
    rows = reader.sql(
        f"""SELECT strftime({day}, '%Y-%m') AS monthly,
        year({day}) || '-Q' || quarter({day}) AS quarterly, year({day})::VARCHAR AS yearly,
        {", ".join(f"names[{n}] AS {level}" for n, level in enumerate(levels, 1))}, r.*
        FROM {source} r JOIN spot ON spot.code = r."{one["unit"]}"
        JOIN ways ON ways.node = {node_of(day, moving_days(units))}"""
    )
    load(connection, name, rows.to_arrow_reader())
    execute(connection, f"VACUUM ANALYZE {name}")


def run(definitions: Path, work: Path, out: Path) -> None:
    """One query after the other; their answers in one file."""
    out.mkdir(parents=True)
    found: list[Definition] = json.loads(definitions.read_text(encoding="utf-8"))
    with (
        server(work / "data") as connection,
        pq.ParquetWriter(out / "figures.parquet", _SHAPE) as file,
    ):
        levels = _levels(connection, found[0]["table"])
        for each in found:
            for level in levels:
                for cells in _answers(connection, each, level):
                    names = pa.array([each["name"]] * len(cells))
                    cells = cells.add_column(0, "indicator", names)
                    file.write_table(cells.select(_SHAPE.names).cast(_SHAPE))


def _levels(connection: Any, table: str) -> list[str]:
    query = f"""SELECT column_name::text AS name FROM information_schema.columns
    WHERE table_name = 'analytics_event_{table}' AND column_name LIKE 'uidlevel%'"""
    return sorted(read(connection, query)["name"].to_pylist())


def _answers(connection: Any, each: Definition, level: str) -> Iterator[pa.Table]:
    if each["kind"] == "stock":
        for _, period, _, behind in PERIODS:
            yield read(connection, _stock_query(each, level, period, behind))
    for period in _KINDS if each["kind"] != "stock" else ():
        if each["kind"] == "share":
            where, base = _condition(each["where"]), _condition(each["share_of"])
            parts = (read(connection, _query(each, level, period, condition))
                     for condition in (f"{base} AND {where}", base))  # fmt: skip
            yield _share(*parts)
        elif each["kind"] == "last":
            yield read(connection, _last_query(each, level, period))
        else:
            yield read(connection, _query(each, level, period, _condition(each["where"])))


def _query(each: Definition, level: str, period: str, condition: str) -> str:
    """The aggregate query. A share has two of them, each a count."""
    kind = "count" if each["kind"] == "share" else each["kind"]
    column = f'"{each["column"]}"'
    records = f"count({column})" if each["column"] else "count(*)"
    if each["column"]:
        condition = f"{condition} AND {column} IS NOT NULL"
    return f"""SELECT {level} AS unit, {period} AS period,
    ({_VALUES[kind].format(column=column)})::double precision AS value, {records} AS records
    FROM analytics_event_{each["table"]} AS ax
    WHERE yearly = '2025' AND {level} IS NOT NULL AND {condition}
    GROUP BY {level}, {period} HAVING {_there(level, period)}"""


def _last_query(each: Definition, level: str, period: str) -> str:
    column = f'"{each["column"]}"'
    return f"""SELECT unit, period, value, records FROM (SELECT {level} AS unit, {period} AS period,
    {column}::double precision AS value, count(*) OVER (PARTITION BY {level}, {period}) AS records,
    row_number() OVER (PARTITION BY {level}, {period} ORDER BY "{each["date"]}" DESC, _id DESC) AS r
    FROM analytics_event_{each["table"]} AS ax WHERE yearly = '2025' AND {level} IS NOT NULL
    AND {column} IS NOT NULL AND {_condition(each["where"])}) AS ranked
    WHERE r = 1 AND {_there("unit", "period")}"""


def _stock_query(each: Definition, level: str, period: str, behind: int) -> str:
    """`behind` is the number of the first month behind the period."""
    day = f"date '2025-{behind:02}-01'" if behind < 13 else "date '2026-01-01'"
    return f"""SELECT {level} AS unit, '{period}' AS period, count(*)::double precision AS value,
    count(*) AS records FROM analytics_event_{each["table"]} AS ax
    WHERE "{each["date"]}" < {day} AND ("{each["ends"]}" IS NULL OR "{each["ends"]}" >= {day})
    AND {level} IS NOT NULL AND {_condition(each["where"])}
    GROUP BY {level} HAVING {_there(level, f"'{period}'")}"""


def _there(unit: str, period: str) -> str:
    """True for units that existed on some day of the period."""
    return f"({unit}, {period}) NOT IN (SELECT unit, period FROM gone)"


def _condition(text: str) -> str:
    tree = parse_one(text or "true", dialect="duckdb")
    return f"({tree.sql(dialect='postgres')})"


def _share(hits: pa.Table, base: pa.Table) -> pa.Table:
    """100 times one count by another."""
    hits = hits.select(["unit", "period", "value"]).rename_columns(["unit", "period", "hits"])
    both = base.join(hits, ["unit", "period"])
    hundredfold = pc.multiply(pc.fill_null(both["hits"], 0.0), 100.0)
    place = both.column_names.index("value")
    return both.set_column(place, "value", pc.divide(hundredfold, both["value"]))


if __name__ == "__main__":
    main()
