"""The page of one return: everything that must be seen before deciding, from few questions."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shuzhi.packs.model import Table
from workplace.accounts.access import may, person
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.approval.actions import why_not
from workplace.approval.basket import noted
from workplace.approval.changes import difference_of
from workplace.approval.content import content_hash
from workplace.approval.flags import Doubt, flags_of
from workplace.approval.forms import ReasonForm, UnlockForm
from workplace.approval.load import load_table
from workplace.approval.models import Signature
from workplace.approval.remarks import headline_of
from workplace.approval.steps import chain_of, may_decide
from workplace.approval.times import times_of
from workplace.evidence.sample import Coverage, coverage_of
from workplace.records.access import is_open_to, sees_drafts
from workplace.records.models import Record, RecordState
from workplace.records.shown import Shown, main_columns
from workplace.rounds.models import Return, ReturnState
from workplace.sending.models import Upload
from workplace.sending.remarks import remarks_for
from workplace.web.texts import text_in

_A_PAGE = 50
# Of a larger return the signatures are held against its content only when somebody asks.
_AT_ONCE = 2_000


def return_page(
    request: HttpRequest, answer: Return, back: ReasonForm, opening: UnlockForm
) -> HttpResponse:
    """The page, with the two forms as far as they are filled in."""
    user, table = person(request), load_table(answer)
    shown, remarks = Shown.now(), remarks_for(answer)
    doubts = flags_of([answer], user)[answer.pk]
    decides = may_decide(user, answer)
    # what is being written or mended is shown once it is sent
    is_shown = not answer.is_open or sees_drafts(user, answer.unit_id)
    signatures = list(answer.signatures.select_related("by"))
    facts = {
        "given_back": _given_back(answer, signatures),
        "answer": answer, "is_shown": is_shown, "unit": shown.unit(answer.unit_id),
        "table": text_in(table.label),
        "doubts": doubts, "remarks": remarks,
        "coverage": coverage_of(answer) if is_shown else Coverage((), frozenset()),
        "difference": difference_of(answer, table, remarks) if is_shown else None,
        "steps": chain_of(answer, signatures),
        "history": _history(request, answer, signatures, shown),
        "may_decide": decides, "why_not": why_not(user, answer) if decides else "",
        "noted": _noted(request, answer, table, shown) if decides else [],
        "form": back, "opening": opening, "uploads": _uploads(user, answer),
        "may_unlock": answer.state == ReturnState.ACCEPTED
        and may(user, Permission.UNLOCK, answer.unit_id),
        **_records(request, answer, table, shown, doubts),
    }  # fmt: skip
    return render(request, "approval/return.html", facts)


def _given_back(answer: Return, signatures: list[Signature]) -> Signature | None:
    """The decision by which the unit has it back; None where it has not."""
    return signatures[-1] if signatures and answer.state == ReturnState.RETURNED else None


def _records(
    request: HttpRequest, answer: Return, table: Table, shown: Shown, doubts: list[Doubt] | None
) -> dict[str, Any]:
    """A page of the records, those that are doubted marked; only these on demand."""
    doubted = {key for doubt in doubts or () for key in doubt.records}
    seen = Record.objects.filter(is_open_to(person(request)), answer=answer)
    living = seen.exclude(state=RecordState.WITHDRAWN)
    only_doubted = bool(request.GET.get("doubted"))
    if only_doubted:
        living = living.filter(key__in=doubted)
    page = Paginator(living.order_by("event_date", "key"), _A_PAGE).get_page(
        request.GET.get("page")
    )
    # the day stands among the three times
    columns = [name for name in main_columns(table) if name != table.date_column.name]
    return {
        "page": page, "only_doubted": only_doubted, "being_mended": _being_mended(answer, seen),
        "labels": [text_in(table.column(name).label) for name in columns],
        "rows": [
            {
                "record": record, "times": times_of(record, answer),
                "cells": shown.cells(table, record.data, record.precision, columns),
                "is_doubted": record.key in doubted,
                "headline": shown.headline(table, record.data),
            }
            for record in page.object_list
        ],
    }  # fmt: skip


def _history(
    request: HttpRequest, answer: Return, signatures: list[Signature], shown: Shown
) -> list[dict[str, Any]]:
    """Every decision so far, and whether it still covers what the return holds now.

    Missing: None as `still` where a large return was not counted.
    """
    is_counted = bool(signatures) and ("check" in request.GET or answer.records.count() <= _AT_ONCE)
    now = content_hash(answer) if is_counted else None
    return [
        {
            "signature": one, "unit": shown.unit(one.unit_id),
            "still": one.content == now if now else None,
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
            "record": one.record, "headline": headline_of(shown, table, records, one.record),
            "label": labels.get(one.column, ""), "text": one.text,
        }
        for one in remarks
    ]  # fmt: skip


def _being_mended(answer: Return, seen: QuerySet[Record]) -> int:
    """How many records that were sent before are drafts again, which the reader does not see: he
    learns that they are being mended, not how."""
    if not answer.is_open or answer.first_sent_at is None:
        return 0
    mended = Record.objects.filter(
        answer=answer, state=RecordState.DRAFT, received_at__isnull=False
    )
    return mended.exclude(pk__in=seen.values("pk")).count()


def _uploads(user: User, answer: Return) -> list[Upload]:
    """The workbooks by which the records came in that the person sees, with the problems found in
    them when they came."""
    seen = Record.objects.filter(is_open_to(user), answer=answer)
    wanted = seen.exclude(upload=None).order_by().values("upload").distinct()
    return list(Upload.objects.filter(pk__in=wanted).order_by("received_at"))
