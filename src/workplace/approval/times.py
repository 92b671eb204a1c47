"""Three times of a record kept apart, and whether the later ones came late."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from workplace.records.models import Record
from workplace.rounds.models import Return


@dataclass(frozen=True)
class Times:
    """When it happened, when it was typed or read, when its return came in."""

    happened: date | None
    entered: datetime
    received: datetime | None
    is_late: bool


def times_of(record: Record, answer: Return) -> Times:
    """A record's times. It is late when it was received after the day its return was due, or,
    while it has not been received, entered after it."""
    told = record.received_at or record.entered_at
    return Times(
        record.event_date, record.entered_at, record.received_at,
        timezone.localdate(told) > answer.due_on,
    )  # fmt: skip
