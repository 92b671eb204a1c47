"""Files go when the last record that needs them has been kept long enough; their rows stay."""

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from workplace.events.record import record_event
from workplace.evidence.files import delete_bytes
from workplace.evidence.models import Evidence, File
from workplace.programme import packs
from workplace.units.tree import today

_ACTIONS = "actions"  # the table whose retention the actions of meetings have


def delete_expired(day: date | None = None) -> int:
    """Delete the bytes of files whose retention is over; how many. Each is put on record."""
    day = day or today()
    return sum(_delete(file.pk, day) for file in expired_files(day))


def expired_files(day: date) -> QuerySet[File]:
    """Files that no record needs any more.

    A record is kept for its table's years, counted from the end of the year it happened in. A
    table that names none, and a pack that is no longer run here, lets nothing go.
    """
    needed = Evidence.objects.annotate(
        happened=Coalesce("record__event_date", TruncDate("record__entered_at"), "action__due_on")
    ).exclude(_over(day))
    files = File.objects.filter(deleted_at__isnull=True)
    files = files.filter(Q(attached__isnull=False) | Q(covers__isnull=False)).distinct()
    return files.exclude(pk__in=needed.values("file")).exclude(
        pk__in=needed.filter(shown__isnull=False).values("shown")
    )


def _over(day: date) -> Q:
    over = Q(pk__in=[])
    for pack in packs().values():
        for table in pack.tables.values():
            if not table.retention_years:
                continue
            kept_from = date(day.year - table.retention_years, 1, 1)
            old = Q(happened__lt=kept_from)
            over |= Q(record__pack=pack.name, record__table=table.name) & old
            if table.name == _ACTIONS:
                over |= Q(action__isnull=False) & old
    return over


@transaction.atomic
def _delete(sha256: str, day: date) -> bool:
    """Whether the file went; not where somebody has attached it meanwhile."""
    file = File.objects.select_for_update().get(pk=sha256)
    if not expired_files(day).filter(pk=sha256).exists():
        return False
    file.deleted_at = timezone.now()
    file.save(update_fields=["deleted_at"])
    record_event("evidence.deleted_by_age", by=None, about=file, kind=file.kind, size=file.size)
    transaction.on_commit(lambda: _delete_bytes(sha256))
    return True


@transaction.atomic
def _delete_bytes(sha256: str) -> None:
    """Once the row says so, unless somebody has brought the same bytes again since."""
    file = File.objects.select_for_update().get(pk=sha256)
    if file.deleted_at is not None:
        delete_bytes(file)
