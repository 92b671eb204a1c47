"""Preview editions: asked for, made in the background, and removed when newer ones are there."""

import secrets
import shutil
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shuzhi import pipeline
from shuzhi.errors import UserError
from shuzhi.packs.model import Pack
from shuzhi.periods import Period, parse_period
from workplace.accounts.models import User
from workplace.editions.models import UNDER_WAY, Preview, PreviewState
from workplace.events.record import record_event
from workplace.evidence.export import write_evidence_folder
from workplace.evidence.models import Evidence
from workplace.jobs.queue import enqueue, job
from workplace.programme import pack_named, packs
from workplace.records.ledgers import COUNTED, live_ledgers
from workplace.records.models import Record
from workplace.sending.review_flags import flag_answers

# So many of a pack and period are kept; older ones are removed with their documents.
KEPT = 5
# What `seal_source` tells of, in this order, after the ledgers.
_STAGES = ("ledgers", "check", "figures", "score", "seal")


def ask_preview(*, by: User | None, pack: Pack, period: Period) -> Preview:
    """The preview that will be made; the one under way where there is one, so that two clicks
    make one."""
    try:
        with transaction.atomic():
            preview = Preview.objects.create(
                pack=pack.name, period=period.name, asked_by=by, of=len(_STAGES),
                folder=f"preview-{secrets.token_hex(8)}",
            )  # fmt: skip
            record_event("editions.preview_asked", by=by, about=preview, period=period.name)
            enqueue(make_preview, preview.pk)
    except IntegrityError:
        return Preview.objects.get(pack=pack.name, period=period.name, state__in=UNDER_WAY)
    return preview


def _give_up(pk: int) -> None:
    _fail(pk, _("The figures could not be worked out; whoever runs this site finds out why."))


@job(label=_("Make a preview edition"), on_give_up=_give_up)
def make_preview(pk: int) -> None:
    """Seal the live records, unless that was done."""
    preview = Preview.objects.get(pk=pk)
    if preview.is_under_way:
        Preview.objects.filter(pk=pk).update(state=PreviewState.MAKING)
        try:
            _make(preview)
        except UserError as error:
            _fail(pk, str(error))
        else:
            remove_old(preview.pack, preview.period)


@job(label=_("Make the nightly preview editions"))
def make_nightly() -> None:
    """A preview of the last year that each pack collects."""
    for pack in packs().values():
        ask_preview(by=None, pack=pack, period=pipeline.last_year_collected(pack))


def preview_source(pack: Pack, folder: Path) -> pipeline.Source:
    """The live records as a source. `folder` stands for the folder of workbooks: the evidence of
    the records is written there, so that the checks on photos find it."""
    shown = Evidence.objects.present().exclude(record=None).values("record")
    write_evidence_folder(Record.objects.filter(pk__in=shown, state__in=COUNTED), folder)
    return pipeline.Source(
        folder, as_preview(pack), live_ledgers(pack), None, flag_answers(pack.name)
    )


def as_preview(pack: Pack) -> Pack:
    """The pack, with a version by which whatever is made of it says that it is a preview."""
    return replace(pack, version=f"{pack.version}-preview")


def remove_old(pack: str, period: str) -> None:
    """Take away the folders of all but the newest previews."""
    ready = Preview.objects.filter(pack=pack, period=period, state=PreviewState.READY)
    for old in ready.order_by("-ready_at")[KEPT:]:
        for document in old.documents.exclude(folder=""):
            shutil.rmtree(document.path, ignore_errors=True)
        old.documents.update(state=PreviewState.REMOVED, folder="")
        shutil.rmtree(old.path, ignore_errors=True)
        Preview.objects.filter(pk=old.pk).update(state=PreviewState.REMOVED, folder="")


def latest_preview(pack: str, period: str) -> Preview | None:
    """The newest one to look at."""
    ready = Preview.objects.filter(pack=pack, period=period, state=PreviewState.READY)
    return ready.order_by("-ready_at").first()


def _make(preview: Preview) -> None:
    began = time.monotonic()
    pack, period = pack_named(preview.pack), parse_period(preview.period)
    out = preview.path
    shutil.rmtree(out, ignore_errors=True)  # of a worker that died after sealing
    with TemporaryDirectory() as folder:
        source = preview_source(pack, Path(folder))
        _tell(preview, "ledgers")
        pipeline.seal_source(
            source, out, period=period, progress=lambda stage, *_: _tell(preview, stage)
        )
    _finish(preview, source, time.monotonic() - began)


def _tell(preview: Preview, stage: str) -> None:
    if stage in _STAGES:
        Preview.objects.filter(pk=preview.pk).update(done=_STAGES.index(stage) + 1)


@transaction.atomic
def _finish(preview: Preview, source: pipeline.Source, seconds: float) -> None:
    opened = pipeline.read(preview.path, None).edition
    assert opened is not None
    preview.state = PreviewState.READY
    preview.root_hash = opened.manifest.root
    preview.records = sum(
        len(table) for name, table in source.ledgers.tables.items()
        if not source.pack.tables[name].is_units
    )  # fmt: skip
    preview.figures = len(opened.extras["figures"])
    preview.seconds, preview.ready_at = round(seconds, 2), timezone.now()
    preview.done = preview.of
    preview.save()
    record_event(
        "editions.preview_made", by=preview.asked_by, about=preview, period=preview.period,
        root=preview.root_hash, records=preview.records, figures=preview.figures,
    )  # fmt: skip


@transaction.atomic
def _fail(pk: int, message: str) -> None:
    preview = Preview.objects.select_for_update().get(pk=pk)
    if preview.is_under_way:
        preview.state, preview.message = PreviewState.FAILED, message[:500]
        preview.save(update_fields=["state", "message"])
        record_event("editions.preview_failed", by=preview.asked_by, about=preview)
