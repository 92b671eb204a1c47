"""SQL for the dated tree: every row finds its node, and every node all that stands above it.

A node is a way from a unit up to the root that holds on some day; a unit that moves has several.
Tables: `spot` (code; n0, n1, … its node in each version of the tree), `node` (node, unit_no, depth;
a0, a1, … the unit on each depth), `unit` (unit_no, code, depth, leads: how many nodes it has),
`gone` (unit_no and period in which the unit did not exist on any day).
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb

FIRST, UNTIL = date(2025, 1, 1), date(2026, 1, 1)
PERIODS = (
    *((month, f"2025-{month:02}", month, month + 1) for month in range(1, 13)),
    *((12 + quarter, f"2025-Q{quarter}", 3 * quarter - 2, 3 * quarter + 1)
      for quarter in range(1, 5)),
    (17, "2025", 1, 13),
)  # number, name, first month, first month behind it  # fmt: skip


def moving_days(units: Path) -> list[date]:
    """The days from which some unit stands elsewhere.

    Raises: ValueError where a tree is of another kind than these statements are written for.
    """
    with duckdb.connect() as connection:
        connection.execute(
            f"""CREATE TEMP TABLE span AS SELECT code, valid_to, parent, lead(valid_from)
            OVER (PARTITION BY code ORDER BY valid_from) AS following
            FROM read_parquet('{units}')"""
        )
        answers = [
            connection.execute(f"SELECT DISTINCT {query}").fetchall()
            for query in (
                "following FROM span WHERE following IS NOT NULL ORDER BY 1",
                "code FROM span WHERE following <> valid_to",
                "code FROM span WHERE following IS NOT NULL AND code IN (SELECT parent FROM span)",
            )
        ]
    if answers[1]:
        raise ValueError(f"{answers[1][0][0]} has days between two spans")
    if answers[2]:
        raise ValueError(f"{answers[2][0][0]} moves and has units below it")
    return [day for (day,) in answers[0]]


def depths(units: Path) -> int:
    """How many levels the tree has."""
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT count(DISTINCT level) FROM read_parquet('{units}')"
        ).fetchall()
    return int(found[0][0])


def node_of(day: str, days: Sequence[date]) -> str:
    """The node of a row joined with `spot`, by the day of the row."""
    if not days:
        return "n0"
    cases = "".join(f" WHEN {day} < DATE '{until}' THEN n{n}" for n, until in enumerate(days))
    return f"CASE{cases} ELSE n{len(days)} END"


def tree_statements(days: Sequence[date], levels: int) -> list[str]:
    """What makes the four tables out of {edition}/units.parquet."""
    firsts = ", ".join(f"({n}, DATE '{day}')" for n, day in enumerate([date(1, 1, 1), *days]))
    above = ", ".join(f"u{d}.unit_no AS a{d}" for d in range(levels))
    joins = " ".join(f"LEFT JOIN unit u{d} ON u{d}.code = names[{d + 1}]" for d in range(levels))
    spots = ", ".join(
        f"max(CASE WHEN version = {n} THEN node END) AS n{n}" for n in range(len(days) + 1)
    )
    bounds = ", ".join(
        f"({number}, {_first_day(start)}, {_first_day(end)})" for number, _, start, end in PERIODS
    )
    return [
        """CREATE TEMP TABLE span AS SELECT code, parent, valid_from, valid_to,
        CASE WHEN lag(code) OVER w IS NULL THEN DATE '0001-01-01' ELSE valid_from END AS since,
        coalesce(lead(valid_from) OVER w, DATE '9999-12-31') AS until
        FROM read_parquet('{edition}/units.parquet')
        WINDOW w AS (PARTITION BY code ORDER BY valid_from)""",
        f"""CREATE TEMP TABLE way AS WITH RECURSIVE climb AS (
        SELECT code, version, first, [code] AS names, parent
        FROM span, (VALUES {firsts}) AS versions (version, first)
        WHERE since <= first AND first < until
        UNION ALL
        SELECT climb.code, version, first, list_prepend(span.code, names), span.parent
        FROM climb JOIN span ON span.code = climb.parent AND since <= first AND first < until)
        SELECT code, version, names FROM climb WHERE parent = ''""",
        """CREATE TEMP TABLE ways AS SELECT names, names[-1] AS code,
        row_number() OVER (ORDER BY names)::INTEGER AS node, len(names)::INTEGER - 1 AS depth
        FROM (SELECT DISTINCT names FROM way)""",
        """CREATE TEMP TABLE unit AS SELECT row_number() OVER (ORDER BY min(node))::INTEGER
        AS unit_no, code, max(depth) AS depth, count(*)::INTEGER AS leads
        FROM ways GROUP BY code""",
        f"""CREATE TEMP TABLE node AS SELECT node, unit.unit_no, ways.depth, unit.leads, {above}
        FROM ways JOIN unit USING (code) {joins}""",
        f"""CREATE TEMP TABLE spot AS SELECT way.code, {spots}
        FROM way JOIN ways USING (names) GROUP BY way.code""",
        f"""CREATE TEMP TABLE gone AS SELECT unit_no, p
        FROM unit, (VALUES {bounds}) AS bounds (p, first, behind)
        WHERE NOT EXISTS (FROM span WHERE span.code = unit.code AND valid_from < behind
        AND (valid_to IS NULL OR first < valid_to))""",
    ]  # fmt: skip


def _first_day(month: int) -> str:
    return f"DATE '{UNTIL if month > 12 else date(2025, month, 1)}'"
