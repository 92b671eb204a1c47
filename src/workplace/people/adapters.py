"""What allauth asks of this workplace."""

from base64 import urlsafe_b64encode
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render

from workplace.accounts.models import User
from workplace.people.second_factor import needs_second_factor


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: an administrator makes accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are kept encrypted, and who needs a second factor cannot take it away."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not needs_second_factor(authenticator.user)


class IdentityAdapter(DefaultSocialAccountAdapter):
    """The office's identity provider says who somebody is; accounts are made here all the same."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """On the first visit the account of that user name is tied to the identity for good."""
        if sociallogin.is_existing:
            return
        name = _claimed_name(sociallogin.account.extra_data)
        user = User.objects.filter(username__iexact=name, is_active=True).first() if name else None
        if user is None:
            raise ImmediateHttpResponse(
                render(request, "accounts/no_account.html", {"name": name}, status=403)
            )
        sociallogin.connect(request, user)


def _claimed_name(said: dict[str, Any]) -> str:
    """The user name as the identity token, or else the provider's user page, says it."""
    for part in ("id_token", "userinfo"):
        name = (said.get(part) or {}).get(settings.OIDC_CLAIM)
        if isinstance(name, str) and name:
            return name
    name = said.get(settings.OIDC_CLAIM)
    return name if isinstance(name, str) else ""


def _cipher() -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=b"second factors").derive(settings.SECRET_KEY.encode())
    return Fernet(urlsafe_b64encode(key))
