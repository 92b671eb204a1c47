"""Arithmetic over values already computed: formulas, and months and units put together."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from shuzhi.engines.plan import Exact, Floats
from shuzhi.packs.formulas import Constant, Negation, Node, Operand, Operation
from shuzhi.packs.model import MeasureKind

# Measures that are 0, and not nothing, where there are no rows.
WITH_ZERO = frozenset({MeasureKind.COUNT, MeasureKind.SUM, MeasureKind.DISTINCT, MeasureKind.STOCK})
_PLACES = 6
_SCALE = 10.0**_PLACES
# A product below `_LARGE` is off by at most 2 to the power of -12.
_LARGE, _NEAR = 2.0**42, 1e-3


def rounded(value: Exact) -> float:
    """The value as it is given out: float64, half to even at 6 places, never -0."""
    return round(float(value), _PLACES) + 0.0


def rounded_columns(values: Floats) -> Floats:
    """`rounded` for a column, equal to the last bit."""
    found = values + 0.0
    broken = np.flatnonzero(found != np.rint(found))
    scaled = found[broken] * _SCALE
    nearest = np.rint(scaled)
    # The product is off by a rounding: near a half, and where it is large, digits decide.
    unsure = (np.abs(np.abs(scaled - nearest) - 0.5) < _NEAR) | (np.abs(scaled) > _LARGE)
    found[broken] = nearest / _SCALE + 0.0
    unsure_places = broken[unsure]
    found[unsure_places] = [rounded(value) for value in values[unsure_places].tolist()]
    return found


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


def calculate_columns(
    node: Node, values: Mapping[Operand, Floats], length: int
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """`calculate` for every place of columns of `length`, and where it divides by nothing but
    numbers other than 0."""
    is_defined = np.ones(length, dtype=np.bool_)

    def column(node: Node) -> Floats:
        match node:
            case Constant(value):
                return np.full(length, float(value))
            case Negation(operand):
                return -column(operand)
            case Operation(operator, left, right):
                first, second = column(left), column(right)
                if operator == "/":
                    np.logical_and(is_defined, second != 0, out=is_defined)
                return _ON_COLUMNS[operator](first, second)
            case _:
                return values[node]

    with np.errstate(all="ignore"):
        return column(node), is_defined


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
_ON_COLUMNS: Mapping[str, Callable[[Floats, Floats], Floats]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
}
