"""Making accounts, closing them, and helping somebody in who is locked out."""

from allauth.mfa.models import Authenticator
from axes.utils import reset
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from workplace.accounts.models import Holding, Role, User
from workplace.events.record import record_event
from workplace.people.actions.holdings import give_role
from workplace.people.locks import counted_name


@transaction.atomic
def create_account(
    *, by: User, username: str, display_name: str, email: str, language: str, first: Holding
) -> User:
    """A new account with its first role. Nobody can sign in to it before its link was opened.

    `first` is a holding that is not saved yet: role, unit and days.
    Raises: Refused as `give_role` does.
    """
    account = User.objects.create_user(
        username, None, display_name=display_name, email=email, language=language
    )
    record_event("accounts.created", by=by, unit=first.unit_id, about=account)
    give_role(
        by=by, account=account, role=first.role, unit=first.unit_id,
        valid_from=first.valid_from, valid_to=first.valid_to,
    )  # fmt: skip
    return account


@transaction.atomic
def change_account(*, by: User, account: User, **fields: str) -> None:
    """Another name, e-mail or language; which of them is on record, what they say is not."""
    for name, value in fields.items():
        setattr(account, name, value)
    account.save(update_fields=list(fields))
    record_event("accounts.changed", by=by, about=account, fields=sorted(fields))


@transaction.atomic
def close_account(*, by: User, account: User) -> None:
    """Nobody signs in to it any more; sessions end with it. Roles stay on record as they are."""
    account.is_active = False
    account.save(update_fields=["is_active"])
    _end_sessions(account)
    record_event("accounts.closed", by=by, about=account)


@transaction.atomic
def open_account(*, by: User, account: User) -> None:
    """A closed account can be signed in to again."""
    account.is_active = True
    account.save(update_fields=["is_active"])
    record_event("accounts.opened", by=by, about=account)


@transaction.atomic
def reset_password(*, by: User, account: User) -> None:
    """The password holds no more, and sessions end; the link then sets another one."""
    account.set_unusable_password()
    account.save(update_fields=["password"])
    _end_sessions(account)
    record_event("accounts.password_reset", by=by, about=account)


@transaction.atomic
def forget_second_factor(*, by: User, account: User) -> None:
    """For a lost phone: the second factor and its recovery codes are gone, and sessions end."""
    Authenticator.objects.filter(user=account).delete()
    _end_sessions(account)
    record_event("accounts.second_factor_forgotten", by=by, about=account)


@transaction.atomic
def unlock_sign_in(*, by: User, account: User) -> None:
    """Wrong guesses at this account's password are forgotten."""
    reset(username=counted_name(account.username))
    record_event("accounts.sign_in_unlocked", by=by, about=account)


@transaction.atomic
def set_first_password(*, account: User, password: str) -> None:
    """What the person chose who opened the link; the link holds no more."""
    account.set_password(password)
    account.save(update_fields=["password"])
    reset(username=counted_name(account.username))
    record_event("accounts.password_set_by_link", by=account, about=account)


def one_time_link(account: User) -> str:
    """The path by which the person sets a password, once, within PASSWORD_RESET_TIMEOUT."""
    return reverse(
        "accounts:welcome",
        kwargs={
            "uidb64": urlsafe_base64_encode(force_bytes(account.pk)),
            "token": default_token_generator.make_token(account),
        },
    )


def _end_sessions(account: User) -> None:
    """A changed password would do so by itself; a closed account's sessions go at once as well."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(account.pk):
            session.delete()


@transaction.atomic
def create_first_administrator(*, username: str, display_name: str, unit: str) -> User:
    """The account with which everything else begins; made where the program runs, by nobody."""
    account = User.objects.create_user(username, None, display_name=display_name)
    record_event("accounts.created", by=None, unit=unit, about=account)
    role = Role.objects.get(code="administrator")
    holding = Holding.objects.create(
        user=account, role=role, unit_id=unit, valid_from=timezone.localdate()
    )
    record_event("accounts.role_given", by=None, unit=unit, about=holding, role=role.code)
    return account
