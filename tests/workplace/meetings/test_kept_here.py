"""The page on which tables are switched from rounds to what is kept here."""

import pytest
from django.urls import reverse

from workplace.events.models import Event
from workplace.records.models import Feed

LIST, NEW = reverse("meetings:kept_here"), reverse("meetings:keep_here")
SWITCH = {"unit": "T1", "table": "annual-duty:meetings", "since": "2024-01-01"}


@pytest.mark.parametrize("name", ["clerk1", "head1", "nobody", "auditor"])
def test_only_who_opens_rounds_decides(client_of, name):
    assert client_of(name).get(LIST).status_code == 404
    assert client_of(name).post(NEW, SWITCH).status_code == 404


def test_the_office_switches_a_table_on_record(client_of, people):
    client_of("county").post(NEW, SWITCH)
    feed = Feed.objects.get()
    assert (feed.app, feed.pack, feed.table, feed.since.isoformat()) == (
        "meetings", "annual-duty", "meetings", "2024-01-01",
    )  # fmt: skip
    event = Event.objects.get(action="meetings.kept_here")
    assert (event.by, event.unit_id, event.facts["since"]) == (people["county"], "T1", "2024-01-01")
    page = client_of("county").get(LIST).content.decode()
    assert "2024-01-01" in page
    assert client_of("office2").get(LIST).content.decode().count("2024-01-01") == 0


def test_a_township_office_switches_its_own_only(client_of):
    client_of("office2").post(NEW, SWITCH)
    assert not Feed.objects.exists()


def test_it_is_switched_back_where_nothing_is_kept(client_of):
    client_of("county").post(NEW, SWITCH)
    client_of("county").post(reverse("meetings:ask_again", args=[Feed.objects.get().pk]))
    assert not Feed.objects.exists()
    assert Event.objects.filter(action="meetings.asked_again").exists()


def test_a_refusal_is_said_on_the_page(client_of, call, hold):
    hold(call(-1))
    client = client_of("county")
    client.post(NEW, SWITCH)
    answer = client.post(reverse("meetings:ask_again", args=[Feed.objects.get().pk]))
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()


def test_the_list_asks_little(client_of, django_assert_max_num_queries):
    client = client_of("county")
    for unit in ("T1", "T2", "D1"):
        client.post(NEW, SWITCH | {"unit": unit})
    with django_assert_max_num_queries(12):
        client.get(LIST)
