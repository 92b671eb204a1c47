"""Pages of the inbox: what waits, and deciding on several at once."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from workplace.accounts.access import person, require_anywhere
from workplace.accounts.permissions import Permission
from workplace.approval.actions import sign_many
from workplace.approval.inbox import Line, counts_by_round, lines_of, table_label, waiting_list
from workplace.approval.load import read_version
from workplace.programme import packs
from workplace.rounds.models import Return
from workplace.web.numbers import whole_number
from workplace.web.texts import text_in

_A_PAGE = 50
_MOST_AT_ONCE = 200


class Inbox(View):
    """Returns that wait for the person; several can be decided on at once.

    One with open flags is taken only where its own box says that they were looked at.
    """

    own = False
    permission = Permission.ACCEPT

    def get(self, request: HttpRequest) -> HttpResponse:
        require_anywhere(person(request), self.permission)
        return render(request, "approval/inbox.html", self._facts(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        user = person(request)
        require_anywhere(user, self.permission)
        chosen = [key for text in request.POST.getlist("chosen") if (key := whole_number(text))]
        found = waiting_list(user, own=self.own).filter(pk__in=chosen[:_MOST_AT_ONCE])
        lines = lines_of(found, user)
        unseen = [line for line in lines if not _is_looked_at(request, line)]
        looked_at = [
            (line.answer, _version(request, line.answer)) for line in lines if line not in unseen
        ]
        self._tell(request, sign_many(by=user, looked_at=looked_at), unseen, len(chosen))
        asked = request.GET.copy()
        asked.pop("ticked", None)  # what comes next has not been looked at
        return redirect(f"{request.path}?{asked.urlencode()}" if asked else request.path)

    def _facts(self, request: HttpRequest) -> dict[str, Any]:
        user = person(request)
        rounds = counts_by_round(user, own=self.own)
        round_pk = request.GET.get("round", "")
        tables = _tables(one["round__pack"] for one in rounds)
        table = request.GET.get("table", "")
        found = waiting_list(
            user, own=self.own, round_pk=whole_number(round_pk),
            table=table if table in tables else "", flagged=bool(request.GET.get("flagged")),
        )  # fmt: skip
        page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
        lines = lines_of(page.object_list, user)
        return {
            "own": self.own, "page": page, "lines": lines, "rounds": rounds,
            "chosen_round": round_pk, "chosen_table": table,
            "flagged": bool(request.GET.get("flagged")), "ticked": bool(request.GET.get("ticked")),
            "tables": tables.items(),
            "total": sum(one["number"] for one in rounds),
        }  # fmt: skip

    def _tell(self, request: HttpRequest, outcomes: Any, unseen: list[Line], chosen: int) -> None:
        done = sum(1 for outcome in outcomes if outcome.signature)
        if done:
            messages.success(
                request,
                ngettext("%(number)d return is signed.", "%(number)d returns are signed.", done)
                % {"number": done},
            )
        for outcome in outcomes:
            if outcome.refusal:
                messages.error(request, f"{_called(outcome.answer)}: {outcome.refusal}")
        for line in unseen:
            messages.warning(
                request,
                _("%(what)s has open flags. Look at them, say so in its box, then sign.")
                % {"what": _called(line.answer)},
            )
        if not chosen:
            messages.error(request, _("Choose at least one return first."))
        elif not outcomes and not unseen:
            messages.error(request, _("None of these waits for you any more."))


class ToSign(Inbox):
    """What the own unit sent, for its head."""

    own = True
    permission = Permission.SIGN


def _is_looked_at(request: HttpRequest, line: Line) -> bool:
    """Nothing doubted; or its flags were looked at one by one. Unchecked counts as doubted."""
    return line.is_clear or bool(request.POST.get(f"seen-{line.answer.pk}"))


def _tables(names: Iterable[str]) -> dict[str, str]:
    """The tables of packs with what they are called."""
    known = packs()
    return {
        table.name: text_in(table.label)
        for name in dict.fromkeys(names)
        if name in known
        for table in known[name].tables.values()
    }


def _version(request: HttpRequest, answer: Return) -> int:
    return read_version(request, f"version-{answer.pk}")


def _called(answer: Return) -> str:
    return f"{answer.unit.name} · {table_label(answer)} · {answer.period}"
