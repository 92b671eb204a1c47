"""What rounds put on each person's desk."""

from datetime import timedelta

from django.urls import reverse

from workplace.rounds import states
from workplace.rounds.extending import ask_for_time
from workplace.rounds.models import Return
from workplace.units.tree import today


def _desk(client_of, name: str) -> str:
    return client_of(name).get(reverse("desk:home")).content.decode()


def test_a_clerk_finds_what_is_asked_of_his_unit(client_of, people, round_, answer):
    address = reverse("rounds:unit", args=[round_.pk, "T1"])
    assert address in _desk(client_of, "clerk1")
    assert address not in _desk(client_of, "clerk2")
    assert address not in _desk(client_of, "head1")
    for each in round_.returns.filter(unit="T1"):
        states.answer_nil(each, by=people["clerk1"])
    assert address not in _desk(client_of, "clerk1")


def test_who_asks_finds_the_round_and_the_silent(client_of, round_):
    day = today() - timedelta(days=1)
    Return.objects.filter(unit="T2").update(due_on=day, first_due_on=day)
    assert "白沙镇" in _desk(client_of, "county")
    assert "白沙镇" not in _desk(client_of, "office1")


def test_who_decides_finds_wishes_for_time(client_of, people, answer):
    ask_for_time(by=people["clerk1"], answers=[answer], until=today() + timedelta(days=30),
                 reason="经办人住院")  # fmt: skip
    assert "经办人住院" in _desk(client_of, "county")
    assert "经办人住院" not in _desk(client_of, "office1")


def test_nobody_finds_nothing(client_of, round_):
    assert "2023年第三季度" not in _desk(client_of, "nobody")


def test_the_desk_costs_few_queries(client_of, round_, django_assert_max_num_queries):
    county = client_of("county")
    with django_assert_max_num_queries(40):
        county.get(reverse("desk:home"))
