"""Pages of one return: looking at it, signing it, giving it back, opening it again."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from shuzhi.packs.model import Table
from workplace.accounts.access import may, person
from workplace.accounts.permissions import Permission
from workplace.approval.actions import give_back, reply, sign, unlock, why_not
from workplace.approval.basket import forget, note, noted
from workplace.approval.changes import difference_of
from workplace.approval.content import content_hash
from workplace.approval.flags import Doubt, flags_of
from workplace.approval.forms import ReasonForm, ReplyForm, UnlockForm
from workplace.approval.load import (
    load_record,
    load_remark,
    load_return,
    load_table,
    read_version,
)
from workplace.approval.models import Signature
from workplace.approval.steps import chain_of, may_decide
from workplace.approval.times import times_of
from workplace.evidence.sample import coverage_of
from workplace.evidence.store import seen_by
from workplace.records.models import Record, RecordState
from workplace.records.shown import Shown, main_columns
from workplace.rounds.models import Return, ReturnState
from workplace.rounds.refusals import Refused
from workplace.sending.models import Upload
from workplace.sending.remarks import remarks_for
from workplace.web.texts import text_in

_A_PAGE = 50


class OneReturn(View):
    """A return as those see it who decide on it: its records, what is doubted, what changed, who
    has signed. Everybody who may see the unit may read it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        answer = load_return(request, pk)
        return _page(request, answer, ReasonForm(), UnlockForm())


