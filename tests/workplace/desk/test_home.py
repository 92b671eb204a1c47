"""The desk: the first page after signing in."""

from django.urls import reverse


def test_desk_asks_for_a_login(client_of):
    answer = client_of("").get(reverse("desk:home"))
    assert answer.status_code == 302
    assert reverse("account_login") in answer.url


def test_desk_is_there_for_everybody(client_of):
    for name in ("clerk1", "county", "nobody"):
        assert client_of(name).get(reverse("desk:home")).status_code == 200
