"""Permission bugs, planted to show that the walk catches them."""

import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db.models import Q

from workplace.accounts import access
from workplace.accounts.access import Grants
from workplace.accounts.permissions import Permission
from workplace.records import access as records_access
from workplace.units.models import Unit

Plant = Callable[[pytest.MonkeyPatch], None]


def see_everything(patch: pytest.MonkeyPatch) -> None:
    """`visible` forgets to ask."""
    _everywhere(patch, access.visible, lambda queryset, *_args, **_kwargs: queryset)


def every_unit(patch: pytest.MonkeyPatch) -> None:
    """The units for a person are all units."""
    _everywhere(patch, access.units_for, lambda *_args: Unit.objects.all())


def may_everything(patch: pytest.MonkeyPatch) -> None:
    """Everybody may do everything everywhere."""
    _everywhere(patch, access.may, lambda *_args: True)


def may_somewhere(patch: pytest.MonkeyPatch) -> None:
    """A page that asks whether the person may do this somewhere is told yes."""
    _everywhere(patch, access.require_anywhere, lambda *_args: None)


def nothing_required(patch: pytest.MonkeyPatch) -> None:
    """`require` forgets to refuse."""
    _everywhere(patch, access.require, lambda *_args: None)


def every_permission(patch: pytest.MonkeyPatch) -> None:
    """Whoever holds a role at a unit holds all permissions there."""
    asked = access.grants_of

    def grants(user: Any, day: Any = None) -> Grants:
        found = asked(user, day)
        units = frozenset().union(*found.by_permission.values())
        return Grants(found.day, {permission.value: units for permission in Permission})

    _everywhere(patch, asked, grants)


def no_login(patch: pytest.MonkeyPatch) -> None:
    """The middleware that asks for a login is gone."""
    gone = "django.contrib.auth.middleware.LoginRequiredMiddleware"
    patch.setattr(settings, "MIDDLEWARE", [name for name in settings.MIDDLEWARE if name != gone])


def drafts_for_all(patch: pytest.MonkeyPatch) -> None:
    """Whoever sees the unit sees what it has not sent."""
    _everywhere(patch, records_access.is_open_to, lambda *_args, **_kwargs: Q())
    _everywhere(patch, records_access.sees_drafts, lambda *_args: True)


def no_token(patch: pytest.MonkeyPatch) -> None:
    """The middleware that asks for a form's token is gone."""
    gone = "django.middleware.csrf.CsrfViewMiddleware"
    patch.setattr(settings, "MIDDLEWARE", [name for name in settings.MIDDLEWARE if name != gone])


def _everywhere(patch: pytest.MonkeyPatch, function: Any, bug: Any) -> None:
    """Put the bug wherever the function was imported under its name."""
    for name, module in list(sys.modules.items()):
        if name.startswith("workplace.") and vars(module).get(function.__name__) is function:
            patch.setattr(module, function.__name__, bug)


# Each bug with addresses at which it opens something, one for each way in which pages ask.
PLANTS: dict[Plant, tuple[str, ...]] = {
    see_everything: ("meetings:meeting", "rounds:return", "records:list", "sending:form"),
    every_unit: ("records:list", "rounds:board", "meetings:list", "evidence:content"),
    may_everything: ("sending:upload", "figures:unit"),
    may_somewhere: ("records:list", "rounds:prepare", "accounts:list"),
    nothing_required: ("figures:take",),
    every_permission: ("records:export", "approval:sign", "sending:entry"),
    no_login: ("desk:home", "records:list"),
    drafts_for_all: ("evidence:of_record", "records:record", "sending:uploaded"),
    no_token: ("approval:sign", "sending:answer"),
}
