"""What meetings and actions put on a desk; a query or two a card."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from workplace.accounts.access import grants_of, person
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.meetings.fields import names_of
from workplace.meetings.models import Action, Meeting, MeetingState
from workplace.meetings.rights import own_units
from workplace.rounds.models import YELLOW_DAYS
from workplace.units.tree import current_tree, today
from workplace.web.registry import Card

MOST = 5
_COMING_DAYS = 14
_WORKING = (Permission.ENTER, Permission.KEEP_MEETINGS, Permission.CHAIR)
_LATE, _ESCALATED, _TO_CLOSE, _DUE, _ASSIGNED, _COMING = 12, 16, 30, 32, 36, 45


def actions_due(request: HttpRequest) -> Card | None:
    """What my unit has to do, the earliest day first; what is late presses more."""
    found = Action.objects.to_do().filter(owner__in=_at_work(request))
    card = _actions(_("Actions for my unit to do"), found, "mine", "open", _DUE)
    if card is not None and card.context["actions"][0].is_overdue:
        return Card(card.title, card.template, card.context, _LATE)
    return card


def actions_to_close(request: HttpRequest) -> Card | None:
    """What owners say is done, for the office of the chair."""
    user = person(request)
    units = _units(user, Permission.CHAIR, Permission.KEEP_MEETINGS)
    found = Action.objects.to_close().filter(unit__in=units)
    return _actions(_("Actions to be closed"), found, "ours", "to_close", _TO_CLOSE)


def actions_assigned(request: HttpRequest) -> Card | None:
    """The same lamps on the desk of the unit that assigned: due soon or late elsewhere."""
    units = _at_work(request)
    soon = today() + timedelta(days=YELLOW_DAYS)
    found = Action.objects.to_do().filter(unit__in=units, due_on__lte=soon)
    found = found.exclude(owner__in=units)
    return _actions(_("Assigned by us: due soon or overdue"), found, "ours", "open", _ASSIGNED)


def actions_late_below(request: HttpRequest) -> Card | None:
    """What is overdue at a unit directly below mine, whoever assigned it."""
    units = _at_work(request)
    if not units:
        return None
    tree, day = current_tree(), today()
    below = {code for unit in units for code in tree.children(unit, day)} - units
    found = Action.objects.overdue().filter(owner__in=below).exclude(unit__in=units)
    return _actions(_("Overdue at units below us"), found, "all", "overdue", _ESCALATED)


def meetings_coming(request: HttpRequest) -> Card | None:
    """Meetings of my unit in the next days, and those whose minutes are still to be written."""
    until = today() + timedelta(days=_COMING_DAYS)
    found = Meeting.objects.filter(
        unit__in=own_units(person(request)), state=MeetingState.CALLED, held_on__lte=until
    ).order_by("held_on", "begins_at")
    meetings = list(found[:MOST])
    if not meetings:
        return None
    context = {"meetings": meetings, "today": today()}
    return Card(_("Meetings coming"), "meetings/desk_meetings.html", context, _COMING)


CARDS = (actions_due, actions_late_below, actions_to_close, actions_assigned, meetings_coming)


def _at_work(request: HttpRequest) -> frozenset[str]:
    return _units(person(request), *_WORKING)


def _units(user: User, *permissions: Permission) -> frozenset[str]:
    grants = grants_of(user)
    return frozenset().union(*(grants.units(permission) for permission in permissions))


def _actions(title: Any, found: QuerySet[Action], side: str, state: str, order: int) -> Card | None:
    """The first few, and a door to all of them."""
    actions: Collection[Action] = list(found.order_by("due_on", "pk")[: MOST + 1])
    if not actions:
        return None
    context = {
        "actions": list(actions)[:MOST], "more": len(actions) > MOST, "side": side,
        "state": state, "names": names_of(today()),
    }  # fmt: skip
    return Card(title, "meetings/desk_actions.html", context, order)
