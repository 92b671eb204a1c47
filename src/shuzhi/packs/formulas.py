"""Formulas: arithmetic over indicators, for figures that are derived from other figures.

A sum is products joined by + or -; a product is factors joined by * or /; a factor is a number, an
indicator, a function of one name, a sum in parentheses, or any of these behind a minus.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from shuzhi.errors import UserError
from shuzhi.packs.suggestions import suggest

MAX_CHARACTERS = 4_000
MAX_DEPTH = 50
MAX_NODES = 200

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[a-z][a-z0-9_]*)|(?P<sign>[-+*/()]))"
)


class FormulaRefused(UserError):
    """A formula that is not understood or not allowed."""

    def __init__(self, what: str, remedy: str) -> None:
        self.what, self.remedy = what, remedy
        super().__init__(f"{what}; {remedy}")


@dataclass(frozen=True)
class Constant:
    value: Decimal


@dataclass(frozen=True)
class IndicatorRef:
    """The indicator's figure for the same unit and period."""

    indicator: str


@dataclass(frozen=True)
class LastYear:
    """The indicator's figure for the same unit and the same period one year earlier."""

    indicator: str


@dataclass(frozen=True)
class YearToDate:
    """The indicator's figure from the start of the year to the period's end."""

    indicator: str


@dataclass(frozen=True)
class TargetOf:
    """The indicator's target: its number, or the figure of the indicator that is its target."""

    indicator: str


@dataclass(frozen=True)
class ReportingRate:
    """100 × the units that reported the table ÷ the units asked for it."""

    table: str


@dataclass(frozen=True)
class UnitsBelow:
    """How many units of the level stand at or below the unit on the period's last day."""

    level: str


@dataclass(frozen=True)
class Negation:
    operand: "Node"


@dataclass(frozen=True)
class Operation:
    """`operator` is one of + - * /. Missing: division by zero makes the figure not applicable."""

    operator: str
    left: "Node"
    right: "Node"


Operand = IndicatorRef | LastYear | YearToDate | TargetOf | ReportingRate | UnitsBelow
Node = Constant | Negation | Operation | Operand

_FUNCTIONS: Mapping[str, Callable[[str], Operand]] = {
    "reporting_rate": ReportingRate,
    "units_below": UnitsBelow,
    "last_year": LastYear,
    "year_to_date": YearToDate,
    "target": TargetOf,
}
FUNCTIONS = frozenset(_FUNCTIONS)


@dataclass(frozen=True)
class Formula:
    """Arithmetic over figures. `operands` are the distinct ones, in reading order."""

    text: str
    tree: Node = field(compare=False, repr=False)
    operands: tuple[Operand, ...] = field(compare=False)


@lru_cache(maxsize=4096)
def parse_formula(text: str) -> Formula:
    """The formula written in `text`; whether its names exist is for the pack to say.

    Raises: FormulaRefused, with what is wrong and what to write instead.
    """
    if len(text) > MAX_CHARACTERS:
        raise FormulaRefused(
            f"the formula has {len(text):,} characters", f"write at most {MAX_CHARACTERS:,}"
        )
    tokens = _tokenize(text)
    if len(tokens) > 2 * MAX_NODES:
        raise FormulaRefused("the formula has too many parts", "divide it into two indicators")
    tree = _Parser(tokens).parse()
    operands = tuple(dict.fromkeys(_operands(tree)))
    if not operands:
        raise FormulaRefused("the formula names no indicator", "write a number as target instead")
    return Formula(text, tree, operands)


class _Word(NamedTuple):
    kind: str  # number, name, sign or end
    text: str


def _tokenize(text: str) -> list[_Word]:
    words, position = [], 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise FormulaRefused(
                f"{text[position:].strip()[:20]!r} is not understood in a formula",
                "use indicator names, numbers, + - * / and parentheses",
            )
        words.append(_Word(str(match.lastgroup), match[str(match.lastgroup)]))
        position = match.end()
    return words


def _operands(node: Node) -> Iterator[Operand]:
    match node:
        case Constant():
            return
        case Negation(operand):
            yield from _operands(operand)
        case Operation(_, left, right):
            yield from _operands(left)
            yield from _operands(right)
        case _:
            yield node


class _Parser:
    """Reads the words from left to right; one method a clause of the grammar above."""

    def __init__(self, words: list[_Word]) -> None:
        self.words = [*words, _Word("end", "")]
        self.position = 0
        self.depth = 0

    def parse(self) -> Node:
        tree = self.sum()
        if self.next.kind != "end":
            raise FormulaRefused(
                f"the formula goes on with {self.next.text!r} where it should end",
                "put an operator or a parenthesis before it",
            )
        return tree

    @property
    def next(self) -> _Word:
        return self.words[self.position]

    def take(self) -> _Word:
        self.position += 1
        return self.words[self.position - 1]

    def sum(self) -> Node:
        node = self.product()
        while self.next.text in ("+", "-"):
            node = Operation(self.take().text, node, self.product())
        return node

    def product(self) -> Node:
        node = self.factor()
        while self.next.text in ("*", "/"):
            node = Operation(self.take().text, node, self.factor())
        return node

    def factor(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FormulaRefused("the formula nests too deeply", "divide it into two indicators")
        node = self.factor_at_depth()
        self.depth -= 1
        return node

    def factor_at_depth(self) -> Node:
        word = self.take()
        if word.text == "-":
            return Negation(self.factor())
        if word.text == "(":
            node = self.sum()
            self.close()
            return node
        if word.kind == "number":
            return Constant(Decimal(word.text))
        if word.kind == "name":
            return self.call(word.text) if self.next.text == "(" else IndicatorRef(word.text)
        self.position -= word.kind == "end"
        raise FormulaRefused(
            f"the formula has {word.text!r} where a value should be"
            if word.text
            else "the formula ends where a value should be",
            "write an indicator, a number or a parenthesis there",
        )

    def call(self, name: str) -> Node:
        if name not in _FUNCTIONS:
            raise FormulaRefused(f"function {name} is not known", suggest(name, FUNCTIONS))
        self.take()
        argument = self.take()
        if argument.kind != "name":
            raise FormulaRefused(f"{name} wants one name", f"write {name}(a_name)")
        self.close()
        return _FUNCTIONS[name](argument.text)

    def close(self) -> None:
        if self.take().text != ")":
            raise FormulaRefused("a parenthesis is not closed", "add the missing )")
