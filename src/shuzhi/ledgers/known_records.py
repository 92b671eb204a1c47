"""What is already known of a unit, to be printed in its form instead of asked again."""

from datetime import date
from difflib import get_close_matches
from typing import Any

from shuzhi.errors import UserError
from shuzhi.ledgers.model import PRECISION, RECORD_ID, Ledgers
from shuzhi.packs.model import Column, Role, Table
from shuzhi.periods import Period
from shuzhi.units import UnitTree

_TENS = {1: "上旬", 11: "中旬", 21: "下旬"}


def known_records(
    ledgers: Ledgers, table: Table, unit: str, period: Period
) -> list[dict[str, Any]]:
    """The records of `table` at or below `unit` that a form for `period` begins with.

    Shape: one row per record, by column name; ordered by day and record id. Those of the period
    are given as they are. A register (a table whose day is the period's end unless written) that
    has none in the period is given as it last stood, without its day. Units are codes. Persons
    are left out: they are known as tokens only.
    """
    unit_column, date_column = table.column_with(Role.UNIT), table.column_with(Role.DATE)
    if unit_column is None or date_column is None:
        return []
    own = [
        row for row in ledgers.tables[table.name].to_pylist()
        if row[date_column.name] is not None
        and is_at_or_below(ledgers.units, row[unit_column.name], unit, row[date_column.name])
    ]  # fmt: skip
    own.sort(key=lambda row: (row[date_column.name], row[RECORD_ID]))
    found = [row for row in own if period.contains(row[date_column.name])]
    if not found and date_column.default == "period_end":
        found = _last_state(own, date_column, period)
    return [_as_printed(row, table, date_column) for row in found]


def is_at_or_below(tree: UnitTree, code: str | None, unit: str, day: date) -> bool:
    """Whether the unit `code` stood at or under `unit` on `day`."""
    return code is not None and code in tree.by_code and unit in tree.ancestors(code, day)


def refuse_unknown_unit(tree: UnitTree, unit: str) -> None:
    """Raises: UserError with the codes nearest to `unit`, where the tree has none such."""
    if unit not in tree.by_code:
        near = ", ".join(get_close_matches(unit, tree.codes)) or "see the table of units"
        raise UserError(f"there is no unit {unit}; nearest: {near}")


def _last_state(
    rows: list[dict[str, Any]], date_column: Column, period: Period
) -> list[dict[str, Any]]:
    name = date_column.name
    last = max((row[name] for row in rows if row[name] < period.start), default=None)
    return [{**row, name: None} for row in rows if row[name] == last]


def _as_printed(row: dict[str, Any], table: Table, date_column: Column) -> dict[str, Any]:
    printed = {
        column.name: None if column.role is Role.PERSON else row[column.name]
        for column in table.columns
    }
    day = printed[date_column.name]
    if day is not None and row[PRECISION] == "ten_days":
        printed[date_column.name] = f"{day.year}年{day.month}月{_TENS[day.day]}"
    elif day is not None and row[PRECISION] == "month":
        printed[date_column.name] = f"{day.year}年{day.month}月"
    return printed
