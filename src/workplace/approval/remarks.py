"""Remarks at fields: what is to be mended, and whether it has been."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shuzhi.packs.model import Table
from workplace.approval.models import Decision, Remark, Signature
from workplace.records.models import Record, RecordState
from workplace.records.shown import Shown
from workplace.rounds.models import Return
from workplace.sending.remarks import FieldRemark


@dataclass(frozen=True)
class NewRemark:
    """A remark before it is made: at a field, at a record ('' as column), or at the whole."""

    text: str
    record: int | None = None
    column: str = ""


def write_remarks(signature: Signature, new: Iterable[NewRemark]) -> list[Remark]:
    """The remarks of a decision, written with what each field holds now.

    Those at a record of another return are left out: they are not about this one.
    """
    new = list(new)
    wanted = {remark.record for remark in new if remark.record is not None}
    data: Mapping[int, dict[str, Any]] = dict(
        Record.objects.filter(answer=signature.answer_id, pk__in=wanted).values_list("pk", "data")
    )
    return Remark.objects.bulk_create(
        Remark(
            signature=signature, record_id=remark.record, column=remark.column,
            text=remark.text,
            held=data[remark.record].get(remark.column) if remark.record is not None else None,
        )
        for remark in new
        if remark.record is None or remark.record in data
    )  # fmt: skip


def remarks_of(answer: Return) -> Sequence[FieldRemark]:
    """The remarks of the last time the return was given back or opened again."""
    last = (
        Signature.objects.filter(answer=answer, decision__in=(Decision.RETURNED, Decision.UNLOCKED))
        .select_related("by")
        .last()
    )
    if last is None:
        return ()
    return [
        FieldRemark(
            pk=remark.pk, record=remark.record_id, column=remark.column, text=remark.text,
            held=remark.held, by=str(last.by), at=last.at, reply=remark.reply,
            is_settled=is_settled(remark),
        )
        for remark in last.remarks.select_related("record")
    ]  # fmt: skip


def is_settled(remark: Remark) -> bool:
    """Whether the unit has answered it, changed the field, or withdrawn the record."""
    if remark.settled_at is not None:
        return True
    if remark.record is None:
        return False
    if remark.record.state == RecordState.WITHDRAWN:
        return True
    return bool(remark.column) and remark.record.data.get(remark.column) != remark.held


def headline_of(shown: Shown, table: Table, records: Mapping[int, Record], pk: int | None) -> str:
    """What the record that a remark is about is called; '' for a remark at the whole."""
    return shown.headline(table, records[pk].data) if pk in records else ""
