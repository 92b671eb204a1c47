"""Meetings: the list, one of them, calling, holding, cancelling and correcting it."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from workplace.accounts.access import (
    may,
    may_anywhere,
    person,
    require_anywhere,
    units_for,
    visible,
)
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.meetings.calling import call_meeting, cancel_meeting, change_meeting, hold_meeting
from workplace.meetings.fields import names_of
from workplace.meetings.forms import CallForm, CorrectForm, HeldFacts, MeetingFacts, ReasonForm
from workplace.meetings.models import AgendaItem, Meeting, MeetingState, Off
from workplace.meetings.rights import meeting_to_keep, meeting_to_see, own_units
from workplace.meetings.tables import kinds
from workplace.meetings.views.acting import Act
from workplace.records.models import Feed
from workplace.units.tree import today
from workplace.web.numbers import whole_number

PER_PAGE = 25
FILTERS = ("q", "unit", "kind", "state", "year")


class MeetingList(View):
    """The meetings one may see, the latest first, by unit, kind, state and year."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = person(request)
        require_anywhere(user, Permission.VIEW)
        meetings = visible(Meeting.objects.all(), user).annotate(
            on_agenda=Count("items", filter=Q(items__off=Off.ON))
        )
        page = Paginator(_chosen(meetings, request), PER_PAGE).get_page(request.GET.get("page"))
        return render(
            request,
            "meetings/list.html",
            {
                "page": page, "names": names_of(today()), "kinds": kinds(),
                "units": units_for(user, Permission.VIEW).values_list("code", flat=True),
                "states": MeetingState.choices, "years": _years(meetings),
                "may_call": may_anywhere(user, Permission.KEEP_MEETINGS),
                "not_counted": _not_counted(user),
                "asked": {name: request.GET.get(name, "") for name in FILTERS},
            },
        )  # fmt: skip


def _chosen(meetings: QuerySet[Meeting], request: HttpRequest) -> QuerySet[Meeting]:
    for field, name in (("unit", "unit"), ("kind", "kind"), ("state", "state")):
        if value := request.GET.get(name):
            meetings = meetings.filter(**{field: value})
    if (year := whole_number(request.GET.get("year"))) and year <= date.max.year:
        meetings = meetings.filter(held_on__gte=date(year, 1, 1), held_on__lte=date(year, 12, 31))
    if text := request.GET.get("q", "").strip():
        meetings = meetings.filter(Q(title__contains=text) | Q(number__contains=text))
    return meetings.order_by("-held_on", "-pk")


def _years(meetings: QuerySet[Meeting]) -> list[int]:
    first = meetings.order_by("held_on").values_list("held_on", flat=True).first()
    last = meetings.order_by("-held_on").values_list("held_on", flat=True).first()
    return list(range(last.year, first.year - 1, -1)) if first and last else []


def _not_counted(user: User) -> list[str]:
    """The person's units whose meetings are kept here but asked for by rounds all the same."""
    own = own_units(user)
    fed = Feed.objects.filter(table="meetings", unit__in=own).values_list("unit", flat=True)
    held = Meeting.objects.filter(unit__in=own, state=MeetingState.HELD).exclude(unit__in=fed)
    return list(held.order_by().values_list("unit", flat=True).distinct())


class ShowMeeting(View):
    """One meeting with its agenda, and what may be done with it."""

    template = "meetings/meeting.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person(request)
        meeting = meeting_to_see(user, pk)
        items = list(
            AgendaItem.objects.filter(meeting=meeting)
            .select_related("action", "earlier__meeting")
            .prefetch_related("outcomes__action")
        )
        return render(
            request,
            self.template,
            {
                "meeting": meeting, "kind": kinds().get(meeting.kind, meeting.kind),
                "items": [item for item in items if item.off == Off.ON],
                "taken_off": [item for item in items if item.off != Off.ON],
                "changes": meeting.changes.select_related("by"),
                "names": names_of(today()), "is_today_or_past": meeting.held_on <= today(),
                "may_keep": may(user, Permission.KEEP_MEETINGS, meeting.unit_id),
            },
        )  # fmt: skip


