"""Events as a file that leaves the program: texts stay texts, nothing in it calculates."""

import csv
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from shuzhi.ledgers.safe_workbook import new_format, new_workbook, write_cell
from workplace.accounts.models import User
from workplace.events.models import Event
from workplace.events.telling import Told, tell_all
from workplace.web.spreadsheets import for_csv

# A sheet of .xlsx holds 1,048,576 rows.
LONGEST_SHEET = 1_000_000
_AT_ONCE = 2_000


class _Writable(Protocol):
    def write(self, text: str, /) -> object: ...


def header() -> list[str]:
    """What stands above the columns."""
    return [_("Number"), _("When"), _("Who"), _("What was done"), _("Unit"), _("Object"),
            _("Facts"), _("Action code"), _("Row hash")]  # fmt: skip


def rows(events: Iterable[Event], reader: User) -> Iterator[list[str]]:
    """One row an event, told in the reader's language."""
    waiting = iter(events)
    while batch := list(islice(waiting, _AT_ONCE)):
        yield from (_row(told) for told in tell_all(batch, reader))


def _row(told: Told) -> list[str]:
    event = told.event
    return [
        str(event.pk), timezone.localtime(event.at).isoformat(timespec="seconds"), told.who,
        told.what, told.unit, told.about, "; ".join(f"{name}: {text}" for name, text in told.facts),
        event.action, event.row_hash,
    ]  # fmt: skip


def write_csv(events: Iterable[Event], out: _Writable, reader: User) -> None:
    """A .csv file; what a spreadsheet would take for a formula gets an apostrophe before it."""
    writer = csv.writer(out)
    writer.writerow(header())
    for row in rows(events, reader):
        writer.writerow(map(for_csv, row))


def write_workbook(events: Iterable[Event], out: Path, reader: User) -> None:
    """A workbook of one sheet."""
    with new_workbook(out) as workbook:
        sheet, bold = workbook.add_worksheet(_("Events")), new_format(workbook, bold=True)
        for number, row in enumerate([header(), *islice(rows(events, reader), LONGEST_SHEET)]):
            for column, text in enumerate(row):
                write_cell(sheet, number, column, text, None if number else bold)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 0, 8)
        sheet.set_column(1, len(header()) - 1, 28)
