"""The auditor's pages: what was done, by whom, when; and the same as a file."""

from http import HTTPStatus
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from workplace.accounts.access import person
from workplace.events.exporting import write_csv, write_workbook
from workplace.events.models import Event
from workplace.events.record import record_event
from workplace.events.searching import SearchForm, events_for, page_of, search
from workplace.events.telling import tell_all
from workplace.web.spreadsheets import XLSX

_KINDS = ("xlsx", "csv")
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"  # office suites take a .csv without it for another encoding


class Events(View):
    """What is on record, newest first; asked for by day, unit, action, person and object."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return _page(request, events_for(person(request)), SearchForm(request.GET))


class Export(View):
    """The events asked for as .xlsx or .csv. That somebody took them along is an event itself."""

    def post(self, request: HttpRequest, form: str) -> HttpResponse:
        if form not in _KINDS:
            raise Http404
        events = events_for(person(request))
        search_form = SearchForm(request.POST)
        if not search_form.is_valid():  # else more would be taken along than was asked for
            return _page(request, events, search_form, HTTPStatus.BAD_REQUEST)
        asked = search_form.cleaned_data
        found = search(events, asked)
        with transaction.atomic():
            last = record_event(
                "events.exported", by=person(request), count=found.count(), format=form,
                asked={name: value for name, value in asked.items() if value},
            )  # fmt: skip
        found = found.filter(pk__lt=last.pk).iterator(2_000)
        day = timezone.localdate()
        if form == "csv":
            out = StringIO()
            write_csv(found, out, person(request))
            answer = HttpResponse(_BOM + out.getvalue(), content_type="text/csv; charset=utf-8")
        else:
            with TemporaryDirectory() as folder:
                write_workbook(found, Path(folder) / "events.xlsx", person(request))
                content = (Path(folder) / "events.xlsx").read_bytes()
            answer = HttpResponse(content, content_type=XLSX)
        answer["Content-Disposition"] = f'attachment; filename="events-{day}.{form}"'
        return answer


def _page(
    request: HttpRequest, events: QuerySet[Event], form: SearchForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    """What was asked for; everything, with what is wrong beside the fields, where that cannot be
    read."""
    asked = form.cleaned_data if form.is_valid() else {}
    after = request.GET.get("after", "")
    page = page_of(search(events, asked), after)
    return render(request, "events/list.html", {
        "form": form, "told": tell_all(page.events, person(request)), "older": page.older,
        "is_first": not after, "is_asked": any(asked.values()), "kinds": _KINDS,
    }, status=status)  # fmt: skip
