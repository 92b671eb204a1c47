"""What a predicate may consist of, and what type each part has."""

import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlglot import exp

from shuzhi.errors import UserError
from shuzhi.packs.column_types import ColumnType
from shuzhi.packs.suggestions import suggest

PERIOD_START, PERIOD_LAST_DAY = "period_start", "period_last_day"
RESERVED_DATES = (PERIOD_START, PERIOD_LAST_DAY)

FUNCTIONS = frozenset(
    {"coalesce", "nullif", "abs", "round", "length", "least", "greatest", "year", "month"}
)
_NUMERIC = frozenset({ColumnType.INTEGER, ColumnType.NUMBER})
_ORDERED = _NUMERIC | {ColumnType.DATE}
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MAX_DECIMALS = 6
_CONDITIONS = (exp.Connector, exp.Not, exp.Predicate)


class PredicateRefused(UserError):
    """A predicate that is not understood or not allowed."""

    def __init__(self, what: str, remedy: str) -> None:
        self.what, self.remedy = what, remedy
        super().__init__(f"{what}; {remedy}")


@dataclass(frozen=True)
class Scope:
    """What a predicate may name: columns with types, which are persons', values of categories."""

    columns: Mapping[str, ColumnType]
    person: frozenset[str]
    values: Mapping[str, tuple[str, ...]]


def require_boolean(tree: exp.Expr, scope: Scope) -> None:
    """Raises: PredicateRefused unless the tree is allowed throughout and is true or false."""
    if _type_of(tree, scope) is not ColumnType.BOOLEAN:
        raise PredicateRefused(
            f"{_written(tree)} is no condition: it is not true or false",
            "compare it with something, such as = 'work' or > 0",
        )


def _type_of(node: exp.Expr | None, scope: Scope) -> ColumnType:
    rule = _RULES.get(type(node))
    if node is None or rule is None:
        raise PredicateRefused(
            f"{_written(node)} is not allowed in this place of a predicate",
            "use comparisons of columns with values, joined by and, or, not",
        )
    return rule(node, scope)


def _written(node: exp.Expr | None) -> str:
    text = "nothing" if node is None else node.sql(dialect="duckdb", comments=False)
    return text.replace('"', "")[:80]


def _column(node: exp.Expr, scope: Scope) -> ColumnType:
    if node.name in scope.person:
        raise PredicateRefused(
            f"column {node.name} holds persons, who are counted and never compared",
            f"write only {node.name} is null or {node.name} is not null",
        )
    if node.name not in scope.columns:  # a word such as `in` where an operand should be
        raise PredicateRefused(
            f"{node.name} is no column of the table", suggest(node.name, scope.columns)
        )
    return scope.columns[node.name]


def _literal(node: exp.Expr, _scope: Scope) -> ColumnType:
    if node.is_string:
        return ColumnType.STRING
    return ColumnType.NUMBER if "." in node.name else ColumnType.INTEGER


def _true_or_false(_node: exp.Expr, _scope: Scope) -> ColumnType:
    return ColumnType.BOOLEAN


def _inner(node: exp.Expr, scope: Scope) -> ColumnType:
    return _type_of(node.this, scope)


def _day(node: exp.Expr, _scope: Scope) -> ColumnType:
    """`date '2023-01-01'`; every other cast is refused by its words before this."""
    text = node.name
    try:
        if _ISO_DAY.fullmatch(text):
            date.fromisoformat(text)
            return ColumnType.DATE
    except ValueError:
        pass
    raise PredicateRefused(f"{text!r} is no day", "write days as date '2023-01-31'")


def _conditions(node: exp.Expr, scope: Scope) -> ColumnType:
    for part in node.flatten():
        _require(part, scope, {ColumnType.BOOLEAN}, "a condition")
    return ColumnType.BOOLEAN


def _not(node: exp.Expr, scope: Scope) -> ColumnType:
    return _require(node.this, scope, {ColumnType.BOOLEAN}, "a condition")


def _is_null(node: exp.Binary, scope: Scope) -> ColumnType:
    if not isinstance(node.expression, exp.Null):
        raise PredicateRefused(
            f"{_written(node)}: is stands only before null or not null",
            "write the column alone for true, not column for false",
        )
    _refuse_bare_conditions(node, (node.this,))
    if not isinstance(node.this, exp.Column):
        _type_of(node.this, scope)
    return ColumnType.BOOLEAN


