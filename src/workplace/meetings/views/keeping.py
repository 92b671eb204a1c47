"""Switching tables of units from rounds to what is kept here."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from workplace.accounts.access import get_visible, person, require_anywhere, units_for, visible
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.meetings.fields import DateInput, names_of
from workplace.meetings.keeping import ask_again, keep_here
from workplace.meetings.ledgers import APP
from workplace.meetings.tables import tables_here
from workplace.meetings.views.acting import Act
from workplace.records.models import Feed
from workplace.units.models import Unit
from workplace.units.tree import today


class KeepForm(forms.Form):
    """Which unit keeps which table here, from which day on."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), empty_label=None)
    table = forms.ChoiceField(label=_("Table"))
    since = forms.DateField(label=_("Kept here from this day on"), widget=DateInput)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["table"].choices = list(tables_here().items())  # type: ignore[attr-defined]


class KeptHere(View):
    """Which units keep what here."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = person(request)
        require_anywhere(user, Permission.ASK)
        feeds = visible(Feed.objects.filter(app=APP), user, Permission.ASK)
        called = tables_here()
        rows = [
            (feed, called.get(f"{feed.pack}:{feed.table}", feed.table))
            for feed in feeds.select_related("set_by")
        ]
        return render(
            request, "meetings/kept_here.html", {"rows": rows, "names": names_of(today())}
        )


class KeepHere(Act):
    """From a day on, a table of a unit is kept here and no round asks for it."""

    title, button = _("Keep a table here"), _("Keep it here")
    done = _("From that day on the table is kept here, and rounds do not ask for it.")

    def load(self, user: User) -> None:
        require_anywhere(user, Permission.ASK)

    def form(self, user: User, found: None, data: Any = None) -> KeepForm:
        return KeepForm(data, units=units_for(user, Permission.ASK), initial={"since": today()})

    def act(self, user: User, found: None, values: dict[str, Any]) -> Feed:
        pack, _colon, table = values["table"].partition(":")
        return keep_here(
            by=user, unit=values["unit"].pk, pack=pack, table=table, since=values["since"]
        )

    def after(self, found: None, made: Any) -> str:
        return reverse("meetings:kept_here")


class AskAgain(Act):
    """Rounds ask for the table again."""

    title, button = _("Have rounds ask for this table again"), _("Ask by rounds again")
    done = _("Rounds ask for this table again.")
    is_drastic = True

    def load(self, user: User, pk: int) -> Feed:
        return get_visible(Feed.objects.filter(app=APP), user, Permission.ASK, pk=pk)

    def form(self, user: User, found: Feed, data: Any = None) -> forms.Form:
        return forms.Form(data)

    def act(self, user: User, found: Feed, values: dict[str, Any]) -> None:
        ask_again(by=user, feed=found)

    def after(self, found: Feed, made: Any) -> str:
        return reverse("meetings:kept_here")
