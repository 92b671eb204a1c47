"""What is asked of whoever signed in, before any page opens."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from workplace.accounts.models import User
from workplace.people.second_factor import has_second_factor, needs_second_factor

SIGNED_IN_AT = "signed_in_at"
# What somebody without the second factor that a role asks for can still open.
_OPEN = frozenset({"accounts:second_factor", "accounts:me", "account_reauthenticate"})
_OPEN_BEGINNINGS = ("mfa_", "account_", "web:")


class Entrance:
    """Sessions end after a working day; certain roles open nothing without a second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: Any
    ) -> HttpResponse | None:
        """Another page in the place of the one asked for; None where nothing is amiss."""
        user = request.user
        if not isinstance(user, User):
            return None
        if _is_over(request):
            logout(request)
            return redirect(settings.LOGIN_URL)
        if not _is_open(request) and needs_second_factor(user) and not has_second_factor(user):
            return redirect("accounts:second_factor")
        return None


def _is_over(request: HttpRequest) -> bool:
    """Whether the working day that began with signing in is over, however busy it was."""
    begun = request.session.get(SIGNED_IN_AT)
    return begun is not None and timezone.now().timestamp() - begun > settings.SESSION_COOKIE_AGE


def _is_open(request: HttpRequest) -> bool:
    match = request.resolver_match
    name = match.view_name if match else ""
    return name in _OPEN or name.startswith(_OPEN_BEGINNINGS)
