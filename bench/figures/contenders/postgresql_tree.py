"""The dated tree and the year as tables of PostgreSQL: what a row's unit and day lead to.

A slot is a run of days of one month on which no unit moves. Tables: `slot` (slot, p its month, 0
for all before the year), `place` (unit_no, slot, node), `period` (p, q, period), and `node`, `unit`
and `gone` as in fused_tree.py.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import adbc_driver_postgresql.dbapi as postgresql
import duckdb
from fused_tree import FIRST, PERIODS, UNTIL, depths, moving_days, tree_statements
from postgresql_server import load, run


@dataclass(frozen=True)
class Calendar:
    """`firsts` has the first day of each slot but the first one, and the year's end."""

    firsts: tuple[date, ...]
    versions: tuple[date, ...]

    @classmethod
    def of(cls, units: Path) -> "Calendar":
        months = [FIRST.replace(month=month) for month in range(1, 13)]
        moving = [day for day in moving_days(units) if day < UNTIL]
        return cls(tuple(sorted({*months, *moving, UNTIL})), tuple(moving))

    @property
    def first_slot(self) -> int:
        """The first slot of the year."""
        return self.firsts.index(FIRST) + 1

    def slot_of(self, day: str) -> str:
        """The slot of a day, for DuckDB. NULL behind the year."""
        cases = "".join(f" WHEN {day} < DATE '{f}' THEN {n}" for n, f in enumerate(self.firsts))
        return f"CASE{cases} END::SMALLINT"

    def months(self) -> dict[int, int]:
        """The month of each slot; 0 before the year."""
        begins = [date.min, *self.firsts[:-1]]
        return {n: day.month if day >= FIRST else 0 for n, day in enumerate(begins)}

    def version_of_slot(self) -> list[int]:
        """Which version of the tree holds in each slot."""
        begins = [date.min, *self.firsts[:-1]]
        return [sum(day <= begin for day in self.versions) for begin in begins]

    def cut_months(self) -> list[int]:
        """The months of several slots."""
        found = list(self.months().values())
        return [month for month in range(1, 13) if found.count(month) > 1]


def load_tree(
    connection: postgresql.Connection, reader: duckdb.DuckDBPyConnection, edition: Path,
    calendar: Calendar,
) -> None:  # fmt: skip
    """Make the tables, those of fused_tree.py in `reader` as well."""
    levels = depths(edition / "units.parquet")
    for statement in tree_statements(list(calendar.versions), levels):
        reader.execute(statement.replace("{edition}", str(edition)))
    above = [f"a{depth}" for depth in range(levels)]
    run(
        connection,
        "CREATE TABLE unit (unit_no integer, code text, depth smallint, leads smallint)",
        f"""CREATE TABLE node (node integer, unit_no integer, depth smallint, leads smallint,
        {", ".join(f"{each} integer" for each in above)})""",
        "CREATE TABLE gone (unit_no integer, p smallint)",
        "CREATE TABLE place (unit_no integer, slot smallint, node integer)",
        "CREATE TABLE slot (slot smallint, p smallint)",
        "CREATE TABLE period (p smallint, q smallint, period text)",
        f"INSERT INTO slot VALUES {', '.join(str(pair) for pair in calendar.months().items())}",
        "INSERT INTO period VALUES "
        + ", ".join(f"({n}, {12 + (n + 2) // 3}, '{name}')" for n, name, *_ in PERIODS),
    )
    versions = ", ".join(f"({slot}, n{n})" for slot, n in enumerate(calendar.version_of_slot()))
    queries = {
        "unit": """SELECT unit_no, code, depth::SMALLINT AS depth, leads::SMALLINT AS leads
        FROM unit""",
        "node": f"""SELECT node, unit_no, depth::SMALLINT AS depth, leads::SMALLINT AS leads,
        {", ".join(above)}
        FROM node""",
        "gone": "SELECT unit_no, p::SMALLINT AS p FROM gone",
        "place": f"""SELECT unit_no, slot::SMALLINT AS slot, node FROM spot JOIN unit USING (code),
        LATERAL (VALUES {versions}) AS v (slot, node) WHERE node IS NOT NULL""",
    }
    for table, query in queries.items():
        load(connection, table, reader.sql(query).to_arrow_reader())
    run(connection, *(f"ANALYZE {table}" for table in (*queries, "slot", "period")))
