"""What every page knows: who looks at it, and which doors to show."""

from typing import Any

from django.http import HttpRequest

from workplace.accounts.access import grants_of
from workplace.accounts.models import User


def page(request: HttpRequest) -> dict[str, Any]:
    """`grants`: permission → True where the person may do it somewhere (for menus only)."""
    if not isinstance(request.user, User):
        return {"grants": {}}
    grants = grants_of(request.user)
    return {"grants": {name: bool(units) for name, units in grants.by_permission.items()}}
