"""The report of a unit as a preview has it, made in the background: to read, never to hand in."""

import secrets
import shutil

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shuzhi import pipeline
from shuzhi.errors import UserError
from shuzhi.periods import parse_period
from workplace.accounts.models import User
from workplace.editions.models import Document, Preview, PreviewState
from workplace.editions.opened import opened
from workplace.events.record import record_event
from workplace.jobs.queue import enqueue, job


@transaction.atomic
def ask_document(*, by: User, preview: Preview, unit: str, language: str) -> Document:
    """The documents that will be made, or are there: each preview has one set a unit and
    language. Those that failed are tried once more."""
    document, is_new = Document.objects.select_for_update().get_or_create(
        preview=preview, unit_id=unit, language=language, 
        defaults={"asked_by": by, "folder": f"document-{secrets.token_hex(8)}"},
    )  # fmt: skip
    if is_new or document.state == PreviewState.FAILED:
        document.state, document.message = PreviewState.WAITING, ""
        document.save(update_fields=["state", "message"])
        record_event("editions.document_asked", by=by, unit=unit, about=document)
        enqueue(make_document, document.pk)
    return document


def _give_up(pk: int) -> None:
    _fail(pk, _("The documents could not be made; whoever runs this site finds out why."))


@job(label=_("Make the report of a preview"), on_give_up=_give_up)
def make_document(pk: int) -> None:
    """Write report.docx, .html and .pdf, unless that was done."""
    document = Document.objects.select_related("preview").get(pk=pk)
    if document.is_under_way:
        Document.objects.filter(pk=pk).update(state=PreviewState.MAKING)
        try:
            _make(document)
        except UserError as error:
            _fail(pk, str(error))


def _make(document: Document) -> None:
    out = document.path
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    source = opened(document.preview.folder)
    period = parse_period(document.preview.period)
    work = pipeline.count(source, period, lang=document.language)
    pdf_missing, _glyphs = pipeline.write_documents(
        source, work, document.unit_id, out, lang=document.language
    )
    document.state = PreviewState.READY
    document.message, document.ready_at = pdf_missing[:500], timezone.now()
    document.save(update_fields=["state", "message", "ready_at"])


def _fail(pk: int, message: str) -> None:
    Document.objects.filter(pk=pk, state__in=("waiting", "making")).update(
        state=PreviewState.FAILED, message=message[:500]
    )
