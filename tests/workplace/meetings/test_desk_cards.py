"""What stands on whose desk: to do, late below, to be closed, assigned, meetings coming."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.urls import reverse

from workplace.meetings import desk
from workplace.meetings.models import Action
from workplace.meetings.progress import report_done
from workplace.units.tree import today

HOME = reverse("desk:home")


@pytest.fixture
def cards_of(people):
    """The kinds of cards on a person's desk, with the actions or meetings on each."""

    def ask(name):
        request = RequestFactory().get("/")
        request.user = type(people[name]).objects.get(username=name)
        found = {make.__name__: make(request) for make in desk.CARDS}
        return {name: card for name, card in found.items() if card is not None}

    return ask


@pytest.fixture
def given(call, hold, assign):
    """The county gave T1 something to do, due so many days from today."""

    def make(due, owner="T1"):
        meeting = hold(call(-30, unit="C", by="county"), by="county")
        return assign(meeting, owner=owner, due=due, by="county")

    return make


def test_time_enough_is_on_the_owners_desk_alone(given, cards_of):
    given(20)
    assert set(cards_of("clerk1")) == {"actions_due"}
    assert cards_of("county") == {}
    assert cards_of("clerk2") == cards_of("nobody") == cards_of("auditor") == {}


def test_yellow_and_red_are_on_both_desks(given, cards_of):
    soon, late = given(2), given(-1)
    assert cards_of("clerk1")["actions_due"].context["actions"] == [late, soon]
    assert cards_of("county")["actions_assigned"].context["actions"] == [late, soon]


def test_what_is_late_presses_more(given, cards_of):
    given(5)
    before = cards_of("clerk1")["actions_due"].order
    given(-1)
    assert cards_of("clerk1")["actions_due"].order < before


def test_the_unit_above_is_told_what_is_late(given, cards_of, call, hold, assign):
    """D1 is asked by T1, beside it; the county stands above D1."""
    late = assign(hold(call(-30)), owner="D1", due=-2)
    assert cards_of("county")["actions_late_below"].context["actions"] == [late]
    assert "actions_late_below" not in cards_of("clerk1")
    village = given(-1, owner="T1V1")
    assert cards_of("clerk1")["actions_late_below"].context["actions"] == [village]


def test_said_to_be_done_it_waits_for_the_chair(given, cards_of, people):
    action = given(3)
    report_done(by=people["clerk1"], action=action, version=1, done_on=today(), text="好了")
    assert set(cards_of("county")) == {"actions_to_close"}
    assert cards_of("clerk1") == {}


def test_meetings_of_the_next_days_are_coming(call, hold, cards_of):
    call(20)
    assert cards_of("clerk1") == {}
    soon = call(3)
    assert cards_of("clerk1")["meetings_coming"].context["meetings"] == [soon]
    past = call(-2)
    assert cards_of("clerk1")["meetings_coming"].context["meetings"] == [past, soon]
    hold(past)
    assert cards_of("clerk1")["meetings_coming"].context["meetings"] == [soon]


def test_the_desk_shows_them(client_of, given, call):
    action = given(-1)
    call(1, title="明日例会")
    page = client_of("clerk1").get(HOME).content.decode()
    assert action.title in page
    assert "明日例会" in page
    assert action.title not in client_of("clerk2").get(HOME).content.decode()


def test_each_card_asks_little(given, call, people, django_assert_max_num_queries):
    first = given(-1)
    for number in range(8):
        Action.objects.create(
            number=str(number), unit_id="C", owner_id="T1", title="办事",
            assigned_on=first.assigned_on, due_on=today() - timedelta(days=number),
        )  # fmt: skip
    request = RequestFactory().get("/")
    request.user = type(people["clerk1"]).objects.get(username="clerk1")
    with django_assert_max_num_queries(14):
        for make in desk.CARDS:
            make(request)
