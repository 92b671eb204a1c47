"""The agenda by hand: adding topics, moving them up and down, taking them off with a reason."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workplace.accounts.models import User
from workplace.events.record import record_event
from workplace.meetings.carrying import append_item, carry_over
from workplace.meetings.locks import locked_meeting
from workplace.meetings.models import AgendaItem, Meeting, MeetingState, Off
from workplace.meetings.progress import withdraw_action
from workplace.rounds.refusals import Refused


@transaction.atomic
def add_item(*, by: User, meeting: Meeting, title: str, **more: Any) -> AgendaItem:
    """A further topic, also of a meeting that is going on or was held. `more`: planned minutes and
    the presenting unit. Raises: Refused for a cancelled meeting."""
    current = locked_meeting(meeting)
    if current.state == MeetingState.CANCELLED:
        raise Refused(_("This meeting was cancelled. Call a new one."))
    item = append_item(current, title=title, **more)
    record_event("meetings.item_added", by=by, unit=current.unit_id, about=item)
    return item


@transaction.atomic
def change_item(*, by: User, item: AgendaItem, **facts: Any) -> AgendaItem:
    """Another title, time or presenter of an item of a meeting that is still to be held.

    What an action is called is said by the action. Raises: Refused after the meeting.
    """
    _refuse_unless_called(item)
    for name in ("title", "minutes", "presenter_id"):
        if name in facts and not (name == "title" and item.action_id):
            setattr(item, name, facts[name])
    item.save(update_fields=["title", "minutes", "presenter"])
    record_event("meetings.item_changed", by=by, unit=item.meeting.unit_id, about=item)
    return item


@transaction.atomic
def move_item(*, by: User, item: AgendaItem, up: bool) -> bool:
    """Change places with the item above or below; False where there is none.

    Raises: Refused after the meeting.
    """
    _refuse_unless_called(item)
    items = list(AgendaItem.objects.on().filter(meeting=item.meeting_id))
    here = [each.pk for each in items].index(item.pk)
    there = here + (-1 if up else 1)
    if not 0 <= there < len(items):
        return False
    items[here], items[there] = items[there], items[here]
    for order, each in enumerate(items, start=1):
        each.order = order
    AgendaItem.objects.bulk_update(items, ["order"])
    record_event("meetings.item_moved", by=by, unit=item.meeting.unit_id, about=item, up=up)
    return True


@transaction.atomic
def postpone_item(*, by: User, item: AgendaItem, reason: str) -> None:
    """Not at this meeting: it stands on the next one's agenda, counted once more.

    Raises: Refused where it is off the agenda already, or has outcomes.
    """
    _take_off(by, item, Off.POSTPONED, reason)
    carry_over(item.meeting.unit_id)


@transaction.atomic
def withdraw_item(*, by: User, item: AgendaItem, reason: str) -> None:
    """Not any more: a topic is dropped; an action is withdrawn, and off every agenda.

    Raises: Refused where it is off the agenda already, or has outcomes.
    """
    if item.action is not None:
        withdraw_action(by=by, action=item.action, version=item.action.version, reason=reason)
        return
    _take_off(by, item, Off.WITHDRAWN, reason)
    carry_over(item.meeting.unit_id)


def _take_off(by: User, item: AgendaItem, how: Off, reason: str) -> None:
    meeting = locked_meeting(item.meeting)
    if meeting.state == MeetingState.CANCELLED:
        raise Refused(_("This meeting was cancelled. Call a new one."))
    current = AgendaItem.objects.select_for_update().get(pk=item.pk)
    if current.off != Off.ON:
        raise Refused(_("This item is off the agenda already."))
    if current.outcomes.exists():
        raise Refused(_("The meeting has spoken of this item: it has outcomes."))
    current.off, current.off_why, current.off_by, current.off_at = how, reason, by, timezone.now()
    current.save(update_fields=["off", "off_why", "off_by", "off_at"])
    record_event(
        f"meetings.item_{how.value}", by=by, unit=meeting.unit_id, about=current, reason=reason,
        of_action=current.action_id,
    )  # fmt: skip


def _refuse_unless_called(item: AgendaItem) -> None:
    if not locked_meeting(item.meeting).is_called:
        raise Refused(_("The agenda of a meeting that was held or cancelled stays as it is."))
    item.refresh_from_db()
    if item.off != Off.ON:
        raise Refused(_("This item is off the agenda already."))
