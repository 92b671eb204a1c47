"""Where a return stands in the chain that the pack asks for, and who may decide there."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from workplace.accounts.access import grants_of, may
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.approval.models import Decision, Signature
from workplace.rounds.models import Return, ReturnState
from workplace.rounds.states import signing_steps
from workplace.units.tree import current_tree, today


@dataclass(frozen=True)
class Step:
    """One signature that a return needs, with the one it has, if it has it."""

    name: str
    unit: str
    unit_name: str
    signature: Signature | None = None
    is_next: bool = False


def permission_at(answer: Return, unit: str) -> Permission:
    """What it takes to decide on a return at a unit: its own head signs, others accept."""
    return Permission.SIGN if unit == answer.unit_id else Permission.ACCEPT


def may_decide(user: User, answer: Return) -> bool:
    """Whether the return waits at a step where the person decides."""
    if answer.state != ReturnState.SENT or answer.step_unit_id is None:
        return False
    return may(user, permission_at(answer, answer.step_unit_id), answer.step_unit_id)


def waiting_for(user: User) -> QuerySet[Return]:
    """The returns that wait for a decision of the person."""
    grants = grants_of(user)
    own = Q(step_unit__in=grants.units(Permission.SIGN), unit=F("step_unit"))
    others = Q(step_unit__in=grants.units(Permission.ACCEPT)) & ~Q(unit=F("step_unit"))
    return Return.objects.filter(own | others, state=ReturnState.SENT)


def chain_of(answer: Return, signatures: Iterable[Signature]) -> list[Step]:
    """Every step of a return, in order; `signatures` are all of its own, oldest first."""
    tree, day = current_tree(), today()
    standing = {signature.step: signature for signature in standing_of(answer, signatures)}
    is_sent = answer.state == ReturnState.SENT
    return [
        Step(name, unit, tree.name(unit, day), standing.get(name),
             is_next=is_sent and number == answer.step)
        for number, (name, unit) in enumerate(signing_steps(answer))
    ]  # fmt: skip


def standing_of(answer: Return, signatures: Iterable[Signature]) -> list[Signature]:
    """The signatures that count: since the return was last sent."""
    passed = (Decision.SIGNED, Decision.ACCEPTED)
    found: list[Signature] = []
    for signature in signatures:
        found = [*found, signature] if signature.decision in passed else []
    return found if answer.state in (ReturnState.SENT, ReturnState.ACCEPTED) else []
