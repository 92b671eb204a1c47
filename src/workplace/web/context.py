"""What every page knows: who looks at it, for which units, and which doors to show."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from workplace.accounts.access import grants_of
from workplace.accounts.models import Holding, Role, User
from workplace.units.tree import current_tree, today
from workplace.web.registry import menu_for

THEME_COOKIE = "theme"
THEMES = ("light", "dark")


def page(request: HttpRequest) -> dict[str, Any]:
    """`grants`: permission → True where the person may do it somewhere (for menus only);
    `menu` and `account_menu`: the doors; `works_for`: each role held today, read when a template
    asks; `theme`: light, dark, or '' to follow the system.
    """
    theme = request.COOKIES.get(THEME_COOKIE, "")
    found: dict[str, Any] = {"theme": theme if theme in THEMES else ""}
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {**found, "grants": {}, "menu": [], "account_menu": [], "works_for": []}
    grants = {name: bool(units) for name, units in grants_of(user).by_permission.items()}
    menu = menu_for(grants)
    return {
        **found,
        "grants": grants,
        "menu": [entry for entry in menu if not entry.in_account_menu],
        "account_menu": [entry for entry in menu if entry.in_account_menu],
        "works_for": SimpleLazyObject(lambda: work_of(user)),
    }


@dataclass(frozen=True)
class Work:
    """A role that a person holds today, and at which unit."""

    unit: str
    unit_name: str
    role: Role


def work_of(user: User) -> list[Work]:
    """What the person works as today, the roles in their order."""
    held = Holding.objects.filter(user=user).on(today()).select_related("role")
    tree, day = current_tree(), today()
    return [
        Work(holding.unit_id, tree.name(holding.unit_id, day), holding.role)
        for holding in held.order_by("role__order", "unit")
    ]
