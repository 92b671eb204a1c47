"""The board renews itself where something changed, and is left alone where nothing did."""

from access.examples import round_of_t1
from django.urls import reverse

from browser.conftest import OpenPage
from workplace.accounts.models import User
from workplace.rounds.models import Return
from workplace.rounds.pages import board
from workplace.rounds.states import answer_nil


def test_the_board_renews_itself(page_as: OpenPage, people: dict[str, User], monkeypatch):
    monkeypatch.setattr(board, "EVERY_SECONDS", 1)
    place = round_of_t1(people)
    page = page_as("county", 1280)
    page.goto(reverse("rounds:board", kwargs=place))
    page.evaluate("document.querySelector('#board').dataset.untouched = 'yes'")
    with page.expect_response(lambda answer: "/board/" in answer.url) as unchanged:
        pass
    assert unchanged.value.status == 304
    assert page.get_attribute("#board", "data-untouched") == "yes"
    answer_nil(Return.objects.get(round=place["pk"]), by=people["clerk1"])
    page.wait_for_selector("#board:not([data-untouched])")
    assert "已报送" in page.inner_text("#board tbody")
