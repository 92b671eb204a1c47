"""Giving roles, ending them, deputies, and what roles allow."""

from datetime import timedelta

import pytest
from django.urls import reverse

from workplace.accounts.access import may
from workplace.accounts.models import Holding, Role, RoleChange, User
from workplace.accounts.permissions import Permission
from workplace.events.models import Event
from workplace.people.actions.holdings import end_role, give_role, name_deputy
from workplace.people.actions.roles import confirm_change, propose_change, refuse_change
from workplace.people.refused import Refused
from workplace.units.tree import today

SOON = today() + timedelta(days=7)


def _again(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.fixture
def second(people) -> User:
    """Another administrator of everything."""
    user = User.objects.create_user("second", "x", display_name="second")
    role = Role.objects.get(code="administrator")
    Holding.objects.create(user=user, role=role, unit_id="C", valid_from=today())
    return user


def test_a_role_given_by_form_holds_from_its_day(client_of, people):
    address = reverse("accounts:give_role", kwargs={"pk": people["nobody"].pk})
    client_of("administrator").post(
        address, {"role": "clerk", "unit": "青石镇", "valid_from": today(), "last_day": SOON}
    )
    assert may(_again(people["nobody"]), Permission.ENTER, "T1")
    holding = Holding.objects.get(user=people["nobody"])
    assert holding.valid_to == SOON + timedelta(days=1)
    assert client_of("clerk1").post(address, {}).status_code == 404


def test_nobody_gives_himself_a_role(client_of, people):
    own = people["administrator"]
    client_of("administrator").post(
        reverse("accounts:give_role", kwargs={"pk": own.pk}),
        {"role": "county_office", "unit": "C", "valid_from": today()},
    )
    assert [held.role_id for held in own.holdings.all()] == ["administrator"]


def test_the_same_role_is_not_held_twice(people):
    with pytest.raises(Refused):
        give_role(
            by=people["administrator"], account=people["clerk1"],
            role=Role.objects.get(code="clerk"), unit="T1", valid_from=today(),
        )  # fmt: skip


def test_a_role_ends_with_its_deputies(people):
    holding = people["head1"].holdings.get()
    name_deputy(
        by=people["head1"], holding=holding, account=people["clerk1"], valid_from=today(),
        valid_to=SOON,
    )  # fmt: skip
    assert may(_again(people["clerk1"]), Permission.SIGN, "T1")
    end_role(by=people["administrator"], holding=holding, on=today())
    assert not may(_again(people["clerk1"]), Permission.SIGN, "T1")
    assert not may(_again(people["head1"]), Permission.SIGN, "T1")
    assert Event.objects.filter(action="accounts.role_ended").count() == 1
    assert Event.objects.filter(action="accounts.role_taken_back").count() == 1


def test_a_holder_names_a_colleague_of_his_unit_deputy(client_of, people):
    holding = people["head1"].holdings.get()
    address = reverse("accounts:deputy", kwargs={"pk": holding.pk})
    days = {"valid_from": today(), "last_day": SOON}
    stranger = client_of("head1").post(address, {"username": "clerk2", **days})
    assert stranger.status_code == 200  # refused like a name that is not there
    assert client_of("head1").post(address, {"username": "clerk1", **days}).status_code == 302
    deputy = Holding.objects.get(deputy_for=holding)
    assert (deputy.user, deputy.unit_id, deputy.role_id) == (people["clerk1"], "T1", "head")
    assert client_of("clerk2").get(address).status_code == 404


def test_a_deputy_names_no_deputy_and_steps_back_himself(client_of, people):
    holding = people["head1"].holdings.get()
    deputy = name_deputy(
        by=people["head1"], holding=holding, account=people["clerk1"], valid_from=today(),
        valid_to=SOON,
    )  # fmt: skip
    with pytest.raises(Refused):
        name_deputy(
            by=people["clerk1"], holding=deputy, account=people["office1"], valid_from=today(),
            valid_to=SOON,
        )  # fmt: skip
    client_of("clerk1").post(reverse("accounts:end_role", kwargs={"pk": deputy.pk}), {})
    assert not Holding.objects.filter(pk=deputy.pk).exists()


def test_days_of_a_deputy_lie_within_those_of_the_holder(people):
    holding = people["head1"].holdings.get()
    Holding.objects.filter(pk=holding.pk).update(valid_to=SOON)
    holding.refresh_from_db()
    for first, end in ((today() - timedelta(days=1), SOON), (today(), SOON + timedelta(days=1))):
        with pytest.raises(Refused):
            name_deputy(
                by=people["head1"], holding=holding, account=people["clerk1"], valid_from=first,
                valid_to=end,
            )  # fmt: skip


def test_a_deputy_for_an_administrator_is_named_by_another(people, second):
    holding = people["administrator"].holdings.get()
    asked = {"holding": holding, "account": people["nobody"], "valid_from": today(),
             "valid_to": SOON}  # fmt: skip
    with pytest.raises(Refused):
        name_deputy(by=people["administrator"], **asked)
    assert name_deputy(by=second, **asked).user == people["nobody"]


def test_a_role_changes_once_a_second_administrator_has_confirmed(client_of, people, second):
    role = Role.objects.get(code="inspector")
    client_of("administrator").post(
        reverse("accounts:role", kwargs={"code": role.code}), {"permissions": ["view", "export"]}
    )
    role.refresh_from_db()
    assert role.permissions == ["view"]
    change = RoleChange.objects.get()
    decide = reverse("accounts:role_change", kwargs={"pk": change.pk})
    client_of("administrator").post(decide, {"confirm": "1"})
    role.refresh_from_db()
    assert role.permissions == ["view"], "nobody confirms his own proposal"
    confirm_change(by=second, change=change)
    role.refresh_from_db()
    assert role.permissions == ["export", "view"]
    event = Event.objects.get(action="accounts.role_change_confirmed")
    assert event.facts["added"] == ["export"]


def test_nobody_widens_a_role_he_holds_or_confirms_that(people, second):
    role = Role.objects.get(code="administrator")
    with pytest.raises(Refused):
        propose_change(
            by=people["administrator"], role=role, permissions=["manage_accounts", "view"]
        )
    third = User.objects.create_user("third", "x", display_name="third")
    change = propose_change(by=third, role=role, permissions=["manage_accounts", "view"])
    with pytest.raises(Refused):
        confirm_change(by=second, change=change)


def test_a_refused_change_leaves_the_role_as_it_is(people, second):
    role = Role.objects.get(code="inspector")
    change = propose_change(by=people["administrator"], role=role, permissions=[])
    with pytest.raises(Refused):
        propose_change(by=second, role=role, permissions=["export"])  # one waits already
    refuse_change(by=second, change=change)
    role.refresh_from_db()
    assert role.permissions == ["view"]
    with pytest.raises(Refused):
        confirm_change(by=second, change=change)


def test_a_proposal_made_of_something_else_since_is_refused(people, second):
    role = Role.objects.get(code="inspector")
    change = propose_change(by=people["administrator"], role=role, permissions=[])
    Role.objects.filter(code="inspector").update(permissions=["view", "export"])
    with pytest.raises(Refused):
        confirm_change(by=second, change=change)


def test_a_role_does_not_end_in_the_past(client_of, people):
    """It would be gone from what was, with all that was signed by it."""
    holding = Holding.objects.get(user=people["head1"])
    with pytest.raises(Refused):
        end_role(by=people["administrator"], holding=holding, on=today() - timedelta(days=30))
    address = reverse("accounts:end_role", args=[holding.pk])
    long_ago = {"last_day": "2014-12-31"}
    assert client_of("administrator").post(address, long_ago).status_code == 200
    holding.refresh_from_db()
    assert holding.valid_to > today()


def test_a_deputy_is_not_named_for_a_role_that_has_ended_meanwhile(people):
    holding = Holding.objects.get(user=people["head1"])
    stale = Holding.objects.get(pk=holding.pk)
    end_role(by=people["administrator"], holding=holding, on=today() + timedelta(days=1))
    with pytest.raises(Refused):
        name_deputy(
            by=people["head1"], holding=stale, account=people["clerk1"], valid_from=today(),
            valid_to=SOON,
        )  # fmt: skip
