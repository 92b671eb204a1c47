"""The doors through which pages of approval come to a return, a record of it, or a remark."""

from django.http import Http404, HttpRequest

from shuzhi.packs.model import Table
from workplace.accounts.access import get_visible, person
from workplace.accounts.permissions import Permission
from workplace.approval.models import Remark
from workplace.approval.steps import may_decide
from workplace.programme import pack_named
from workplace.records.access import is_open_to
from workplace.records.models import Record
from workplace.rounds.models import Return
from workplace.web.numbers import whole_number


def load_return(request: HttpRequest, pk: int) -> Return:
    """A return that the person may see. Raises: Http404."""
    found = Return.objects.select_related("round", "sent_by")
    return get_visible(found, person(request), pk=pk)


def load_to_decide(request: HttpRequest, pk: int) -> Return:
    """A return that waits for the person's decision. Raises: Http404."""
    answer = load_return(request, pk)
    if not may_decide(person(request), answer):
        raise Http404
    return answer


def load_record(request: HttpRequest, answer: Return, pk: int) -> Record:
    """A record of the return that the person sees. Raises: Http404."""
    seen = Record.objects.filter(is_open_to(person(request)), answer=answer)
    record = seen.select_related("entered_by").filter(pk=pk).first()
    if record is None:
        raise Http404
    return record


def load_remark(request: HttpRequest, pk: int) -> Remark:
    """A remark at a return for whose unit the person enters. Raises: Http404."""
    found = Remark.objects.select_related("signature__answer__round", "record")
    return get_visible(
        found, person(request), Permission.ENTER, field="signature__answer__unit", pk=pk
    )


def load_table(answer: Return) -> Table:
    """The table that the return answers. Raises: Http404 where the pack has it no longer."""
    table = pack_named(answer.round.pack).tables.get(answer.table)
    if table is None:
        raise Http404
    return table


def read_version(request: HttpRequest, name: str = "version") -> int:
    """The version of the return that was looked at. Raises: Http404 where none is told."""
    version = whole_number(request.POST.get(name))
    if version is None:
        raise Http404
    return version
