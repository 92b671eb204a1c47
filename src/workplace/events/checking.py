"""The nightly look at every event: does it still say what it said when it was written?"""

from django.db import transaction

from workplace.events.models import Event
from workplace.events.record import record_event, row_hash


def changed_events() -> list[int]:
    """Numbers of the events whose row was changed behind the program's back."""
    return [event.pk for event in Event.objects.order_by("pk").iterator(2_000)
            if row_hash(event) != event.row_hash]  # fmt: skip


@transaction.atomic
def check_events() -> list[int]:
    """The same, with what was found put on record."""
    count = Event.objects.count()
    wrong = changed_events()
    record_event("events.checked", by=None, count=count, wrong=wrong)
    return wrong
