"""Work by the clock: filled in by apps' `ready()`, queued by whichever worker comes first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks.base import Task

from workplace.jobs.models import Appointment
from workplace.jobs.queue import enqueue

NIGHT_HOUR = 2


@dataclass(frozen=True)
class Entry:
    """One job by the clock: every so many minutes, or every day at an hour of the office's time."""

    work: Task[Any, None]
    minutes: int = 0
    hour: int = NIGHT_HOUR

    @property
    def name(self) -> str:
        return self.work.module_path

    def after(self, moment: datetime) -> datetime:
        """The next time it is due."""
        if self.minutes:
            return moment + timedelta(minutes=self.minutes)
        here = timezone.localtime(moment)
        at = timezone.make_aware(datetime.combine(here.date(), time(self.hour)))
        return at if at > moment else at + timedelta(days=1)


_entries: dict[str, Entry] = {}


def every_minutes(minutes: int, work: Task[Any, None]) -> None:
    """Queue a job without arguments every so many minutes. Called by an app's `ready()`."""
    _add(Entry(work, minutes=minutes))


def every_night(work: Task[Any, None], hour: int = NIGHT_HOUR) -> None:
    """Queue a job without arguments once a day at an hour. Called by an app's `ready()`."""
    _add(Entry(work, hour=hour))


def entries() -> Iterator[Entry]:
    """All of the schedule."""
    return iter(_entries.values())


def queue_what_is_due(moment: datetime | None = None) -> list[str]:
    """The names of the jobs queued. What fell due several times meanwhile is queued once."""
    moment = moment or timezone.now()
    known = dict(Appointment.objects.values_list("name", "next_at"))
    return [
        entry.name
        for entry in entries()
        if entry.name not in known or known[entry.name] <= moment
        if _keep(entry, moment)
    ]


@transaction.atomic
def _keep(entry: Entry, moment: datetime) -> bool:
    """Queue an entry that is due; False where another worker did, or it is seen first."""
    row, is_new = Appointment.objects.select_for_update().get_or_create(
        name=entry.name, defaults={"next_at": entry.after(moment)}
    )
    if is_new or row.next_at > moment:
        return False
    row.next_at = entry.after(moment)
    row.save(update_fields=["next_at"])
    return enqueue(entry.work)


def _add(entry: Entry) -> None:
    assert _entries.get(entry.name, entry) == entry, f"{entry.name} is in the schedule twice"
    _entries[entry.name] = entry