def _refuse_bare_conditions(node: exp.Expr, parts: tuple[exp.Expr, ...]) -> None:
    """Engines disagree on how a = b = c and a = b is null are read."""
    if any(isinstance(part, _CONDITIONS) for part in parts):
        raise PredicateRefused(
            f"{_written(node)} compares a condition", "put the condition in parentheses"
        )


def _equality(node: exp.Binary, scope: Scope) -> ColumnType:
    _refuse_bare_conditions(node, (node.left, node.right))
    _common_type(node, (node.left, node.right), scope)
    _refuse_unknown_values(node.left, (node.right,), scope)
    _refuse_unknown_values(node.right, (node.left,), scope)
    return ColumnType.BOOLEAN


def _ordering(node: exp.Binary, scope: Scope) -> ColumnType:
    _require_ordered(node, (node.left, node.right), scope)
    return ColumnType.BOOLEAN


def _between(node: exp.Expr, scope: Scope) -> ColumnType:
    _require_ordered(node, (node.this, node.args["low"], node.args["high"]), scope)
    return ColumnType.BOOLEAN


def _in(node: exp.Expr, scope: Scope) -> ColumnType:
    choices = tuple(node.expressions)
    if not choices or not all(_is_literal(choice) for choice in choices):
        raise PredicateRefused(
            f"{_written(node)}: in wants a list of values", "write in ('work', 'study')"
        )
    _common_type(node, (node.this, *choices), scope)
    _refuse_unknown_values(node.this, choices, scope)
    return ColumnType.BOOLEAN


def _is_literal(node: exp.Expr) -> bool:
    if isinstance(node, exp.Neg):
        node = node.this
    return isinstance(node, exp.Literal | exp.Cast)


def _like(node: exp.Expr, scope: Scope) -> ColumnType:
    _require(node.this, scope, {ColumnType.STRING}, "a text")
    pattern = node.expression
    if not (isinstance(pattern, exp.Literal) and pattern.is_string):
        raise PredicateRefused(f"{_written(node)}: like wants a text", "write like '%word%'")
    return ColumnType.BOOLEAN


def _arithmetic(node: exp.Binary, scope: Scope) -> ColumnType:
    left, right = _type_of(node.left, scope), _type_of(node.right, scope)
    if isinstance(node, exp.Sub) and left is right is ColumnType.DATE:
        return ColumnType.INTEGER
    if ColumnType.DATE in (left, right):
        raise PredicateRefused(
            f"{_written(node)}: the only arithmetic with days is day - day",
            "write answered - received <= 5 for within five days",
        )
    if not {left, right} <= _NUMERIC:
        raise PredicateRefused(
            f"{_written(node)}: {left} and {right} cannot be calculated with", "use numbers"
        )
    return _wider(left, right)


def _division(node: exp.Binary, scope: Scope) -> ColumnType:
    divisor = node.right.unnest()
    zero = divisor.expression if isinstance(divisor, exp.Nullif) else None
    if not (isinstance(zero, exp.Literal) and not zero.is_string and zero.name == "0"):
        raise PredicateRefused(
            f"{_written(node)} may divide by zero",
            f"write {_written(node.left)} / nullif({_written(node.right)}, 0)",
        )
    for part in (node.left, divisor):
        _require(part, scope, _NUMERIC, "a number")
    return ColumnType.NUMBER


def _negative(node: exp.Expr, scope: Scope) -> ColumnType:
    return _require(node.this, scope, _NUMERIC, "a number")


def _alike(node: exp.Expr, scope: Scope) -> ColumnType:
    parts = (node.this, *(node.expressions or [node.expression]))
    if len(parts) < 2 or any(part is None for part in parts):
        raise PredicateRefused(f"{_written(node)} wants two values", "add what is missing")
    if isinstance(node, exp.Least | exp.Greatest):
        return _require_ordered(node, parts, scope)
    return _common_type(node, parts, scope)


def _absolute(node: exp.Expr, scope: Scope) -> ColumnType:
    return _require(node.this, scope, _NUMERIC, "a number")


