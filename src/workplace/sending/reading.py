"""A workbook that was uploaded, read by the engine in the background."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from shuzhi.ledgers.model import Ledgers
from shuzhi.periods import parse_period
from shuzhi.pipeline import RowAsFound, read_sent, rows_in_doubt
from workplace.events.record import record_event
from workplace.jobs.queue import enqueue, job
from workplace.programme import pack_named
from workplace.records.persons import person_key
from workplace.sending.aliases import engine_aliases, suggestions_as_json
from workplace.sending.mending_rows import is_of_a_row, keep_rows, mends_of, remedy_of
from workplace.sending.models import Upload, UploadState
from workplace.sending.reading_plan import Plan, make_plan, plan_as_json
from workplace.sending.uploads_kept import on_disk
from workplace.units.tree import current_tree

_READ = ("problems", "account", "plan", "read_at", "message", "state")

Mends = Mapping[tuple[str, str], str]
OnProgress = Callable[[int, int], None]


def give_up_reading(upload: int) -> None:
    """Say that an upload could not be read, through no fault of its sender."""
    found = Upload.objects.select_related("sent_by").get(pk=upload)
    with override(found.language), transaction.atomic():
        message = _(
            "Reading this workbook failed, and not because of what you sent. It is kept; have it "
            "read again, or tell whoever looks after this system."
        )
        Upload.objects.filter(pk=upload).update(state=UploadState.REFUSED, message=message)
        record_event("sending.upload_refused", by=None, unit=found.unit_id, about=found)


@job(label=gettext_lazy("Read a workbook"), on_give_up=give_up_reading)
def read_upload(upload: int) -> None:
    """Read an upload with what was mended in it; done again, it comes to the same."""
    found = Upload.objects.select_related("round").get(pk=upload)
    if found.state not in (UploadState.WAITING, UploadState.READING, UploadState.READ):
        return
    is_first = found.state != UploadState.READ
    if is_first:
        Upload.objects.filter(pk=upload).update(state=UploadState.READING, done=0, of=0)
    began, mends = timezone.now(), mends_of(found)
    with override(found.language):
        ledgers = ledgers_of(found, mends, _progress_of(found) if is_first else None)
        plan = make_plan(found, ledgers)
        with on_disk(found.stored_as) as path:
            pack = pack_named(found.round.pack)
            rows = rows_in_doubt(path, pack, ledgers, file=found.file_name)
        _keep(found, ledgers, plan, rows, began)


def read_anew(upload: Upload) -> None:
    """Ask for another reading: after mending, after an alias, or where reading failed."""
    now = timezone.now()
    failed = Upload.objects.filter(pk=upload.pk, state=UploadState.REFUSED)
    if not failed.update(state=UploadState.WAITING, message=""):
        Upload.objects.filter(pk=upload.pk, state=UploadState.READ).update(mended_at=now)
    enqueue(read_upload, upload.pk)


def ledgers_of(upload: Upload, mends: Mends, on_progress: OnProgress | None = None) -> Ledgers:
    """What the engine reads in an upload, with the cells mended."""
    with on_disk(upload.stored_as) as path:
        return read_sent(
            path,
            pack_named(upload.round.pack),
            current_tree(),
            file=upload.file_name,
            unit=upload.unit_id,
            period=parse_period(upload.round.period),
            received_on=timezone.localdate(upload.received_at).isoformat(),
            aliases=engine_aliases(),
            mends=mends,
            person_key=person_key(),
            lang=upload.language,
            on_progress=on_progress,
        )


def _progress_of(upload: Upload) -> OnProgress:
    def tell(done: int, of: int) -> None:
        Upload.objects.filter(pk=upload.pk).update(done=done, of=of)

    return tell


@transaction.atomic
def _keep(
    upload: Upload, ledgers: Ledgers, plan: Plan, rows: Sequence[RowAsFound], began: datetime
) -> None:
    """Write down what was read, unless somebody took it over or set it aside meanwhile."""
    locked = Upload.objects.select_for_update().get(pk=upload.pk)
    if locked.state not in (UploadState.READING, UploadState.READ):
        return
    is_first = locked.state == UploadState.READING
    whole = [problem for problem in ledgers.problems if not is_of_a_row(problem)]
    locked.problems = [
        asdict(each) | {"remedy": remedy_of(each.code, each.remedy)} for each in whole
    ]
    locked.account = [asdict(account) for account in ledgers.sheets]
    locked.plan = plan_as_json(plan) | {"suggestions": suggestions_as_json(ledgers.problems)}
    locked.read_at, locked.message = began, ""
    locked.state = UploadState.READ
    if not ledgers.sheets and whole:
        locked.state = UploadState.REFUSED
        locked.message = f"{whole[0].message} {whole[0].remedy}".strip()[:500]
    keep_rows(locked, ledgers, rows)
    locked.save(update_fields=_READ)
    if is_first:
        record_event(
            f"sending.upload_{locked.state}", by=None, unit=locked.unit_id, about=locked,
            rows=sum(account.read for account in ledgers.sheets),
            kept=sum(account.kept for account in ledgers.sheets),
            refused=sum(account.refused for account in ledgers.sheets),
        )  # fmt: skip
