"""Acts on one return: looking at it, signing it, giving it back, opening it again."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views import View

from workplace.accounts.access import may, person
from workplace.accounts.permissions import Permission
from workplace.approval.actions import give_back, sign, unlock
from workplace.approval.basket import forget, noted
from workplace.approval.flags import flags_of
from workplace.approval.forms import ReasonForm, UnlockForm
from workplace.approval.load import load_return, load_to_decide, read_version
from workplace.approval.return_page import return_page
from workplace.rounds.models import Return
from workplace.rounds.refusals import Refused


class OneReturn(View):
    """A return as those see it who decide on it: its records, what is doubted, what changed, who
    has signed. Everybody who may see the unit may read it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        answer = load_return(request, pk)
        return return_page(request, answer, ReasonForm(), UnlockForm())


class Sign(View):
    """Letting a return pass the step where it waits."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        answer = load_to_decide(request, pk)
        if _unseen(request, answer):
            messages.warning(request, _("Look at the open flags and say so, then sign."))
            return redirect("approval:return", pk)
        try:
            sign(by=person(request), answer=answer, version=read_version(request))
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("approval:return", pk)
        forget(request, answer)
        messages.success(request, _("Signed. What was signed can no longer be changed unseen."))
        return redirect("approval:return", pk)


class GiveBack(View):
    """Giving a return back, with a reason for the whole and the remarks noted at fields."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        answer, user = load_to_decide(request, pk), person(request)
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return return_page(request, answer, form, UnlockForm())
        try:
            give_back(
                by=user, answer=answer, version=read_version(request),
                reason=form.cleaned_data["reason"], remarks=noted(request, answer),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return return_page(request, answer, form, UnlockForm())
        forget(request, answer)
        messages.success(request, _("The return is back with its unit, with what is to be mended."))
        return redirect("approval:return", pk)


class Unlock(View):
    """Opening an accepted return again, on the record."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        answer, user = load_return(request, pk), person(request)
        if not may(user, Permission.UNLOCK, answer.unit_id):
            raise Http404
        form = UnlockForm(request.POST)
        if not form.is_valid():
            return return_page(request, answer, ReasonForm(), form)
        try:
            unlock(
                by=user, answer=answer, version=read_version(request),
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return return_page(request, answer, ReasonForm(), form)
        messages.success(request, _("The return is open again; its unit has been told why."))
        return redirect("approval:return", pk)


def _unseen(request: HttpRequest, answer: Return) -> bool:
    doubts = flags_of([answer], person(request))[answer.pk]
    is_doubted = doubts is None or any(doubt.is_open for doubt in doubts)
    return is_doubted and not request.POST.get("seen")
