"""The statements of the fused SQL for PostgreSQL.

Base tables hold sums by node and period; `roll_up` makes of them one view with the totals of every
unit. Conditions are taken apart into literals, which a subquery that stays one (OFFSET 0) works out
once a row; what FILTER is given are columns of truth values, unknown ones among them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from postgresql_tree import Calendar
from sqlglot import exp, parse_one

Definition = dict[str, Any]
_YEAR, _QUARTER = 17, "(12 + (p + 2) / 3)::smallint"
_BITS = 31  # conditions that one number tells apart
_ADDITIVE = ("count", "share", "sum", "average", "distinct")


@dataclass(frozen=True)
class Statement:
    """SQL with the stage it belongs to. `file` is what its answer is written to; "" for none."""

    stage: str
    sql: str
    file: str = ""


class Literals:
    """The literals of all conditions over one table, each with a short name."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def of(self, condition: str) -> str:
        """The condition over the literals; '' is always true."""
        return self._of(parse_one(condition, dialect="duckdb")) if condition else "true"

    def columns(self) -> str:
        """What defines the literals in a SELECT over the table, a comma before each."""
        return "".join(f", ({text}) AS {name}" for text, name in self._names.items())

    def _of(self, tree: exp.Expr) -> str:
        if isinstance(tree, exp.Paren):
            return self._of(tree.this)
        if isinstance(tree, exp.Not):
            return f"NOT {self._of(tree.this)}"
        if isinstance(tree, exp.And | exp.Or):
            operator = "AND" if isinstance(tree, exp.And) else "OR"
            return f"({self._of(tree.this)} {operator} {self._of(tree.expression)})"
        return self._names.setdefault(tree.sql(dialect="postgres"), f"l{len(self._names)}")


