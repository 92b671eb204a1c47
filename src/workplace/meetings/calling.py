"""Calling a meeting, holding it, cancelling it, and correcting its minutes, on the record."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from workplace.accounts.models import User
from workplace.events.record import record_event
from workplace.meetings.carrying import carry_over
from workplace.meetings.locks import lock_unit, locked_meeting
from workplace.meetings.models import Action, Meeting, MeetingChange, MeetingState, Outcome
from workplace.rounds.refusals import Refused
from workplace.units.tree import today

_CALLED = ("title", "kind", "held_on", "begins_at", "place")
_HELD = ("chaired_by_head", "expected", "attended", "minutes_text")


@transaction.atomic
def call_meeting(
    *, by: User, unit: str, title: str, kind: str, held_on: date, **more: Any
) -> Meeting:
    """A meeting with its number; on its agenda is what is open at the unit. `more`: the time it
    begins and the place."""
    lock_unit(unit)
    meeting = Meeting.objects.create(
        unit_id=unit, number=_next_number(unit, held_on.year), title=title, kind=kind,
        held_on=held_on, called_by=by, **more,
    )  # fmt: skip
    carry_over(unit)
    record_event(
        "meetings.meeting_called", by=by, unit=unit, about=meeting, number=meeting.number,
        held_on=held_on, carried_over=meeting.items.count(),
    )  # fmt: skip
    return meeting


@transaction.atomic
def change_meeting(
    *, by: User, meeting: Meeting, version: int, reason: str = "", **facts: Any
) -> Meeting:
    """Other facts. Of a meeting that was held they correct the minutes: what stood there before is
    kept with the reason.

    Raises: ChangedMeanwhile; Refused for a cancelled meeting, or a correction without a reason.
    """
    current = locked_meeting(meeting, version)
    if current.state == MeetingState.CANCELLED:
        raise Refused(_("This meeting was cancelled. Call a new one."))
    allowed = _CALLED + _HELD if current.is_held else _CALLED
    before = {name: getattr(current, name) for name in allowed if name in facts}
    after = {name: facts[name] for name in before if facts[name] != before[name]}
    if not after:
        return current
    if current.is_held:
        _keep_correction(by, current, before, after, reason)
    _write(current, after)
    carry_over(current.unit_id)
    record_event(
        "meetings.minutes_corrected" if current.is_held else "meetings.meeting_changed",
        by=by, unit=current.unit_id, about=current, columns=sorted(after), reason=reason,
    )  # fmt: skip
    return current


@transaction.atomic
def hold_meeting(
    *, by: User, meeting: Meeting, version: int, held_on: date, chaired_by_head: bool | None,
    expected: int | None = None, attended: int | None = None, minutes_text: str = "",
) -> Meeting:  # fmt: skip
    """The meeting took place: from now on it counts, and corrections of it are kept.

    Raises: ChangedMeanwhile; Refused where it is not called, or its day is still to come.
    """
    current = locked_meeting(meeting, version)
    if not current.is_called:
        raise Refused(_("This meeting has been held or cancelled already."))
    if held_on > today():
        raise Refused(_("A meeting is held on its day or before today, not on a day to come."))
    _write(
        current,
        {
            "held_on": held_on, "chaired_by_head": chaired_by_head, "expected": expected,
            "attended": attended, "minutes_text": minutes_text, "state": MeetingState.HELD,
        },
    )  # fmt: skip
    carry_over(current.unit_id)
    record_event(
        "meetings.meeting_held", by=by, unit=current.unit_id, about=current, held_on=held_on,
        expected=expected, attended=attended,
    )  # fmt: skip
    return current


@transaction.atomic
def cancel_meeting(*, by: User, meeting: Meeting, version: int, reason: str) -> Meeting:
    """It does not take place. Its topics go to the unit's next meeting.

    Raises: ChangedMeanwhile; Refused where it is not called, or has outcomes.
    """
    current = locked_meeting(meeting, version)
    if not current.is_called:
        raise Refused(_("This meeting has been held or cancelled already."))
    if Outcome.objects.filter(item__meeting=current).exists():
        raise Refused(_("Outcomes of this meeting have been written: it was held."))
    _write(current, {"state": MeetingState.CANCELLED, "cancelled_why": reason})
    carry_over(current.unit_id)
    record_event(
        "meetings.meeting_cancelled", by=by, unit=current.unit_id, about=current, reason=reason
    )
    return current


def keep_change(
    *, by: User, meeting: Meeting, before: dict[str, Any], after: dict[str, Any], reason: str
) -> None:
    """Keep what the minutes of a held meeting said before. Raises: Refused without a reason."""
    if not reason.strip():
        raise Refused(_("Say why the minutes are corrected: the reason stays with them."))
    MeetingChange.objects.create(
        meeting=meeting, by=by, before=_plain(before), after=_plain(after), reason=reason
    )


def _keep_correction(
    by: User, meeting: Meeting, before: dict[str, Any], after: dict[str, Any], reason: str
) -> None:
    if after.get("held_on", today()) > today():
        raise Refused(_("A meeting is held on its day or before today, not on a day to come."))
    keep_change(
        by=by, meeting=meeting, before={name: before[name] for name in after}, after=after,
        reason=reason,
    )  # fmt: skip


def _write(meeting: Meeting, facts: dict[str, Any]) -> None:
    """The facts, and with another day the day of what the meeting assigned."""
    for name, value in facts.items():
        setattr(meeting, name, value)
    meeting.version += 1
    meeting.save(update_fields=[*facts, "version"])
    if "held_on" in facts:
        assigned = Action.objects.filter(meeting=meeting)
        if assigned.filter(due_on__lt=meeting.held_on).exists():
            raise Refused(_("An action of this meeting would be due before it was assigned."))
        assigned.update(assigned_on=meeting.held_on)


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if value is None or isinstance(value, bool | int | str) else value.isoformat()
        for name, value in facts.items()
    }


def _next_number(unit: str, year: int) -> str:
    """The unit's code, the year, and a running number; never given twice."""
    prefix = f"{unit}-{year}-"
    taken = Meeting.objects.filter(unit=unit, number__startswith=prefix).values_list(
        "number", flat=True
    )
    last = max((int(number.removeprefix(prefix)) for number in taken), default=0)
    return f"{prefix}{last + 1:02d}"
