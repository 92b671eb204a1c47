"""Literals of conditions as Python expressions, for contenders that are written in Python.

A literal is what stands between `and`, `or` and `not`. Both printers give an expression that is
true where the literal is true (or, negated, false) and false where it is not or is unknown.
"""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from sqlglot import exp, parse_one

_COMPARED = {exp.EQ: "==", exp.NEQ: "!=", exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<="}
_OPPOSITE = {"==": "!=", "!=": "==", ">": "<=", ">=": "<", "<": ">=", "<=": ">"}
_ARITHMETIC = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}


class Printer(Protocol):
    def literal(self, text: str, *, negated: bool) -> str: ...


class PolarsPrinter:
    """Expressions over `pl`. Dates are day numbers, of the type that Polars keeps them in.

    `types` has for each column text, date, number, decimal or boolean.
    """

    def __init__(self, types: Mapping[str, str]) -> None:
        self._types = types

    def literal(self, text: str, *, negated: bool) -> str:
        found = self._truth(parse_one(text, dialect="duckdb"))
        return f"({'~' if negated else ''}({found})).fill_null(False)"

    def _truth(self, tree: exp.Expr) -> str:
        if isinstance(tree, exp.Paren):
            return self._truth(tree.this)
        if isinstance(tree, exp.Column):
            return f"pl.col({tree.name!r})"
        if type(tree) in _COMPARED:
            sides = [self._value(side) for side in (tree.this, tree.expression)]
            return f"({sides[0]} {_COMPARED[type(tree)]} {sides[1]})"
        value = self._value(tree.this)
        if isinstance(tree, exp.Between):
            low, high = (self._value(tree.args[side]) for side in ("low", "high"))
            return f"{value}.is_between({low}, {high})"
        if isinstance(tree, exp.In):
            return f"{value}.is_in([{', '.join(self._value(e) for e in tree.expressions)}])"
        if isinstance(tree, exp.Is):
            return f"{value}.is_null()"
        if isinstance(tree, exp.Like):
            how, word = like(tree.expression.name)
            if how == "contains":
                return f"{value}.str.contains({word!r}, literal=True)"
            return f"{value}.str.{how}({word!r})"
        raise ValueError(tree.sql())

    def _value(self, tree: exp.Expr) -> str:
        if isinstance(tree, exp.Paren):
            return self._value(tree.this)
        if isinstance(tree, exp.Column):
            is_date = self._types[tree.name] == "date"
            return f"pl.col({tree.name!r})" + (".to_physical()" if is_date else "")
        if isinstance(tree, exp.Literal):
            return repr(tree.this) if tree.is_string else tree.this
        if isinstance(tree, exp.Cast) and tree.is_type("date"):
            return str(day_number(tree.this.name))
        if isinstance(tree, exp.Cast):
            value = self._value(tree.this)
            return f"{value}.cast(pl.Float64)" if value.startswith(("pl.", "(pl.")) else value
        if type(tree) in _ARITHMETIC:
            sides = [self._value(side) for side in (tree.this, tree.expression)]
            return f"({sides[0]} {_ARITHMETIC[type(tree)]} {sides[1]})"
        if isinstance(tree, exp.Month):
            return f"pl.col({column_of(tree)!r}).dt.month()"
        if isinstance(tree, exp.Coalesce):
            return f"{self._value(tree.this)}.fill_null({self._value(tree.expressions[0])})"
        if isinstance(tree, exp.Nullif):
            value = self._value(tree.this)
            return f"pl.when({value} != {self._value(tree.expression)}).then({value})"
        raise ValueError(tree.sql())


