"""The figures by one query an indicator, each as good as SQL for DuckDB alone gets.

    one_query_each.py EDITION DEFINITIONS SCRIPT

writes a script that `duckdb_fused.py run` runs. Each query goes from the Parquet file to all cells
of one indicator and writes them; nothing but the tree is shared. What can be put together from
parts is first summed by unit and month, then joined with all that stands above: rows are joined
with the tree only for medians. Different values: a unit and a value have one number with a bit for
each month.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
from fused_tree import FIRST, PERIODS, UNTIL, depths, moving_days, tree_statements

Definition = dict[str, Any]
_STAGE = "-- stage: "
_YEAR = PERIODS[-1][0]
_CUBE = "GROUP BY GROUPING SETS ((unit_no, p), (unit_no, q), (unit_no))"
_PERIOD = f"CASE WHEN grouping(p) = 0 THEN p WHEN grouping(q) = 0 THEN q ELSE {_YEAR} END AS p"
_QUARTER = "12 + (p + 2) // 3"


class Queries:
    """One query a definition. `edition` is read for columns and for the days on which units move,
    never for rows."""

    def __init__(self, edition: Path) -> None:
        units = edition / "units.parquet"
        self._tables = edition / "tables"
        self._days = moving_days(units)
        self._levels = depths(units)

    def tree(self) -> list[str]:
        """What holds for all queries: `reach` has, for each unit and version of the tree, the unit
        and all that stand above it."""
        names = ", ".join(f"({number}, '{name}')" for number, name, *_ in PERIODS)
        above = ", ".join(f"a{depth}" for depth in range(self._levels))
        versions = " UNION ALL ".join(
            f"SELECT code, {n}::TINYINT AS version, n{n} AS node FROM spot"
            for n in range(len(self._days) + 1)
        )
        return [
            "SET threads = 2",
            "SET preserve_insertion_order = false",
            *tree_statements(self._days, self._levels),
            f"CREATE TEMP TABLE period AS FROM (VALUES {names}) AS named (p, period)",
            f"""CREATE TEMP TABLE reach AS FROM (
            SELECT code, version, unnest([{above}]) AS unit_no FROM ({versions}) JOIN node
            USING (node)) WHERE unit_no IS NOT NULL""",
        ]

    def query(self, each: Definition) -> str:
        by_kind: dict[str, Callable[[Definition], str]] = {
            "distinct": self._distinct,
            "median": self._median,
            "last": self._last,
            "stock": self._stock,
        }
        return by_kind.get(each["kind"], self._additive)(each)

    def _additive(self, each: Definition) -> str:
        """Sums by unit and month, up the tree, over the periods."""
        kind, column = each["kind"], each["column"]
        met = f"({each['where'] or 'true'})"
        if kind == "share":
            value = f"sum_no_overflow(CASE WHEN {met} THEN 1 ELSE 0 END)::BIGINT"
            met = f"({each['share_of']})"
        elif kind == "count":
            value = "0"
        else:
            met = f'{met} AND "{column}" IS NOT NULL'
            value = f"sum_no_overflow({self._whole(each)})::BIGINT"
        scale = 10_000 if column and self._is_decimal(each) else 1
        shown = {
            "count": "n",
            "share": "(100 * v) / n",
            "sum": f"v::DOUBLE / {scale}",
            "average": f"v::DOUBLE / {scale} / n",
        }[kind]
        sums = "sum_no_overflow(v)::BIGINT AS v, sum_no_overflow(n)::BIGINT AS n"
        return self._written(
            each,
            f"""WITH own AS (SELECT {self._place(each)}, {value} AS v, count(*) AS n
            FROM {self._rows(each, met)} GROUP BY ALL),
            month AS MATERIALIZED (SELECT unit_no, p, {sums} FROM {_reached("own")} GROUP BY ALL),
            quarter AS MATERIALIZED (SELECT unit_no, {_QUARTER} AS q, {sums} FROM month
            GROUP BY ALL),
            year AS (SELECT unit_no, {_YEAR} AS y, {sums} FROM quarter GROUP BY ALL)""",
            "(FROM month UNION ALL FROM quarter UNION ALL FROM year)",
            shown,
            "n",
        )

    def _distinct(self, each: Definition) -> str:
        """A unit and a value have a bit for each month in which the value is there."""
        column = each["column"]
        months = range(12)
        masks = [*(1 << n for n in months), *(7 << 3 * n for n in range(4))]
        seen = [f"sum_no_overflow(((mask & {m}) <> 0)::INTEGER)" for m in masks] + ["count(*)"]
        rows = [f"sum_no_overflow(m{n})" for n in months]
        rows += [" + ".join(rows[3 * n : 3 * n + 3]) for n in range(4)]
        rows.append(" + ".join(rows[:12]))
        counted = ", ".join(
            f"sum_no_overflow((p = {n + 1})::INTEGER * n)::BIGINT AS m{n}" for n in months
        )
        met = f'({each["where"] or "true"}) AND "{column}" IS NOT NULL'
        return self._written(
            each,
            f"""WITH own AS MATERIALIZED (SELECT code, version, who,
            bit_or(1 << (p - 1)) AS mask, {counted} FROM (
            SELECT {self._place(each)}, "{column}" AS who, count(*) AS n
            FROM {self._rows(each, met)} GROUP BY ALL) GROUP BY ALL),
            seen AS (SELECT unit_no, [{", ".join(seen)}] AS v FROM (
            SELECT unit_no, who, bit_or(mask) AS mask FROM {_reached("own")} GROUP BY ALL)
            GROUP BY ALL),
            counted AS (SELECT unit_no, [{", ".join(rows)}] AS n FROM {_reached("own")}
            GROUP BY ALL)""",
            f"""(SELECT unit_no, unnest(range(1, {_YEAR + 1}))::INTEGER AS p, unnest(v) AS v,
            unnest(n) AS n FROM seen JOIN counted USING (unit_no))""",
            "v",
            "n::BIGINT",
        )

    def _median(self, each: Definition) -> str:
        met = f'({each["where"] or "true"}) AND "{each["column"]}" IS NOT NULL'
        return self._written(
            each,
            f"""WITH reached AS (SELECT unit_no, p, {_QUARTER} AS q, v FROM (
            SELECT {self._place(each)}, {self._number(each)} AS v FROM {self._rows(each, met)})
            JOIN reach USING (code, version))""",
            f"(SELECT unit_no, {_PERIOD}, median(v) AS v, count(*) AS n FROM reached {_CUBE})",
            "v",
            "n",
        )

    def _last(self, each: Definition) -> str:
        """The greatest of (day, id, value) by unit and month, then of these."""
        met = f'({each["where"] or "true"}) AND "{each["column"]}" IS NOT NULL'
        latest = f"""{{'day': "{each["date"]}", 'id': _id, 'v': {self._number(each)}}}"""
        return self._written(
            each,
            f"""WITH own AS (SELECT {self._place(each)}, max({latest}) AS last, count(*) AS n
            FROM {self._rows(each, met)} GROUP BY ALL),
            reached AS (SELECT unit_no, p, {_QUARTER} AS q, last, n FROM {_reached("own")})""",
            f"""(SELECT unit_no, {_PERIOD}, max(last).v AS v, sum_no_overflow(n)::BIGINT AS n
            FROM reached {_CUBE})""",
            "v",
            "n",
        )

    def _stock(self, each: Definition) -> str:
        """What began less what ended, by month; 0 is what was before the year."""
        day, ends = f'"{each["date"]}"', f'"{each["ends"]}"'
        ended = f"CASE WHEN {ends} IS NOT NULL THEN greatest({ends}, {day}) END"
        path = f"{{edition}}/tables/{each['table']}.parquet"
        summed = "sum_no_overflow(n)::BIGINT AS n"
        return self._written(
            each,
            f"""WITH own AS MATERIALIZED (SELECT "{each["unit"]}" AS code,
            {self._version(day)} AS version, {_month(day)} AS began, {_month(ended)} AS ended,
            count(*) AS n FROM read_parquet('{path}')
            WHERE {day} < DATE '{UNTIL}' AND ({each["where"] or "true"}) GROUP BY ALL),
            change AS (SELECT code, version, p, {summed} FROM (
            SELECT code, version, began AS p, n FROM own UNION ALL
            SELECT code, version, ended, -n FROM own WHERE ended < 13) GROUP BY ALL),
            higher AS MATERIALIZED (SELECT unit_no, p, {summed} FROM {_reached("change")}
            GROUP BY ALL),
            month AS MATERIALIZED (SELECT unit_no, p,
            sum_no_overflow(coalesce(n, 0)) OVER (PARTITION BY unit_no ORDER BY p)::BIGINT AS v
            FROM (SELECT DISTINCT unit_no FROM higher)
            CROSS JOIN (SELECT unnest(range(13))::INTEGER AS p)
            LEFT JOIN higher USING (unit_no, p))""",
            f"""(FROM month WHERE p > 0 UNION ALL
            SELECT unit_no, 12 + p // 3, v FROM month WHERE p IN (3, 6, 9, 12) UNION ALL
            SELECT unit_no, {_YEAR}, v FROM month WHERE p = 12)""",
            "v",
            "",
        )

    def _rows(self, each: Definition, met: str) -> str:
        path = f"{{edition}}/tables/{each['table']}.parquet"
        day = f'"{each["date"]}"'
        return f"""read_parquet('{path}')
            WHERE {day} >= DATE '{FIRST}' AND {day} < DATE '{UNTIL}' AND {met}"""

    def _place(self, each: Definition) -> str:
        day = f'"{each["date"]}"'
        return f""""{each["unit"]}" AS code, {self._version(day)} AS version,
            month({day})::INTEGER AS p"""

    def _version(self, day: str) -> str:
        """Which version of the tree holds on a day."""
        if not self._days:
            return "0::TINYINT"
        cases = "".join(f" WHEN {day} < DATE '{d}' THEN {n}" for n, d in enumerate(self._days))
        return f"CASE{cases} ELSE {len(self._days)} END::TINYINT"

    def _is_decimal(self, each: Definition) -> bool:
        path = self._tables / f"{each['table']}.parquet"
        with duckdb.connect() as connection:
            described: Sequence[tuple[Any, ...]] = connection.execute(
                f"""SELECT typeof("{each["column"]}") FROM read_parquet('{path}') LIMIT 1"""
            ).fetchall()
        return str(described[0][0]).startswith("DECIMAL")

    def _number(self, each: Definition) -> str:
        return f'"{each["column"]}"::{"DOUBLE" if self._is_decimal(each) else "INTEGER"}'

    def _whole(self, each: Definition) -> str:
        """The value as a whole number: decimals in ten-thousandths."""
        column = f'"{each["column"]}"'
        return f"({column}::DOUBLE * 10000)::BIGINT" if self._is_decimal(each) else column

    def _written(self, each: Definition, common: str, cells: str, value: str, records: str) -> str:
        name = each["name"]
        second = f', {records} AS "{name}__n"' if records and value != records else ""
        return f"""COPY ({common} SELECT code AS unit, period, {value} AS "{name}"{second}
            FROM {cells} JOIN unit USING (unit_no) JOIN period USING (p)
            ANTI JOIN gone USING (unit_no, p))
            TO '{{out}}/{name}.parquet' (FORMAT parquet, COMPRESSION snappy)"""


def _reached(own: str) -> str:
    return f"{own} JOIN reach USING (code, version)"


def _month(day: str) -> str:
    """0 before the year, 13 behind it and for a day that is empty."""
    return f"""CASE WHEN {day} < DATE '{FIRST}' THEN 0 WHEN {day} < DATE '{UNTIL}'
            THEN month({day}) ELSE 13 END::INTEGER"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("edition", "definitions", "script"):
        parser.add_argument(name, type=Path)
    given = parser.parse_args()
    definitions = json.loads(given.definitions.read_text(encoding="utf-8"))
    queries = Queries(given.edition)
    statements = [("tree", sql) for sql in queries.tree()]
    statements += [(each["kind"], queries.query(each)) for each in definitions]
    parts = [f"{_STAGE}{stage}\n{sql};\n" for stage, sql in statements]
    given.script.write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
