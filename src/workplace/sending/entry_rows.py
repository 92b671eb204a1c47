"""Rows pasted from a spreadsheet: read together, shown, then taken."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from workplace.accounts.access import person
from workplace.accounts.permissions import Permission
from workplace.records.errors import RecordNotWrittenError
from workplace.records.kept import as_json
from workplace.records.shown import Shown, main_columns
from workplace.rounds.refusals import Refused
from workplace.sending.entry_access import Asked, living_records, load_asked
from workplace.sending.entry_actions import take_rows
from workplace.sending.entry_forms import asked_columns
from workplace.sending.entry_pasting import MOST_ROWS, Pasted, read_pasted
from workplace.sending.entry_reading import ReadEntry, judged, read_texts
from workplace.web.texts import text_in


@dataclass(frozen=True)
class ReadRow:
    """One pasted row: what the engine read, and what is wrong with it by the column's label."""

    number: int
    entry: ReadEntry
    problems: list[tuple[str, str]]
    cells: list[Any]
    is_there: bool

    @property
    def is_refused(self) -> bool:
        """Whether it cannot be taken as it stands."""
        return bool(self.entry.errors) or self.entry.read.is_refused


class RowsPage(View):
    """A place to paste rows, and what they were read as."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = load_asked(request, pk, Permission.ENTER)
        return render(request, "sending/rows.html", _context(asked, "", None, []))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = load_asked(request, pk, Permission.ENTER)
        text = request.POST.get("rows", "")
        pasted = read_pasted(asked.table, text)
        rows = _read(asked, pasted)
        good = [row for row in rows if not row.is_refused]
        unsure = any(row.entry.to_confirm for row in good)
        if "take" not in request.POST or not good or (unsure and "confirm" not in request.POST):
            return render(request, "sending/rows.html", _context(asked, text, pasted, rows))
        try:
            counts = take_rows(
                by=person(request), answer=asked.answer, rows=[row.entry.read for row in good]
            )
        except (RecordNotWrittenError, Refused) as refused:
            messages.error(request, str(refused))
            return render(request, "sending/rows.html", _context(asked, text, pasted, rows))
        messages.success(
            request,
            _("Taken: %(new)d new, %(changed)d changed, %(unchanged)d as before.")
            % {"new": counts.new, "changed": counts.changed, "unchanged": counts.unchanged},
        )
        return redirect("sending:form", pk)


def _read(asked: Asked, pasted: Pasted) -> list[ReadRow]:
    reads = read_texts(asked.pack, asked.answer, [row.texts for row in pasted.rows])
    known = set(living_records(asked.answer).values_list("key", flat=True))
    shown, columns = Shown.now(), main_columns(asked.table)
    found = []
    for row, read in zip(pasted.rows, reads, strict=True):
        entry = judged(asked.table, read, row.texts, {})
        data = {name: as_json(value) for name, value in read.values.items()}
        found.append(
            ReadRow(
                row.number, entry, _problems(asked, entry),
                shown.cells(asked.table, data, read.precision, columns),
                read.record_id in known,
            )
        )  # fmt: skip
    return found


def _problems(asked: Asked, entry: ReadEntry) -> list[tuple[str, str]]:
    said = [(name, text) for name, texts in entry.errors.items() for text in texts]
    said += entry.to_confirm.items()
    return [(text_in(asked.table.column(name).label), text) for name, text in said]


def _context(asked: Asked, text: str, pasted: Pasted | None, rows: list[ReadRow]) -> dict[str, Any]:
    good = [row for row in rows if not row.is_refused]
    return asked.context(
        unit=Shown.now().unit(asked.answer.unit_id),
        labels=[text_in(column.label) for column in asked_columns(asked.table)],
        text=text,
        pasted=pasted,
        rows=rows,
        good=len(good),
        refused=len(rows) - len(good),
        unsure=sum(bool(row.entry.to_confirm) for row in good),
        most=MOST_ROWS,
    )
