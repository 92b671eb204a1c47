"""Keeps the evidence column of a record in step with what is attached to it."""

from shuzhi.packs.model import Role
from workplace.accounts.models import User
from workplace.evidence.models import Evidence
from workplace.evidence.naming import name_outside
from workplace.programme import packs
from workplace.records.kept import KEY, PRECISION
from workplace.records.models import Record
from workplace.records.store import change_record


def keep_in_step(record: Record, *, by: User) -> Record:
    """The record, whose evidence column names what is attached to it now.

    Names that a workbook brought along stay: those files may be sent on paper.
    """
    column = evidence_column(record)
    if column is None:
        return record
    every = list(Evidence.objects.filter(record=record).select_related("file"))
    ours = {name_outside(evidence) for evidence in every}
    text = record.data.get(column) or ""
    brought = [name for part in text.split(";") if (name := part.strip()) and name not in ours]
    now = [name_outside(evidence) for evidence in every if evidence.removed_at is None]
    values = {
        **record.data, column: ";".join(brought + now) or None,
        KEY: record.key, PRECISION: record.precision,
    }  # fmt: skip
    return change_record(by=by, record=record, values=values, version=record.version)


def evidence_column(record: Record) -> str | None:
    """The column of the record's table that names evidence. Missing: None, it has none."""
    pack = packs().get(record.pack)
    table = pack.tables.get(record.table) if pack else None
    column = table.column_with(Role.EVIDENCE) if table else None
    return column.name if column else None
