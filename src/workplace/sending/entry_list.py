"""A return's page: what is asked, its records so far, and the ways to add to them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from workplace.accounts.access import person
from workplace.accounts.permissions import Permission
from workplace.records.access import is_open_to, sees_drafts
from workplace.records.models import Record
from workplace.records.shown import Shown, main_columns
from workplace.rounds.forms import ReasonForm
from workplace.rounds.load import minutes_of
from workplace.rounds.models import Answer
from workplace.rounds.refusals import Refused
from workplace.rounds.states import answer_nil, answer_not_applicable
from workplace.sending.entry_access import (
    Asked,
    living_records,
    load_asked,
    minutes_of_one,
    open_remarks,
)
from workplace.sending.entry_drafts import draft_of

A_PAGE = 50


class FormPage(View):
    """The records of one return."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = load_asked(request, pk)
        living = living_records(asked.answer).filter(is_open_to(person(request)))
        page = Paginator(living, A_PAGE).get_page(request.GET.get("page"))
        shown = Shown.now()
        remarks = open_remarks(asked.answer)
        context = asked.context(
            unit=shown.unit(asked.answer.unit_id),
            page=page,
            sees_drafts=sees_drafts(person(request), asked.answer.unit_id),
            rows=[_row(asked, record, shown, remarks.get(record.pk, {})) for record in page],
            whole_remarks=remarks.get(None, {}).get("", []),
            draft=draft_of(person(request), asked.answer, None) if asked.can_change else None,
            minutes=minutes_of_one(asked.table),
            all_minutes=minutes_of(asked.table),
        )
        return render(request, "sending/form.html", context)


class AnswerPage(View):
    """Says "nothing this period" or "does not apply, because …" instead of sending records."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = load_asked(request, pk, Permission.ENTER)
        try:
            if request.POST.get("answer") == Answer.NIL:
                answer_nil(asked.answer, by=person(request))
            else:
                reason = _reason(ReasonForm(request.POST))
                answer_not_applicable(asked.answer, by=person(request), reason=reason)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("sending:form", pk)
        messages.success(request, _("The answer has been sent."))
        return redirect("sending:receipt", pk)


def _reason(form: ReasonForm) -> str:
    """Why the table does not apply. Raises: Refused for what is no reason, in a sentence."""
    if form.is_valid():
        return str(form.cleaned_data["reason"])
    raise Refused(" ".join(form.errors["reason"]))


def _row(asked: Asked, record: Record, shown: Shown, remarks: Any) -> dict[str, Any]:
    columns = main_columns(asked.table)
    return {
        "record": record,
        "headline": shown.headline(asked.table, record.data),
        "cells": shown.cells(asked.table, record.data, record.precision, columns),
        "remarks": [text for texts in remarks.values() for text in texts],
    }
