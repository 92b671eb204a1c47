"""What a unit changed since its return was last decided upon: field by field, old and new."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shuzhi.packs.model import Table
from workplace.approval.models import Decision, Signature
from workplace.records.models import Record, RecordChange, RecordState
from workplace.records.shown import Cell, Shown
from workplace.rounds.models import Return
from workplace.sending.remarks import FieldRemark

MOST = 200  # records shown; of a return with more, the number is said


@dataclass(frozen=True)
class Changed:
    """One record that is not as it was: added, withdrawn, or with other values.

    `remarks` are those made at it; by column in `beside`.
    """

    record: Record
    headline: str
    kind: str
    cells: Sequence[Cell] = ()
    reasons: Sequence[str] = ()
    remarks: Sequence[FieldRemark] = ()

    @property
    def rows(self) -> list[tuple[Cell, str]]:
        """Each changed field with what was to be mended there."""
        said: dict[str, list[str]] = {}
        for remark in self.remarks:
            said.setdefault(remark.column, []).append(remark.text)
        return [(cell, "；".join(said.get(cell.column.name, ()))) for cell in self.cells]


@dataclass(frozen=True)
class Difference:
    """All of it; `since` is when the return was last given back. `left_out` did not fit."""

    since: datetime
    changed: list[Changed] = field(default_factory=list)
    left_out: int = 0


def difference_of(
    answer: Return, table: Table, remarks: Sequence[FieldRemark]
) -> Difference | None:
    """What changed since the return was last given back or opened again. Missing: None where it
    never was."""
    back = answer.signatures.filter(decision__in=(Decision.RETURNED, Decision.UNLOCKED)).last()
    if back is None:
        return None
    records = list(_touched(answer, back)[: MOST + 1])
    left_out = _touched(answer, back).count() - MOST if len(records) > MOST else 0
    before = _before(records, back)
    shown = Shown.now()
    changed = [
        _changed(record, before.get(record.pk, []), table, shown, back, remarks)
        for record in records[:MOST]
    ]
    return Difference(back.at, [one for one in changed if one is not None], left_out)


def _touched(answer: Return, back: Signature):  # noqa: ANN202 — a queryset
    after = Record.objects.filter(answer=answer, changes__at__gt=back.at)
    new = Record.objects.filter(answer=answer, entered_at__gt=back.at)
    return (after | new).distinct().order_by("key", "pk")


def _before(records: Sequence[Record], back: Signature) -> dict[int, list[RecordChange]]:
    found: dict[int, list[RecordChange]] = {}
    changes = RecordChange.objects.filter(record__in=records, at__gt=back.at).order_by("at", "pk")
    for change in changes:
        found.setdefault(change.record_id, []).append(change)
    return found


def _changed(
    record: Record, changes: Sequence[RecordChange], table: Table, shown: Shown,
    back: Signature, remarks: Sequence[FieldRemark],
) -> Changed | None:  # fmt: skip
    """Missing: None for a record that came and went, or was changed back to what it was."""
    headline = shown.headline(table, record.data)
    here = [remark for remark in remarks if remark.record == record.pk]
    reasons = [change.reason for change in changes if change.reason]
    is_new = record.entered_at > back.at
    is_gone = record.state == RecordState.WITHDRAWN
    if is_new and is_gone:
        return None
    if is_gone:
        return Changed(record, headline, "withdrawn", (), reasons, here)
    if is_new:
        return Changed(record, headline, "new", shown.differences(table, {}, record.data))
    cells = shown.differences(table, changes[0].before, record.data)
    return Changed(record, headline, "changed", cells, reasons, here) if cells else None