class Sign(View):
    """Letting a return pass the step where it waits."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        answer = _to_decide(request, pk)
        if _unseen(request, answer):
            messages.warning(request, _("Look at the open flags and say so, then sign."))
            return redirect("approval:return", pk)
        try:
            sign(by=person(request), answer=answer, version=read_version(request))
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("approval:return", pk)
        forget(request, answer)
        messages.success(request, _("Signed. What was signed can no longer be changed unseen."))
        return redirect("approval:return", pk)


class GiveBack(View):
    """Giving a return back, with a reason for the whole and the remarks noted at fields."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        answer, user = _to_decide(request, pk), person(request)
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return _page(request, answer, form, UnlockForm())
        try:
            give_back(
                by=user, answer=answer, version=read_version(request),
                reason=form.cleaned_data["reason"], remarks=noted(request, answer),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return _page(request, answer, form, UnlockForm())
        forget(request, answer)
        messages.success(request, _("The return is back with its unit, with what is to be mended."))
        return redirect("approval:return", pk)


class Unlock(View):
    """Opening an accepted return again, on the record."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        answer, user = load_return(request, pk), person(request)
        if not may(user, Permission.UNLOCK, answer.unit_id):
            raise Http404
        form = UnlockForm(request.POST)
        if not form.is_valid():
            return _page(request, answer, ReasonForm(), form)
        try:
            unlock(
                by=user, answer=answer, version=read_version(request),
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return _page(request, answer, ReasonForm(), form)
        messages.success(request, _("The return is open again; its unit has been told why."))
        return redirect("approval:return", pk)


class OneRecord(View):
    """One record of a return: every field with what is to be mended there, its times, flags and
    evidence. What is noted goes to the unit when the return is given back."""

    def get(self, request: HttpRequest, pk: int, record_pk: int) -> HttpResponse:
        answer = load_return(request, pk)
        record, table = load_record(request, answer, record_pk), load_table(answer)
        said = {one.column: one.text for one in noted(request, answer) if one.record == record.pk}
        cells = Shown.now().cells(table, record.data, record.precision)
        doubts = flags_of([answer], person(request))[answer.pk] or []
        facts = {
            "answer": answer, "record": record, "table": table,
            "fields": [(cell, said.get(cell.column.name, "")) for cell in cells],
            "whole": said.get("", ""), "times": times_of(record, answer),
            "doubts": [doubt for doubt in doubts if record.key in doubt.records],
            "evidence": list(seen_by(person(request)).filter(record=record)),
            "may_decide": may_decide(person(request), answer),
            "attach_url": "",
        }  # fmt: skip
        return render(request, "approval/record.html", facts)

    def post(self, request: HttpRequest, pk: int, record_pk: int) -> HttpResponse:
        answer = _to_decide(request, pk)
        record, table = load_record(request, answer, record_pk), load_table(answer)
        names = ["", *(column.name for column in table.columns)]
        texts = {name: request.POST.get(f"remark-{name}", "").strip()[:500] for name in names}
        note(request, answer, record.pk, texts)
        messages.success(request, _("Noted. The unit sees it when you give the return back."))
        return redirect("approval:return", pk)


class Remarks(View):
    """What is to be mended in a return that came back, for those who mend it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        answer = load_return(request, pk)
        table, shown = load_table(answer), Shown.now()
        labels = {column.name: text_in(column.label) for column in table.columns}
        remarks = remarks_for(answer)
        records = Record.objects.in_bulk([one.record for one in remarks if one.record])
        rows = [
            {
                "remark": one, "label": labels.get(one.column, ""),
                "record": records.get(one.record) if one.record else None,
                "headline": _headline(shown, table, records, one.record),
                "held": _held_text(shown, table, one.column, one.held),
            }
            for one in remarks
        ]  # fmt: skip
        may_answer = answer.is_open and may(person(request), Permission.ENTER, answer.unit_id)
        facts = {
            "answer": answer, "table": text_in(table.label), "rows": rows,
            "unit": shown.unit(answer.unit_id),
            "last": Signature.objects.filter(answer=answer).select_related("by", "unit").last(),
            "form": ReplyForm() if may_answer else None,
        }  # fmt: skip
        return render(request, "approval/remarks.html", facts)


class Reply(View):
    """Answering a remark instead of changing the field."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        remark = load_remark(request, pk)
        form = ReplyForm(request.POST)
        text = form.cleaned_data["text"] if form.is_valid() else ""
        try:
            reply(by=person(request), remark=remark, text=text)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Answered. Those who sign see it beside the field."))
        return redirect("approval:remarks", remark.signature.answer_id)


def _to_decide(request: HttpRequest, pk: int) -> Return:
    """A return that waits for the person's decision. Raises: Http404."""
    answer = load_return(request, pk)
    if not may_decide(person(request), answer):
        raise Http404
    return answer


def _unseen(request: HttpRequest, answer: Return) -> bool:
    doubts = flags_of([answer], person(request))[answer.pk]
    is_doubted = doubts is None or any(doubt.is_open for doubt in doubts)
    return is_doubted and not request.POST.get("seen")


def _page(
    request: HttpRequest, answer: Return, back: ReasonForm, opening: UnlockForm
) -> HttpResponse:
    user, table = person(request), load_table(answer)
    shown, remarks = Shown.now(), remarks_for(answer)
    doubts = flags_of([answer], user)[answer.pk]
    decides = may_decide(user, answer)
    signatures = list(answer.signatures.select_related("by"))
    facts = {
        "answer": answer, "unit": shown.unit(answer.unit_id), "table": text_in(table.label),
        "doubts": doubts, "coverage": coverage_of(answer), "remarks": remarks,
        "difference": difference_of(answer, table, remarks),
        "steps": chain_of(answer, signatures), "history": _history(answer, signatures, shown),
        "may_decide": decides, "why_not": why_not(user, answer) if decides else "",
        "noted": _noted(request, answer, table, shown) if decides else [],
        "form": back, "opening": opening, "uploads": _uploads(answer),
        "may_unlock": answer.state == ReturnState.ACCEPTED
        and may(user, Permission.UNLOCK, answer.unit_id),
        **_records(request, answer, table, shown, doubts),
    }  # fmt: skip
    return render(request, "approval/return.html", facts)


def _records(
    request: HttpRequest, answer: Return, table: Table, shown: Shown, doubts: list[Doubt] | None
) -> dict[str, Any]:
    """A page of the records, those that are doubted marked; only these on demand."""
    doubted = {key for doubt in doubts or () for key in doubt.records}
    living = Record.objects.filter(answer=answer).exclude(state=RecordState.WITHDRAWN)
    only_doubted = bool(request.GET.get("doubted"))
    if only_doubted:
        living = living.filter(key__in=doubted)
    page = Paginator(living.order_by("event_date", "key"), _A_PAGE).get_page(
        request.GET.get("page")
    )
    # the day stands among the three times
    columns = [name for name in main_columns(table) if name != table.date_column.name]
    return {
        "page": page, "only_doubted": only_doubted,
        "labels": [text_in(table.column(name).label) for name in columns],
        "rows": [
            {
                "record": record, "times": times_of(record, answer),
                "cells": shown.cells(table, record.data, record.precision, columns),
                "is_doubted": record.key in doubted,
            }
            for record in page.object_list
        ],
    }  # fmt: skip


def _history(answer: Return, signatures: list[Signature], shown: Shown) -> list[dict[str, Any]]:
    """Every decision so far, and whether it still covers what the return holds now."""
    now = content_hash(answer) if signatures else ""
    return [
        {
            "signature": one, "unit": shown.unit(one.unit_id), "still": one.content == now,
        }
        for one in signatures
    ]  # fmt: skip


def _noted(
    request: HttpRequest, answer: Return, table: Table, shown: Shown
) -> list[dict[str, Any]]:
    labels = {column.name: text_in(column.label) for column in table.columns}
    remarks = noted(request, answer)
    records = Record.objects.in_bulk([one.record for one in remarks if one.record])
    return [
        {
            "record": one.record, "headline": _headline(shown, table, records, one.record),
            "label": labels.get(one.column, ""), "text": one.text,
        }
        for one in remarks
    ]  # fmt: skip


def _uploads(answer: Return) -> list[Upload]:
    """The workbooks its records came in by, with the problems found in them when they came."""
    wanted = answer.records.exclude(upload=None).order_by().values("upload").distinct()
    return list(Upload.objects.filter(pk__in=wanted).order_by("received_at"))


def _headline(shown: Shown, table: Table, records: Any, pk: int | None) -> str:
    return shown.headline(table, records[pk].data) if pk in records else ""


def _held_text(shown: Shown, table: Table, column: str, held: Any) -> str:
    return shown.value(table.column(column), held) if column else ""
