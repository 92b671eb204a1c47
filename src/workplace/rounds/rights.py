"""Who sees a round, who runs it, and who decides on more time."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from workplace.accounts.access import get_visible, grants_of, units_for, visible
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.rounds.models import Return, Round, RoundState
from workplace.units.tree import current_tree, today


def visible_rounds(user: User) -> QuerySet[Round]:
    """Those that ask something of a unit the person may see, and those being prepared that he
    may open."""
    asks = Return.objects.filter(round=OuterRef("pk"), unit__in=units_for(user, Permission.VIEW))
    return Round.objects.filter(Q(Exists(asks)) | Q(pk__in=_drafts(user)))


def get_round(user: User, pk: int) -> Round:
    """The round, if the person may see it. Raises: Http404 otherwise."""
    found = visible_rounds(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_round_to_run(user: User, pk: int) -> Round:
    """The round, if the person may open, widen and close it. Raises: Http404 otherwise."""
    found = Round.objects.filter(pk=pk).first()
    if found is None or not may_run(user, found):
        raise Http404
    return found


def may_run(user: User, round_: Round) -> bool:
    """Whether the person asks every unit that is in it; where it names none, the root."""
    asked = asked_units(user)
    if not asked:
        return False
    if round_.state == RoundState.DRAFT:
        return asked >= (set(round_.units) or {current_tree().root})
    inside = round_.returns.values_list("unit_id", flat=True).distinct()
    return current_tree().root in asked or asked >= set(inside)


def asked_units(user: User) -> frozenset[str]:
    """The units that the person may ask for returns, those below his own with them."""
    held = grants_of(user).units(Permission.ASK)
    if not held:
        return frozenset()
    tree, day = current_tree(), today()
    return frozenset(code for code in tree.codes if held & set(tree.ancestors(code, day)))


def visible_returns(user: User, round_: Round) -> QuerySet[Return]:
    """The round's returns that the person may see."""
    return visible(Return.objects.filter(round=round_), user)


def get_return(user: User, permission: Permission, pk: int) -> Return:
    """The return, if the person may do this at its unit. Raises: Http404 otherwise."""
    return get_visible(Return.objects.select_related("round", "unit"), user, permission, pk=pk)


def may_grant(user: User, unit: str, asked_by: int) -> bool:
    """Whether the person may give a unit more time: he who asks units above it, and did not ask
    for it himself. Of the root, whoever asks there."""
    if user.pk == asked_by:
        return False
    return unit in granting_units(user)


def granting_units(user: User) -> frozenset[str]:
    """The units on whose wishes for more time the person decides."""
    held = grants_of(user).units(Permission.ASK)
    if not held:
        return frozenset()
    tree, day = current_tree(), today()
    return frozenset(
        code
        for code in tree.codes
        if held & set(tree.ancestors(code, day)[1:]) or (code == tree.root and code in held)
    )


def _drafts(user: User) -> list[int]:
    if not asked_units(user):
        return []
    drafts = Round.objects.filter(state=RoundState.DRAFT)
    return [draft.pk for draft in drafts if may_run(user, draft)]
