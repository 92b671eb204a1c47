"""Sending a workbook, and deciding what becomes of it."""

from collections.abc import Collection

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from workplace.accounts.models import User
from workplace.events.record import record_event
from workplace.jobs.queue import enqueue
from workplace.rounds.models import Round, RoundState
from workplace.sending.models import Upload, UploadState
from workplace.sending.reading import read_anew, read_upload
from workplace.sending.uploads_kept import keep_bytes
from workplace.sending.uploads_limits import check_file
from workplace.sending.uploads_taking import take_upload
from workplace.units.models import Unit
from workplace.web.texts import language


class UploadRefusedError(Exception):
    """What cannot be done to an upload as it stands; `str()` is the sentence that says so."""


def send_workbook(
    *, by: User, round_: Round, unit: Unit, file: UploadedFile
) -> tuple[Upload, bool]:
    """The upload of a file, and whether it is a new one: the same file is read once.

    The bytes are safe in the storage before the row is written, and the row, its event and the
    request to read it are one transaction: whatever was answered for is read, whatever happens.
    Raises: FileRefusedError; OSError where the storage is full or does not answer.
    """
    name = check_file(file)
    sha256, stored_as = keep_bytes(file)
    try:
        return _enter(by, round_, unit, file, name, sha256, stored_as)
    except IntegrityError:  # the same file came twice at once; the other one was quicker
        return Upload.objects.exclude(state=UploadState.DROPPED).get(
            round=round_, unit=unit, sha256=sha256
        ), False


@transaction.atomic
def _enter(
    by: User, round_: Round, unit: Unit, file: UploadedFile, name: str, sha256: str, stored_as: str
) -> tuple[Upload, bool]:
    same = Upload.objects.filter(round=round_, unit=unit, sha256=sha256)
    if known := same.exclude(state=UploadState.DROPPED).first():
        if known.state == UploadState.REFUSED:
            read_anew(known)
        return known, False
    upload = Upload.objects.create(
        round=round_, unit=unit, file_name=name, stored_as=stored_as, sha256=sha256,
        size=file.size, sent_by=by, language=language(),
    )  # fmt: skip
    record_event(
        "sending.upload_received", by=by, unit=unit.pk, about=upload, file=name, sha256=sha256,
        size=file.size, round=round_.pk,
    )  # fmt: skip
    enqueue(read_upload, upload.pk)
    return upload, True


@transaction.atomic
def ask_to_read_again(*, by: User, upload: Upload) -> None:
    """Read it once more, by the aliases and the tree of today.

    Raises: UploadRefusedError where it was taken over or set aside.
    """
    locked = _locked(upload, UploadState.READ, UploadState.REFUSED)
    read_anew(locked)
    record_event("sending.upload_read_again", by=by, unit=locked.unit_id, about=locked)


@transaction.atomic
def set_aside(*, by: User, upload: Upload) -> None:
    """Take nothing of it; the file stays. Raises: UploadRefusedError."""
    locked = _locked(upload, UploadState.WAITING, UploadState.READ, UploadState.REFUSED)
    locked.state = UploadState.DROPPED
    locked.save(update_fields=["state"])
    record_event("sending.upload_dropped", by=by, unit=locked.unit_id, about=locked)


@transaction.atomic
def take_over(
    *, by: User, upload: Upload, withdraw: Collection[int] = (), answers: Collection[int] = ()
) -> None:
    """Have its rows become records, in the background.

    `withdraw` names the returns whose records that the workbook no longer holds are withdrawn (they
    stay elsewhere); `answers` those that are answered "nothing" or "does not apply" as it says.
    Raises: UploadRefusedError where it is not read, the mended workbook still waits to be read, or
    the round is over.
    """
    locked = _locked(upload, UploadState.READ)
    if is_behind(locked):
        raise UploadRefusedError(
            _("What was mended is still being read. Look at the comparison, then take it over.")
        )
    if Round.objects.get(pk=locked.round_id).state != RoundState.OPEN:
        raise UploadRefusedError(_("This round is not open; nothing can be sent for it."))
    locked.state, locked.taken_by = UploadState.TAKING, by
    locked.wish = {"withdraw": sorted(withdraw), "answers": sorted(answers)}
    locked.message = ""
    locked.save(update_fields=["state", "taken_by", "wish", "message"])
    record_event(
        "sending.upload_confirmed", by=by, unit=locked.unit_id, about=locked, **locked.wish
    )
    enqueue(take_upload, locked.pk)


@transaction.atomic
def note_download(*, by: User, upload: Upload, which: str) -> None:
    """Put on record that somebody fetched a file in which persons may be named."""
    record_event("sending.file_fetched", by=by, unit=upload.unit_id, about=upload, which=which)


def is_behind(upload: Upload) -> bool:
    """Whether the comparison shown does not know yet what was mended."""
    return (
        upload.mended_at is not None
        and upload.read_at is not None
        and upload.mended_at > upload.read_at
    )


def _locked(upload: Upload, *states: UploadState) -> Upload:
    locked = Upload.objects.select_for_update().get(pk=upload.pk)
    if locked.state not in states:
        raise UploadRefusedError(
            _("This workbook is %(state)s; that cannot be done any more.")
            % {"state": locked.get_state_display()}
        )
    return locked
