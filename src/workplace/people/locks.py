"""Whether too many wrong passwords lock somebody out."""

from axes.models import AccessAttempt
from django.conf import settings
from django.utils import timezone

from workplace.accounts.models import User


def is_locked(account: User) -> bool:
    """Whether from some address nobody can sign in to this account now."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    return AccessAttempt.objects.filter(
        username=account.username,
        attempt_time__gte=since,
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT,
    ).exists()
