"""The administrator's pages on accounts."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from workplace.accounts.access import grants_of
from workplace.accounts.models import Holding, Role, User
from workplace.events.models import Event
from workplace.people.forms import NewAccountForm
from workplace.units.tree import today

LIST = reverse("accounts:list")


def _of(name: str, user: User) -> str:
    return reverse(f"accounts:{name}", kwargs={"pk": user.pk})


def _new(client: Client, **more: str):
    asked = {"username": "wang", "display_name": "王强", "role": "clerk", "unit": "上坪村",
             "valid_from": today().isoformat(), **more}  # fmt: skip
    return client.post(reverse("accounts:new"), asked)


def test_only_an_administrator_sees_accounts(client_of, people):
    assert "clerk2" in client_of("administrator").get(LIST).content.decode()
    for name in ("clerk1", "county", "auditor", "nobody"):
        assert client_of(name).get(LIST).status_code == 404


def test_search_finds_by_name_and_by_unit(client_of, people):
    page = client_of("administrator").get(LIST, {"q": "T2"}).content.decode()
    assert "head2" in page
    assert "head1" not in page
    assert "head1" in client_of("administrator").get(LIST, {"q": "青石"}).content.decode()


def test_an_administrator_sees_no_content(client_of):
    client = client_of("administrator")
    for address in ("/records/", "/units/", "/events/"):
        assert client.get(address).status_code == 404


def test_a_new_account_is_opened_by_a_link_that_works_once(client_of, people):
    client = client_of("administrator")
    address = _new(client).url
    page = client.get(address).content.decode()
    link = re.search(r"http://testserver(/accounts/welcome/[^<\s]+)", page)[1]
    assert link not in client.get(address).content.decode()  # shown once
    person = Client()
    form = person.get(link).url
    password = "Perfectly fine words 7"  # noqa: S105 — of a person in a test
    answer = person.post(form, {"new_password1": password, "new_password2": password})
    assert answer.status_code == 302
    assert User.objects.get(username="wang").check_password(password)
    assert "new_password1" not in Client().get(link, follow=True).content.decode()
    assert not any(link in str(event.facts) for event in Event.objects.all())


def test_a_new_account_holds_its_first_role(client_of, people):
    _new(client_of("administrator"))
    holding = Holding.objects.get(user__username="wang")
    assert (holding.role_id, holding.unit_id) == ("clerk", "T1V1")
    actions = set(Event.objects.values_list("action", flat=True))
    assert {"accounts.created", "accounts.role_given"} <= actions


def test_names_that_differ_in_capitals_only_are_refused(client_of, people):
    answer = _new(client_of("administrator"), username="CLERK1")
    assert answer.status_code == 200
    assert User.objects.filter(username__iexact="clerk1").count() == 1


def test_closing_an_account_ends_its_sessions(client_of, people):
    clerk = client_of("clerk1")
    client_of("administrator").post(_of("close", people["clerk1"]))
    assert clerk.get(reverse("desk:home")).status_code == 302
    client_of("administrator").post(_of("open", people["clerk1"]))
    assert User.objects.get(username="clerk1").is_active


def test_resetting_a_password_ends_sessions_and_gives_a_link(client_of, people):
    clerk, client = client_of("clerk1"), client_of("administrator")
    answer = client.post(_of("reset", people["clerk1"]))
    assert "/accounts/welcome/" in client.get(answer.url).content.decode()
    assert clerk.get(reverse("desk:home")).status_code == 302


@pytest.mark.parametrize("act", ["close", "reset", "forget_second_factor", "unlock"])
def test_nobody_does_this_to_the_own_account(client_of, people, act):
    client_of("administrator").post(_of(act, people["administrator"]))
    own = User.objects.get(username="administrator")
    assert own.is_active
    assert own.has_usable_password()
    assert not Event.objects.exists()


def test_a_local_administrator_manages_the_own_units_people_only(client_of, people):
    local = User.objects.create_user("local", "x", display_name="local")
    role = Role.objects.get(code="administrator")
    Holding.objects.create(user=local, role=role, unit_id="T1", valid_from=today())
    people["local"] = local
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=local, type="totp", data={})
    client = client_of("local")
    page = client.get(LIST).content.decode()
    assert "head1" in page
    assert "head2" not in page
    assert client.get(_of("account", people["head2"])).status_code == 404
    assert client.post(_of("reset", people["county"])).status_code == 404
    assert client.get(reverse("accounts:roles")).status_code == 404
    # Somebody with a role elsewhere too would be a door to that place.
    Holding.objects.create(
        user=people["head1"], role=Role.objects.get(code="clerk"), unit_id="C", valid_from=today()
    )
    assert client.post(_of("reset", people["head1"])).status_code == 404
    assert _new(client, unit="T2V1").status_code == 200  # refused: not a unit of his
    assert grants_of(local).units  # he is an administrator all the while
    assert not User.objects.filter(username="wang").exists()


def test_the_list_asks_the_same_number_of_questions_however_long(
    client_of, people, django_assert_max_num_queries
):
    role = Role.objects.get(code="clerk")
    for number in range(60):
        user = User.objects.create_user(f"x{number}", None, display_name="x")
        Holding.objects.create(user=user, role=role, unit_id="T1", valid_from=today())
    client = client_of("administrator")
    with django_assert_max_num_queries(12):
        client.get(LIST)


def test_of_two_who_make_an_account_of_one_name_the_second_is_told(client_of, people, monkeypatch):
    """Both looked before either wrote; whoever signs in by that name must be one person."""
    monkeypatch.setattr(
        NewAccountForm, "clean_username", lambda self: self.cleaned_data["username"]
    )
    said = {
        "username": "CLERK1", "display_name": "另一人", "role": "clerk", "unit": "T1",
        "valid_from": today(),
    }  # fmt: skip
    answer = client_of("administrator").post(reverse("accounts:new"), said)
    assert answer.status_code == 200
    assert answer.context["form"].errors["username"]
    assert User.objects.filter(username__iexact="clerk1").count() == 1
