"""What becomes of what a column asks for, and what it costs those who fill it in."""

import re
from collections.abc import Iterator, Mapping

from shuzhi.packs.model import Column, Indicator, Measure, Pack, Table

_PAIR = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?")
_WORD = re.compile(r"[a-z][a-z0-9_]*")


def form_minutes(table: Table) -> float:
    """The minutes that one row of a table costs to fill in."""
    return round(sum(column.minutes for column in table.columns), 2)


def columns_of(measure: Measure) -> frozenset[str]:
    """The columns of its table that a measure needs, the one that places a row among them."""
    predicates = (measure.where, measure.share_of)
    named = [name for predicate in predicates if predicate for name in predicate.columns]
    return frozenset({measure.column, measure.date, measure.ends, *named} - {""})


def indicators_using(pack: Pack, table: Table, column: Column) -> list[Indicator]:
    """The indicators measured with a column, in the pack's order."""
    return [
        indicator
        for indicator in pack.indicators.values()
        if indicator.measure is not None
        and indicator.measure.table == table.name
        and column.name in columns_of(indicator.measure)
    ]


def is_checked(pack: Pack, table: Table, column: Column) -> bool:
    """Whether a section of checks.toml names the column: as table.column, or by its own name
    beside that of its table."""
    return f"{table.name}.{column.name}" in set(_checked(pack.checks))


def _checked(values: object) -> Iterator[str]:
    if isinstance(values, Mapping):
        table = values.get("table")
        for key, value in values.items():
            if isinstance(table, str) and key != "table":
                yield from (f"{table}.{word}" for word in mentioned(value))
            yield from _checked(value)
    elif isinstance(values, list):
        for value in values:
            yield from _checked(value)
    else:
        yield from mentioned(values)


def mentioned(values: object) -> Iterator[str]:
    """Every word, and every pair of words joined by a dot, in the texts of a TOML file."""
    if isinstance(values, Mapping):
        for key, value in values.items():
            yield str(key)
            yield from mentioned(value)
    elif isinstance(values, list | tuple):
        for value in values:
            yield from mentioned(value)
    elif isinstance(values, str):
        yield from _PAIR.findall(values)
        yield from _WORD.findall(values)
