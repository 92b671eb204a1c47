"""Arithmetic over values already computed: formulas, and months and units put together."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from shuzhi.engines.plan import Exact
from shuzhi.packs.formulas import Constant, Negation, Node, Operand, Operation
from shuzhi.packs.model import MeasureKind

# Measures that are 0, and not nothing, where there are no rows.
WITH_ZERO = frozenset({MeasureKind.COUNT, MeasureKind.SUM, MeasureKind.DISTINCT, MeasureKind.STOCK})
_PLACES = 6


def rounded(value: Exact) -> float:
    """The value as it is given out: float64, half to even at 6 places, never -0."""
    return round(float(value), _PLACES) + 0.0


def calculate(node: Node, values: Mapping[Operand, float]) -> float:
    """The value of a formula in float64. Raises ZeroDivisionError."""
    match node:
        case Constant(value):
            return float(value)
        case Negation(operand):
            return -calculate(operand, values)
        case Operation(operator, left, right):
            return _OPERATORS[operator](calculate(left, values), calculate(right, values))
        case _:
            return values[node]


def combine(how: str, values: Sequence[Exact]) -> Exact:
    """`values` put together by sum, max, min or average: exact but for the average."""
    return _COMBINATIONS[how](values)


def _average(values: Sequence[Exact]) -> float:
    return float(_sum(values)) / len(values)


def _sum(values: Sequence[Exact]) -> Exact:
    if any(isinstance(value, float) for value in values):
        return sum(float(value) for value in values)
    return sum((Decimal(value) for value in values), Decimal(0))


_COMBINATIONS: Mapping[str, Callable[[Sequence[Exact]], Exact]] = {
    "sum": _sum,
    "max": lambda values: max(values),
    "min": lambda values: min(values),
    "average": _average,
}
_OPERATORS: Mapping[str, Callable[[float, float], float]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
}
