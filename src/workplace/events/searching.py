"""Which events somebody may see and asks for, page by page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from workplace.accounts.access import holds_at_root, require_anywhere, visible
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.events.actions import known_actions
from workplace.events.models import Event
from workplace.units.models import Subordination
from workplace.web.numbers import whole_number

A_PAGE = 50
_FIRST, _LAST = date(1900, 1, 1), date(9000, 1, 1)


class SearchForm(forms.Form):
    """What the auditor looks for; everything may be left empty."""

    first = forms.DateField(label=_("From"), required=False)
    last = forms.DateField(label=_("Until and with"), required=False)
    unit = forms.CharField(label=_("Code of the unit, with all below it"), required=False)
    action = forms.ChoiceField(label=_("What was done"), required=False)
    by = forms.CharField(label=_("User name"), required=False)
    about = forms.CharField(label=_("Object"), required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name in ("first", "last"):
            self.fields[name].widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
        choices = [(name, _without_facts(said)) for name, said in _actions()]
        self.fields["action"].choices = [("", _("everything")), *choices]  # type: ignore[attr-defined]
        example = format_html("<code>{}</code>", "rounds.return 15")
        self.fields["about"].help_text = format_html(_("For example {}"), example)


def events_for(user: User) -> QuerySet[Event]:
    """What the person may see: everything at the root; elsewhere what is of the own units.

    Raises: Http404 for whoever may see events nowhere.
    """
    require_anywhere(user, Permission.SEE_EVENTS)
    if holds_at_root(user, Permission.SEE_EVENTS):
        return Event.objects.all()
    return visible(Event.objects.all(), user, Permission.SEE_EVENTS)


def search(events: QuerySet[Event], asked: Mapping[str, Any]) -> QuerySet[Event]:
    """Those that were asked for, newest first."""
    if first := asked.get("first"):
        events = events.filter(at__gte=_start(first))
    if last := asked.get("last"):
        events = events.filter(at__lt=_start(min(last, _LAST) + timedelta(days=1)))
    if unit := asked.get("unit"):
        below = Subordination.objects.filter(above=unit).values("below")
        events = events.filter(unit__in=below)
    if action := asked.get("action"):
        events = events.filter(action=action)
    if by := asked.get("by"):
        events = events.filter(by__in=User.objects.filter(username__iexact=by).values("pk"))
    if about := asked.get("about"):
        kind, _space, number = about.strip().partition(" ")
        events = events.filter(object_type=kind.lower())
        events = events.filter(object_id=number.strip()) if number.strip() else events
    return events.order_by("-at", "-pk")


@dataclass(frozen=True)
class Page:
    """Some events, and where those begin that are older; '' where there are none."""

    events: list[Event]
    older: str


def page_of(events: QuerySet[Event], after: str) -> Page:
    """The page that begins behind a place. It costs the same however far back it lies."""
    if place := _read_place(after):
        at, pk = place
        events = events.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk), at__lte=at)
    found = list(events[: A_PAGE + 1])
    shown = found[:A_PAGE]
    has_older = len(found) > A_PAGE
    return Page(shown, f"{shown[-1].at.isoformat()}_{shown[-1].pk}" if has_older else "")


def _read_place(text: str) -> tuple[datetime, int] | None:
    moment, _sign, told = text.rpartition("_")
    number = whole_number(told)
    try:
        at = parse_datetime(moment)
    except ValueError:
        return None
    if at is None or number is None or not timezone.is_aware(at):
        return None
    return (at, number) if _FIRST < at.date() < _LAST else None


def _start(day: date) -> datetime:
    """The beginning of a day; of one that no database holds in every time zone, of one near it."""
    return timezone.make_aware(datetime.combine(min(max(day, _FIRST), _LAST), time()))


def _actions() -> list[tuple[str, str]]:
    return [(name, str(said)) for name, said in known_actions().items()]


def _without_facts(sentence: str) -> str:
    return re.sub(r"%\(\w+\)s", "…", sentence)
