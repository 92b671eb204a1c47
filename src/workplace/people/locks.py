"""Whether too many wrong passwords lock somebody out, and whom they are counted against."""

from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from workplace.accounts.models import User


def is_locked(account: User) -> bool:
    """Whether from some address nobody can sign in to this account now."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    return AccessAttempt.objects.filter(
        username=counted_name(account.username),
        attempt_time__gte=since,
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT,
    ).exists()


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The user name that somebody tries to sign in with, as django-axes counts it."""
    given = credentials or {}
    name = given.get("username") or given.get("login") or request.POST.get("login") or ""
    return counted_name(str(name))


def counted_name(username: str) -> str:
    """The same for all spellings that open the same account."""
    return username.replace("\0", "").strip().casefold()[:255]
