"""Remarks that somebody has noted while reading a return, kept until it is given back."""

from collections.abc import Mapping

from django.http import HttpRequest

from workplace.approval.remarks import NewRemark
from workplace.rounds.models import Return

_KEY = "remarks"
MOST = 200  # of one return: who has more to say calls


def noted(request: HttpRequest, answer: Return) -> list[NewRemark]:
    """What was noted about a return in this session, in the order of the records."""
    kept = request.session.get(_KEY, {}).get(str(answer.pk), [])
    return [NewRemark(text, record, column) for record, column, text in kept]


def note(request: HttpRequest, answer: Return, record: int, texts: Mapping[str, str]) -> None:
    """Keep what is said about the fields of one record, in place of what was said before."""
    others = [one for one in noted(request, answer) if one.record != record]
    new = [NewRemark(text, record, column) for column, text in texts.items() if text]
    _keep(request, answer, [*others, *new][:MOST])


def forget(request: HttpRequest, answer: Return) -> None:
    """Drop all that was noted about a return."""
    _keep(request, answer, [])


def _keep(request: HttpRequest, answer: Return, remarks: list[NewRemark]) -> None:
    baskets = dict(request.session.get(_KEY, {}))
    baskets.pop(str(answer.pk), None)
    if remarks:
        baskets[str(answer.pk)] = [[one.record, one.column, one.text] for one in remarks]
    request.session[_KEY] = baskets
