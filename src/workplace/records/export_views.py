"""Records taken out of the program, on the record."""

import tempfile
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views import View

from workplace.accounts.access import person, require_anywhere
from workplace.accounts.permissions import Permission
from workplace.events.record import record_event
from workplace.records.exports import MOST_ROWS, write_csv, write_workbook
from workplace.records.filters import Wanted, wanted_by, wanted_records
from workplace.records.models import Record
from workplace.units.tree import today
from workplace.web.spreadsheets import XLSX


class ExportPage(View):
    """The filtered list as a workbook, or one table as .csv."""

    def post(self, request: HttpRequest) -> HttpResponseBase:
        require_anywhere(person(request), Permission.EXPORT)
        wanted = wanted_by(request.GET)
        found = wanted_records(person(request), wanted, Permission.EXPORT)
        if found.order_by()[: MOST_ROWS + 1].count() > MOST_ROWS:
            messages.error(
                request,
                _("More than %(count)d records fit. Choose a table, a unit or days, then export.")
                % {"count": MOST_ROWS},
            )
            return redirect(f"{reverse('records:list')}?{wanted.address()}")
        if request.POST.get("format") == "csv" and wanted.pack_and_table:
            return _as_csv(request, wanted, found)
        return _as_workbook(request, wanted, found)


def _as_csv(request: HttpRequest, wanted: Wanted, found: QuerySet[Record]) -> HttpResponseBase:
    assert wanted.pack_and_table is not None
    _pack, table = wanted.pack_and_table
    text = StringIO()
    count = write_csv(found, table, text)
    _put_on_record(request, wanted, count)
    return download(text.getvalue().encode("utf-8-sig"), _name("csv"), "text/csv; charset=utf-8")


def _as_workbook(request: HttpRequest, wanted: Wanted, found: QuerySet[Record]) -> HttpResponseBase:
    with tempfile.TemporaryDirectory(prefix="records-") as folder:
        out = Path(folder) / "records.xlsx"
        count = write_workbook(found, out)
        content = out.read_bytes()
    _put_on_record(request, wanted, count)
    return download(content, _name("xlsx"), XLSX)


def _put_on_record(request: HttpRequest, wanted: Wanted, count: int) -> None:
    """What was searched for may be a name: that there was a search is told, not for what."""
    with transaction.atomic():
        record_event(
            "records.exported", by=person(request), unit=wanted.unit or None, count=count,
            wanted=replace(wanted, words="").address(), searched=bool(wanted.words),
        )  # fmt: skip


def _name(ending: str, day: date | None = None) -> str:
    return f"{_('records')}-{day or today()}.{ending}"


def download(content: bytes, name: str, kind: str) -> HttpResponse:
    """A file to be kept by whoever asked for it."""
    disposition = content_disposition_header(as_attachment=True, filename=name) or ""
    headers = {"Content-Disposition": disposition}
    return HttpResponse(content, content_type=kind, headers=headers)
