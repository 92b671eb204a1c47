"""Whose accounts an administrator manages: of people who hold roles at his units, and nowhere else.

An account with a role elsewhere would be a door to that unit for whoever can reset its password.
"""

from django.db.models import Q, QuerySet
from django.http import Http404

from workplace.accounts.access import grants_of, require_anywhere, units_for
from workplace.accounts.models import Holding, User
from workplace.accounts.permissions import Permission
from workplace.units.tree import current_tree, today


def manages_all(user: User) -> bool:
    """Whether the person manages accounts at the root: of everybody, and the roles themselves."""
    held = grants_of(user).units(Permission.MANAGE_ACCOUNTS)
    return bool(held) and current_tree().root in held


def accounts_of(user: User) -> QuerySet[User]:
    """The accounts that the person manages."""
    require_anywhere(user, Permission.MANAGE_ACCOUNTS)
    if manages_all(user):
        return User.objects.all()
    units = units_for(user, Permission.MANAGE_ACCOUNTS).values("code")
    open_holdings = Holding.objects.filter(valid_to__gt=today())
    elsewhere = open_holdings.exclude(unit__in=units).values("user")
    here = Holding.objects.filter(unit__in=units).values("user")
    return User.objects.filter(Q(pk__in=here) & ~Q(pk__in=elsewhere))


def get_account(user: User, pk: int) -> User:
    """One of them. Raises: Http404 otherwise."""
    found = accounts_of(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_holding(user: User, pk: int) -> Holding:
    """A role held by an account that the person manages, or by himself. Raises: Http404."""
    found = Holding.objects.select_related("role", "unit", "user").filter(pk=pk).first()
    if found is None:
        raise Http404
    if found.user_id != user.pk:
        get_account(user, found.user_id)
    return found


def require_all(user: User) -> None:
    """Raises: Http404 for whoever does not manage accounts at the root."""
    if not manages_all(user):
        raise Http404


def colleagues(holding: Holding) -> QuerySet[User]:
    """Who holds a role at the holding's unit today, but its holder: whom he can name deputy."""
    there = Holding.objects.on(today()).filter(unit=holding.unit_id).values("user")
    return User.objects.filter(pk__in=there, is_active=True).exclude(pk=holding.user_id)
