"""The list of meetings."""

import pytest
from django.urls import reverse

from workplace.meetings.keeping import keep_here

URL = reverse("meetings:list")


def test_it_shows_what_the_unit_and_those_below_called(client_of, call):
    call(1, title="党政联席会")
    call(2, unit="T2", by="clerk2", title="别镇的会")
    page = client_of("clerk1").get(URL).content.decode()
    assert "党政联席会" in page
    assert "别镇的会" not in page


@pytest.mark.parametrize("name", ["nobody", "administrator"])
def test_it_is_not_there_for_those_who_see_no_unit(client_of, name):
    assert client_of(name).get(URL).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "leading"}, "专题"), ({"state": "held"}, "已开"), ({"q": "专"}, "专题"),
        ({"year": "x"}, "专题"), ({"unit": "T1"}, "专题"), ({"q": "T1-"}, "已开"),
    ],
)  # fmt: skip
def test_it_is_filtered(client_of, call, hold, query, found):
    call(1, title="专题", kind="leading")
    hold(call(-1, title="已开"))
    assert found in client_of("clerk1").get(URL, query).content.decode()


def test_a_filter_leaves_out_the_others(client_of, call):
    call(1, title="三月议事", kind="leading")
    assert "三月议事" not in client_of("clerk1").get(URL, {"kind": "work"}).content.decode()


def test_it_says_when_meetings_do_not_count_yet(client_of, call, hold, people):
    meeting = hold(call(-1))
    client = client_of("clerk1")
    assert client.get(URL).context["not_counted"] == ["T1"]
    keep_here(
        by=people["county"], unit="T1", pack="annual-duty", table="meetings", since=meeting.held_on
    )
    assert client.get(URL).context["not_counted"] == []


def test_it_asks_as_much_for_many_as_for_one(client_of, call, django_assert_max_num_queries):
    client = client_of("clerk1")
    for days in range(12):
        call(days)
    with django_assert_max_num_queries(18):
        client.get(URL)
