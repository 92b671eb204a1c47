"""What approval puts on the desk: what waits for a signature, and what came back."""

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workplace.accounts.access import grants_of, person
from workplace.accounts.permissions import Permission
from workplace.approval.inbox import counts_by_round, table_label
from workplace.approval.models import Signature
from workplace.rounds.models import Return, ReturnState
from workplace.units.tree import current_tree, today
from workplace.web.registry import Card

_SHOWN = 8


def to_sign(request: HttpRequest) -> Card | None:
    """What the own unit sent and its head has not signed yet."""
    return _waiting(request, Permission.SIGN, own=True)


def to_accept(request: HttpRequest) -> Card | None:
    """What other units sent and waits for this one."""
    return _waiting(request, Permission.ACCEPT, own=False)


def given_back(request: HttpRequest) -> Card | None:
    """What came back to the units for which the person enters."""
    held = grants_of(person(request)).units(Permission.ENTER)
    if not held:
        return None
    last = Signature.objects.filter(answer=OuterRef("pk")).order_by("-at", "-pk")
    found = (
        Return.objects.filter(unit__in=held, state=ReturnState.RETURNED)
        .select_related("round")
        .annotate(why=Subquery(last.values("reason")[:1]))
        .order_by("due_on", "pk")[: _SHOWN * 10]
    )
    answers = list(found)
    if not answers:
        return None
    tree, day = current_tree(), today()
    back = [
        {
            "answer": answer, "unit": tree.name(answer.unit_id, day),
            "table": table_label(answer), "reason": answer.why or "",  # type: ignore[attr-defined]
        }
        for answer in answers[:_SHOWN]
    ]  # fmt: skip
    facts = {"back": back, "more": len(answers) - len(back)}
    return Card(_("Given back"), "approval/_given_back_card.html", facts, order=15)


def _waiting(request: HttpRequest, permission: Permission, *, own: bool) -> Card | None:
    user = person(request)
    if not grants_of(user).units(permission):
        return None
    rounds = counts_by_round(user, own=own)
    if not rounds:
        return None
    facts = {
        "rounds": rounds, "total": sum(one["number"] for one in rounds),
        "address": reverse("approval:to_sign" if own else "approval:to_accept"),
    }  # fmt: skip
    title = _("To sign") if own else _("To accept")
    return Card(title, "approval/_waiting_card.html", facts, order=25)