class Script:
    """All statements for an edition's definitions. `decimals` are the columns whose sums are over
    ten-thousandths; `levels` says how many levels the tree has."""

    def __init__(self, calendar: Calendar, levels: int, decimals: set[tuple[str, str]]) -> None:
        self.statements: list[Statement] = []
        self._calendar = calendar
        self._leaf = levels - 1
        self._decimals = decimals

    def add(self, definitions: Sequence[Definition]) -> None:
        """Whatever the definitions need."""
        placed: dict[tuple[str, str], list[Definition]] = defaultdict(list)
        latest: dict[tuple[str, str, str], list[Definition]] = defaultdict(list)
        stocks: dict[tuple[str, str, str], list[Definition]] = defaultdict(list)
        for each in definitions:
            key = each["table"], each["date"]
            if each["kind"] in _ADDITIVE:
                placed[key].append(each)
            if each["kind"] == "median":
                self._add_median(each)
            if each["kind"] == "last":
                latest[*key, each["column"]].append(each)
            if each["kind"] == "stock":
                stocks[*key, each["ends"]].append(each)
        for (table, day), group in placed.items():
            self._add_table(f"{table}_{day}", group)
        for (table, day, column), group in latest.items():
            self._add_latest(f"{table}_{day}_{column}_latest", group)
        for (table, day, _), group in stocks.items():
            self._add_stock(f"{table}_{day}_stock", group)

    def _add(self, stage: str, *statements: str) -> None:
        self.statements += [Statement(stage, sql) for sql in statements]

    def _write(self, stage: str, name: str, columns: Sequence[str], rows: str) -> None:
        """Write columns of rows that have unit_no and p."""
        query = f"""SELECT code AS unit, period, {", ".join(columns)}
        FROM {rows} JOIN unit USING (unit_no) JOIN period USING (p)
        WHERE NOT EXISTS (SELECT FROM gone g WHERE g.unit_no = t.unit_no AND g.p = t.p)"""
        self.statements.append(Statement(stage, query, f"{name}.parquet"))

    def _rows(self, group: Sequence[Definition], literals: Literals) -> str:
        """The rows of the year with the literals."""
        table, day = group[0]["table"], group[0]["date"]
        return f"""(SELECT *, "{day}_slot" AS slot{literals.columns()} FROM "{table}"
        WHERE "{day}_slot" >= {self._calendar.first_slot} OFFSET 0) AS r"""

    def _roll_up(self, stage: str, name: str, sums: Sequence[str], kept: str) -> None:
        """A view `NAME_all` with the totals of all units, out of a table `NAME_base` by node and
        p. `kept` tells the rows of the lowest units that need no adding up."""
        leaf = self._leaf
        columns = ", ".join(f"s{n}" for n in range(len(sums)))
        summed = ", ".join(f"{s} AS s{n}" for n, s in enumerate(sums))
        base = f'"{name}_base" b JOIN node USING (node)'
        parts = [f"SELECT unit_no, p, {columns} FROM {base} WHERE depth = {leaf} AND {kept}"]
        self._add(
            stage,
            f"""CREATE UNLOGGED TABLE "{name}_{leaf}" AS SELECT unit_no, p, {summed}
            FROM {base} WHERE depth = {leaf} AND NOT ({kept}) GROUP BY unit_no, p""",
        )
        parts.append(f'SELECT unit_no, p, {columns} FROM "{name}_{leaf}"')
        for depth in reversed(range(leaf)):
            low = self._low(depth, columns, f'"{name}_base"', f'"{name}_{depth + 1}"')
            self._add(
                stage,
                f"""CREATE UNLOGGED TABLE "{name}_{depth}" AS SELECT unit_no, p, {summed}
                FROM {low} GROUP BY unit_no, p""",
            )
            parts.append(f'SELECT unit_no, p, {columns} FROM "{name}_{depth}"')
        self._add(stage, f'CREATE VIEW "{name}_all" AS {" UNION ALL ".join(parts)}')

    def _low(self, depth: int, columns: str, by_node: str, below: str) -> str:
        """What is added up at the units of a depth: what nodes have of their own, and what `below`
        has for the units one deeper, where these are inner units, which never move."""
        is_lowest = depth == self._leaf - 1
        parts = [
            f"""SELECT a{depth} AS unit_no, p, {columns} FROM {by_node} JOIN node USING (node)
            WHERE depth {">=" if is_lowest else "="} {depth} AND a{depth} IS NOT NULL"""
        ]
        if not is_lowest:
            parts.append(
                f"""SELECT a{depth}, p, {columns} FROM {below}
                JOIN (SELECT DISTINCT unit_no, a{depth} FROM node WHERE depth = {depth + 1}) AS up
                USING (unit_no)"""
            )
        return f"({' UNION ALL '.join(parts)}) AS low"

    def _add_periods(self, stage: str, name: str, sums: Sequence[str]) -> None:
        """A view `NAME_every` with quarters and the year beside the months of `NAME_all`."""
        summed = ", ".join(f"{s} AS s{n}" for n, s in enumerate(sums))
        names = [f'"{name}_{each}"' for each in ("all", "quarters", "year")]
        self._add(
            stage,
            f"""CREATE UNLOGGED TABLE {names[1]} AS SELECT unit_no, q AS p, {summed}
            FROM {names[0]} JOIN period USING (p) GROUP BY unit_no, q""",
            f"""CREATE UNLOGGED TABLE {names[2]} AS SELECT unit_no, {_YEAR}::smallint AS p,
            {summed} FROM {names[1]} GROUP BY unit_no""",
            f'CREATE VIEW "{name}_every" AS '
            + " UNION ALL ".join(f"SELECT * FROM {each}" for each in names),
        )

    @property
    def _whole_months(self) -> str:
        """True for rows of a month with one slot, of a unit with one node."""
        cut = ", ".join(str(month) for month in self._calendar.cut_months())
        return f"leads = 1 AND p NOT IN ({cut})" if cut else "leads = 1"

    def _add_table(self, name: str, group: Sequence[Definition]) -> None:
        literals, sums = Literals(), Sums(self._decimals)
        written = {each["name"]: sums.of(each, literals) for each in group}
        again = sums.again()
        self._add(
            "additive: scan",
            f"""CREATE UNLOGGED TABLE "{name}_base" AS SELECT node, slot.p, {sums.columns()}
            FROM (SELECT unit_no, slot, {sums.first()} FROM {self._rows(group, literals)}
            GROUP BY unit_no, slot) AS s JOIN slot USING (slot) JOIN place USING (unit_no, slot)""",
        )
        self._roll_up("additive: roll-up", name, again, self._whole_months)
        self._add_periods("additive: periods", name, again)
        columns = [c for d in group if d["kind"] != "distinct" for c in written[d["name"]]]
        if columns:
            self._write("additive: write", name, columns, f'"{name}_every" t')
        distinct: dict[str, list[Definition]] = defaultdict(list)
        for each in group:
            if each["kind"] == "distinct":
                distinct[each["column"]].append(each)
        for column, counted in distinct.items():
            for start in range(0, len(counted), _BITS):
                part = counted[start : start + _BITS]
                records = [f'{written[d["name"]][0]} AS "{d["name"]}__n"' for d in part]
                self._add_distinct(f"{name}_{column}_{start}", part, records, f"{name}_every")

    def _add_distinct(
        self, name: str, group: Sequence[Definition], records: Sequence[str], sums: str
    ) -> None:
        """Those seen at one node only add up; the others are told apart again on each level."""
        literals, column, leaf = Literals(), group[0]["column"], self._leaf
        masks = " | ".join(
            f"CASE WHEN {literals.of(d['where'])} THEN {1 << n} ELSE 0 END"
            for n, d in enumerate(group)
        )
        counts = ", ".join(
            f"count(*) FILTER (WHERE mask & {1 << n} <> 0)::integer AS s{n}"
            for n in range(len(group))
        )
        seen, wandered = f'"{name}_seen"', f'"{name}_wandered"'
        self._add(
            "distinct: reduce",
            f"""CREATE UNLOGGED TABLE "{name}_seen_months" AS
            SELECT node, slot.p, who, bit_or(mask) AS mask
            FROM (SELECT unit_no, slot, "{column}" AS who, {masks} AS mask
            FROM {self._rows(group, literals)}) AS m
            JOIN slot USING (slot) JOIN place USING (unit_no, slot)
            WHERE mask <> 0 AND who IS NOT NULL GROUP BY node, slot.p, who""",
            f"""CREATE UNLOGGED TABLE "{name}_seen_quarters" AS
            SELECT node, {_QUARTER} AS p, who, bit_or(mask) AS mask
            FROM "{name}_seen_months" GROUP BY 1, 2, 3""",
            f"""CREATE UNLOGGED TABLE "{name}_seen_year" AS
            SELECT node, {_YEAR}::smallint AS p, who, bit_or(mask) AS mask
            FROM "{name}_seen_quarters" GROUP BY node, who""",
            f"CREATE VIEW {seen} AS "
            + " UNION ALL ".join(
                f'SELECT node, p, who, mask FROM "{name}_seen_{each}"'
                for each in ("months", "quarters", "year")
            ),
            f"""CREATE UNLOGGED TABLE "{name}_wanderer" AS SELECT who FROM "{name}_seen_year"
            GROUP BY who HAVING count(*) > 1""",
            f'ANALYZE "{name}_wanderer"',
            f"""CREATE UNLOGGED TABLE {wandered} AS SELECT s.* FROM {seen} s
            JOIN "{name}_wanderer" USING (who)""",
        )
        self._add(
            "distinct: settled",
            f"""CREATE UNLOGGED TABLE "{name}_base" AS SELECT node, p, {counts} FROM {seen} s
            WHERE NOT EXISTS (SELECT FROM "{name}_wanderer" w WHERE w.who = s.who)
            GROUP BY node, p""",
        )
        again = [f"sum(s{n})::integer" for n in range(len(group))]
        self._roll_up("distinct: settled", name, again, "leads = 1")
        parts = [
            f"""SELECT unit_no, p, {counts} FROM {wandered} JOIN node USING (node)
            WHERE depth = {leaf} AND leads = 1 GROUP BY unit_no, p""",
            f"""SELECT unit_no, p, {counts} FROM (SELECT unit_no, p, who, bit_or(mask) AS mask
            FROM {wandered} JOIN node USING (node) WHERE depth = {leaf} AND leads > 1
            GROUP BY unit_no, p, who) AS m GROUP BY unit_no, p""",
        ]
        for depth in reversed(range(leaf)):
            low = self._low(depth, "who, mask", wandered, f'"{name}_wandered_{depth + 1}"')
            self._add(
                "distinct: wanderers",
                f"""CREATE UNLOGGED TABLE "{name}_wandered_{depth}" AS
                SELECT unit_no, p, who, bit_or(mask) AS mask FROM {low}
                GROUP BY unit_no, p, who""",
            )
            parts.append(
                f"""SELECT unit_no, p, {counts} FROM "{name}_wandered_{depth}"
                GROUP BY unit_no, p"""
            )
        self._add(
            "distinct: wanderers",
            f"""CREATE UNLOGGED TABLE "{name}_every" AS SELECT unit_no, p,
            {", ".join(f"{s} AS c{n}" for n, s in enumerate(again))} FROM (
            {" UNION ALL ".join([f'SELECT * FROM "{name}_all"', *parts])}) AS every
            GROUP BY unit_no, p""",
        )
        columns = [f'c{n} AS "{d["name"]}"' for n, d in enumerate(group)]
        rows = f'"{name}_every" t JOIN "{sums}" USING (unit_no, p)'
        self._write("distinct: write", name, [*columns, *records], rows)

    def _add_median(self, each: Definition) -> None:
        """All levels and periods as grouping sets."""
        name, table, column, leaf = each["name"], each["table"], each["column"], self._leaf
        slot = f'"{each["date"]}_slot"'
        where = parse_one(each["where"] or "true", dialect="duckdb").sql(dialect="postgres")
        keys = ["own", *(f"a{depth}" for depth in reversed(range(leaf)))]
        sets = ", ".join(f"({key}, p), ({key}, q), ({key})" for key in keys)
        unit = " ".join(f"WHEN grouping({key}) = 0 THEN {key}" for key in keys)
        rows = f"""(SELECT CASE {unit} END AS unit_no, CASE WHEN grouping(p) = 0 THEN p
        WHEN grouping(q) = 0 THEN q ELSE {_YEAR} END AS p,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY v) AS v, count(*) AS n
        FROM (SELECT {", ".join(keys[1:])}, CASE WHEN depth = {leaf} THEN node.unit_no END AS own,
        slot.p, {_QUARTER} AS q, v
        FROM (SELECT unit_no, {slot} AS slot, "{column}" AS v FROM "{table}"
        WHERE {slot} >= {self._calendar.first_slot} AND "{column}" IS NOT NULL AND ({where})) AS r
        JOIN slot USING (slot) JOIN place USING (unit_no, slot) JOIN node USING (node)) AS r
        GROUP BY GROUPING SETS ({sets})) AS t"""
        self._write("median", name, [f'v AS "{name}"', f'n AS "{name}__n"'], rows)

    def _add_latest(self, name: str, group: Sequence[Definition]) -> None:
        """The greatest text of day, number and value, which the greatest of several follow from."""
        literals, column, day = Literals(), group[0]["column"], group[0]["date"]
        conditions = [literals.of(each["where"]) for each in group]
        latest = ", ".join(
            f"max(key) FILTER (WHERE {c}) AS k{n}, count(*) FILTER (WHERE {c})::integer AS n{n}"
            for n, c in enumerate(conditions)
        )
        again = [
            e for n in range(len(group)) for e in (f"max(s{2 * n})", f"sum(s{2 * n + 1})::integer")
        ]
        self._add(
            "last",
            f"""CREATE UNLOGGED TABLE "{name}_base" AS SELECT node, slot.p,
            {", ".join(f"k{n} AS s{2 * n}, n{n} AS s{2 * n + 1}" for n in range(len(group)))}
            FROM (SELECT unit_no, slot, {latest}
            FROM (SELECT *, "{day}" || ' ' || _id || ' ' || "{column}" AS key
            FROM {self._rows(group, literals)} WHERE "{column}" IS NOT NULL) AS k
            GROUP BY unit_no, slot) AS l JOIN slot USING (slot) JOIN place USING (unit_no, slot)""",
        )
        self._roll_up("last", name, again, self._whole_months)
        self._add_periods("last", name, again)
        columns = [
            c for n, d in enumerate(group) for c in (
                f"""split_part(s{2 * n}, ' ', 3)::double precision AS "{d["name"]}" """,
                f's{2 * n + 1} AS "{d["name"]}__n"',
            )
        ]  # fmt: skip
        self._write("last", name, columns, f'"{name}_every" t')

    def _add_stock(self, name: str, group: Sequence[Definition]) -> None:
        """What has begun by the end of each month, less what has ended by then."""
        table, day, ends = (group[0][key] for key in ("table", "date", "ends"))
        literals = Literals()
        conditions = [literals.of(each["where"]) for each in group]
        counts = ", ".join(
            f"(sum(sign) FILTER (WHERE {c}))::integer AS s{n}" for n, c in enumerate(conditions)
        )
        again = [f"sum(s{n})::integer" for n in range(len(group))]
        months = """CASE WHEN ended < date '2025-01-01' THEN 0 WHEN ended < date '2026-01-01'
        THEN extract(month FROM ended) END::smallint"""
        self._add(
            "stock",
            f"""CREATE UNLOGGED TABLE "{name}_base" AS SELECT node, change.p, {counts}
            FROM (SELECT *, greatest("{ends}", "{day}") AS ended, "{day}_slot" AS slot
            {literals.columns()} FROM "{table}" WHERE "{day}_slot" IS NOT NULL OFFSET 0) AS r
            JOIN slot USING (slot) JOIN place USING (unit_no, slot)
            CROSS JOIN LATERAL (SELECT slot.p, 1 AS sign UNION ALL
            SELECT {months}, -1 WHERE "{ends}" IS NOT NULL) AS change
            WHERE change.p IS NOT NULL GROUP BY node, change.p""",
        )
        self._roll_up("stock", name, again, "leads = 1")
        running = ", ".join(
            f"(sum(s{n}) OVER (PARTITION BY unit_no ORDER BY p))::integer AS c{n}"
            for n in range(len(group))
        )
        self._write(
            "stock", name, [f'c{n} AS "{d["name"]}"' for n, d in enumerate(group)],
            f"""(SELECT unit_no, period.p, {", ".join(f"c{n}" for n in range(len(group)))}
            FROM (SELECT unit_no, p AS month, {running}
            FROM (SELECT DISTINCT unit_no FROM "{name}_all") AS u
            CROSS JOIN generate_series(0, 12) AS g (p) LEFT JOIN "{name}_all" USING (unit_no, p))
            AS m JOIN period ON month = CASE WHEN period.p <= 12 THEN period.p
            WHEN period.p < {_YEAR} THEN 3 * (period.p - 12) ELSE 12 END) AS t""",
        )  # fmt: skip


