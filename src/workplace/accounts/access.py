"""One question, asked everywhere: what may this person do, where, today?

A page loads an object by `get_visible` or lists by `visible`: what a person may not see and what
is not there answer alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest

from workplace.accounts.models import Holding, User
from workplace.accounts.permissions import AT_THE_UNIT_ONLY, Permission
from workplace.units.models import Subordination, Unit
from workplace.units.tree import current_tree, today

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Grants:
    """What a person may do on a day: permission → the units at which a role grants it."""

    day: date
    by_permission: dict[str, frozenset[str]]

    def units(self, permission: Permission) -> frozenset[str]:
        """The units where roles with the permission are held; not those below them."""
        return self.by_permission.get(permission.value, frozenset())


def grants_of(user: User, day: date | None = None) -> Grants:
    """What a person may do; asked of the database once a request (kept on the user object)."""
    day = day or today()
    kept = getattr(user, "_grants", None)
    if isinstance(kept, Grants) and kept.day == day:
        return kept
    found: dict[str, set[str]] = {}
    if user.is_authenticated and user.is_active:
        for unit, permissions in (
            Holding.objects.filter(user=user).on(day).values_list("unit_id", "role__permissions")
        ):
            for permission in permissions:
                found.setdefault(permission, set()).add(unit)
    grants = Grants(day, {name: frozenset(units) for name, units in found.items()})
    user._grants = grants  # type: ignore[attr-defined]
    return grants


def may(user: User, permission: Permission, unit: str) -> bool:
    """Whether the person may do this at the unit, by a role held there or, but for signing, above.

    A unit that has ended answers to those whom its last superiors are.
    """
    held = grants_of(user).units(permission)
    if permission in AT_THE_UNIT_ONLY or not held:
        return unit in held
    tree = current_tree()
    return unit in tree.by_code and bool(held & set(tree.ancestors(unit, today())))


def may_anywhere(user: User, *permissions: Permission) -> bool:
    """Whether the person may do one of these at some unit: for menus, never for objects."""
    grants = grants_of(user)
    return any(grants.units(permission) for permission in permissions)


def holds_at_root(user: User, permission: Permission) -> bool:
    """Whether the person may do this at every unit there is."""
    held = grants_of(user).units(permission)
    return bool(held) and permission not in AT_THE_UNIT_ONLY and current_tree().root in held


def units_for(user: User, permission: Permission) -> QuerySet[Unit]:
    """The units at which the person may do this, as a question to the database."""
    held = grants_of(user).units(permission)
    if permission in AT_THE_UNIT_ONLY:
        return Unit.objects.filter(code__in=held)
    day = today()
    below = Subordination.objects.filter(
        above__in=held, valid_from__lte=day, valid_to__gt=day
    ).values("below")
    return Unit.objects.filter(code__in=below)


def visible(
    queryset: QuerySet[M], user: User, permission: Permission = Permission.VIEW,
    field: str | Iterable[str] = "unit",
) -> QuerySet[M]:  # fmt: skip
    """The rows whose unit (in `field`; with several, one of them) the person may see.

    Who holds the permission at the root is asked for no unit: over 100,000 rows, a database that
    looks each one up among all units takes a hundred times as long.
    """
    fields = [field] if isinstance(field, str) else list(field)
    lookup: str = "isnull"
    value: Any = False
    if not holds_at_root(user, permission):
        lookup, value = "in", units_for(user, permission).values("code")
    allowed = Q()
    for name in fields:
        allowed |= Q(**{f"{name}__{lookup}": value})
    return queryset.filter(allowed)


def get_visible(
    queryset: QuerySet[M], user: User, permission: Permission = Permission.VIEW,
    field: str | Iterable[str] = "unit", **lookup: object,
) -> M:  # fmt: skip
    """The one row looked up, if the person may do this at its unit. Raises: Http404 otherwise."""
    found = visible(queryset, user, permission, field).filter(**lookup).first()
    if found is None:
        raise Http404
    return found


def get_unit(user: User, permission: Permission, code: str) -> Unit:
    """The unit, if the person may do this there. Raises: Http404 otherwise."""
    if not may(user, permission, code):
        raise Http404
    return Unit.objects.get(code=code)


def require(user: User, permission: Permission, unit: str) -> None:
    """Raises: Http404 where the person may not do this at the unit."""
    if not may(user, permission, unit):
        raise Http404


def require_anywhere(user: User, *permissions: Permission) -> None:
    """Raises: Http404 where the person may do none of these at any unit."""
    if not may_anywhere(user, *permissions):
        raise Http404


def person(request: HttpRequest) -> User:
    """Who signed in; pages that need nobody do not ask."""
    assert isinstance(request.user, User)
    return request.user