def _round(node: exp.Expr, scope: Scope) -> ColumnType:
    decimals = node.args.get("decimals")
    if decimals is not None:
        whole = isinstance(decimals, exp.Literal) and decimals.name.isdecimal()
        if not whole or int(decimals.name) > _MAX_DECIMALS:
            raise PredicateRefused(
                f"{_written(node)}: the number of places must be a whole number",
                f"write 0 to {_MAX_DECIMALS}",
            )
    return _require(node.this, scope, _NUMERIC, "a number")


def _length(node: exp.Expr, scope: Scope) -> ColumnType:
    _require(node.this, scope, {ColumnType.STRING}, "a text")
    return ColumnType.INTEGER


def _part_of_day(node: exp.Expr, scope: Scope) -> ColumnType:
    _require(node.this, scope, {ColumnType.DATE}, "a day")
    return ColumnType.INTEGER


def _require(
    node: exp.Expr | None,
    scope: Scope,
    wanted: Set[ColumnType],
    name: str,
) -> ColumnType:
    found = _type_of(node, scope)
    if found not in wanted:
        raise PredicateRefused(
            f"{_written(node)} is of type {found}, where {name} is wanted", f"write {name} there"
        )
    return found


def _require_ordered(node: exp.Expr, parts: tuple[exp.Expr, ...], scope: Scope) -> ColumnType:
    found = _common_type(node, parts, scope)
    if found not in _ORDERED:
        raise PredicateRefused(
            f"{_written(node)}: {found} has no order", "compare numbers or days, or use = and <>"
        )
    return found


def _common_type(node: exp.Expr, parts: tuple[exp.Expr, ...], scope: Scope) -> ColumnType:
    types = [_type_of(part, scope) for part in parts]
    common = types[0]
    for found in types[1:]:
        if found is not common and not {found, common} <= _NUMERIC:
            raise _mismatch(node, common, found)
        common = _wider(common, found)
    return common


def _wider(left: ColumnType, right: ColumnType) -> ColumnType:
    return left if left is right else ColumnType.NUMBER


def _mismatch(node: exp.Expr, left: ColumnType, right: ColumnType) -> PredicateRefused:
    what = f"{_written(node)} compares {left} with {right}"
    if {left, right} == {ColumnType.DATE, ColumnType.STRING}:
        return PredicateRefused(what, "write the day as date '2023-01-31'")
    if ColumnType.STRING in (left, right):
        return PredicateRefused(what, "put texts in single quotes, and numbers in none")
    return PredicateRefused(what, "compare values of one type")


def _refuse_unknown_values(column: exp.Expr, others: tuple[exp.Expr, ...], scope: Scope) -> None:
    if not isinstance(column, exp.Column) or column.name not in scope.values:
        return
    known = scope.values[column.name]
    for other in others:
        if isinstance(other, exp.Literal) and other.is_string and other.name not in known:
            raise PredicateRefused(
                f"{other.name!r} is no category of {column.name}", suggest(other.name, known)
            )


_RULES: Mapping[type, Callable[[Any, Scope], ColumnType]] = {
    exp.Column: _column,
    exp.Literal: _literal,
    exp.Boolean: _true_or_false,
    exp.Paren: _inner,
    exp.Cast: _day,
    exp.And: _conditions,
    exp.Or: _conditions,
    exp.Not: _not,
    exp.Is: _is_null,
    exp.EQ: _equality,
    exp.NEQ: _equality,
    exp.LT: _ordering,
    exp.LTE: _ordering,
    exp.GT: _ordering,
    exp.GTE: _ordering,
    exp.Between: _between,
    exp.In: _in,
    exp.Like: _like,
    exp.Add: _arithmetic,
    exp.Sub: _arithmetic,
    exp.Mul: _arithmetic,
    exp.Div: _division,
    exp.Neg: _negative,
    exp.Coalesce: _alike,
    exp.Nullif: _alike,
    exp.Least: _alike,
    exp.Greatest: _alike,
    exp.Abs: _absolute,
    exp.Round: _round,
    exp.Length: _length,
    exp.Year: _part_of_day,
    exp.Month: _part_of_day,
}