class Sums:
    """Sums over the rows of a table, each only once, and what is written of them."""

    def __init__(self, decimals: set[tuple[str, str]]) -> None:
        self._decimals = decimals
        self._names: dict[str, str] = {}

    def of(self, each: Definition, literals: Literals) -> list[str]:
        """The columns that a definition writes; of a distinct count only the records, unnamed."""
        name, kind, column = each["name"], each["kind"], each["column"]
        where = literals.of(each["where"])
        if kind == "count":
            return [f'{self._name("count(*)", where)} AS "{name}"']
        if kind == "share":
            base = literals.of(each["share_of"])
            hit, all_ = (self._name("count(*)", c) for c in (f"({base} AND {where})", base))
            value = f"100::bigint * {hit} / nullif({all_}::double precision, 0)"
            return [f'{value} AS "{name}"', f'{all_} AS "{name}__n"']
        records = self._name(f'count("{column}")', where)
        if kind == "distinct":
            return [records]
        is_decimal = (each["table"], column) in self._decimals
        value = self._name(f'sum("{column}{"_v" if is_decimal else ""}")', where)
        value = f"{value} / 10000" if is_decimal else value
        value = f"{value} / nullif({records}, 0)" if kind == "average" else value
        return [f'{value} AS "{name}"', f'{records} AS "{name}__n"']

    def first(self) -> str:
        """The sums over rows."""
        return ", ".join(
            f"({text})::{self._type(text)} AS {name}" for text, name in self._names.items()
        )

    def columns(self) -> str:
        return ", ".join(self._names.values())

    def again(self) -> list[str]:
        """The sums over sums."""
        return [f"sum({name})::{self._type(text)}" for text, name in self._names.items()]

    def _type(self, text: str) -> str:
        return "integer" if text.startswith("count") else "double precision"

    def _name(self, aggregate: str, where: str) -> str:
        return self._names.setdefault(f"{aggregate} FILTER (WHERE {where})", f"s{len(self._names)}")
