"""Wishes for more time that wait for the person's decision, and those decided lately."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from workplace.accounts.access import person, require_anywhere
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.programme import packs
from workplace.rounds.extending import decide_on_time
from workplace.rounds.forms import DecisionForm
from workplace.rounds.models import Extension
from workplace.rounds.refusals import Refused
from workplace.rounds.rights import granting_units
from workplace.web.texts import text_in

_SHOWN = 100


class Wishes(View):
    """All that wait, then the latest decisions."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = person(request)
        require_anywhere(user, Permission.ASK)
        wishes = wishes_for(user)
        known = packs()
        context = {
            "waiting": [(wish, _label(wish, known)) for wish in
                        wishes.filter(decided_at=None).order_by("asked_at")[:_SHOWN]],
            "decided": [(wish, _label(wish, known)) for wish in
                        wishes.exclude(decided_at=None).order_by("-decided_at")[:20]],
        }  # fmt: skip
        return render(request, "rounds/wishes.html", context)


class Decide(View):
    """Yes or no to one wish."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person(request)
        wish = wishes_for(user).filter(pk=pk).first()
        if wish is None:
            raise Http404
        form = DecisionForm(request.POST)
        is_granted = request.POST.get("decision") == "grant"
        try:
            if not form.is_valid():
                raise Refused(_("The note is too long; 500 characters fit."))
            decide_on_time(
                by=user, wish=wish, is_granted=is_granted, note=form.cleaned_data["note"]
            )
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            told = _("More time is granted.") if is_granted else _("More time is not granted.")
            messages.success(request, told)
        return redirect("rounds:wishes")


def wishes_for(user: User) -> QuerySet[Extension]:
    """Those on which the person decides; not those he asked for himself."""
    found = Extension.objects.filter(answer__unit__in=granting_units(user))
    return found.exclude(asked_by=user).select_related("answer__round", "answer__unit", "asked_by")


def _label(wish: Extension, known: object) -> str:
    pack = known.get(wish.answer.round.pack)  # type: ignore[attr-defined]
    return text_in(pack.tables[wish.answer.table].label) if pack else wish.answer.table
