"""The statements of the fused SQL, stage after stage."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
from conditions import Literals
from fused_tree import PERIODS, depths, moving_days, node_of, tree_statements

Definition = dict[str, Any]
_FIRST, _BEHIND = "DATE '2025-01-01'", "DATE '2026-01-01'"
_YEAR = PERIODS[-1][0]
_BITS = 60  # conditions that one number tells apart
# What a kind needs of the rows that add up.
_ADDITIVE = ("count", "share", "sum", "average", "distinct")


class Script:
    """Statements with the stage each belongs to. `units` and `tables` are read for their columns
    and for the days on which units move, never for rows."""

    def __init__(self, units: Path, tables: Path) -> None:
        self.statements: list[tuple[str, str]] = [
            ("tree", "SET threads = 2"),
            ("tree", "SET preserve_insertion_order = false"),
        ]
        self._days = moving_days(units)
        self._levels = depths(units)
        self._tables = tables
        self._add("tree", *tree_statements(self._days, self._levels))
        names = ", ".join(f"({number}, '{name}')" for number, name, *_ in PERIODS)
        leaf = self._levels - 1
        self._add(
            "tree",
            f"CREATE TEMP TABLE period AS FROM (VALUES {names}) AS named (p, period)",
            f"""CREATE TEMP TABLE shown AS
            SELECT node, unit_no FROM node WHERE depth = {leaf} AND leads = 1
            UNION ALL SELECT -unit_no, unit_no FROM unit WHERE depth < {leaf} OR leads > 1""",
        )

    def add(self, definitions: Sequence[Definition]) -> None:
        """Whatever the definitions need."""
        placed: dict[tuple[str, str], list[Definition]] = defaultdict(list)
        distinct: dict[tuple[str, str, str], list[Definition]] = defaultdict(list)
        stocks: dict[tuple[str, str, str], list[Definition]] = defaultdict(list)
        for each in definitions:
            if each["kind"] in _ADDITIVE:
                placed[each["table"], each["date"]].append(each)
            if each["kind"] == "distinct":
                distinct[each["table"], each["date"], each["column"]].append(each)
            if each["kind"] == "stock":
                stocks[each["table"], each["date"], each["ends"]].append(each)
        for (table, day), group in placed.items():
            own = {key[2]: d for key, d in distinct.items() if key[:2] == (table, day)}
            self._add_table(f"{table}_{day}", group, own)
        for each in definitions:
            if each["kind"] in ("median", "last"):
                self._add_ordered(each)
        for (table, day, _), group in stocks.items():
            self._add_stock(f"{table}_{day}_stock", group)

    def _add(self, stage: str, *statements: str) -> None:
        self.statements += [(stage, statement) for statement in statements]

    def _types(self, table: str) -> dict[str, str]:
        path = self._tables / f"{table}.parquet"
        with duckdb.connect() as connection:
            described = connection.execute(f"DESCRIBE FROM read_parquet('{path}')").fetchall()
        return {column: str(found) for column, found, *_ in described}

    def _rows(
        self, table: str, group: Sequence[Definition], columns: Sequence[str], chosen: str = "true"
    ) -> str:
        """The chosen rows of the year with their node and month, and what is computed of each."""
        day, unit = group[0]["date"], group[0]["unit"]
        return f"""(SELECT {node_of("day", self._days)} AS node, month(day)::INTEGER AS p, *
        FROM (SELECT {", ".join([f'"{unit}" AS code', f'"{day}" AS day', *columns])}
        FROM read_parquet('{{edition}}/tables/{table}.parquet')
        WHERE "{day}" >= {_FIRST} AND "{day}" < {_BEHIND} AND {chosen})
        JOIN spot USING (code))"""

    def _add_table(
        self, name: str, group: Sequence[Definition], distinct: dict[str, list[Definition]]
    ) -> None:
        table = group[0]["table"]
        types, literals = self._types(table), Literals()
        sums = Sums(literals, types)
        written = [column for each in group for column in sums.of(each)]
        columns = sums.columns()
        self._add(
            "additive: scan",
            f"""CREATE TEMP TABLE "{name}" AS SELECT node, p, {", ".join(sums.first())}
            FROM {self._rows(table, group, columns)} GROUP BY node, p""",
        )
        self._roll_up("additive: roll-up", name, sums.again())
        self._add_periods("additive: periods", name, sums.again())
        self._write(
            "additive: write", name, [c for n, c in written if n not in distinct_names(distinct)]
        )
        for column, counted in distinct.items():
            records = {each["name"]: sums.records_of(each) for each in counted}
            for start in range(0, len(counted), _BITS):
                part = counted[start : start + _BITS]
                self._add_distinct(name, f"{name}_{column}_{start}", column, part, records)
        self._add("additive: write", f'DROP TABLE "{name}"')

    def _roll_up(self, stage: str, name: str, again: Sequence[str]) -> None:
        """Totals of the inner units, and of units with several nodes, as -unit_no."""
        leaf, sums = self._levels - 1, ", ".join(again)
        last, upper = leaf - 1, range(leaf - 1)
        ups = ", ".join(f"a{depth}" for depth in upper)
        self._add(
            stage,
            f"""INSERT INTO "{name}" SELECT -a{last}, p, {sums}
            FROM "{name}" JOIN node USING (node) WHERE a{last} IS NOT NULL GROUP BY ALL""",
            f"""INSERT INTO "{name}" SELECT -up, p, {sums} FROM (
            SELECT unnest([{ups}]) AS up, low.* FROM (
            SELECT {ups}, t.* FROM "{name}" t JOIN node USING (node) WHERE depth < {last}
            UNION ALL SELECT {ups}, t.* FROM "{name}" t JOIN node ON t.node = -unit_no
            WHERE depth = {last}) AS low) WHERE up IS NOT NULL GROUP BY ALL""",
            f"""INSERT INTO "{name}" SELECT -unit_no, p, {sums}
            FROM "{name}" JOIN node USING (node) WHERE depth = {leaf} AND leads > 1 GROUP BY ALL""",
        )

    def _add_periods(self, stage: str, name: str, again: Sequence[str]) -> None:
        sums = ", ".join(again)
        self._add(
            stage,
            f"""INSERT INTO "{name}" SELECT node, 12 + (p + 2) // 3 AS q, {sums}
            FROM "{name}" SEMI JOIN shown USING (node) GROUP BY ALL""",
            f"""INSERT INTO "{name}" SELECT node, {_YEAR} AS y, {sums}
            FROM "{name}" WHERE p BETWEEN 13 AND 16 GROUP BY ALL""",
        )

    def _write(self, stage: str, name: str, columns: Sequence[str], joined: str = "") -> None:
        if columns:
            self._add(
                stage,
                f"""COPY (SELECT code AS unit, period, {", ".join(columns)}
                FROM "{name}" t JOIN shown USING (node) JOIN unit USING (unit_no)
                JOIN period USING (p) {joined} ANTI JOIN gone USING (unit_no, p))
                TO '{{out}}/{name}.parquet' (FORMAT parquet, COMPRESSION snappy)""",
            )

    def _add_distinct(
        self,
        table_name: str,
        name: str,
        column: str,
        group: Sequence[Definition],
        records: dict[str, str],
    ) -> None:
        stage, leaf = "distinct", self._levels - 1
        literals = Literals()
        kind = "INTEGER" if len(group) < 31 else "BIGINT"
        masks = [f"({literals.bits(d['where'])}::{kind} << {n})" for n, d in enumerate(group)]
        columns = [f'"{column}" AS who', *literals.columns()]
        counts = [f"sum_no_overflow((mask >> {n}) & 1)::INTEGER AS c{n}" for n in range(len(group))]
        bits, again = ", ".join(counts), [f"sum_no_overflow(c{n})" for n in range(len(group))]
        rows = self._rows(group[0]["table"], group, columns)
        self._add(
            f"{stage}: reduce",
            f"""CREATE TEMP TABLE seen AS SELECT node, p, who, bit_or(mask) AS mask
            FROM (SELECT node, p, who, {" | ".join(masks)} AS mask FROM {rows})
            WHERE mask <> 0 AND who IS NOT NULL GROUP BY ALL""",
            """INSERT INTO seen SELECT node, 12 + (p + 2) // 3 AS q, who, bit_or(mask)
            FROM seen GROUP BY ALL""",
            f"""INSERT INTO seen SELECT node, {_YEAR}, who, bit_or(mask)
            FROM seen WHERE p > 12 GROUP BY ALL""",
            f"""CREATE TEMP TABLE wanderer AS SELECT who FROM seen WHERE p = {_YEAR}
            GROUP BY who HAVING count(*) > 1""",
            "CREATE TEMP TABLE wandered AS FROM seen SEMI JOIN wanderer USING (who)",
        )
        self._add(
            f"{stage}: settled",
            f"""CREATE TEMP TABLE "{name}" AS SELECT node, p, {bits}
            FROM seen ANTI JOIN wanderer USING (who) GROUP BY ALL""",
        )
        self._roll_up(f"{stage}: settled", name, again)
        self._add(
            f"{stage}: wanderers",
            f"""INSERT INTO "{name}" SELECT node, p, {bits}
            FROM wandered JOIN node USING (node) WHERE depth = {leaf} AND leads = 1 GROUP BY ALL""",
            f"""INSERT INTO "{name}" SELECT -unit_no, p, {bits} FROM (
            SELECT unit_no, p, who, bit_or(mask) AS mask FROM wandered JOIN node USING (node)
            WHERE depth = {leaf} AND leads > 1 GROUP BY ALL) GROUP BY ALL""",
        )
        below = "SELECT NULL::INTEGER AS above, p, who, mask FROM wandered WHERE false"
        for depth in reversed(range(leaf)):
            own = f"depth >= {depth}" if depth == leaf - 1 else f"depth = {depth}"
            self._add(
                f"{stage}: wanderers",
                f"""CREATE TEMP TABLE wandered_{depth} AS
                SELECT above AS unit_no, p, who, bit_or(mask) AS mask FROM (
                SELECT a{depth} AS above, p, who, mask FROM wandered JOIN node USING (node)
                WHERE {own} UNION ALL {below}) GROUP BY ALL""",
                f"""INSERT INTO "{name}" SELECT -unit_no, p, {bits} FROM wandered_{depth}
                GROUP BY ALL""",
            )
            below = f"""SELECT a{depth - 1}, p, who, mask
            FROM wandered_{depth} JOIN node USING (unit_no)"""
        self._add(
            f"{stage}: write",
            f"""CREATE TEMP TABLE "{name}_all" AS SELECT node, p, {_named(again)}
            FROM "{name}" SEMI JOIN shown USING (node) GROUP BY ALL""",
            f'DROP TABLE "{name}"',
            f'ALTER TABLE "{name}_all" RENAME TO "{name}"',
        )
        written = [
            f'c{n} AS "{d["name"]}", {records[d["name"]]} AS "{d["name"]}__n"'
            for n, d in enumerate(group)
        ]
        self._write(f"{stage}: write", name, written, f'JOIN "{table_name}" USING (node, p)')
        scratch = ["seen", "wanderer", "wandered", *(f"wandered_{d}" for d in range(leaf))]
        self._add(f"{stage}: write", *(f'DROP TABLE "{t}"' for t in [*scratch, name]))

    def _add_ordered(self, each: Definition) -> None:
        """A median or a last value: all levels and periods as grouping sets."""
        leaf, column = self._levels - 1, each["column"]
        chosen = f'"{column}" IS NOT NULL AND ({each["where"] or "true"})'
        is_whole = self._types(each["table"])[column] == "BIGINT"
        columns = [f'"{column}"::{"INTEGER" if is_whole else "DOUBLE"} AS v', "_id AS id"]
        value = "median(v)" if each["kind"] == "median" else "arg_max(v, (day, id))"
        keys = ["own", *(f"a{depth}" for depth in reversed(range(leaf)))]
        sets = ", ".join(f"({key}, p), ({key}, q), ({key})" for key in keys)
        unit = " ".join(f"WHEN grouping({key}) = 0 THEN {key}" for key in keys)
        self._add(
            each["kind"],
            f"""COPY (SELECT code AS unit, period, v AS "{each["name"]}", n AS "{each["name"]}__n"
            FROM (SELECT CASE {unit} END AS unit_no,
            CASE WHEN grouping(p) = 0 THEN p WHEN grouping(q) = 0 THEN q ELSE {_YEAR} END AS p,
            {value} AS v, count(*) AS n
            FROM (SELECT {", ".join(keys[1:])}, p, 12 + (p + 2) // 3 AS q, v, day, id,
            CASE WHEN depth = {leaf} THEN unit_no END AS own
            FROM {self._rows(each["table"], [each], columns, chosen)} JOIN node USING (node))
            GROUP BY GROUPING SETS ({sets}))
            JOIN unit USING (unit_no) JOIN period USING (p) ANTI JOIN gone USING (unit_no, p))
            TO '{{out}}/{each["name"]}.parquet' (FORMAT parquet, COMPRESSION snappy)""",
        )

    def _add_stock(self, name: str, group: Sequence[Definition]) -> None:
        table, day, ends, unit = (group[0][key] for key in ("table", "date", "ends", "unit"))
        literals = Literals()
        bits = [literals.bits(each["where"]) for each in group]
        again = [f"sum_no_overflow(c{n})" for n in range(len(group))]
        plus, minus = (
            ", ".join(f"{sign}({b}) AS c{n}" for n, b in enumerate(bits)) for sign in ("", "-")
        )
        running = ", ".join(
            f"{_sum_of(f'coalesce(c{n}, 0)')} OVER w AS c{n}" for n in range(len(group))
        )
        self._add(
            "stock",
            f"""CREATE TEMP TABLE begun AS SELECT {node_of("day", self._days)} AS node,
            CASE WHEN day < {_FIRST} THEN 0 ELSE month(day) END::INTEGER AS p,
            CASE WHEN ended < {_FIRST} THEN 0 WHEN ended < {_BEHIND} THEN month(ended)
            END::INTEGER AS e, * EXCLUDE (day, ended)
            FROM (SELECT "{unit}" AS code, "{day}" AS day, greatest("{ends}", "{day}") AS later,
            CASE WHEN "{ends}" IS NOT NULL THEN later END AS ended, {", ".join(literals.columns())}
            FROM read_parquet('{{edition}}/tables/{table}.parquet') WHERE "{day}" < {_BEHIND})
            JOIN spot USING (code)""",
            f"""CREATE TEMP TABLE change AS SELECT node, p, {_named(again)}
            FROM (SELECT node, p, {plus} FROM begun
            UNION ALL SELECT node, e, {minus} FROM begun WHERE e IS NOT NULL) GROUP BY ALL""",
        )
        self._roll_up("stock", "change", again)
        self._add(
            "stock",
            f"""CREATE TEMP TABLE "{name}" AS SELECT node, p, {running}
            FROM (SELECT DISTINCT node FROM change SEMI JOIN shown USING (node))
            CROSS JOIN (SELECT unnest(range(13))::INTEGER AS p) LEFT JOIN change USING (node, p)
            WINDOW w AS (PARTITION BY node ORDER BY p)""",
            f'DELETE FROM "{name}" WHERE p = 0',
            f"""INSERT INTO "{name}" SELECT node, 12 + p // 3, * EXCLUDE (node, p)
            FROM "{name}" WHERE p IN (3, 6, 9, 12)""",
            f"""INSERT INTO "{name}" SELECT node, {_YEAR}, * EXCLUDE (node, p)
            FROM "{name}" WHERE p = 12""",
        )
        written = [f'c{n} AS "{d["name"]}"' for n, d in enumerate(group)]
        self._write("stock", name, written)
        self._add("stock", "DROP TABLE begun", "DROP TABLE change", f'DROP TABLE "{name}"')


class Sums:
    """Sums over the rows of a table, each only once, and what is written of them."""

    def __init__(self, literals: Literals, types: dict[str, str]) -> None:
        self._literals = literals
        self._types = types
        self._names: dict[str, str] = {}
        self._is_count: dict[str, bool] = {}
        self._values: dict[str, str] = {}

    def of(self, each: Definition) -> list[tuple[str, str]]:
        """The columns that a definition writes, with its name."""
        name, kind, where = each["name"], each["kind"], each["where"]
        bits = self._literals.bits(where)
        if kind == "count":
            return [(name, f'{self._count(bits)} AS "{name}"')]
        if kind == "share":
            base = self._literals.bits(each["share_of"])
            hit, all_ = self._count(f"({base} & {bits})"), self._count(base)
            value = f"(100::BIGINT * {hit}) / nullif({all_}, 0)"
            return [(name, f'{value} AS "{name}"'), (name, f'{all_} AS "{name}__n"')]
        records = self.records_of(each)
        if kind == "distinct":
            return [(name, records)]
        value = self._sum(each["column"], bits)
        if kind == "average":
            value = f"{value} / nullif({records}, 0)"
        return [(name, f'{value} AS "{name}"'), (name, f'{records} AS "{name}__n"')]

    def records_of(self, each: Definition) -> str:
        """The sum that counts the rows with a value."""
        present = f'"{each["column"]}_is"'
        self._values[f'("{each["column"]}" IS NOT NULL)::INTEGER AS {present}'] = ""
        return self._count(f"({self._literals.bits(each['where'])} & {present})")

    def columns(self) -> list[str]:
        """What the sums are over, in a SELECT from the table."""
        return [*self._values, *self._literals.columns()]

    def first(self) -> list[str]:
        return [f"{self._typed(s, n)} AS {n}" for s, n in self._names.items()]

    def again(self) -> list[str]:
        return [self._typed(name, name) for name in self._names.values()]

    def _typed(self, summed: str, name: str) -> str:
        return f"{_sum_of(summed)}::{'INTEGER' if self._is_count[name] else 'BIGINT'}"

    def _count(self, bits: str) -> str:
        name = self._names.setdefault(bits, f"s{len(self._names)}")
        self._is_count[name] = True
        return name

    def _sum(self, column: str, bits: str) -> str:
        """The sum as DOUBLE; decimals are added up in ten-thousandths."""
        is_decimal = self._types[column].startswith("DECIMAL")
        cell = f'("{column}"::DOUBLE * 10000)::BIGINT' if is_decimal else f'"{column}"'
        self._values[f'coalesce({cell}, 0) AS "{column}_v"'] = ""
        name = self._names.setdefault(f'"{column}_v" * {bits}', f"s{len(self._names)}")
        self._is_count[name] = False
        return f"({name}::DOUBLE / 10000)" if is_decimal else f"{name}::DOUBLE"


def distinct_names(distinct: dict[str, list[Definition]]) -> set[str]:
    return {each["name"] for group in distinct.values() for each in group}


def _named(sums: Sequence[str]) -> str:
    return ", ".join(f"{each}::INTEGER AS c{n}" for n, each in enumerate(sums))


def _sum_of(expression: str) -> str:
    return f"sum_no_overflow({expression})"
