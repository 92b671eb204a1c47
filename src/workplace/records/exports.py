"""Records as files that leave the program: texts stay texts, persons are counts, nothing in it
calculates."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from shuzhi.ledgers.safe_workbook import Cell, new_workbook, sheet_name, write_table
from shuzhi.packs.model import Column, ColumnType, Role, Table
from workplace.programme import packs
from workplace.records.models import Record
from workplace.records.shown import Shown, category_label, day_as_text
from workplace.web.spreadsheets import for_csv
from workplace.web.texts import text_in

# A workbook of more takes minutes and more memory than a small server has.
MOST_ROWS = 50_000
_READ_AT_ONCE = 2_000


class _Writable(Protocol):
    def write(self, text: str, /) -> object: ...


def write_csv(found: QuerySet[Record], table: Table, out: _Writable) -> int:
    """How many records of one table the .csv file holds. A text that a spreadsheet would take for
    a formula gets an apostrophe before it."""
    writer = csv.writer(out)
    writer.writerow(header(table))
    count = 0
    for count, row in enumerate(rows(found, table, Shown.now()), start=1):  # noqa: B007 — counted
        writer.writerow([_as_csv(value) for value in row])
    return count


def write_workbook(found: QuerySet[Record], out: Path) -> int:
    """How many records the workbook holds, a sheet a table."""
    count, names, shown = 0, [], Shown.now()
    with new_workbook(out) as workbook:
        for table in _tables_in(found):
            sheet = workbook.add_worksheet(sheet_name(text_in(table.label), names))
            names.append(sheet.get_name())
            of_table = list(rows(found.filter(table=table.name), table, shown))
            widths = dict.fromkeys(header(table), 16.0)
            write_table(workbook, sheet, widths, of_table)
            count += len(of_table)
    return count


def header(table: Table) -> list[str]:
    """What stands above the columns: the table's, then those that every record has."""
    labels = [text_in(column.label) for column in table.columns]
    return _unlike([*labels, _("State"), _("Entered"), _("Received"), _("File"), _("Record id")])


def rows(found: QuerySet[Record], table: Table, shown: Shown) -> Iterator[list[Cell]]:
    """One row a record, the oldest event first."""
    ordered = found.order_by("event_date", "pk")[:MOST_ROWS]
    for record in ordered.iterator(chunk_size=_READ_AT_ONCE):
        cells = [
            _cell(column, record.data.get(column.name), record.precision, shown)
            for column in table.columns
        ]
        place = f"{record.file_name} {record.sheet} {record.row}" if record.file_name else ""
        yield [
            *cells, record.get_state_display(), _moment(record.entered_at),
            _moment(record.received_at), place, record.key,
        ]  # fmt: skip


def _cell(column: Column, value: Any, precision: str, shown: Shown) -> Cell:
    if value is None or value == "":
        return None
    if column.role is Role.PERSON:
        return 1  # one person, whoever it is
    if column.role in (Role.UNIT, Role.UNIT_REF):
        return shown.unit(value)
    if column.type is ColumnType.BOOLEAN:
        return _("yes") if value else _("no")
    if column.categories:
        return category_label(column, value)
    if column.type is ColumnType.NUMBER:
        return Decimal(value)
    if column.type is ColumnType.DATE:
        day = date.fromisoformat(value)
        is_sure = column.role is not Role.DATE or precision == "day"
        return day if is_sure else day_as_text(day, precision)
    return value  # type: ignore[no-any-return]  # a text or a whole number


def _tables_in(found: QuerySet[Record]) -> list[Table]:
    """The tables of which there are records, in the packs' order."""
    named = set(found.order_by().values_list("pack", "table").distinct())
    return [
        table
        for pack in packs().values()
        for table in pack.tables.values()
        if (pack.name, table.name) in named
    ]


def _moment(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""


def _as_csv(value: Cell) -> str:
    if value is None:
        return ""
    return for_csv(value) if isinstance(value, str) else str(value)


def _unlike(names: Iterable[str]) -> list[str]:
    """The names, none of them twice."""
    found: list[str] = []
    for name in names:
        number, free = 1, name
        while free in found:
            number += 1
            free = f"{name} {number}"
        found.append(free)
    return found
