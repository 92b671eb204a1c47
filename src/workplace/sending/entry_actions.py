"""From what was typed to records."""

import uuid
from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from shuzhi.packs.model import Role
from shuzhi.pipeline import ReadValues
from workplace.accounts.models import User
from workplace.records.models import Origin, Record
from workplace.records.store import (
    PutCounts,
    change_record,
    put_records,
    save_record,
    table_of,
    withdraw_record,
)
from workplace.rounds.models import Return
from workplace.rounds.refusals import Refused
from workplace.rounds.states import begin, send
from workplace.sending.entry_access import content_of
from workplace.sending.entry_models import EntryDraft, SavedEntry


@transaction.atomic
def keep_entry(
    *, by: User, answer: Return, read: ReadValues, once: uuid.UUID, record: Record | None = None,
    version: int = 0, draft_version: int = 0,
) -> Record:  # fmt: skip
    """The record made of a form, or changed by it; the same form sent again is the same record.

    The draft goes, unless another device has saved a later one.
    Raises: Refused where the return is closed; RecordNotWrittenError.
    """
    begin(answer, by=by)
    done = SavedEntry.objects.filter(once=once, record__answer=answer).first()
    if done is not None:
        return done.record
    if record is None:
        kept = save_record(
            by=by, answer=answer, table=table_of(answer), values=read, origin=Origin.FORM
        )
    else:
        kept = change_record(
            by=by, record=record, values=_with_evidence(read, record), version=version
        )
    SavedEntry.objects.create(once=once, record=kept)
    EntryDraft.objects.filter(
        user=by, answer=answer, record=record, version__lte=draft_version
    ).delete()
    return kept


@transaction.atomic
def withdraw_entry(*, by: User, answer: Return, record: Record, version: int, reason: str) -> None:
    """Take a record out of its return; it stays on record as withdrawn.

    Raises: Refused, RecordNotWrittenError.
    """
    begin(answer, by=by)
    withdraw_record(by=by, record=record, version=version, reason=reason)
    EntryDraft.objects.filter(record=record).delete()


@transaction.atomic
def take_rows(*, by: User, answer: Return, rows: Sequence[ReadValues]) -> PutCounts:
    """Pasted rows as records: a row that is there already is changed or left, never doubled.

    Raises: Refused, RecordNotWrittenError.
    """
    begin(answer, by=by)
    return put_records(by=by, answer=answer, rows=rows, origin=Origin.FORM)


@transaction.atomic
def send_looked_over(*, by: User, answer: Return, content: str) -> Return:
    """Send a return as it was looked over: `content` is what its page showed.

    Whoever writes a record holds the return; so nothing comes in between the look and the deed.
    Raises: Refused where it holds something else by now, and as `states.send` does.
    """
    Return.objects.select_for_update().get(pk=answer.pk)
    if content != content_of(answer):
        raise Refused(_("Records have changed since you looked them over. Look again, then send."))
    return send(answer, by=by)


def _with_evidence(read: ReadValues, record: Record) -> ReadValues:
    """A form asks for no names of files: those that are attached stay."""
    names = {
        column.name: record.data[column.name]
        for column in table_of(record.answer).columns
        if column.role is Role.EVIDENCE and column.name in record.data
    }
    return replace(read, values={**read.values, **names})
