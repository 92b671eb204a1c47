"""The agenda: topics, their order, what is taken off, and what came of each."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from workplace.accounts.access import person
from workplace.accounts.models import User
from workplace.meetings.agenda import (
    add_item,
    change_item,
    move_item,
    postpone_item,
    withdraw_item,
)
from workplace.meetings.forms import CorrectOutcomeForm, ItemForm, OutcomeForm, ReasonForm
from workplace.meetings.models import AgendaItem, Meeting, Outcome
from workplace.meetings.outcomes import Assignment, correct_outcome, write_outcome
from workplace.meetings.rights import item_to_keep, meeting_to_keep, outcome_to_keep
from workplace.meetings.views.acting import Act
from workplace.rounds.refusals import Refused


class AddItem(Act):
    """A further topic."""

    title, button, done = _("Add a topic"), _("Add the topic"), _("The topic is on the agenda.")

    def load(self, user: User, pk: int) -> Meeting:
        return meeting_to_keep(user, pk)

    def form(self, user: User, found: Meeting, data: Any = None) -> ItemForm:
        return ItemForm(data)

    def act(self, user: User, found: Meeting, values: dict[str, Any]) -> AgendaItem:
        return add_item(
            by=user, meeting=found, title=values["title"], minutes=values["minutes"],
            presenter_id=values["presenter"] or None,
        )  # fmt: skip

    def after(self, found: Meeting, made: Any) -> str:
        return _agenda(found.pk)


class _OfItem(Act):
    def load(self, user: User, pk: int) -> AgendaItem:
        return item_to_keep(user, pk)

    def after(self, found: AgendaItem, made: Any) -> str:
        return _agenda(found.meeting_id)


class ChangeItem(_OfItem):
    """Another title, time or presenter."""

    title, button, done = _("Change the item"), _("Save"), _("The change has been saved.")

    def form(self, user: User, found: AgendaItem, data: Any = None) -> ItemForm:
        initial = {
            "title": found.title, "minutes": found.minutes, "presenter": found.presenter_id
        }  # fmt: skip
        form = ItemForm(data, initial=initial)
        form.fields["title"].disabled = found.action_id is not None
        return form

    def act(self, user: User, found: AgendaItem, values: dict[str, Any]) -> AgendaItem:
        return change_item(
            by=user, item=found, title=values["title"], minutes=values["minutes"],
            presenter_id=values["presenter"] or None,
        )  # fmt: skip


class PostponeItem(_OfItem):
    """To the next meeting, with a reason."""

    title, button = _("Postpone to the next meeting"), _("Postpone")
    done = _("The item has been postponed; it stands on the next meeting's agenda.")

    def form(self, user: User, found: AgendaItem, data: Any = None) -> ReasonForm:
        return ReasonForm(data)

    def act(self, user: User, found: AgendaItem, values: dict[str, Any]) -> None:
        postpone_item(by=user, item=found, reason=values["reason"])


class WithdrawItem(PostponeItem):
    """Not any more, with a reason."""

    title, button = _("Withdraw from the agenda"), _("Withdraw")
    done = _("The item has been withdrawn; the reason stays on record.")
    is_drastic = True

    def act(self, user: User, found: AgendaItem, values: dict[str, Any]) -> None:
        withdraw_item(by=user, item=found, reason=values["reason"])


class MoveItem(View):
    """One place up or down."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person(request)
        item = item_to_keep(user, pk)
        try:
            move_item(by=user, item=item, up=request.POST.get("to") == "up")
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(_agenda(item.meeting_id))


class WriteOutcome(_OfItem):
    """What came of an item: information, a decision, or an action with owner and day."""

    title, button = _("Write an outcome"), _("Save the outcome")
    done = _("The outcome has been saved.")

    def form(self, user: User, found: AgendaItem, data: Any = None) -> OutcomeForm:
        return OutcomeForm(data)

    def act(self, user: User, found: AgendaItem, values: dict[str, Any]) -> Outcome:
        return write_outcome(
            by=user, item=found, kind=values["kind"], text=values["text"],
            assignment=_assignment(values),
        )  # fmt: skip


class CorrectOutcome(Act):
    """Other words, another owner or day."""

    title, button, done = _("Correct the outcome"), _("Save"), _("The correction has been saved.")

    def load(self, user: User, pk: int) -> Outcome:
        return outcome_to_keep(user, pk)

    def form(self, user: User, found: Outcome, data: Any = None) -> CorrectOutcomeForm:
        initial = {"version": found.version, "text": found.text}
        if found.action is not None:
            initial |= {"owner": found.action.owner_id, "due_on": found.action.due_on}
        is_held = found.item.meeting.is_held
        return CorrectOutcomeForm(data, initial=initial, kind=found.kind, is_held=is_held)

    def act(self, user: User, found: Outcome, values: dict[str, Any]) -> Outcome:
        return correct_outcome(
            by=user, outcome=found, version=values["version"], text=values["text"],
            reason=values.get("reason", ""), assignment=_assignment(values),
        )  # fmt: skip

    def after(self, found: Outcome, made: Any) -> str:
        return _agenda(found.item.meeting_id)

    def now(self, found: Outcome) -> dict[str, Any]:
        return {"text": found.text}


def _assignment(values: dict[str, Any]) -> Assignment | None:
    if values.get("owner") and values.get("due_on"):
        return Assignment(values["owner"], values["due_on"])
    return None


def _agenda(meeting: int) -> str:
    return reverse("meetings:meeting", args=[meeting]) + "#agenda"
