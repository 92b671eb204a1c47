"""Writing what came of an item, during the meeting or after it, and correcting it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from workplace.accounts.models import User
from workplace.events.record import record_event
from workplace.meetings.calling import keep_change
from workplace.meetings.carrying import carry_over
from workplace.meetings.locks import locked_meeting
from workplace.meetings.models import Action, AgendaItem, Meeting, Off, Outcome, OutcomeKind
from workplace.rounds.refusals import ChangedMeanwhile, Refused
from workplace.units.tree import current_tree


@dataclass(frozen=True)
class Assignment:
    """Who has to do an action, and by when."""

    owner: str
    due_on: date


@transaction.atomic
def write_outcome(
    *, by: User, item: AgendaItem, kind: str, text: str, assignment: Assignment | None = None
) -> Outcome:
    """What came of an item. An action is put on the agendas of the meetings to come.

    Raises: Refused before the meeting, for an item that is off, or an action that nobody owns.
    """
    meeting = locked_meeting(item.meeting)
    if not meeting.takes_outcomes:
        raise Refused(_("Outcomes are written on the day of the meeting and after it."))
    item.refresh_from_db()
    if item.off != Off.ON:
        raise Refused(_("This item is off the agenda already."))
    action = _assign(meeting, text, assignment) if kind == OutcomeKind.ACTION else None
    outcome = Outcome.objects.create(item=item, kind=kind, text=text, action=action, written_by=by)
    if action is not None:
        carry_over(meeting.unit_id)
    record_event(
        "meetings.outcome_written", by=by, unit=meeting.unit_id, about=outcome, outcome=kind,
        number=action.number if action else None, owner=action.owner_id if action else None,
        due_on=action.due_on if action else None,
    )  # fmt: skip
    return outcome


@transaction.atomic
def correct_outcome(
    *, by: User, outcome: Outcome, version: int, text: str, reason: str = "",
    assignment: Assignment | None = None,
) -> Outcome:  # fmt: skip
    """Other words, or another owner or day of an action. Once the meeting was held, what stood
    there before is kept with the reason.

    Raises: ChangedMeanwhile; Refused without a reason, or where the action is no longer open.
    """
    meeting = locked_meeting(outcome.item.meeting)
    current = (
        Outcome.objects.select_for_update(of=("self",)).select_related("action").get(pk=outcome.pk)
    )
    if current.version != version:
        raise ChangedMeanwhile
    before = _said(current)
    if current.action is not None and assignment is not None:
        _reassign(meeting, current.action, text, assignment)
    current.text = text
    current.version += 1
    after = _said(current)
    if before == after:
        return outcome
    current.save(update_fields=["text", "version"])
    if meeting.is_held:
        keep_change(by=by, meeting=meeting, before=before, after=after, reason=reason)
    record_event(
        "meetings.outcome_corrected", by=by, unit=meeting.unit_id, about=current, reason=reason
    )
    return current


def _assign(meeting: Meeting, text: str, assignment: Assignment | None) -> Action:
    _refuse_assignment(meeting, assignment)
    assert assignment is not None
    count = Action.objects.filter(meeting=meeting).count()
    return Action.objects.create(
        number=f"{meeting.number}-{count + 1}", unit_id=meeting.unit_id, meeting=meeting,
        owner_id=assignment.owner, title=text, assigned_on=meeting.held_on,
        due_on=assignment.due_on,
    )  # fmt: skip


def _reassign(meeting: Meeting, action: Action, text: str, assignment: Assignment) -> None:
    _refuse_assignment(meeting, assignment)
    if not action.is_open:
        raise Refused(_("This action has been closed or withdrawn."))
    action.title, action.owner_id, action.due_on = text, assignment.owner, assignment.due_on
    action.version += 1
    action.save(update_fields=["title", "owner", "due_on", "version"])
    AgendaItem.objects.filter(action=action, meeting__state="called").update(title=text)


def _refuse_assignment(meeting: Meeting, assignment: Assignment | None) -> None:
    """Any unit that there is on the day may be the owner: also a department beside."""
    if assignment is None:
        raise Refused(_("An action needs an owner unit and a day it is due."))
    if not current_tree().exists(assignment.owner, meeting.held_on):
        raise Refused(_("There was no such unit on the day of the meeting."))
    if assignment.due_on < meeting.held_on:
        raise Refused(_("An action is due on the day of the meeting or after it."))


def _said(outcome: Outcome) -> dict[str, Any]:
    said: dict[str, Any] = {"outcome": outcome.text}
    if outcome.action is not None:
        said |= {"owner": outcome.action.owner_id, "due_on": outcome.action.due_on}
    return said
