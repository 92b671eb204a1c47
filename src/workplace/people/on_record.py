"""What happens at the entrance, put on record."""

from typing import Any

from allauth.account.signals import password_changed, user_logged_in
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from workplace.accounts.models import User
from workplace.events.record import record_event
from workplace.people.middleware import SIGNED_IN_AT


@receiver(user_logged_in)
@transaction.atomic
def signed_in(request: HttpRequest, user: User, **_said: Any) -> None:
    request.session[SIGNED_IN_AT] = timezone.now().timestamp()
    record_event("accounts.signed_in", by=user, about=user)


@receiver(user_logged_out)
@transaction.atomic
def signed_out(user: User | None, **_said: Any) -> None:
    if user is not None:
        record_event("accounts.signed_out", by=user, about=user)


@receiver(user_locked_out)
@transaction.atomic
def locked(request: HttpRequest, username: str | None, **_said: Any) -> None:
    """Once a lock, not once a guess. The name stands there only if somebody has it: what is typed
    beside the field may be a password."""
    if getattr(request, "axes_failures_since_start", None) != settings.AXES_FAILURE_LIMIT:
        return
    user = User.objects.filter(username__iexact=username or "").first()
    record_event(
        "accounts.sign_in_locked", by=None, about=user, failures=settings.AXES_FAILURE_LIMIT
    )


@receiver(password_changed)
@transaction.atomic
def changed_password(user: User, **_said: Any) -> None:
    record_event("accounts.password_changed", by=user, about=user)


@receiver(authenticator_added)
@transaction.atomic
def added(user: User, authenticator: Any, **_said: Any) -> None:
    record_event("accounts.second_factor_added", by=user, about=user, type=authenticator.type)


@receiver(authenticator_removed)
@transaction.atomic
def removed(user: User, authenticator: Any, **_said: Any) -> None:
    record_event("accounts.second_factor_removed", by=user, about=user, type=authenticator.type)


@receiver(authenticator_reset)
@transaction.atomic
def made_anew(user: User, authenticator: Any, **_said: Any) -> None:
    record_event("accounts.second_factor_renewed", by=user, about=user, type=authenticator.type)
