"""Who needs a second factor, and who has one."""

from allauth.mfa.models import Authenticator
from django.conf import settings

from workplace.accounts.access import may_anywhere
from workplace.accounts.models import User
from workplace.accounts.permissions import NEEDS_SECOND_FACTOR


def needs_second_factor(user: User) -> bool:
    """Whether a role that the person holds today asks for one. In a demonstration none does."""
    return not settings.DEMO and may_anywhere(user, *NEEDS_SECOND_FACTOR)


def has_second_factor(user: User) -> bool:
    """Whether the person has set one up. Recovery codes alone are none."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
