"""Calendars: the page on which they are made and revoked, and what their address answers."""

import hashlib
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views import View

from workplace.accounts.access import get_unit, person, require_anywhere, units_for
from workplace.accounts.permissions import Permission
from workplace.meetings.calendars import (
    calendar_by,
    make_calendar,
    revoke_calendar,
    write_calendar,
)
from workplace.meetings.fields import names_of
from workplace.meetings.models import Calendar
from workplace.units.tree import today


class Calendars(View):
    """One's own calendars; a new one's address is shown once."""

    def get(self, request: HttpRequest) -> HttpResponse:
        require_anywhere(person(request), Permission.VIEW)
        return self._page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        user = person(request)
        require_anywhere(user, Permission.VIEW)
        unit = request.POST.get("unit") or None
        if unit is not None:
            get_unit(user, Permission.VIEW, unit)
        _calendar, token = make_calendar(by=user, unit=unit)
        address = request.build_absolute_uri(reverse("meetings:calendar", args=[token]))
        return self._page(request, address=address)

    def _page(self, request: HttpRequest, **more: Any) -> HttpResponse:
        user = person(request)
        calendars = Calendar.objects.filter(person=user, revoked_at__isnull=True)
        return render(
            request,
            "meetings/calendars.html",
            {
                "calendars": calendars, "names": names_of(today()),
                "units": units_for(user, Permission.VIEW).values_list("code", flat=True), **more,
            },
        )  # fmt: skip


class RevokeCalendar(View):
    """An address that answers no longer."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person(request)
        calendar = Calendar.objects.filter(person=user, revoked_at__isnull=True, pk=pk).first()
        if calendar is None:
            raise Http404
        revoke_calendar(by=user, calendar=calendar)
        messages.success(request, _("The address has been revoked; it answers no longer."))
        return redirect("meetings:calendars")


class ShowCalendar(View):
    """The calendar of a token, for a phone that holds no session; whoever else asks sees nothing.

    Nothing here looks at who is signed in.
    """

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        calendar = calendar_by(token)
        if calendar is None:
            raise Http404
        with translation.override(calendar.person.language or translation.get_language()):
            content = write_calendar(calendar, request.build_absolute_uri, request.get_host())
        etag = f'"{hashlib.sha256(content).hexdigest()}"'
        if etag in request.headers.get("If-None-Match", ""):
            answer: HttpResponse = HttpResponseNotModified()
        else:
            answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
            answer["Content-Disposition"] = 'attachment; filename="shuzhi.ics"'
        answer["ETag"] = etag
        answer["Cache-Control"] = "private, no-cache"
        return answer