class PrintMeeting(ShowMeeting):
    """Agenda and minutes on paper."""

    template = "meetings/print.html"


class CallMeeting(Act):
    """A new meeting; its agenda begins with what is open."""

    title, button = _("Call a meeting"), _("Call the meeting")
    done = _("The meeting has been called. What is open is on its agenda.")

    def load(self, user: User) -> None:
        require_anywhere(user, Permission.KEEP_MEETINGS)

    def form(self, user: User, found: None, data: Any = None) -> CallForm:
        units = units_for(user, Permission.KEEP_MEETINGS)
        own = sorted(own_units(user) & set(units.values_list("code", flat=True)))
        initial = {"unit": own[0] if own else None, "held_on": today()}
        return CallForm(data, units=units, initial=initial)

    def act(self, user: User, found: None, values: dict[str, Any]) -> Meeting:
        values.pop("version")
        return call_meeting(by=user, **{**values, "unit": values["unit"].pk})

    def after(self, found: None, made: Meeting | None) -> str:
        return _address(made) if made else reverse("meetings:list")


class ChangeMeeting(Act):
    """Other facts before a meeting, a correction of its minutes after it."""

    title, button, done = _("Change the meeting"), _("Save"), _("The change has been saved.")

    def load(self, user: User, pk: int) -> Meeting:
        return meeting_to_keep(user, pk)

    def form(self, user: User, found: Meeting, data: Any = None) -> MeetingFacts:
        form = CorrectForm if found.is_held else MeetingFacts
        return form(data, initial=_facts(found))

    def act(self, user: User, found: Meeting, values: dict[str, Any]) -> Meeting:
        return change_meeting(by=user, meeting=found, **values)

    def after(self, found: Meeting, made: Any) -> str:
        return _address(found)

    def now(self, found: Meeting) -> dict[str, Any]:
        return _values(found)


class HoldMeeting(Act):
    """What is known once a meeting was held."""

    title, button = _("The meeting was held"), _("Save the minutes")
    done = _("The minutes have been saved; corrections of them are kept from now on.")

    def load(self, user: User, pk: int) -> Meeting:
        return meeting_to_keep(user, pk)

    def form(self, user: User, found: Meeting, data: Any = None) -> HeldFacts:
        return HeldFacts(data, initial=_facts(found))

    def act(self, user: User, found: Meeting, values: dict[str, Any]) -> Meeting:
        return hold_meeting(by=user, meeting=found, **values)

    def after(self, found: Meeting, made: Any) -> str:
        return _address(found)

    def now(self, found: Meeting) -> dict[str, Any]:
        return _values(found)


class CancelMeeting(Act):
    """A meeting that does not take place."""

    title, button = _("Cancel the meeting"), _("Cancel the meeting")
    done = _("The meeting has been cancelled. Its topics go to the next one.")
    is_drastic = True

    def load(self, user: User, pk: int) -> Meeting:
        return meeting_to_keep(user, pk)

    def form(self, user: User, found: Meeting, data: Any = None) -> ReasonForm:
        return ReasonForm(data, initial={"version": found.version})

    def act(self, user: User, found: Meeting, values: dict[str, Any]) -> Meeting:
        return cancel_meeting(by=user, meeting=found, **values)

    def after(self, found: Meeting, made: Any) -> str:
        return _address(found)


def _address(meeting: Meeting) -> str:
    return reverse("meetings:meeting", args=[meeting.pk])


def _values(meeting: Meeting) -> dict[str, Any]:
    names = (
        "title", "kind", "held_on", "begins_at", "place", "chaired_by_head", "expected",
        "attended", "minutes_text",
    )  # fmt: skip
    return {name: getattr(meeting, name) for name in names}


def _facts(meeting: Meeting) -> dict[str, Any]:
    """As a form takes them: whether the head chaired is chosen from a list of texts."""
    chaired = {True: "true", False: "false"}.get(meeting.chaired_by_head, "")
    return {**_values(meeting), "chaired_by_head": chaired, "version": meeting.version}
