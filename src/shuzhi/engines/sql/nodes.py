"""Names of the tables a query reads, and short forms for building trees."""

from collections.abc import Iterable, Mapping

from sqlglot import exp

# The ledger, and beside it the tables of `lookups`.
LEDGER, PERIODS, CALENDAR, UNITS, REACH, RUNS = (
    "ledger", "periods", "calendar", "units", "reach", "runs",
)  # fmt: skip
PLACED = "placed"
Named = tuple[str, exp.Query]  # a step's name and its query


def column(name: str, table: str = "") -> exp.Column:
    return exp.Column(this=_quoted(name), table=_quoted(table) if table else None)


def named(expression: exp.Expr, name: str) -> exp.Expr:
    return exp.Alias(this=expression, alias=_quoted(name))


def table(name: str) -> exp.Table:
    return exp.Table(this=_quoted(name))


def number(value: float) -> exp.Expr:
    return exp.Literal.number(value)


def select(
    source: str,
    columns: Mapping[str, exp.Expr],
    *,
    grouped_by: int = 0,
    where: exp.Expr | None = None,
) -> exp.Select:
    """The columns by name; with `grouped_by`, one row per combination of the first ones."""
    query = exp.Select(expressions=[named(found, name) for name, found in columns.items()])
    query = query.from_(table(source), copy=False)
    if where is not None:
        query = query.where(where, copy=False)
    if grouped_by:
        query = query.group_by(*(number(n + 1) for n in range(grouped_by)), copy=False)
    return query


def plain(names: Iterable[str], source: str = "") -> dict[str, exp.Expr]:
    """Columns under their own names."""
    return {name: column(name, source) for name in names}


def equal(names: Iterable[str], left: str, right: str) -> exp.Expr:
    """Where two tables have the same in each of the columns."""
    return exp.and_(*(column(n, left).eq(column(n, right)) for n in names), copy=False)


def only_where(value: exp.Expr, *conditions: exp.Expr) -> exp.Expr:
    """The value where all conditions hold, null elsewhere; as it is where there are none."""
    if not conditions:
        return value
    holds = exp.and_(*(condition.copy() for condition in conditions), copy=False)
    return exp.Case(ifs=[exp.If(this=holds, true=value)])


def is_there(value: exp.Expr) -> exp.Expr:
    return exp.Not(this=exp.Is(this=value, expression=exp.Null()))


def count(*conditions: exp.Expr) -> exp.Expr:
    """CASE in place of FILTER: DuckDB then counts a column of all rows, which is faster."""
    return exp.Count(this=only_where(number(1), *conditions))


def whole_sum(value: exp.Expr) -> exp.Expr:
    """A sum that surely fits into 64 bits: of counts."""
    return exp.cast(exp.Sum(this=value), "BIGINT")


def _quoted(name: str) -> exp.Identifier:
    return exp.Identifier(this=name, quoted=True)