class NumpyPrinter:
    """Expressions over `t`, a table of which `t.number(name)` is an array with NaN for what is
    empty (a date is a day number), `t.true(name)` and `t.false(name)` are where a boolean is so,
    `t.there(name)` where a column is not empty, `t.among(name, test)` where a text passes."""

    def __init__(self, types: Mapping[str, str]) -> None:
        self._types = types

    def literal(self, text: str, *, negated: bool) -> str:
        return self._truth(parse_one(text, dialect="duckdb"), negated=negated)

    def _truth(self, tree: exp.Expr, *, negated: bool) -> str:
        if isinstance(tree, exp.Paren):
            return self._truth(tree.this, negated=negated)
        if isinstance(tree, exp.Column):
            return f"t.{'false' if negated else 'true'}({tree.name!r})"
        if isinstance(tree, exp.Is):
            return f"{'' if negated else '~'}t.there({column_of(tree)!r})"
        column = tree.this
        if isinstance(column, exp.Column) and self._types[column.name] == "text":
            no = "not " if negated else ""
            return f"t.among({column.name!r}, lambda text: {no}({_text_test(tree)}))"
        if isinstance(tree, exp.Between):
            signs = ("<", "|", ">") if negated else (">=", "&", "<=")
            value = self._value(column)
            low, high = (self._value(tree.args[side]) for side in ("low", "high"))
            return f"(({value} {signs[0]} {low}) {signs[1]} ({value} {signs[2]} {high}))"
        if isinstance(tree, exp.In):
            each = [self._compared(column, "==", e, negated=negated) for e in tree.expressions]
            return f"({(' & ' if negated else ' | ').join(each)})"
        return self._compared(column, _COMPARED[type(tree)], tree.expression, negated=negated)

    def _compared(self, left: exp.Expr, sign: str, right: exp.Expr, *, negated: bool) -> str:
        sign = _OPPOSITE[sign] if negated else sign
        sides = self._value(left), self._value(right)
        found = f"({sides[0]} {sign} {sides[1]})"
        if sign == "!=":  # NaN is unequal to everything
            known = [f"({s} == {s})" for s in sides if "t." in s]
            found = f"({' & '.join([found, *known])})"
        return found

    def _value(self, tree: exp.Expr) -> str:
        if isinstance(tree, exp.Paren):
            return self._value(tree.this)
        if isinstance(tree, exp.Column):
            return f"t.number({tree.name!r})"
        if isinstance(tree, exp.Literal):
            return tree.this
        if isinstance(tree, exp.Cast):
            is_date = tree.is_type("date")
            return str(day_number(tree.this.name)) if is_date else self._value(tree.this)
        if type(tree) in _ARITHMETIC:
            sides = [self._value(side) for side in (tree.this, tree.expression)]
            return f"({sides[0]} {_ARITHMETIC[type(tree)]} {sides[1]})"
        if isinstance(tree, exp.Month):
            return f"t.month({column_of(tree)!r})"
        if isinstance(tree, exp.Coalesce):
            value, other = self._value(tree.this), self._value(tree.expressions[0])
            return f"np.where({value} == {value}, {value}, {other})"
        if isinstance(tree, exp.Nullif):
            value = self._value(tree.this)
            return f"np.where({value} == {self._value(tree.expression)}, np.nan, {value})"
        raise ValueError(tree.sql())


def like(pattern: str) -> tuple[str, str]:
    """The method that tells a pattern with % at one end or both, and the word it looks for.

    Raises: ValueError for other patterns.
    """
    word = pattern.strip("%")
    ends = pattern.startswith("%"), pattern.endswith("%")
    if "%" in word or "_" in word or not any(ends):
        raise ValueError(pattern)
    return {(True, True): "contains", (True, False): "ends_with"}.get(ends, "starts_with"), word


def day_number(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def column_of(tree: exp.Expr) -> str:
    found = tree.find(exp.Column)
    assert found is not None
    return found.name


def _text_test(tree: exp.Expr) -> str:
    if isinstance(tree, exp.Like):
        how, word = like(tree.expression.name)
        method = {"starts_with": "startswith", "ends_with": "endswith"}.get(how)
        return f"text.{method}({word!r})" if method else f"{word!r} in text"
    if isinstance(tree, exp.In):
        return f"text in {tuple(e.name for e in tree.expressions)!r}"
    return f"text {_COMPARED[type(tree)]} {tree.expression.name!r}"
