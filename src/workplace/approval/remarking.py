"""Pages on which remarks are noted at fields, read by those who mend, and answered."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from shuzhi.packs.model import Table
from workplace.accounts.access import may, person
from workplace.accounts.permissions import Permission
from workplace.approval.actions import reply
from workplace.approval.basket import note, noted
from workplace.approval.flags import flags_of
from workplace.approval.forms import ReplyForm
from workplace.approval.load import (
    load_record,
    load_remark,
    load_return,
    load_table,
    load_to_decide,
)
from workplace.approval.models import Signature
from workplace.approval.remarks import headline_of
from workplace.approval.steps import may_decide
from workplace.approval.times import times_of
from workplace.evidence.store import seen_by
from workplace.records.access import is_open_to
from workplace.records.models import Record
from workplace.records.shown import Shown
from workplace.rounds.refusals import Refused
from workplace.sending.remarks import remarks_for
from workplace.web.texts import text_in


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
        answer = load_to_decide(request, pk)
        record, table = load_record(request, answer, record_pk), load_table(answer)
        names = ["", *(column.name for column in table.columns)]
        texts = {name: _typed(request, f"remark-{name}") for name in names}
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
        # a record that is being mended is shown to those above once it is sent
        seen = Record.objects.filter(is_open_to(person(request)))
        records = seen.in_bulk([one.record for one in remarks if one.record])
        rows = [
            {
                "remark": one, "label": labels.get(one.column, ""),
                "record": records.get(one.record) if one.record else None,
                "headline": headline_of(shown, table, records, one.record),
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


def _typed(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\0", "").strip()[:500]


def _held_text(shown: Shown, table: Table, column: str, held: Any) -> str:
    return shown.value(table.column(column), held) if column else ""
