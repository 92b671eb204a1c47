"""Carrying over: what is open stands on the agenda of every later meeting of its unit.

Run in the transaction of whatever changes a unit's meetings or actions; what stands on an agenda
already stays where it is.
"""

from collections import Counter

from django.db.models import Max, Q

from workplace.meetings.locks import lock_unit
from workplace.meetings.models import Action, AgendaItem, Meeting, MeetingState, Off

# An item that left an agenda in one of these ways was not taken to that meeting.
NOT_TAKEN = (Off.CLOSED, Off.WITHDRAWN)


def carry_over(unit: str) -> None:
    """Put what is open on the agendas of the unit's called meetings, and count how often."""
    lock_unit(unit)
    called = list(
        Meeting.objects.filter(unit=unit, state=MeetingState.CALLED).order_by("held_on", "pk")
    )
    _put_actions(unit, called)
    for meeting in called:
        _put_topics(unit, meeting)
    _count(unit)


def follows(meeting: Meeting, action: Action) -> bool:
    """Whether a meeting comes after the one that decided the action."""
    if action.meeting is None:
        return action.assigned_on <= meeting.held_on
    return action.meeting.place_in_time < meeting.place_in_time


def _put_actions(unit: str, called: list[Meeting]) -> None:
    there = {
        (item.meeting_id, item.action_id): item
        for item in AgendaItem.objects.filter(meeting__in=called, action__isnull=False)
    }
    for action in Action.objects.open().filter(unit=unit).select_related("meeting"):
        for meeting in called:
            item = there.get((meeting.pk, action.pk))
            if item is None and follows(meeting, action):
                append_item(meeting, title=action.title, action=action, presenter=action.owner)
            elif item is not None and not follows(meeting, action) and item.off == Off.ON:
                item.delete()  # the meeting was moved to a day before the action


def _put_topics(unit: str, meeting: Meeting) -> None:
    """Topics that were postponed, or whose meeting was cancelled, and that none took up since."""
    left_over = Q(off=Off.POSTPONED) | Q(off=Off.ON, meeting__state=MeetingState.CANCELLED)
    topics = AgendaItem.objects.filter(
        left_over, action__isnull=True, meeting__unit=unit, later__isnull=True
    ).select_related("meeting", "presenter")
    for topic in topics.order_by("meeting__held_on", "order"):
        is_cancelled = topic.meeting.state == MeetingState.CANCELLED
        if is_cancelled or topic.meeting.place_in_time < meeting.place_in_time:
            append_item(
                meeting, title=topic.title, minutes=topic.minutes, presenter=topic.presenter,
                earlier=topic, carried=topic.carried + (0 if is_cancelled else 1),
            )  # fmt: skip


def append_item(meeting: Meeting, **facts: object) -> AgendaItem:
    """A further item at the end of an agenda."""
    last = AgendaItem.objects.filter(meeting=meeting).aggregate(last=Max("order"))["last"] or 0
    return AgendaItem.objects.create(meeting=meeting, order=last + 1, **facts)


def _count(unit: str) -> None:
    """How often each action has been carried over: by the order of meetings, whenever they were
    called. What was postponed was carried over too, or nobody would see how long it waits."""
    items = (
        AgendaItem.objects.filter(meeting__unit=unit, action__isnull=False)
        .exclude(off__in=NOT_TAKEN)
        .exclude(meeting__state=MeetingState.CANCELLED)
        .select_related("meeting")
        .order_by("meeting__held_on", "meeting_id")
    )
    so_far: Counter[int] = Counter()
    held: Counter[int] = Counter()
    moved = []
    for item in items:
        so_far[item.action_id] += 1
        held[item.action_id] += item.meeting.is_held
        if item.carried != so_far[item.action_id]:
            item.carried = so_far[item.action_id]
            moved.append(item)
    AgendaItem.objects.bulk_update(moved, ["carried"], batch_size=200)
    for action in Action.objects.filter(unit=unit).only("carried_over"):
        if action.carried_over != held[action.pk]:
            Action.objects.filter(pk=action.pk).update(carried_over=held[action.pk])
