"""How far an action has come: the owner reports, the office of the chair closes, never the same
person."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workplace.accounts.models import User
from workplace.events.record import record_event
from workplace.meetings.carrying import carry_over
from workplace.meetings.locks import locked_action
from workplace.meetings.models import Action, ActionProgress, AgendaItem, MeetingState, Off, Step
from workplace.rounds.refusals import Refused
from workplace.units.tree import today

_ALL = 100


@transaction.atomic
def report_progress(*, by: User, action: Action, version: int, percent: int, text: str) -> Action:
    """How far the owner has come. 100 % alone does not say done.

    Raises: ChangedMeanwhile; Refused where it is said to be done already, or no longer open.
    """
    current = locked_action(action, version)
    _refuse_unless_to_do(current)
    current.progress = percent
    _keep(current, by, Step.PROGRESS, text, "progress")
    record_event(
        "meetings.progress_reported", by=by, unit=current.owner_id, about=current, percent=percent
    )
    return current


@transaction.atomic
def report_done(*, by: User, action: Action, version: int, done_on: date, text: str) -> Action:
    """The owner says that it is done, and on which day; it is open until it is closed.

    Raises: ChangedMeanwhile; Refused for a day before it was assigned or after today.
    """
    current = locked_action(action, version)
    _refuse_unless_to_do(current)
    if not current.assigned_on <= done_on <= today():
        raise Refused(_("The day it was done lies between the day it was assigned and today."))
    current.done_on, current.done_by, current.progress = done_on, by, _ALL
    _keep(current, by, Step.DONE, text, "progress", "done_on", "done_by")
    record_event(
        "meetings.action_reported_done", by=by, unit=current.owner_id, about=current,
        done_on=done_on,
    )  # fmt: skip
    return current


@transaction.atomic
def close_action(*, by: User, action: Action, version: int, text: str = "") -> Action:
    """The office of the chair finds it done: off every agenda to come, and counted as done.

    Raises: ChangedMeanwhile; Refused where nobody said it is done, or for whoever reported on it.
    """
    current = locked_action(action, version)
    _refuse_unless_to_close(current)
    if may_not_close(by, current):
        raise Refused(
            _(
                "You reported on this action yourself. Somebody else of the chair's office closes "
                "it."
            )
        )
    current.closed_by, current.closed_at = by, timezone.now()
    _keep(current, by, Step.CLOSED, text, "closed_by", "closed_at")
    _off_agendas(current, by, Off.CLOSED, text)
    record_event(
        "meetings.action_closed", by=by, unit=current.unit_id, about=current,
        done_on=current.done_on, carried_over=current.carried_over,
    )  # fmt: skip
    return current


@transaction.atomic
def send_back_action(*, by: User, action: Action, version: int, reason: str) -> Action:
    """Not done yet: the owner works on, from where the last report of progress was.

    Raises: ChangedMeanwhile; Refused where nobody said it is done.
    """
    current = locked_action(action, version)
    _refuse_unless_to_close(current)
    last = current.history.filter(step=Step.PROGRESS).last()
    current.done_on, current.done_by = None, None
    current.progress = last.percent if last else 0
    _keep(current, by, Step.SENT_BACK, reason, "progress", "done_on", "done_by")
    record_event(
        "meetings.action_sent_back", by=by, unit=current.unit_id, about=current, reason=reason
    )
    return current


@transaction.atomic
def withdraw_action(*, by: User, action: Action, version: int, reason: str) -> Action:
    """No longer to be done: off every agenda to come and out of the ledgers; the reason stays.

    Raises: ChangedMeanwhile; Refused where it is closed or withdrawn already.
    """
    current = locked_action(action, version)
    _refuse_unless_open(current)
    current.withdrawn_at, current.withdrawn_why = timezone.now(), reason
    _keep(current, by, Step.WITHDRAWN, reason, "withdrawn_at", "withdrawn_why")
    _off_agendas(current, by, Off.WITHDRAWN, reason)
    record_event(
        "meetings.action_withdrawn", by=by, unit=current.unit_id, about=current, reason=reason,
        was_due_on=current.due_on,
    )  # fmt: skip
    return current


def may_not_close(user: User, action: Action) -> bool:
    """Whether the person has reported on the action, and so cannot find it done."""
    reports = (Step.PROGRESS, Step.DONE)
    return action.history.filter(by=user, step__in=reports).exists()


def _keep(action: Action, by: User, step: Step, text: str, *fields: str) -> None:
    action.version += 1
    action.save(update_fields=[*fields, "version"])
    ActionProgress.objects.create(
        action=action, step=step, by=by, percent=action.progress, text=text
    )


def _off_agendas(action: Action, by: User, how: Off, reason: str) -> None:
    """Off the agendas to come; at a meeting that is going on it was spoken of."""
    to_come = AgendaItem.objects.filter(
        action=action, off__in=(Off.ON, Off.POSTPONED), meeting__state=MeetingState.CALLED,
        outcomes__isnull=True,
    )  # fmt: skip
    if how == Off.CLOSED:
        to_come = to_come.filter(meeting__held_on__gt=today())
    to_come.update(off=how, off_why=reason, off_by=by, off_at=timezone.now())
    carry_over(action.unit_id)


def _refuse_unless_open(action: Action) -> None:
    if not action.is_open:
        raise Refused(_("This action has been closed or withdrawn."))


def _refuse_unless_to_do(action: Action) -> None:
    _refuse_unless_open(action)
    if action.done_on is not None:
        raise Refused(_("This action is said to be done; it waits to be closed."))


def _refuse_unless_to_close(action: Action) -> None:
    _refuse_unless_open(action)
    if action.done_on is None:
        raise Refused(_("Nobody has reported this action done yet."))
