"""The pieces that all pages are put together from, by mouse and by keyboard."""

import pytest

from browser.conftest import DESK, PHONE, OpenPage
from browser.test_pages import RULES, barriers, too_wide

pytestmark = pytest.mark.urls("browser.pieces")


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pieces_have_no_barriers(width: int, scheme: str, page_as: OpenPage):
    page = page_as("clerk1", width)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto("/pieces/")
    page.get_by_role("button", name="报送").click()  # the browser asks for what is missing
    page.evaluate("document.querySelectorAll('[required]').forEach((f) => f.required = false)")
    page.get_by_role("button", name="报送").click()
    page.wait_for_selector(".form-errors")
    page.get_by_role("button", name="删除").first.click()
    assert barriers(page, RULES["light"]) == []
    assert too_wide(page) == []


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_chosen_theme_goes_before_the_systems(width: int, page_as: OpenPage):
    page = page_as("clerk1", width)
    page.emulate_media(color_scheme="dark")
    page.goto("/pieces/")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.locator(".drop-button").click()
    page.get_by_role("button", name="浅色").click()
    page.wait_for_selector('html[data-bs-theme="light"]')
    assert page.evaluate(ground) != dark


def test_a_question_is_answered_before_a_form_is_sent(page_as: OpenPage):
    page = page_as("clerk1", DESK)
    page.goto("/pieces/")
    page.get_by_role("button", name="一键提醒").click()
    page.get_by_role("button", name="取消").last.click()
    assert page.locator(".toast-box").count() == 0
    page.get_by_role("button", name="一键提醒").click()
    page.get_by_role("button", name="确定").click()
    page.wait_for_selector(".toast-box")


def test_menus_and_dialogs_close_by_keyboard_and_give_the_focus_back(page_as: OpenPage):
    page = page_as("clerk1", DESK)
    page.goto("/pieces/")
    page.locator(".drop-button").press("Enter")
    assert page.locator("details.drop[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("details.drop[open]").count() == 0
    assert page.evaluate("document.activeElement.className") == "drop-button"
    page.get_by_role("button", name="删除").press("Enter")
    assert page.locator("dialog[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def test_the_first_tab_skips_to_the_content(page_as: OpenPage):
    page = page_as("clerk1", DESK)
    page.goto("/pieces/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_on_paper_there_is_the_content_alone(page_as: OpenPage):
    page = page_as("clerk1", DESK)
    page.goto("/pieces/")
    page.emulate_media(media="print", color_scheme="dark")
    for part in (".top", ".menu", ".btn >> nth=0"):
        assert not page.locator(part).is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


def test_what_is_folded_opens_for_links_and_on_paper(page_as: OpenPage):
    page = page_as("clerk1", PHONE)
    page.goto("/pieces/")
    page.evaluate(
        """document.querySelector("main").insertAdjacentHTML("beforeend",
        '<a href="#one">there</a><details class="fold" id="one"><summary>1</summary><p>first</p>'
        + '</details><details class="fold"><summary>2</summary><p>second</p></details>')"""
    )
    opened = "[...document.querySelectorAll('main details.fold')].slice(-2).map((one) => one.open)"
    page.get_by_role("link", name="there").click()
    assert page.evaluate(opened) == [True, False]
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(opened) == [True, True]
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(opened) == [True, False]
