"""Looking a return over, explaining what is doubtful, sending it, and the receipt."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from shuzhi.pipeline import say_period
from workplace.accounts.access import person
from workplace.accounts.permissions import Permission
from workplace.evidence.sample import coverage_of
from workplace.records.access import is_open_to
from workplace.records.shown import Shown
from workplace.rounds.models import Return
from workplace.rounds.refusals import Refused
from workplace.rounds.states import signing_steps
from workplace.sending.entry_access import (
    Asked,
    content_of,
    living_records,
    load_asked,
    open_remarks,
)
from workplace.sending.entry_actions import send_looked_over
from workplace.sending.review_flags import ShownFlag, explain_flag, flags_of
from workplace.sending.review_summary import differences_of, last_period, sums_of
from workplace.web.texts import language


class ReviewPage(View):
    """The whole return on one page, and the button that sends it. The checks read every record
    that counts: the page is there before them, and fetches what they found."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = load_asked(request, pk, Permission.ENTER)
        if "flags" not in request.GET:
            return render(request, "sending/review.html", _summary(asked) | {"flags": None})
        if request.headers.get("HX-Request"):
            return render(request, "sending/_flags.html", _doubts(asked))
        return render(request, "sending/review.html", _summary(asked) | _doubts(asked))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = load_asked(request, pk, Permission.ENTER)
        problem = _why_not(request, asked)
        if not problem:
            try:
                content = request.POST.get("content", "")
                send_looked_over(by=person(request), answer=asked.answer, content=content)
            except Refused as refused:
                problem = str(refused)
        if problem:
            messages.error(request, problem)
            return redirect(with_flags(pk))
        return redirect("sending:receipt", pk)


class FlagPage(View):
    """Takes the explanation of one flag."""

    def post(self, request: HttpRequest, pk: int, flag: str) -> HttpResponse:
        asked = load_asked(request, pk, Permission.ENTER)
        found = next(
            (one for one in flags_of(asked.answer, asked.pack) if one.flag.flag_id == flag), None
        )
        if found is None:
            raise Http404
        try:
            explain_flag(
                by=person(request), answer=asked.answer, flag=found.flag,
                reason=request.POST.get("reason", ""),
            )  # fmt: skip
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The explanation has been kept."))
        return redirect(f"{with_flags(pk)}#flag-{flag}")


class ReceiptPage(View):
    """Says that a return has come in: its number, the time, and what it held."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = load_asked(request, pk)
        answer = asked.answer
        if answer.sent_at is None:
            raise Http404
        shown = Shown.now()
        context = asked.context(
            unit=shown.unit(answer.unit_id),
            number=receipt_number(answer),
            count=living_records(answer).filter(is_open_to(person(request))).count(),
            content=content_of(answer),
            next_unit=shown.unit(answer.step_unit_id) if answer.step_unit_id else "",
        )
        return render(request, "sending/receipt.html", context)


def receipt_number(answer: Return) -> str:
    """Under which number a sending is found again: the round's, the return's, and the moment."""
    assert answer.sent_at is not None
    sent_at = timezone.localtime(answer.sent_at)
    return f"{answer.round_id}-{answer.pk}-{sent_at:%Y%m%d%H%M%S}"


def _why_not(request: HttpRequest, asked: Asked) -> str:
    """Why it is not sent as things stand; '' where it can be."""
    flags = flags_of(asked.answer, asked.pack)
    if any(flag.is_open for flag in flags) and "with_flags" not in request.POST:
        return _("There are flags that nobody has explained. Explain them, or say that you send "
                 "the return with them.")  # fmt: skip
    return ""


def with_flags(pk: int) -> str:
    """The address of the page with its flags on it."""
    return f"{reverse('sending:review', args=[pk])}?flags=1"


def _summary(asked: Asked) -> dict[str, Any]:
    """What is read from the return alone."""
    answer = asked.answer
    sums = sums_of(answer, asked.pack, asked.table)
    before = last_period(answer, asked.pack)
    return asked.context(
        unit=Shown.now().unit(answer.unit_id),
        sums=sums,
        has_before=any(one.before is not None for one in sums),
        before=say_period(before, language()) if before else "",
        differences=differences_of(answer, asked.table),
        whole_remarks=open_remarks(answer).get(None, {}).get("", []),
    )


def _doubts(asked: Asked) -> dict[str, Any]:
    """What the checks found, what lacks evidence, and what sending needs to know of both."""
    answer, shown = asked.answer, Shown.now()
    flags, steps = flags_of(answer, asked.pack), signing_steps(answer)
    return asked.context(
        flags=[_flag(asked, flag, shown) for flag in flags],
        open_flags=sum(flag.is_open for flag in flags),
        wanting=[
            {"record": record, "headline": shown.headline(asked.table, record.data)}
            for record in coverage_of(answer).wanting
        ],
        content=content_of(answer),
        count=living_records(answer).count(),
        first_step=shown.unit(steps[0][1]) if steps else "",
    )


def _flag(asked: Asked, flag: ShownFlag, shown: Shown) -> dict[str, Any]:
    return {
        "shown": flag,
        "records": [
            {"record": record, "headline": shown.headline(asked.table, record.data)}
            for record in flag.records
        ],
    }
