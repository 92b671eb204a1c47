"""What the page of one record's form shows."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from shuzhi.packs.model import Role
from workplace.records.models import Record
from workplace.records.shown import Shown
from workplace.sending.entry_access import Asked, minutes_of_one, open_remarks
from workplace.sending.entry_drafts import Typed
from workplace.sending.entry_forms import AskedColumn, EntryForm, texts_of
from workplace.sending.entry_models import EntryDraft
from workplace.sending.entry_reading import ReadEntry


def entry_context(
    asked: Asked, record: Record | None, typed: Typed, *, draft: EntryDraft | None = None,
    elsewhere: EntryDraft | None = None, current: Record | None = None,
    entry: ReadEntry | None = None, errors: Mapping[str, Sequence[str]] | None = None,
    error: str = "",
) -> dict[str, Any]:  # fmt: skip
    """`current` is the record as somebody else has left it; `elsewhere` a draft that another
    device has kept."""
    form = EntryForm(asked.pack, asked.table, asked.answer, typed.texts)
    said = errors or (entry.errors if entry else {})
    for name, texts in said.items():
        form.add_error(name if name in form.fields else None, list(texts))
    if error:
        form.add_error(None, error)
    shown = Shown.now()
    fields = list(form.asked())
    _say_beside(asked, record, typed, fields, entry, current, shown)
    return asked.context(
        record=record,
        form=form,
        to_confirm=bool(entry and entry.to_confirm),
        here=entry_address(asked, record),
        draft_address=entry_address(asked, record) + "draft/",
        fields=fields,
        typed=typed,
        draft=draft,
        elsewhere=elsewhere,
        is_stale=current is not None,
        based_on=current.version if current else typed.based_on,
        draft_version=typed.draft_version,
        unit=shown.unit(asked.answer.unit_id),
        headline=shown.headline(asked.table, record.data) if record else "",
        minutes=minutes_of_one(asked.table),
        takes_files=asked.table.column_with(Role.EVIDENCE) is not None,
        evidence=list(record.evidence.filter(removed_at=None)) if record else [],
    )  # fmt: skip


def entry_address(asked: Asked, record: Record | None) -> str:
    """Where the form of a record, or of a new one, is found."""
    if record is None:
        return reverse("sending:entry", args=[asked.answer.pk])
    return reverse("sending:entry_change", args=[asked.answer.pk, record.pk])


def _say_beside(
    asked: Asked, record: Record | None, typed: Typed, fields: list[AskedColumn],
    entry: ReadEntry | None, current: Record | None, shown: Shown,
) -> None:  # fmt: skip
    remarks = open_remarks(asked.answer).get(record.pk, {}) if record else {}
    changed = _changed_meanwhile(asked, typed, current, shown)
    for one in fields:
        name = one.column.name
        one.remarks = remarks.get(name, [])
        one.to_confirm = entry.to_confirm.get(name, "") if entry else ""
        one.now = changed.get(name, "")
        if name in typed.tokens:
            one.on_record = shown.value(one.column, typed.tokens[name])


def _changed_meanwhile(
    asked: Asked, typed: Typed, current: Record | None, shown: Shown
) -> dict[str, str]:
    """What the columns hold now in which somebody else's record differs from what was typed."""
    if current is None:
        return {}
    texts = texts_of(asked.table, current.data, current.precision, shown)
    return {
        column.name: shown.value(column, current.data.get(column.name), current.precision)
        or _("(nothing)")
        for column in asked.table.columns
        if texts.get(column.name, "") != typed.texts.get(column.name, "")
        and column.role not in (Role.PERSON, Role.EVIDENCE)
    }
