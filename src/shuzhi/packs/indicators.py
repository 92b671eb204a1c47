"""Indicators of a pack, from its TOML files, checked against its tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shuzhi.packs.complaints import Complaint
from shuzhi.packs.formulas import (
    Formula,
    FormulaRefused,
    Operand,
    ReportingRate,
    UnitsBelow,
    parse_formula,
)
from shuzhi.packs.keys import Keys
from shuzhi.packs.measures import MEASURE_KEYS, build_measure
from shuzhi.packs.model import Indicator, Table
from shuzhi.packs.suggestions import suggest

# What an indicator may be about. A person is none of these (the guard gives the reason).
SUBJECTS = ("unit", "venue", "activity", "item")
AGGREGATES = ("sum", "max", "min", "average")
SHIFTS = ("previous_year", "year_to_date")
INDICATOR_KEYS = (
    "label", "uom", "formula", "over_time", "over_units", "shift", "better", "target", "subject",
    "decimals", "section", "source", *MEASURE_KEYS,
)  # fmt: skip
_MAX_DECIMALS = 6


@dataclass(frozen=True)
class Surroundings:
    """What an indicator may refer to."""

    tables: Mapping[str, Table]
    levels: Sequence[str]


def build_indicators(
    file: str, values: Mapping[str, Any], around: Surroundings, complaints: list[Complaint]
) -> tuple[Indicator, ...]:
    """The indicators that one file defines. What is wrong is added to `complaints`."""
    whole = Keys(file, "", values, complaints)
    indicators = []
    for name, definition in values.items():
        if not isinstance(definition, Mapping):
            whole.complain(name, "it stands before any indicator", "move it below a [name]")
            continue
        whole.require_name(name, name)
        indicators.append(_indicator(name, whole.part(name), around))
    return tuple(indicators)


def complain_about_references(
    indicators: Mapping[str, Indicator],
    files: Mapping[str, str],
    around: Surroundings,
    complaints: list[Complaint],
) -> None:
    """Names in formulas and targets that nothing bears."""
    for name, indicator in indicators.items():
        keys = Keys(files[name], name, {}, complaints)
        if isinstance(indicator.target, str) and indicator.target not in indicators:
            remedy = suggest(indicator.target, indicators)
            keys.complain("target", f"{indicator.target!r} is no indicator", remedy)
        for operand in indicator.formula.operands if indicator.formula else ():
            _complain_about_operand(operand, keys, indicators, around)


def _indicator(name: str, keys: Keys, around: Surroundings) -> Indicator:
    keys.refuse_unknown(INDICATOR_KEYS)
    derived = "formula" in keys.values
    _complain_about_mixture(keys, derived)
    indicator = Indicator(
        name=name,
        label=keys.translations("label"),
        uom=keys.translations("uom"),
        measure=None if derived else build_measure(keys, around.tables),
        formula=_formula(keys) if derived else None,
        over_time=keys.choice("over_time", AGGREGATES, default=""),
        over_units=keys.choice("over_units", AGGREGATES, default=""),
        shift=keys.choice("shift", SHIFTS, default=""),
        better=keys.choice("better", ("more", "less"), default=""),
        target=_target(keys),
        subject=keys.text("subject", default="unit"),
        decimals=keys.whole("decimals", default=0, most=_MAX_DECIMALS),
        section=keys.text("section", default=""),
        source=keys.text("source", default=""),
    )
    _complain_about_aggregates(indicator, keys)
    if indicator.target is not None and not indicator.better:
        keys.complain("target", "nothing says on which side of it to be", 'add better = "more"')
    return indicator


def _formula(keys: Keys) -> Formula | None:
    text = keys.text("formula")
    try:
        return parse_formula(text) if text else None
    except FormulaRefused as refused:
        keys.complain("formula", refused.what, refused.remedy)
        return None


def _target(keys: Keys) -> float | str | None:
    value = keys.values.get("target")
    if value is None or isinstance(value, str):
        return value
    return keys.number("target", default=0)


def _complain_about_mixture(keys: Keys, derived: bool) -> None:
    measured = [key for key in MEASURE_KEYS if key in keys.values]
    if derived and measured:
        keys.complain(
            "formula", f"it stands beside {', '.join(measured)}", "keep the formula or the measure"
        )
    if not derived and not measured:
        keys.complain(
            "", "nothing says how it is worked out", 'add table = "…" and count = true, or formula'
        )


def _complain_about_aggregates(indicator: Indicator, keys: Keys) -> None:
    over = (indicator.over_time, indicator.over_units)
    if any(over) and not all(over):
        missing = "over_units" if indicator.over_time else "over_time"
        keys.complain(
            missing,
            "over_time and over_units belong together",
            f'add {missing} = "sum", or drop both',
        )
    if any(over) and indicator.formula is not None:
        keys.complain(
            "over_time", "a formula has no months or units of its own",
            "put it on the indicators that the formula names",
        )  # fmt: skip


def _complain_about_operand(
    operand: Operand, keys: Keys, indicators: Mapping[str, Indicator], around: Surroundings
) -> None:
    match operand:
        case ReportingRate(table):
            if table not in around.tables:
                keys.complain("formula", f"{table!r} is no table", suggest(table, around.tables))
            elif not around.tables[table].asked.levels:
                keys.complain(
                    "formula", f"nobody is asked for the table {table}", "name another table"
                )
        case UnitsBelow(level):
            if level not in around.levels:
                keys.complain("formula", f"{level!r} is no level", suggest(level, around.levels))
        case _:
            _complain_about_indicator(operand.indicator, type(operand).__name__, keys, indicators)


def _complain_about_indicator(
    name: str, kind: str, keys: Keys, indicators: Mapping[str, Indicator]
) -> None:
    if name not in indicators:
        keys.complain("formula", f"{name!r} is no indicator", suggest(name, indicators))
    elif kind == "TargetOf" and indicators[name].target is None:
        keys.complain("formula", f"{name} has no target", f"give {name} one, or leave it out")
