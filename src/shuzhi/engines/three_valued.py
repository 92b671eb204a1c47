"""What a predicate says of one row: true, false, or unknown (None).

Sums and differences are exact; products and quotients are float64, and whatever is compared or
combined with one is taken as float64 too. `least` and `greatest` pass over the unknown.
"""

import math
import operator
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlglot import exp

Row = Mapping[str, Any]


def evaluate(node: exp.Expr, row: Row) -> Any:
    """The value of the expression for `row`.

    Missing: None, where what it depends on is missing. Raises KeyError on a node that no
    predicate may hold.
    """
    if isinstance(node, exp.Connector):
        return _connect(node, row)
    return _RULES[type(node)](node, row)


def _connect(node: exp.Connector, row: Row) -> bool | None:
    """`and` is false, and `or` true, as soon as one part is; unknown if no part decides."""
    decisive = isinstance(node, exp.Or)
    found = [evaluate(part, row) for part in node.flatten()]
    if decisive in found:
        return decisive
    return None if None in found else not decisive


def _literal(node: exp.Expr, _row: Row) -> Any:
    if node.is_string:
        return node.name
    return Decimal(node.name) if "." in node.name else int(node.name)


def _not(node: exp.Expr, row: Row) -> bool | None:
    value = evaluate(node.this, row)
    return None if value is None else not value


def _is_null(node: exp.Expr, row: Row) -> bool:
    return evaluate(node.this, row) is None


def _binary(apply: Callable[[Any, Any], Any]) -> Callable[[Any, Row], Any]:
    def rule(node: exp.Binary, row: Row) -> Any:
        left, right = _alike([node.left, node.right], row)
        return None if left is None or right is None else apply(left, right)

    return rule


def _alike(nodes: list[exp.Expr], row: Row) -> list[Any]:
    """The values of the nodes; all numbers as float where one of the nodes is inexact."""
    values = [evaluate(node, row) for node in nodes]
    if any(_is_inexact(node) for node in nodes):
        return [None if value is None else float(value) for value in values]
    return values


def _is_inexact(node: exp.Expr) -> bool:
    is_simple = isinstance(node, exp.Column | exp.Literal)  # most are, and looking takes long
    return not is_simple and node.find(exp.Mul, exp.Div) is not None


def _subtract(left: Any, right: Any) -> Any:
    return (left - right).days if isinstance(left, date) else left - right


def _divide(left: Any, right: Any) -> float:
    return float(left) / float(right)


def _multiply(left: Any, right: Any) -> float:
    return float(left) * float(right)


def _between(node: exp.Expr, row: Row) -> bool | None:
    low = exp.GTE(this=node.this.copy(), expression=node.args["low"].copy())
    high = exp.LTE(this=node.this.copy(), expression=node.args["high"].copy())
    return _connect(exp.And(this=low, expression=high), row)


def _in(node: exp.Expr, row: Row) -> bool | None:
    value, *choices = _alike([node.this, *node.expressions], row)
    return None if value is None else value in choices


def _like(node: exp.Expr, row: Row) -> bool | None:
    value = evaluate(node.this, row)
    if value is None:
        return None
    wildcards = {"%": ".*", "_": "."}
    pattern = "".join(wildcards.get(c, re.escape(c)) for c in node.expression.name)
    return re.fullmatch(pattern, value, re.DOTALL) is not None


def _coalesce(node: exp.Expr, row: Row) -> Any:
    return next((v for v in _alike([node.this, *node.expressions], row) if v is not None), None)


def _nullif(node: exp.Binary, row: Row) -> Any:
    value, other = _alike([node.this, node.expression], row)
    return None if value is None or value == other else value


def _extreme(choose: Callable[[list[Any]], Any]) -> Callable[[exp.Expr, Row], Any]:
    def rule(node: exp.Expr, row: Row) -> Any:
        known = [v for v in _alike([node.this, *node.expressions], row) if v is not None]
        return choose(known) if known else None

    return rule


def _unary(apply: Callable[[Any], Any]) -> Callable[[exp.Expr, Row], Any]:
    def rule(node: exp.Expr, row: Row) -> Any:
        value = evaluate(node.this, row)
        return None if value is None else apply(value)

    return rule


def _round(node: exp.Expr, row: Row) -> Any:
    """Halves go away from zero."""
    value = evaluate(node.this, row)
    decimals = node.args.get("decimals")
    places = 0 if decimals is None else int(decimals.name)
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, Decimal):
        return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    scaled = value * 10.0**places
    return math.copysign(_half_up(abs(scaled)), scaled) / 10.0**places


def _half_up(value: float) -> float:
    whole = math.floor(value)
    return float(whole + (value - whole >= 0.5))


_RULES: Mapping[type, Callable[[Any, Row], Any]] = {
    exp.Column: lambda node, row: row[node.name],
    exp.Literal: _literal,
    exp.Boolean: lambda node, _row: bool(node.this),
    exp.Cast: lambda node, _row: date.fromisoformat(node.name),
    exp.Paren: lambda node, row: evaluate(node.this, row),
    exp.Not: _not,
    exp.Is: _is_null,
    exp.EQ: _binary(operator.eq),
    exp.NEQ: _binary(operator.ne),
    exp.LT: _binary(operator.lt),
    exp.LTE: _binary(operator.le),
    exp.GT: _binary(operator.gt),
    exp.GTE: _binary(operator.ge),
    exp.Between: _between,
    exp.In: _in,
    exp.Like: _like,
    exp.Add: _binary(operator.add),
    exp.Sub: _binary(_subtract),
    exp.Mul: _binary(_multiply),
    exp.Div: _binary(_divide),
    exp.Neg: _unary(operator.neg),
    exp.Coalesce: _coalesce,
    exp.Nullif: _nullif,
    exp.Least: _extreme(min),
    exp.Greatest: _extreme(max),
    exp.Abs: _unary(abs),
    exp.Round: _round,
    exp.Length: _unary(len),
    exp.Year: _unary(lambda day: day.year),
    exp.Month: _unary(lambda day: day.month),
}
