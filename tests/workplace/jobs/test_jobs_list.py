"""The page of background work: for administrators, and silent about what the work is on."""

from django.urls import reverse

from jobs.test_jobs_queue import note
from workplace.jobs.queue import enqueue

CONTENT = "canary"


def test_administrator_sees_states_without_content(client_of, django_assert_max_num_queries):
    client = client_of("administrator")
    for number in range(20):
        enqueue(note, f"{CONTENT}{number}")
    with django_assert_max_num_queries(10):
        page = client.get(reverse("jobs:list")).content.decode()
    assert page.count("noting") == 20
    assert CONTENT not in page


def test_nothing_yet(client_of):
    assert client_of("administrator").get(reverse("jobs:list")).status_code == 200


def test_others_find_no_page(client_of):
    for name in ("clerk1", "county", "auditor", "nobody"):
        assert client_of(name).get(reverse("jobs:list")).status_code == 404
    assert client_of("").get(reverse("jobs:list")).status_code == 302
