"""The desk: the first page after signing in."""

import pytest
from django.http import HttpRequest
from django.urls import reverse

from workplace.web import registry
from workplace.web.registry import Card, register_desk_card


@pytest.fixture
def cards(monkeypatch, settings, tmp_path):
    """A desk whose cards are those of the test."""
    monkeypatch.setattr(registry, "_desk_cards", [])
    (tmp_path / "card.html").write_text("<p>{{ what }}</p>")
    templates = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    settings.TEMPLATES = templates


def _card(title: str, order: int):
    def make(request: HttpRequest) -> Card:
        return Card(title, "card.html", {"what": f"{title} <{request.user}>"}, order)

    return make


def test_desk_asks_for_a_login(client_of):
    answer = client_of("").get(reverse("desk:home"))
    assert answer.status_code == 302
    assert reverse("account_login") in answer.url


def test_desk_says_for_which_unit_and_in_which_role_one_works(client_of):
    page = client_of("clerk1").get(reverse("desk:home")).content.decode()
    assert "青石镇 · 经办人" in page
    assert "clerk1，您好" in page


def test_desk_tells_somebody_without_a_role_whom_to_ask(client_of):
    page = client_of("nobody").get(reverse("desk:home")).content.decode()
    assert "请联系本单位管理员" in page


def test_cards_stand_in_the_order_in_which_they_press(client_of, cards):
    for title, order in (("later", 60), ("late", 10), ("due", 30)):
        register_desk_card(_card(title, order))
    register_desk_card(lambda request: None)
    page = client_of("clerk1").get(reverse("desk:home")).content.decode()
    assert page.index(">late<") < page.index(">due<") < page.index(">later<")
    assert "late &lt;clerk1&gt;" in page
    assert "目前没有待办事项" not in page


def test_a_desk_without_cards_says_that_nothing_waits(client_of, cards):
    assert "目前没有待办事项" in client_of("clerk1").get(reverse("desk:home")).content.decode()


def test_desk_asks_the_database_little(client_of, cards, django_assert_max_num_queries):
    client = client_of("clerk1")
    client.get(reverse("desk:home"))
    with django_assert_max_num_queries(5):  # session, account, grants, roles held, tree's version
        client.get(reverse("desk:home"))
