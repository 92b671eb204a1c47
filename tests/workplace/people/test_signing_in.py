"""Signing in, locks, limits, second factors, and how sessions end; all of it on record."""

import time

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from workplace.accounts.models import User
from workplace.events.models import Event
from workplace.people.adapters import IdentityAdapter
from workplace.people.middleware import SIGNED_IN_AT

LOGIN, DESK = reverse("account_login"), reverse("desk:home")
PASSWORD = "a long password"  # noqa: S105 — of a person in a test


@pytest.fixture(autouse=True)
def _no_guesses_before(db):
    cache.clear()


def _sign_in(client: Client, name: str, password: str = PASSWORD, address: str = "127.0.0.1"):
    return client.post(LOGIN, {"login": name, "password": password}, REMOTE_ADDR=address)


def _actions() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("action", flat=True))


def _code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_signing_in_and_out_is_on_record(people):
    client = Client()
    assert _sign_in(client, "clerk1").url == DESK
    assert client.get(DESK).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(DESK).status_code == 302
    assert _actions() == ["accounts.signed_in", "accounts.signed_out"]


def test_nobody_signs_up(people):
    from django.urls import NoReverseMatch

    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert Client().get("/login/signup/").status_code in (302, 404)


def test_five_wrong_passwords_lock_the_name_from_that_address(people):
    for _ in range(5):
        answer = _sign_in(Client(), "clerk1", "wrong")
    assert answer.status_code == 429
    assert _sign_in(Client(), "clerk1").status_code == 429
    assert _sign_in(Client(), " CLERK1").status_code == 429
    assert _sign_in(Client(), "clerk1", address="10.0.0.9").url == DESK
    assert _actions().count("accounts.sign_in_locked") == 1
    event = Event.objects.get(action="accounts.sign_in_locked")
    assert event.object_id == str(people["clerk1"].pk)


def test_a_password_typed_as_a_name_is_not_kept_on_record(people):
    for _ in range(5):
        _sign_in(Client(), "My.Secret.Password", "wrong")
    assert "My.Secret" not in str(list(Event.objects.values()))


def test_ten_guesses_from_anywhere_are_the_limit(people):
    answers = [_sign_in(Client(), "clerk1", "wrong", f"10.0.1.{i}") for i in range(12)]
    assert [a.status_code for a in answers[:10]] == [200] * 10
    # The right password from yet another address is not even looked at any more.
    assert _sign_in(Client(), "clerk1", address="10.0.2.1").status_code == 200
    assert "accounts.signed_in" not in _actions()


def test_an_administrator_unlocks_a_locked_account(people, client_of):
    for _ in range(5):
        _sign_in(Client(), "clerk1", "wrong")
    client_of("administrator").post(reverse("accounts:unlock", kwargs={"pk": people["clerk1"].pk}))
    assert _sign_in(Client(), "clerk1").url == DESK
    assert "accounts.sign_in_unlocked" in _actions()


def test_a_closed_account_lets_nobody_in(people):
    User.objects.filter(username="clerk1").update(is_active=False)
    assert _sign_in(Client(), "clerk1").url == reverse("account_inactive")


def test_a_role_that_needs_a_second_factor_opens_nothing_without(people, client_of):
    Authenticator.objects.all().delete()
    client = client_of("county")
    needed = reverse("accounts:second_factor")
    assert client.get(DESK).url == needed
    assert client.post(reverse("units:change", kwargs={"kind": "rename"})).url == needed
    assert client.get(needed).status_code == 200
    assert client_of("clerk1").get(DESK).status_code == 200


def test_a_demonstration_asks_for_no_second_factor(people, client_of, settings):
    Authenticator.objects.all().delete()
    settings.DEMO = True
    assert client_of("county").get(DESK).status_code == 200


def test_a_second_factor_is_set_up_and_then_asked_for(people, django_capture_on_commit_callbacks):
    Authenticator.objects.all().delete()
    client = Client()
    _sign_in(client, "county")
    set_up = reverse("mfa_activate_totp")
    again = client.get(set_up)  # the password is asked for anew
    client.post(again.url, {"password": PASSWORD})
    page = client.get(set_up)
    secret = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(set_up, {"code": _code(secret)}).status_code == 302
    assert client.get(DESK).status_code == 200
    assert "accounts.second_factor_added" in _actions()
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    assert get_adapter().decrypt(kept) == secret

    other = Client()
    cache.clear()
    assert _sign_in(other, "county").url == reverse("mfa_authenticate")
    assert other.get(DESK).status_code == 302
    assert other.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200


def test_who_needs_a_second_factor_cannot_take_it_away(people):
    assert not get_adapter().can_delete_authenticator(
        Authenticator.objects.get(user=people["county"])
    )
    own = Authenticator.objects.create(user=people["clerk1"], type="totp", data={})
    assert get_adapter().can_delete_authenticator(own)


def test_a_new_password_ends_the_other_sessions(people):
    here, there = Client(), Client()
    _sign_in(here, "clerk1")
    _sign_in(there, "clerk1")
    new = "another long passphrase 9"
    answer = here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert answer.status_code == 302
    assert here.get(DESK).status_code == 200
    assert there.get(DESK).status_code == 302
    assert "accounts.password_changed" in _actions()


def test_a_session_ends_after_a_working_day_however_busy(people, settings):
    client = Client()
    _sign_in(client, "clerk1")
    session = client.session
    session[SIGNED_IN_AT] = time.time() - settings.SESSION_COOKIE_AGE - 1
    session.save()
    assert client.get(DESK).url == LOGIN
    assert "accounts.signed_out" in _actions()


class _Login:
    """What allauth knows of somebody whom the identity provider sends."""

    is_existing = False

    def __init__(self, said: dict[str, object]) -> None:
        self.account = type("Account", (), {"extra_data": said})()
        self.connected: list[User] = []

    def connect(self, request: object, user: User) -> None:
        self.connected.append(user)


def test_the_identity_provider_opens_existing_accounts_only(people, rf):
    from allauth.core.exceptions import ImmediateHttpResponse

    adapter, request = IdentityAdapter(), rf.get("/")
    known = _Login({"userinfo": {"preferred_username": "CLERK1"}})
    adapter.pre_social_login(request, known)
    assert known.connected == [people["clerk1"]]
    for said in (
        {"userinfo": {"preferred_username": "stranger"}},
        {},
        {"userinfo": {"email": "x"}},
    ):
        with pytest.raises(ImmediateHttpResponse) as refused:
            adapter.pre_social_login(request, _Login(said))
        assert refused.value.response.status_code == 403
    assert not adapter.is_open_for_signup(request, known)


def test_the_table_of_the_limits_is_made_by_migrate(db):
    from django.core.management.sql import emit_post_migrate_signal

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE workplace_cache")
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert "workplace_cache" in connection.introspection.table_names()
