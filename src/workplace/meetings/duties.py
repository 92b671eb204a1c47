"""Setting out duties and breaking them down to posts, on the record."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction

from workplace.accounts.models import User
from workplace.events.record import record_event
from workplace.meetings.models import Duty, DutyPart, Part
from workplace.rounds.refusals import ChangedMeanwhile


@transaction.atomic
def set_out_duty(
    *, by: User, unit: str, title: str, assigned_on: date, lead: str, tier: str = "",
    assisting: Collection[str] = (),
) -> Duty:  # fmt: skip
    """A duty that one unit leads and others assist in."""
    duty = Duty.objects.create(unit_id=unit, title=title, assigned_on=assigned_on)
    _give(duty, lead, tier, assisting)
    record_event(
        "meetings.duty_set_out", by=by, unit=unit, about=duty, lead=lead,
        assisting=sorted(assisting), assigned_on=assigned_on,
    )  # fmt: skip
    return duty


@transaction.atomic
def change_duty(
    *, by: User, duty: Duty, version: int, title: str, assigned_on: date, lead: str,
    tier: str = "", assisting: Collection[str] = (),
) -> Duty:  # fmt: skip
    """Other words, another day or other units; a unit that keeps its part keeps its posts.

    Raises: ChangedMeanwhile.
    """
    current = _locked(duty, version)
    before = sorted(current.parts.values_list("unit_id", flat=True))
    current.title, current.assigned_on = title, assigned_on
    current.save(update_fields=["title", "assigned_on", "version"])
    _give(current, lead, tier, assisting)
    record_event(
        "meetings.duty_changed", by=by, unit=current.unit_id, about=current, before=before,
        lead=lead, assisting=sorted(assisting),
    )  # fmt: skip
    return current


@transaction.atomic
def withdraw_duty(*, by: User, duty: Duty, version: int, reason: str) -> None:
    """No unit answers for it any more; it leaves the ledgers, the reason stays."""
    current = _locked(duty, version)
    current.withdrawn_why = reason
    current.save(update_fields=["withdrawn_why", "version"])
    record_event(
        "meetings.duty_withdrawn", by=by, unit=current.unit_id, about=current, reason=reason
    )


@transaction.atomic
def break_down(
    *, by: User, part: DutyPart, version: int, posts: Sequence[str], tier: str
) -> DutyPart:
    """A part with the posts, by name of the post, that its unit gave it to.

    Raises: ChangedMeanwhile.
    """
    duty = _locked(part.duty, version)
    duty.save(update_fields=["version"])
    part.posts, part.tier = list(dict.fromkeys(posts)), tier
    part.save(update_fields=["posts", "tier"])
    record_event(
        "meetings.duty_broken_down", by=by, unit=part.unit_id, about=duty, posts=len(part.posts)
    )
    return part


def _locked(duty: Duty, version: int) -> Duty:
    current = Duty.objects.select_for_update().get(pk=duty.pk)
    if current.version != version:
        raise ChangedMeanwhile
    current.version += 1
    return current


def _give(duty: Duty, lead: str, tier: str, assisting: Collection[str]) -> None:
    """The parts, those of units that had one before with their posts."""
    wanted = dict.fromkeys(assisting, Part.ASSIST) | {lead: Part.LEAD}
    duty.parts.exclude(unit__in=wanted).delete()
    # one unit leads at a time: the old one gives way before the new one takes over
    duty.parts.exclude(unit=lead).update(part=Part.ASSIST)
    for unit, part in wanted.items():
        changes = {"part": part} | ({"tier": tier} if part == Part.LEAD else {})
        DutyPart.objects.update_or_create(duty=duty, unit_id=unit, defaults=changes)
