"""The menu shows the doors that a person may go through, and no others."""

from datetime import timedelta

import pytest
from django.template import TemplateSyntaxError
from django.utils.translation import override

from workplace.accounts.permissions import Permission
from workplace.units.tree import today
from workplace.web import registry
from workplace.web.registry import MenuEntry, register_menu
from workplace.web.templatetags.page import days_colour, days_left, icon, state
from workplace.web.texts import text_in


@pytest.fixture
def menu(monkeypatch):
    """A menu with one door for clerks and one for everybody."""
    monkeypatch.setattr(registry, "_menu", {})
    register_menu(MenuEntry("Enter it", "desk:home", (Permission.ENTER,), 1, "edit"))
    register_menu(MenuEntry("My password", "account_change_password", (), 2, "key"))


def test_a_door_is_shown_to_those_who_may_go_through(client_of, menu):
    for name, is_shown in (("clerk1", True), ("auditor", False), ("nobody", False)):
        page = client_of(name).get("/").content.decode()
        assert ("Enter it" in page) == is_shown
        assert "My password" in page


def test_the_door_one_stands_in_is_marked(client_of, menu):
    page = client_of("clerk1").get("/").content.decode()
    assert page.count('aria-current="page"') == 1


def test_days_are_told_in_words_and_colours():
    with override("zh-hans"):
        assert days_left(today()) == "今日到期"
        assert days_left(today() + timedelta(days=4)) == "还有 4 天"
        assert days_left(today() - timedelta(days=2)) == "逾期 2 天"
    assert [days_colour(today() + timedelta(days=d)) for d in (-1, 0, 3, 4)] == [
        "red", "yellow", "yellow", "green",
    ]  # fmt: skip


def test_a_text_is_given_in_the_readers_language():
    for language, expected in (("en", "Meetings"), ("zh-hans", "会议")):
        with override(language):
            assert text_in({"zh": "会议", "en": "Meetings"}) == expected
    with override("en"):
        assert text_in({"zh": "会议"}) == "会议"


def test_a_state_takes_its_word_as_text_and_only_known_colours():
    assert state("red", "<b>") == '<span class="state state-red">&lt;b&gt;</span>'
    with pytest.raises(TemplateSyntaxError, match="no state is pink"):
        state("pink", "x")
    with pytest.raises(TemplateSyntaxError, match="no icon is named"):
        icon("no-such-icon")
