"""Reports from a round: punctuality and the register of receipts, on screen and as files."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from workplace.accounts.access import person, require_anywhere, visible
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.events.record import record_event
from workplace.rounds.models import Return, Round, RoundState
from workplace.rounds.pages.unit import attachment
from workplace.rounds.reports import headings, punctuality, punctuality_workbook, receipts_csv
from workplace.rounds.rights import get_round, visible_returns
from workplace.web.spreadsheets import XLSX


class PunctualityPage(View):
    """How punctual the units were that the person may see."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person(request)
        round_ = get_round(user, pk)
        context = {
            "round": round_, "rows": punctuality(visible_returns(user, round_)),
            "headings": headings(), "is_open": round_.state == RoundState.OPEN,
        }  # fmt: skip
        return render(request, "rounds/punctuality.html", context)


class PunctualityWorkbook(View):
    """The same as .xlsx."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person(request)
        round_ = _to_export(user, pk)
        content = punctuality_workbook(round_, punctuality(_exported(user, round_)))
        _tell(user, round_, "punctuality")
        return _file(content, XLSX, f"punctuality-{round_.period}-{round_.pk}.xlsx")


class ReceiptsFile(View):
    """The register of receipts, to be laid beside the files for the command line."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person(request)
        round_ = _to_export(user, pk)
        content = receipts_csv(round_, _exported(user, round_)).encode()
        _tell(user, round_, "receipts")
        return _file(content, "text/csv; charset=utf-8", "receipts.csv")


def _to_export(user: User, pk: int) -> Round:
    require_anywhere(user, Permission.EXPORT)
    return get_round(user, pk)


def _exported(user: User, round_: Round) -> "object":
    """The returns of units at which the person may export."""
    return visible(Return.objects.filter(round=round_), user, Permission.EXPORT)


def _tell(user: User, round_: Round, what: str) -> None:
    with transaction.atomic():
        record_event("rounds.report_exported", by=user, about=round_, what=what)


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = attachment(name)
    return response
