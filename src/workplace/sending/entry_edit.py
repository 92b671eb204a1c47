"""One record typed into a form: shown, kept as a draft while it is typed, and saved."""

import uuid
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from workplace.accounts.access import person
from workplace.accounts.permissions import Permission
from workplace.records.errors import (
    ForeignUnitError,
    RecordChangedMeanwhileError,
    RecordNotWrittenError,
)
from workplace.records.models import Record
from workplace.records.shown import Shown
from workplace.rounds.refusals import Refused
from workplace.sending.entry_access import Asked, load_asked, load_record
from workplace.sending.entry_actions import keep_entry, withdraw_entry
from workplace.sending.entry_drafts import (
    DraftElsewhereError,
    Typed,
    as_typed,
    draft_of,
    drop_draft,
    keep_draft,
)
from workplace.sending.entry_files import attach_files
from workplace.sending.entry_forms import EntryForm, asked_columns, texts_of
from workplace.sending.entry_page import entry_address, entry_context
from workplace.sending.entry_reading import read_entry, tokens_in
from workplace.web.numbers import whole_number


class EntryPage(View):
    """The form of one record, new or there already."""

    def get(self, request: HttpRequest, pk: int, record: int | None = None) -> HttpResponse:
        asked, found = _load(request, pk, record)
        draft = draft_of(person(request), asked.answer, found)
        typed = as_typed(draft) if draft is not None else _from_record(asked, found)
        is_stale = found is not None and typed.based_on != found.version
        context = entry_context(
            asked, found, typed, draft=draft, current=found if is_stale else None
        )
        return render(request, "sending/entry.html", context)

    def post(self, request: HttpRequest, pk: int, record: int | None = None) -> HttpResponse:
        asked, found = _load(request, pk, record)
        typed = _typed(request, asked, found)
        entry = read_entry(
            asked.answer, typed.texts, tokens=typed.tokens, confirmed=_confirmed(request, asked)
        )
        if not entry.can_be_kept:
            return _again(request, asked, found, typed, entry=entry)
        try:
            kept = keep_entry(
                by=person(request), answer=asked.answer, read=entry.read, once=typed.once,
                record=found, version=typed.based_on, draft_version=typed.draft_version,
            )  # fmt: skip
        except RecordChangedMeanwhileError as changed:
            return _again(request, asked, found, typed, current=changed.current, error=str(changed))
        except ForeignUnitError as foreign:
            errors = {asked.table.unit_column.name: [str(foreign)]}
            return _again(request, asked, found, typed, errors=errors)
        except (RecordNotWrittenError, Refused) as refused:
            return _again(request, asked, found, typed, error=str(refused))
        attach_files(request, kept)
        messages.success(request, _("The record has been saved."))
        if request.POST.get("then") == "another":
            return redirect("sending:entry", pk)
        return redirect("sending:form", pk)


class DraftPage(View):
    """Keeps what is typed, after every pause; without scripts by a button."""

    def post(self, request: HttpRequest, pk: int, record: int | None = None) -> HttpResponse:
        asked, found = _load(request, pk, record)
        if "discard" in request.POST:
            drop_draft(by=person(request), answer=asked.answer, record=found)
            return redirect("sending:form", pk)
        typed = _typed(request, asked, found)
        try:
            draft = keep_draft(
                by=person(request), answer=asked.answer, record=found, typed=typed,
                is_forced="keep_mine" in request.POST,
            )  # fmt: skip
        except DraftElsewhereError as elsewhere:
            return self._elsewhere(request, asked, found, typed, elsewhere)
        if request.htmx:
            return render(request, "sending/_draft.html", {"draft": draft})
        messages.success(request, _("The draft has been kept."))
        return redirect(entry_address(asked, found))

    def _elsewhere(
        self, request: HttpRequest, asked: Asked, found: Record | None, typed: Typed,
        elsewhere: DraftElsewhereError,
    ) -> HttpResponse:  # fmt: skip
        address = entry_address(asked, found)
        if request.htmx:
            context = {"draft": None, "elsewhere": elsewhere.draft, "address": address,
                       "draft_version": typed.draft_version}  # fmt: skip
            return render(request, "sending/_draft.html", context)
        context = entry_context(asked, found, typed, elsewhere=elsewhere.draft)
        return render(request, "sending/entry.html", context, status=409)


class WithdrawPage(View):
    """Takes a record out of its return, after a question."""

    def get(self, request: HttpRequest, pk: int, record: int) -> HttpResponse:
        asked, found = _load(request, pk, record)
        shown = Shown.now()
        context = asked.context(
            record=found, unit=shown.unit(asked.answer.unit_id),
            headline=shown.headline(asked.table, found.data if found else {}),
        )  # fmt: skip
        return render(request, "sending/withdraw.html", context)

    def post(self, request: HttpRequest, pk: int, record: int) -> HttpResponse:
        asked, found = _load(request, pk, record)
        assert found is not None
        try:
            withdraw_entry(
                by=person(request), answer=asked.answer, record=found,
                version=whole_number(request.POST.get("version")) or 0,
                reason=request.POST.get("reason", "").strip()[:500],
            )  # fmt: skip
        except (RecordNotWrittenError, Refused) as refused:
            messages.error(request, str(refused))
            return redirect("sending:form", pk)
        messages.success(request, _("The record has been withdrawn."))
        return redirect("sending:form", pk)


def _load(request: HttpRequest, pk: int, record: int | None) -> tuple[Asked, Record | None]:
    asked = load_asked(request, pk, Permission.ENTER)
    return asked, load_record(asked, record) if record is not None else None


def _from_record(asked: Asked, record: Record | None) -> Typed:
    if record is None:
        return Typed({asked.table.unit_column.name: asked.answer.unit_id}, {}, uuid.uuid4())
    texts = texts_of(asked.table, record.data, record.precision, Shown.now())
    tokens = tokens_in(asked.table, record.data)
    return Typed(texts, tokens, uuid.uuid4(), record.version)


def _typed(request: HttpRequest, asked: Asked, record: Record | None) -> Typed:
    form = EntryForm(asked.pack, asked.table, asked.answer, request.POST)
    form.full_clean()
    kept = draft_of(person(request), asked.answer, record)
    tokens = kept.tokens if kept else tokens_in(asked.table, record.data if record else {})
    return Typed(
        form.cleaned_data,
        {name: t for name, t in tokens.items() if f"forget__{name}" not in request.POST},
        _once(request), whole_number(request.POST.get("based_on")) or 0,
        whole_number(request.POST.get("draft_version")) or 0,
    )  # fmt: skip


def _once(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("once", ""))
    except ValueError as error:
        raise Http404 from error


def _confirmed(request: HttpRequest, asked: Asked) -> dict[str, str]:
    return {
        column.name: request.POST[f"confirm__{column.name}"]
        for column in asked_columns(asked.table)
        if f"confirm__{column.name}" in request.POST
    }


def _again(
    request: HttpRequest, asked: Asked, record: Record | None, typed: Typed,
    current: Record | None = None, **said: Any,
) -> HttpResponse:  # fmt: skip
    """The form with what was typed and what is said to it. It is kept as a draft, so that nothing
    is lost and names need not be typed again: the page does not get them back."""
    if current is not None:
        typed = replace(typed, based_on=current.version)
    try:
        draft = keep_draft(by=person(request), answer=asked.answer, record=record, typed=typed)
        typed = as_typed(draft)
    except DraftElsewhereError as elsewhere:
        said["elsewhere"] = elsewhere.draft
    context = entry_context(asked, record, typed, current=current, **said)
    return render(request, "sending/entry.html", context, status=422)
