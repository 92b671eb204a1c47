"""Answers that need no rows: nothing this period, does not apply; and more time."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from workplace.accounts.access import may, person
from workplace.accounts.permissions import Permission
from workplace.events.actions import sentence_of
from workplace.events.models import Event
from workplace.programme import pack_named
from workplace.rounds.extending import ask_for_time
from workplace.rounds.forms import ReasonForm, TimeForm
from workplace.rounds.load import minutes_of
from workplace.rounds.models import Return, RoundState
from workplace.rounds.refusals import ChangedMeanwhile, Refused
from workplace.rounds.rights import get_return
from workplace.rounds.states import answer_nil, answer_not_applicable
from workplace.web.numbers import whole_number
from workplace.web.texts import text_in


class ReturnPage(View):
    """One return: how it stands, and all that became of it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person(request)
        answer = get_return(user, Permission.VIEW, pk)
        events = Event.objects.filter(object_type="rounds.return", object_id=str(answer.pk))
        table = pack_named(answer.round.pack).tables[answer.table]
        context = {
            "answer": answer, "round": answer.round, "table": table, "minutes": minutes_of(table),
            "history": [(event, sentence_of(event.action))
                        for event in events.select_related("by").order_by("pk")[:200]],
            "wishes": answer.extensions.select_related("asked_by", "decided_by"),
            "may_enter": answer.is_open and answer.round.state == RoundState.OPEN
            and may(user, Permission.ENTER, answer.unit_id),
        }  # fmt: skip
        return render(request, "rounds/return.html", context)


class Nil(View):
    """Nothing this period: a true zero, after one more question."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return _ask(request, get_return(person(request), Permission.ENTER, pk), "rounds/nil.html")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person(request)
        answer = _as_shown(request, get_return(user, Permission.ENTER, pk))
        try:
            answer_nil(answer, by=user)
        except Refused as refused:
            return _told(request, answer, refused)
        messages.success(
            request, _("%(table)s: “nothing this period” is sent.") % {"table": _label(answer)}
        )
        return redirect("rounds:unit", answer.round_id, answer.unit_id)


class NotApplicable(View):
    """Does not apply, because …"""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        answer = get_return(person(request), Permission.ENTER, pk)
        return _ask(request, answer, "rounds/not_applicable.html", ReasonForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person(request)
        answer = _as_shown(request, get_return(user, Permission.ENTER, pk))
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return _ask(request, answer, "rounds/not_applicable.html", form)
        try:
            answer_not_applicable(answer, by=user, reason=form.cleaned_data["reason"])
        except ChangedMeanwhile as refused:
            form.add_error(None, str(refused))  # what was typed is kept
            return _ask(
                request, Return.objects.select_related("round", "unit").get(pk=pk),
                "rounds/not_applicable.html", form,
            )  # fmt: skip
        except Refused as refused:
            return _told(request, answer, refused)
        messages.success(
            request, _("%(table)s: “does not apply” is sent.") % {"table": _label(answer)}
        )
        return redirect("rounds:unit", answer.round_id, answer.unit_id)


class MoreTime(View):
    """A wish for more time, for one return or for all that the unit still has to send."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        answer = get_return(person(request), Permission.ENTER, pk)
        return _ask(request, answer, "rounds/more_time.html", TimeForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person(request)
        answer = get_return(user, Permission.ENTER, pk)
        form = TimeForm(request.POST)
        if not form.is_valid():
            return _ask(request, answer, "rounds/more_time.html", form)
        said = form.cleaned_data
        answers = [answer]
        if said["is_for_all"]:
            answers = list(answer.round.returns.open().filter(unit=answer.unit_id))
        try:
            wishes = ask_for_time(
                by=user, answers=answers, until=said["until"], reason=said["reason"]
            )
        except Refused as refused:
            form.add_error(None, str(refused))
            return _ask(request, answer, "rounds/more_time.html", form)
        messages.success(
            request,
            _("Asked for more time for %(number)d tables. The day stands until it is granted.")
            % {"number": len(wishes)},
        )
        return redirect("rounds:unit", answer.round_id, answer.unit_id)


def _ask(request: HttpRequest, answer: Return, template: str, form: Any = None) -> HttpResponse:
    context = {
        "answer": answer, "round": answer.round, "form": form,
        "table": pack_named(answer.round.pack).tables[answer.table],
    }  # fmt: skip
    return render(request, template, context)


def _as_shown(request: HttpRequest, answer: Return) -> Return:
    """With the version that the page showed, so that a newer one is not overwritten."""
    answer.version = whole_number(request.POST.get("version")) or 0
    return answer


def _told(request: HttpRequest, answer: Return, refused: Refused) -> HttpResponse:
    messages.error(request, str(refused))
    return redirect("rounds:unit", answer.round_id, answer.unit_id)


def _label(answer: Return) -> str:
    return text_in(pack_named(answer.round.pack).tables[answer.table].label)
