"""The live board of a round."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views import View

from workplace.accounts.access import person
from workplace.accounts.models import User
from workplace.rounds.board import Filters, fingerprint, read_board
from workplace.rounds.models import Round, RoundState
from workplace.rounds.rights import asked_units, get_round, may_run, visible_returns
from workplace.rounds.standing import COUNTED, LAMP_WORDS
from workplace.web.numbers import whole_number

EVERY_SECONDS = 15


class BoardPage(View):
    """Units × tables of one round, as far as the person may see them."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person(request)
        round_ = get_round(user, pk)
        if round_.state == RoundState.DRAFT:
            return redirect("rounds:draft", round_.pk)
        context = board_context(request, user, round_, _fingerprint(request, user, round_))
        context |= {"may_run": may_run(user, round_), "lamps": LAMP_WORDS.items()}
        return render(request, "rounds/board.html", context)


class BoardPart(View):
    """The board alone, for the page to take in; an empty 304 while nothing has changed."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person(request)
        round_ = get_round(user, pk)
        mark = _fingerprint(request, user, round_)
        unchanged = get_conditional_response(request, etag=quote_etag(mark))
        response = unchanged or render(
            request, "rounds/_board.html", board_context(request, user, round_, mark)
        )
        response["ETag"] = quote_etag(mark)
        response["Cache-Control"] = "private, no-cache"
        if unchanged is not None:
            response["HX-Reswap"] = "none"
        return response


def board_context(request: HttpRequest, user: User, round_: Round, mark: str) -> dict[str, Any]:
    """What the board's template shows; `mark` is read before the board, so that what changes in
    between is shown at the next turn."""
    chosen = filters_of(request)
    board = read_board(round_, visible_returns(user, round_), chosen)
    return {
        "round": round_,
        "board": board,
        "chosen": chosen,
        "counted": [(kind, word, board.counts[kind]) for kind, word in COUNTED.items()],
        "etag": mark,
        "seconds": EVERY_SECONDS,
        "query": request.GET.urlencode(),
        "may_remind": round_.state == RoundState.OPEN and bool(asked_units(user)),
    }


def filters_of(request: HttpRequest) -> Filters:
    """What the address asks to see."""
    asked = request.GET
    return Filters(
        asked.get("state", ""), asked.get("level", ""), asked.get("table", ""),
        asked.get("under", ""), whole_number(asked.get("page")) or 1,
    )  # fmt: skip


def _fingerprint(request: HttpRequest, user: User, round_: Round) -> str:
    asked = f"{user.pk} {request.GET.urlencode()}"
    return fingerprint(round_, visible_returns(user, round_), asked)
