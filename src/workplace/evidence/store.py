"""Attaching evidence to what it shows, taking it away again, and opening it for those who may."""

from typing import Any

from django.core.files.base import File as OpenFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workplace.accounts.access import visible
from workplace.accounts.models import User
from workplace.events.record import record_event
from workplace.evidence.columns import keep_in_step
from workplace.evidence.files import keep_file, sha256_of
from workplace.evidence.limits import FileNotTaken, check_count, check_size
from workplace.evidence.models import Evidence, File
from workplace.records.access import is_open_to
from workplace.records.models import Record, RecordState
from workplace.units.models import Unit

# An action concerns the unit that gave it and the unit that does it.
_UNITS = ("unit", "action__unit", "action__owner")


@transaction.atomic
def attach(
    *, by: User, upload_file: UploadedFile, unit: str, record: Record | None = None,
    action: models.Model | None = None, name: str = "", note: str = "",
) -> Evidence:  # fmt: skip
    """The file, attached to a record or an action. The caller has asked whether `by` may.

    Raises: FileNotTaken where the file breaks a limit, is of no kind that is taken, is attached
    to the same thing already, or where the record can no longer be changed.
    """
    assert (record is None) != (action is None), "evidence shows one thing"
    _refuse_closed(record, action)
    attached = Evidence.objects.present().filter(record=record, action=action)
    check_count(attached.count())
    check_size(upload_file.size or 0)
    content = upload_file.read()
    name = "".join(sign for sign in name or upload_file.name or "" if sign.isprintable())[-255:]
    file, picture = keep_file(content, name)
    if attached.filter(file=file).exists():
        raise FileNotTaken(_("This file is attached here already."))
    evidence = Evidence.objects.create(
        unit_id=unit, record=record, action=action, file=file, name=name, note=note,
        added_by=by, received_sha256=sha256_of(content),
        taken_on=picture.taken_on if picture else None,
    )  # fmt: skip
    record_event(
        "evidence.attached", by=by, unit=unit, about=evidence, sha256=file.sha256,
        kind=file.kind, of=str((record or action)._meta.label_lower),
        of_id=(record or action).pk,
    )  # fmt: skip
    if record is not None:
        keep_in_step(Record.objects.get(pk=record.pk), by=by)
    return evidence


@transaction.atomic
def remove(*, by: User, evidence: Evidence, reason: str = "") -> None:
    """Take evidence away; who did, when and why stays. The caller has asked whether `by` may.

    Raises: FileNotTaken where the record or action can no longer be changed, or somebody else
    has taken it away.
    """
    _refuse_closed(evidence.record, evidence.action)
    evidence.refresh_from_db(fields=["removed_at"])
    if evidence.removed_at is not None:
        raise FileNotTaken(_("This evidence has been removed already."))
    evidence.removed_at, evidence.removed_by, evidence.removed_why = timezone.now(), by, reason
    evidence.save(update_fields=["removed_at", "removed_by", "removed_why"])
    record_event(
        "evidence.removed", by=by, unit=evidence.unit_id, about=evidence,
        sha256=evidence.file_id, reason=reason,
    )  # fmt: skip
    if evidence.record_id is not None:
        keep_in_step(Record.objects.get(pk=evidence.record_id), by=by)


def seen_by(user: User) -> QuerySet[Evidence]:
    """All evidence attached at present that the person may know of."""
    of_open = models.Q(record=None) | is_open_to(user, "record__")
    found = visible(Evidence.objects.present().filter(of_open), user, field=_UNITS)
    return found.select_related("file", "shown")


def open_for(user: User, evidence: Evidence) -> OpenFile:
    """What the person sees of it: the covered file where there is one.

    Raises: Http404 where the person may not see it, and where the bytes are gone by their age.
    """
    if not seen_by(user).filter(pk=evidence.pk).exists():
        raise Http404
    return open_file(evidence.seen_file)


def open_file(file: File) -> OpenFile:
    """The bytes, for a caller who has asked whether they may be read. Raises: Http404 if gone."""
    return open_stored(file, file.stored_as)


def open_stored(file: File, path: str) -> OpenFile:
    """One of the two things stored of a file: itself or its thumbnail. Raises: Http404."""
    if file.deleted_at is not None or not path:
        raise Http404
    return default_storage.open(path)


def elsewhere(user: User, evidence: Evidence) -> QuerySet[Evidence]:
    """Where else the same photo or paper is attached, as far as the person may see."""
    same = models.Q(file=evidence.file_id)
    if evidence.received_sha256:
        same |= models.Q(received_sha256=evidence.received_sha256)
    return seen_by(user).filter(same).exclude(pk=evidence.pk)


def can_be_changed(record: Record | None, action: Any = None) -> bool:
    """Whether evidence may come and go: not once the record's return is sent or accepted, nor once
    the action is closed or withdrawn."""
    if record is None:
        return action is None or bool(action.is_open)
    if record.state in (RecordState.ACCEPTED, RecordState.WITHDRAWN):
        return False
    return record.answer is None or record.answer.is_open


def _refuse_closed(record: Record | None, action: models.Model | None) -> None:
    """What the evidence shows is held until the transaction ends: the return before its record,
    the unit before its action, as whoever else writes them does it, so that two never wait for
    each other."""
    if record is None:
        Unit.objects.select_for_update().get(pk=action.unit_id)  # type: ignore[union-attr]
        held = type(action).objects.select_for_update().get(pk=action.pk)  # type: ignore[union-attr]
        if not can_be_changed(None, held):
            raise FileNotTaken(_("This action has been closed or withdrawn."))
        return
    if record.answer is not None:
        type(record.answer).objects.select_for_update().get(pk=record.answer_id)
    kept = Record.objects.select_for_update(of=("self",)).select_related("answer").get(pk=record.pk)
    if not can_be_changed(kept):
        raise FileNotTaken(
            _("What was sent is not changed. Have it returned for correction before you do this.")
        )
