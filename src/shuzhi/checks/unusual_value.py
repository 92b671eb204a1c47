"""A number far from what the same unit has reported so far."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from shuzhi.checks.rows import key_columns
from shuzhi.checks.rule import Case, Check, Doubt, setting

# Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993): the modified z-score.
_MAD_TO_SIGMA = 0.6745
_MEAN_TO_SIGMA = 0.7979


@dataclass(frozen=True)
class UnusualValueSettings:
    columns: tuple[tuple[str, str], ...] = setting(
        "The columns looked at, written `table.column`.",
        lambda section, key: section.column_paths(key),
    )
    z: float = setting(
        "A value is asked about when its modified z-score is above this (3.5 is usual for values "
        "spread evenly about their middle; counts of people want more).",
        lambda section, key: section.decimal(key, least=3, most=100),
    )
    min_n: int = setting(
        "The fewest numbers of one unit and column to judge by.",
        lambda section, key: section.integer(key, least=8),
    )


def modified_z(value: float, middle: float, deviations: Sequence[float]) -> float:
    """How far `value` lies from the median `middle`, in robust standard deviations.

    `deviations` are the absolute distances of all values from it. Where half of them are 0 their
    mean stands in for their median; where all are, nothing can be said: 0.
    """
    if typical := median(deviations):
        return _MAD_TO_SIGMA * abs(value - middle) / typical
    mean = fmean(deviations)
    return _MEAN_TO_SIGMA * abs(value - middle) / mean if mean else 0.0


def _find(case: Case, settings: UnusualValueSettings) -> Iterator[Doubt]:
    for table, column in settings.columns:
        for unit, rows in _history(case, table, column).items():
            if len(rows) < settings.min_n:
                continue
            numbers = [float(value) for _, _, value in rows]
            middle = median(numbers)
            deviations = [abs(number - middle) for number in numbers]
            for (record, day, value), number in zip(rows, numbers, strict=True):
                if modified_z(number, middle, deviations) > settings.z:
                    yield Doubt(
                        table,
                        unit,
                        (record,),
                        day=day,
                        about=column,
                        values={
                            "record": record,
                            "column": case.pack.tables[table].column(column).label,
                            "value": f"{value:g}" if value % 1 else f"{value:.0f}",
                            "middle": f"{middle:g}",
                            "n": str(len(rows)),
                        },
                    )


def _history(case: Case, table: str, column: str) -> dict[str, list[tuple[Any, ...]]]:
    """The records of each unit with a number in the column: record, day, number."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    columns = [*key_columns(case.pack.tables[table]), column]
    for record, unit, day, value in case.rows(table, columns):
        if unit is not None and value is not None:
            found.setdefault(unit, []).append((record, day, value))
    return found


CHECK = Check(
    name="unusual_value",
    title={"zh": "数值异常", "en": "Unusual value"},
    question={
        "zh": "{unit}“{table}”中 {record} 的{column}为 {value}，"
        "而本单位已报 {n} 条的中位数为 {middle}。是否多写或少写了一位？",
        "en": "In “{table}” of {unit}, {column} of {record} is {value}; the median of the "
        "{n} this unit has reported is {middle}. Is there a digit too many or too few?",
    },
    explanation={
        "zh": "可能是一年一度的大型活动，规模本就与平时不同。",
        "en": "It may have been a large yearly event, unlike the others.",
    },
    settings=UnusualValueSettings,
    find=_find,
    yields_to=("overlapping_hours",),
)
