"""Last step for Spark: what it reads otherwise than DuckDB, rewritten so that both answer alike."""

from collections.abc import Callable, Mapping

from sqlglot import exp

from shuzhi.engines.sql.nodes import PERIODS, number
from shuzhi.engines.sql.states import WIDE
from shuzhi.packs.model import ColumnType, Table

# 38 digits are the most that Spark has.
_WIDE_IN_SPARK = "DECIMAL(38, 0)"


def for_spark(query: exp.Query, table: Table, *, pretty: bool = False) -> str:
    """The text of a step over a ledger of the table."""
    days = {column.name for column in table.columns if column.type is ColumnType.DATE}
    tree = query.copy()
    for node in list(tree.find_all(*_REWRITES)):
        new = _REWRITES[type(node)](node, days)
        if new is not node:
            node.replace(new)
    return tree.sql(dialect="spark", identify=True, pretty=pretty)


def _difference(node: exp.Expr, days: set[str]) -> exp.Expr:
    """A day less a day is an interval in Spark."""
    if not _is_day(node.this, days):
        return node
    between = exp.Anonymous(this="datediff", expressions=[node.this, node.expression])
    return exp.cast(between, "BIGINT", copy=False)


def _is_day(node: exp.Expr, days: set[str]) -> bool:
    node = node.unnest()
    if isinstance(node, exp.Column):
        return node.table == PERIODS or node.name in days
    if isinstance(node, exp.Coalesce | exp.Nullif | exp.Least | exp.Greatest):
        return _is_day(node.this, days)
    return isinstance(node, exp.Cast) and node.is_type("date")


def _rounded(node: exp.Expr, _days: set[str]) -> exp.Expr:
    """Spark rounds a float64 as it is printed: 2.675 to 2.68, though it is a little less."""
    if node.find(exp.Mul, exp.Div) is None:
        return node
    decimals = node.args.get("decimals")
    scale = _double(10 ** (0 if decimals is None else int(decimals.name)))
    scaled = exp.Paren(this=exp.Mul(this=exp.Paren(this=node.this), expression=scale))
    size = exp.Abs(this=scaled)
    broken = exp.Paren(this=exp.Mod(this=size, expression=_double(1)))
    up = exp.Case(
        ifs=[exp.If(this=broken.copy() >= _double(0.5), true=_double(1))], default=_double(0)
    )
    whole = exp.Paren(this=exp.Sub(this=size.copy(), expression=broken))
    away = exp.Paren(this=exp.Add(this=whole, expression=up))
    signed = exp.Mul(this=exp.Sign(this=scaled.copy()), expression=away)
    return exp.Paren(this=exp.Div(this=exp.Paren(this=signed), expression=scale.copy()))


def _double(value: float) -> exp.Expr:
    return exp.cast(number(value), "DOUBLE")


def _like(node: exp.Expr, _days: set[str]) -> exp.Expr:
    """In a pattern a backslash is a plain character."""
    pattern = node.expression
    if "\\" in pattern.name:
        pattern.replace(exp.Literal.string(pattern.name.replace("\\", "\\\\")))
    return node


def _wide(node: exp.Expr, _days: set[str]) -> exp.Expr:
    if node.is_type(WIDE):
        node.set("to", exp.DataType.build(_WIDE_IN_SPARK))
    return node


_REWRITES: Mapping[type[exp.Expr], Callable[[exp.Expr, set[str]], exp.Expr]] = {
    exp.Sub: _difference,
    exp.Round: _rounded,
    exp.Like: _like,
    exp.Cast: _wide,
}
