"""Conditions in SQL as expressions of Ibis, as somebody would have written them there."""

from collections.abc import Callable
from typing import Any

import ibis
from ibis import Table, Value
from sqlglot import exp, parse_one

_BINARY: dict[type[exp.Expression], Callable[[Any, Any], Any]] = {
    exp.And: lambda a, b: a & b,
    exp.Or: lambda a, b: a | b,
    exp.EQ: lambda a, b: a == b,
    exp.NEQ: lambda a, b: a != b,
    exp.GT: lambda a, b: a > b,
    exp.GTE: lambda a, b: a >= b,
    exp.LT: lambda a, b: a < b,
    exp.LTE: lambda a, b: a <= b,
    exp.Add: lambda a, b: a + b,
    exp.Mul: lambda a, b: a * b,
    exp.Div: lambda a, b: a / b,
    exp.Sub: lambda a, b: a.delta(b, unit="day") if a.type().is_date() else a - b,
    exp.Like: lambda a, b: a.like(b.op().value),
}
_TYPES = {"DOUBLE": "float64", "DATE": "date"}


def expression(rows: Table, condition: str) -> Value:
    """The condition over the rows; '' is always true."""
    return _of(rows, parse_one(condition or "true", dialect="duckdb"))


def _of(rows: Table, tree: exp.Expression) -> Value:
    match tree:
        case exp.Paren():
            return _of(rows, tree.this)
        case exp.Column():
            return rows[tree.name]
        case exp.Not():
            return ~_of(rows, tree.this)
        case exp.Boolean():
            return ibis.literal(tree.this)
        case exp.Literal():
            return ibis.literal(tree.this if tree.is_string else _number(tree.this))
        case exp.Is():
            return _of(rows, tree.this).isnull()
        case exp.In():
            return _of(rows, tree.this).isin([_of(rows, each) for each in tree.expressions])
        case exp.Between():
            return _of(rows, tree.this).between(
                _of(rows, tree.args["low"]), _of(rows, tree.args["high"])
            )
        case exp.Cast():
            return _of(rows, tree.this).cast(_TYPES[tree.to.sql()])
        case exp.Nullif():
            return _of(rows, tree.this).nullif(_of(rows, tree.expression))
        case exp.Coalesce():
            return ibis.coalesce(_of(rows, tree.this), *(_of(rows, e) for e in tree.expressions))
        case exp.Month():
            return _of(rows, tree.this).month()
        case _ if type(tree) in _BINARY:
            return _BINARY[type(tree)](_of(rows, tree.this), _of(rows, tree.expression))
    raise ValueError(f"{tree.sql()} has no expression here")


def _number(text: str) -> int | float:
    return int(text) if text.isdigit() else float(text)
