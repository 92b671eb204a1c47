"""The auditor's pages: what was done, by whom, when; and the same as a file."""

from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from workplace.accounts.access import person
from workplace.events.exporting import write_csv, write_workbook
from workplace.events.record import record_event
from workplace.events.searching import SearchForm, events_for, page_of, search
from workplace.events.telling import tell_all

_KINDS = ("xlsx", "csv")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"  # office suites take a .csv without it for another encoding


class Events(View):
    """What is on record, newest first; asked for by day, unit, action, person and object."""

    def get(self, request: HttpRequest) -> HttpResponse:
        events = events_for(person(request))
        form = SearchForm(request.GET)
        asked = form.cleaned_data if form.is_valid() else {}
        page = page_of(search(events, asked), request.GET.get("after", ""))
        return render(request, "events/list.html", {
            "form": form, "told": tell_all(page.events, person(request)), "older": page.older,
            "is_first": not request.GET.get("after"),
            "is_asked": any(asked.values()),
            "kinds": _KINDS,
        })  # fmt: skip


class Export(View):
    """The events asked for as .xlsx or .csv. That somebody took them along is an event itself."""

    def post(self, request: HttpRequest, form: str) -> HttpResponse:
        if form not in _KINDS:
            raise Http404
        events = events_for(person(request))
        search_form = SearchForm(request.POST)
        asked = search_form.cleaned_data if search_form.is_valid() else {}
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
            answer = HttpResponse(content, content_type=_XLSX)
        answer["Content-Disposition"] = f'attachment; filename="events-{day}.{form}"'
        return answer
