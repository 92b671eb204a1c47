"""Values of records as people read them: labels, names of units, days as sure as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuzhi.packs.model import Column, ColumnType, Role, Table
from shuzhi.units import UnitTree
from workplace.units.tree import current_tree, today
from workplace.web.texts import text_in

_THIRDS = {1: "上旬", 11: "中旬", 21: "下旬"}
_MOST_COLUMNS = 5
_NUMBERS = (ColumnType.INTEGER, ColumnType.NUMBER)


@dataclass(frozen=True)
class Cell:
    """One value beside its column, ready to be shown; `was` is what it held before, if asked."""

    column: Column
    label: str
    text: str
    was: str = ""
    is_number: bool = False


@dataclass(frozen=True)
class Shown:
    """Puts values into the reader's language, with the units of one tree by their name today."""

    tree: UnitTree
    day: date

    @classmethod
    def now(cls) -> "Shown":
        """By today's tree, asked of the database once."""
        return cls(current_tree(), today())

    def cells(
        self, table: Table, data: Mapping[str, Any], precision: str = "day",
        only: Sequence[str] | None = None,
    ) -> list[Cell]:  # fmt: skip
        """The columns of a record with what they hold, in the table's order; where `only` names
        some, these in its order."""
        return [
            Cell(
                column, text_in(column.label),
                self.value(column, data.get(column.name), precision),
                is_number=column.type in _NUMBERS,
            )
            for column in (map(table.column, only) if only is not None else table.columns)
        ]  # fmt: skip

    def differences(
        self, table: Table, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> list[Cell]:
        """The columns in which two states of a record differ, each with what it was."""
        return [
            Cell(
                column, text_in(column.label), self.value(column, after.get(column.name)),
                was=self.value(column, before.get(column.name)),
            )
            for column in table.columns
            if before.get(column.name) != after.get(column.name)
        ]  # fmt: skip

    def value(self, column: Column, value: Any, precision: str = "day") -> str:
        """One value; '' for nothing. Persons are a count, never a name."""
        if value is None or value == "":
            return ""
        if column.role is Role.PERSON:
            return ngettext("%(count)d person on record", "%(count)d persons on record", 1) % {
                "count": 1
            }
        if column.role in (Role.UNIT, Role.UNIT_REF):
            return self.unit(str(value))
        if column.type is ColumnType.BOOLEAN:
            return _("yes") if value else _("no")
        if column.categories:
            return category_label(column, value)
        if column.type is ColumnType.DATE:
            sure = precision if column.role is Role.DATE else "day"
            return day_as_text(date.fromisoformat(value), sure)
        if column.type in _NUMBERS and column.uom:
            return f"{value} {text_in(column.uom)}"
        return str(value)

    def unit(self, code: str) -> str:
        """What a unit is called; its code where the tree does not know it."""
        return self.tree.name(code, self.day) if code in self.tree.by_code else code

    def headline(self, table: Table, data: Mapping[str, Any]) -> str:
        """What a record is called where a line must do: its first text, else its day."""
        wanted = [table.column(name) for name in main_columns(table) if data.get(name)]
        named = [c for c in wanted if c.type is ColumnType.STRING and not c.categories]
        return next(
            (self.value(column, data[column.name]) for column in (*named, *wanted)),
            text_in(table.label),
        )


def category_label(column: Column, value: str) -> str:
    """What a category is called; its value where the pack has it no longer."""
    labels = {category.value: category.label for category in column.categories}
    return text_in(labels[value]) if value in labels else str(value)


def day_as_text(day: date, precision: str) -> str:
    """A day as sure as it is known; the engine's reader reads the same from it."""
    if precision == "month":
        return f"{day.year}年{day.month}月"
    if precision == "ten_days":
        return f"{day.year}年{day.month}月{_THIRDS[day.day]}"
    return day.isoformat()


def main_columns(table: Table) -> list[str]:
    """The few columns that tell a record: what it is called, its day, its kind, its numbers."""
    day = [column.name for column in table.columns if column.role is Role.DATE]
    rest = [column for column in table.columns if column.role is Role.NONE]
    names = [c.name for c in rest if c.type is ColumnType.STRING and not c.categories]
    kinds = [c.name for c in rest if c.categories]
    numbers = [c.name for c in rest if c.type in _NUMBERS]
    required = {column.name for column in table.columns if column.required}
    names.sort(key=lambda name: name not in required)
    return [*names[:1], *day, *kinds[:1], *numbers][:_MOST_COLUMNS]
