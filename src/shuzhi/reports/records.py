"""Cells of records as a report prints them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property

from shuzhi.errors import PackRefused
from shuzhi.ledgers.model import RECORD_ID, Ledgers
from shuzhi.packs.model import Column, Pack, Role, Table
from shuzhi.reports.wording import date_text, plain_number, yes_no


class Records:
    """The records of all ledgers, found by table and id.

    Raises PackRefused when asked for the cell of a person column: persons are never listed.
    """

    def __init__(self, pack: Pack, ledgers: Ledgers, lang: str) -> None:
        self.pack = pack
        self.ledgers = ledgers
        self.lang = lang

    @cached_property
    def _rows(self) -> Mapping[str, Mapping[str, int]]:
        return {
            name: {record: row for row, record in enumerate(table[RECORD_ID].to_pylist())}
            for name, table in self.ledgers.tables.items()
        }

    def has(self, table: str, record: str) -> bool:
        return record in self._rows.get(table, {})

    def value(self, table: str, record: str, column: str) -> object:
        """The cell as stored. Missing: None."""
        return self.ledgers.tables[table][column][self._rows[table][record]].as_py()

    def text(self, table: str, record: str, column: str) -> str:
        """The cell as printed. Missing: ''."""
        definition = self.pack.tables[table]
        value = self.value(table, record, column)
        if value is None:
            return ""
        day = self.value(table, record, definition.date_column.name)
        return self._printed(definition.column(column), value, day)

    def unit(self, table: str, record: str) -> str:
        """The code of the unit the record belongs to."""
        return str(self.value(table, record, self.pack.tables[table].unit_column.name))

    def _printed(self, column: Column, value: object, day: object) -> str:
        if column.role is Role.PERSON:
            raise PackRefused(
                [f"report: column {column.name} holds persons; they are counted, never listed"]
            )
        if column.role in (Role.UNIT, Role.UNIT_REF) and value in self.ledgers.units.by_code:
            on = day if isinstance(day, date) else date.max
            return self.ledgers.units.name(str(value), on)
        for category in column.categories:
            if category.value == value:
                return category.label[self.lang]
        match value:
            case bool():
                return yes_no(value, self.lang)
            case date():
                return date_text(value, self.lang)
            case int() | float() | Decimal():
                return plain_number(value, self.lang)
        return str(value)


def naming_column(table: Table) -> Column:
    """The column a reader knows a record by: the first required text, else the id, else the
    first that is not about persons; a table has a unit and a date at least."""
    texts = (
        column
        for column in table.columns
        if column.type == "string"
        and column.required
        and column.role is Role.NONE
        and not column.categories
    )
    ids = (column for column in table.columns if column.role is Role.ID)
    return (
        next(texts, None)
        or next(ids, None)
        or next(column for column in table.columns if column.role is not Role.PERSON)
    )
