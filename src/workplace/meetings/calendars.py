"""Calendars by address: meetings, and days on which actions are due, for whoever holds the token.

The token opens a calendar and nothing else. What it tells is asked anew each time: what the person
may see today.
"""

import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import icalendar
from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from workplace.accounts.access import grants_of, may
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.events.record import record_event
from workplace.meetings.fields import names_of
from workplace.meetings.models import Action, Calendar, Meeting, MeetingState, Off
from workplace.units.tree import today

_TOKEN_BYTES = 32
_DAYS_BACK = 90
_USUAL_MINUTES = 60


@transaction.atomic
def make_calendar(*, by: User, unit: str | None) -> tuple[Calendar, str]:
    """A calendar of the person's own, and its token, which is told this once."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    calendar = Calendar.objects.create(
        person=by, unit_id=unit, token_sha256=Calendar.sha256_of(token)
    )
    record_event("meetings.calendar_made", by=by, unit=unit, about=calendar)
    return calendar, token


@transaction.atomic
def revoke_calendar(*, by: User, calendar: Calendar) -> None:
    """Its address answers no longer."""
    calendar.revoked_at = timezone.now()
    calendar.save(update_fields=["revoked_at"])
    record_event("meetings.calendar_revoked", by=by, unit=calendar.unit_id, about=calendar)


def calendar_by(token: str) -> Calendar | None:
    """What a token opens; None for none, one revoked, and a person who may not see it any more."""
    found = (
        Calendar.objects.filter(token_sha256=Calendar.sha256_of(token), revoked_at__isnull=True)
        .select_related("person", "unit")
        .first()
    )
    if found is None or not found.person.is_active:
        return None
    if found.unit_id and not may(found.person, Permission.VIEW, found.unit_id):
        return None
    return found


def write_calendar(calendar: Calendar, address: Callable[[str], str], host: str) -> bytes:
    """The calendar as .ics. `address` makes a whole address of a path.

    The same while nothing in it changes, so that a phone need not load it again.
    """
    out = icalendar.Calendar()
    out.add("prodid", "-//Shuzhi//Meetings//ZH")
    out.add("version", "2.0")
    out.add("method", "PUBLISH")
    out.add("x-wr-calname", _("Shuzhi: %(name)s") % {"name": str(calendar)})
    for meeting in meetings_in(calendar):
        out.add_component(_meeting(meeting, address, host))
    names = names_of(today())
    for action in actions_in(calendar):
        owner = names.get(action.owner_id, action.owner_id)
        out.add_component(_action(action, owner, address, host))
    return out.to_ical()


def meetings_in(calendar: Calendar) -> QuerySet[Meeting]:
    """The meetings it tells of, cancelled ones as well: a phone must learn that they are off."""
    since = today() - timedelta(days=_DAYS_BACK)
    return (
        Meeting.objects.filter(unit__in=_units(calendar), held_on__gte=since)
        .annotate(planned=Sum("items__minutes", filter=Q(items__off=Off.ON)))
        .order_by("held_on", "pk")
    )


def actions_in(calendar: Calendar) -> QuerySet[Action]:
    """What is to be done by its units; in a unit's own, also what it assigned to others."""
    units = _units(calendar)
    whose = Q(owner__in=units) | (Q(unit__in=units) if calendar.unit_id else Q())
    return Action.objects.to_do().filter(whose).order_by("due_on", "pk")


def _units(calendar: Calendar) -> frozenset[str]:
    if calendar.unit_id:
        return frozenset({calendar.unit_id})
    return grants_of(calendar.person).units(Permission.VIEW)


def _meeting(meeting: Meeting, address: Callable[[str], str], host: str) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"meeting-{meeting.pk}@{host}")
    event.add("dtstamp", meeting.called_at)
    event.add("sequence", meeting.version - 1)
    event.add("summary", meeting.title)
    if meeting.place:
        event.add("location", meeting.place)
    if meeting.begins_at is None:
        event.add("dtstart", meeting.held_on)
    else:
        begins = _moment(meeting.held_on, meeting.begins_at)
        lasts = timedelta(minutes=getattr(meeting, "planned", None) or _USUAL_MINUTES)
        event.add("dtstart", begins)
        event.add("dtend", begins + lasts)
    cancelled = meeting.state == MeetingState.CANCELLED
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("url", address(reverse("meetings:meeting", args=[meeting.pk])))
    return event


def _action(
    action: Action, owner: str, address: Callable[[str], str], host: str
) -> icalendar.Event:
    """A day, since many phones show no to-dos of a calendar that they subscribe to."""
    event = icalendar.Event()
    event.add("uid", f"action-{action.pk}@{host}")
    event.add("dtstamp", _moment(action.assigned_on, time()))
    event.add("sequence", action.version - 1)
    event.add(
        "summary",
        _("Due: %(title)s (%(owner)s)") % {"title": action.title, "owner": owner},
    )
    event.add("dtstart", action.due_on)
    event.add("transp", "TRANSPARENT")
    event.add("url", address(reverse("meetings:action", args=[action.pk])))
    return event


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at)).astimezone(UTC)
