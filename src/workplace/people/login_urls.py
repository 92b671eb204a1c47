"""Signing in and out: of allauth's pages only those that this workplace uses.

There is no signing up, no e-mail page, no password by e-mail: an administrator makes accounts and
hands out links.
"""

from collections.abc import Callable
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as identity
from allauth.socialaccount.providers.openid_connect import views as openid
from django.db import transaction
from django.http import HttpResponseBase
from django.urls import path


def _on_record(view: Callable[..., HttpResponseBase]) -> Callable[..., Any]:
    """The act and its event are written together or not at all.

    Not for what allauth tells of only after its own transaction: a second factor set up.
    """
    return transaction.atomic(view)


urlpatterns = [
    path("", account.login, name="account_login"),
    path("out/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", _on_record(account.password_change), name="account_change_password"),
    path("second-factor/", second_factor.index, name="mfa_index"),
    path("second-factor/code/", second_factor.authenticate, name="mfa_authenticate"),
    path("second-factor/again/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/set-up/", totp.activate_totp, name="mfa_activate_totp"),
    path("second-factor/take-away/", _on_record(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("recovery-codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "recovery-codes/new/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("recovery-codes/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("office/cancelled/", identity.login_cancelled, name="socialaccount_login_cancelled"),
    path("office/error/", identity.login_error, name="socialaccount_login_error"),
    path("<slug:provider_id>/begin/", openid.login, name="openid_connect_login"),
    path("<slug:provider_id>/back/", openid.callback, name="openid_connect_callback"),
]
