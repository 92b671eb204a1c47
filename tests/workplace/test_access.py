"""What roles allow, where and when."""

from datetime import timedelta

import pytest
from django.http import Http404

from workplace.accounts.access import get_unit, may, units_for
from workplace.accounts.models import Holding, User
from workplace.accounts.permissions import Permission
from workplace.units.tree import today


def _again(user: User) -> User:
    """The person as the next request finds him: what he may do is asked anew."""
    return User.objects.get(pk=user.pk)


def test_a_role_holds_at_its_unit_and_below(people):
    office = people["office1"]
    assert set(units_for(office, Permission.VIEW).values_list("code", flat=True)) == {
        "T1", "T1V1", "T1V2",
    }  # fmt: skip
    assert may(office, Permission.VIEW, "T1V2")
    assert not may(office, Permission.VIEW, "T2")
    assert not may(office, Permission.VIEW, "C")


def test_nobody_signs_for_a_unit_from_above(people):
    head = people["head1"]
    assert may(head, Permission.SIGN, "T1")
    assert not may(head, Permission.SIGN, "T1V1")
    assert not may(people["county"], Permission.ACCEPT, "T1")


def test_a_role_ends_with_its_last_day(people):
    user = people["clerk1"]
    Holding.objects.filter(user=user).update(valid_to=today())
    assert not may(_again(user), Permission.VIEW, "T1")
    Holding.objects.filter(user=user).update(valid_to=today() + timedelta(days=1))
    assert may(_again(user), Permission.VIEW, "T1")


def test_somebody_who_may_not_sign_in_may_nothing(people):
    user = people["county"]
    user.is_active = False
    assert not may(user, Permission.VIEW, "C")


def test_hidden_and_absent_answer_alike(people):
    for code in ("T2", "no such unit"):
        with pytest.raises(Http404):
            get_unit(people["clerk1"], Permission.VIEW, code)
