"""Numbers that end in 0 or 5 more often than counted ones do."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from shuzhi.checks.rows import key_columns
from shuzhi.checks.rule import Case, Check, Doubt, setting


@dataclass(frozen=True)
class RoundNumbersSettings:
    columns: tuple[tuple[str, str], ...] = setting(
        "The columns looked at, written `table.column`.",
        lambda section, key: section.column_paths(key),
    )
    p0: float = setting(
        "The share of numbers ending in 0 or 5 that honest counting gives (0.2 in theory; more "
        "where people estimate).",
        lambda section, key: section.decimal(key, least=0.2, most=0.9),
    )
    p: float = setting(
        "A unit is asked when so many round numbers are less likely than this.",
        lambda section, key: section.decimal(key, least=0, most=0.05),
    )
    min_n: int = setting(
        "The fewest numbers of one unit, column and year to judge by.",
        lambda section, key: section.integer(key, least=5),
    )
    from_value: int = setting(
        "Smaller numbers are left out: a group of 5 is no estimate.",
        lambda section, key: section.integer(key, least=0),
    )


def binomial_tail(successes: int, trials: int, chance: float) -> float:
    """The probability of `successes` or more in `trials`; exact up to floating point."""
    if successes <= 0:
        return 1.0
    log_chance, log_rest = math.log(chance), math.log1p(-chance)
    log_all = math.lgamma(trials + 1)
    return math.fsum(
        math.exp(
            log_all
            - math.lgamma(k + 1)
            - math.lgamma(trials - k + 1)
            + k * log_chance
            + (trials - k) * log_rest
        )
        for k in range(successes, trials + 1)
    )


def _find(case: Case, settings: RoundNumbersSettings) -> Iterator[Doubt]:
    for table, column in settings.columns:
        for (unit, year), (numbers, rounded) in _numbers(case, table, column, settings).items():
            tail = binomial_tail(len(rounded), numbers, settings.p0)
            if numbers >= settings.min_n and tail < settings.p:
                yield Doubt(
                    table,
                    unit,
                    tuple(sorted(rounded)),
                    period=f"{year:04}",
                    about=column,
                    lasting=f"{year:04}",
                    values={
                        "column": case.pack.tables[table].column(column).label,
                        "n": str(numbers),
                        "round": str(len(rounded)),
                        "year": f"{year:04}",
                        "usual": f"{settings.p0 * numbers:.0f}",
                    },
                )


def _numbers(
    case: Case, table: str, column: str, settings: RoundNumbersSettings
) -> dict[tuple[str, int], tuple[int, list[str]]]:
    """How many numbers each unit gave in each year, and the records of the round ones."""
    found: dict[tuple[str, int], tuple[int, list[str]]] = {}
    columns = [*key_columns(case.pack.tables[table]), column]
    for record, unit, day, value in case.rows(table, columns):
        if day is None or value is None or value < settings.from_value or value % 1:
            continue
        numbers, rounded = found.get((unit, day.year), (0, []))
        if value % 5 == 0:
            rounded.append(record)
        found[unit, day.year] = numbers + 1, rounded
    return found


CHECK = Check(
    name="round_numbers",
    title={"zh": "整数偏多", "en": "Round numbers"},
    question={
        "zh": "{unit} {year} 年“{table}”的 {n} 个{column}中有 {round} 个以 0 或 5 结尾"
        "（通常约 {usual} 个）。是否为估计数？",
        "en": "Of {n} numbers in {column} of “{table}” from {unit} in {year}, {round} end in 0 or "
        "5 (about {usual} would be usual). Are they estimates?",
    },
    explanation={
        "zh": "可能场地按整数座位安排，或按班、按组整数组织参加。",
        "en": "Rooms may hold round numbers of seats, or people come in classes and groups of a "
        "fixed size.",
    },
    settings=RoundNumbersSettings,
    find=_find,
)
