"""Counting a proof again, from nothing but what stands in it."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from statistics import median

from shuzhi.engines.plan import Exact
from shuzhi.figures.combine import calculate, combine, rounded
from shuzhi.figures.model import FigureState, Proof, ProofRecord
from shuzhi.packs.formulas import parse_formula


def recount(proof: Proof) -> float | None:
    """The figure's value, counted from the records and steps of its proof.

    Units: as the figure; rounded half to even at 6 places.
    Missing: None where the figure has no value, and where the proof gives none.
    """
    value = _count(proof)
    return None if value is None else rounded(value)


def _count(proof: Proof) -> Exact | None:
    if proof.figure.state is not FigureState.VALUE:
        return None
    rule, _, detail = proof.rule.partition(":")
    if rule == "formula":
        return _formula(detail, proof)
    if rule in ("over_units", "over_time"):
        values = [value for step in proof.steps if (value := _count(step)) is not None]
        return combine(detail, values) if values else 0
    if rule == "constant":
        return proof.figure.value
    return _RULES[rule](proof.records)


def _formula(text: str, proof: Proof) -> float | None:
    formula = parse_formula(text)
    values = [_count(step) for step in proof.steps]
    known = {
        operand: float(value)
        for operand, value in zip(formula.operands, values, strict=True)
        if value is not None
    }
    return calculate(formula.tree, known) if len(known) == len(values) else None


def _numbers(records: tuple[ProofRecord, ...]) -> list[Decimal]:
    return [Decimal(str(r.contribution)) for r in records if r.contribution is not None]


def _share(records: tuple[ProofRecord, ...]) -> float | None:
    return 100 * len(_numbers(records)) / len(records) if records else None


def _average(records: tuple[ProofRecord, ...]) -> float | None:
    return float(sum(_numbers(records))) / len(records) if records else None


def _median(records: tuple[ProofRecord, ...]) -> float | None:
    return median(float(n) for n in _numbers(records)) if records else None


def _reporting_rate(records: tuple[ProofRecord, ...]) -> float | None:
    asked = {record.unit for record in records}
    silent = {record.unit for record in records if record.contribution is None}
    return 100 * len(asked - silent) / len(asked) if asked else None


_RULES: Mapping[str, Callable[[tuple[ProofRecord, ...]], Exact | None]] = {
    "count": lambda records: len(_numbers(records)),
    "stock": lambda records: len(_numbers(records)),
    "units_below": lambda records: len(_numbers(records)),
    "sum": lambda records: sum(_numbers(records)),
    "distinct": lambda records: len({record.contribution for record in records}),
    "min": lambda records: min(_numbers(records), default=None),
    "max": lambda records: max(_numbers(records), default=None),
    "last": lambda records: _numbers(records)[-1] if records else None,
    "average": _average,
    "median": _median,
    "share": _share,
    "reporting_rate": _reporting_rate,
}
