"""More time is asked for and decided on the record; nobody gives it to himself."""

from datetime import timedelta

import pytest
from django.urls import reverse

from workplace.events.models import Event
from workplace.rounds.extending import ask_for_time, decide_on_time
from workplace.rounds.models import Extension
from workplace.rounds.refusals import Refused
from workplace.units.tree import today

LATER = timedelta(days=20)


@pytest.fixture
def wish(people, answer) -> Extension:
    (found,) = ask_for_time(
        by=people["clerk1"], answers=[answer], until=today() + LATER, reason="经办人住院"
    )
    return found


def test_granted_the_day_moves_and_the_first_stays(people, answer, wish):
    first, version = answer.due_on, answer.version
    decide_on_time(by=people["county"], wish=wish, is_granted=True)
    answer.refresh_from_db()
    assert (answer.due_on, answer.first_due_on) == (today() + LATER, first)
    assert answer.version == version  # what a clerk has open can still be sent
    said = Event.objects.filter(object_id=str(answer.pk), action__contains="time")
    assert set(said.values_list("action", flat=True)) == {
        "rounds.time_asked_for", "rounds.time_granted",
    }  # fmt: skip


def test_refused_the_day_stays_and_the_reason_is_said(people, answer, wish):
    with pytest.raises(Refused):
        decide_on_time(by=people["county"], wish=wish, is_granted=False)
    decide_on_time(by=people["county"], wish=wish, is_granted=False, note="已到年底")
    due_on = answer.due_on
    answer.refresh_from_db()
    wish.refresh_from_db()
    assert (answer.due_on, wish.is_granted, wish.decision_note) == (due_on, False, "已到年底")
    with pytest.raises(Refused):
        decide_on_time(by=people["county"], wish=wish, is_granted=True)


def test_it_is_granted_from_above_alone(people, wish):
    for name in ("office1", "clerk1", "office2"):
        with pytest.raises(Refused):
            decide_on_time(by=people[name], wish=wish, is_granted=True)


def test_the_root_does_not_grant_its_own_wish(people, round_):
    own = round_.returns.get(unit="C", table="meetings")
    (wish,) = ask_for_time(by=people["county"], answers=[own], until=today() + LATER, reason="x")
    with pytest.raises(Refused):
        decide_on_time(by=people["county"], wish=wish, is_granted=True)


@pytest.mark.parametrize(("days", "reason"), [(20, " "), (-1, "x"), (3, "x")])
def test_what_helps_nobody_is_not_asked(people, answer, days, reason):
    with pytest.raises(Refused):
        ask_for_time(by=people["clerk1"], answers=[answer], reason=reason,
                     until=today() + timedelta(days=days))  # fmt: skip


def test_one_wish_at_a_time(people, answer, wish):
    with pytest.raises(Refused):
        ask_for_time(by=people["clerk1"], answers=[answer], until=today() + LATER, reason="y")


def test_wishes_wait_on_a_page_of_whoever_decides(
    client_of, wish, answer, django_assert_max_num_queries
):
    county, address = client_of("county"), reverse("rounds:wishes")
    with django_assert_max_num_queries(15):
        page = county.get(address)
    assert [each.pk for each, _ in page.context["waiting"]] == [wish.pk]
    for name in ("office1", "office2"):
        assert client_of(name).get(address).context["waiting"] == []
        decide = client_of(name).post(
            reverse("rounds:decide", args=[wish.pk]), {"decision": "grant"}
        )
        assert decide.status_code == 404
    for name in ("clerk1", "head1", "auditor", "nobody"):
        assert client_of(name).get(address).status_code == 404
    county.post(reverse("rounds:decide", args=[wish.pk]), {"decision": "grant"})
    answer.refresh_from_db()
    assert answer.due_on == today() + LATER


def test_a_refusal_without_a_word_is_asked_again(client_of, wish):
    page = client_of("county").post(
        reverse("rounds:decide", args=[wish.pk]), {"decision": "refuse"}, follow=True
    )
    assert [each.pk for each, _ in page.context["waiting"]] == [wish.pk]
