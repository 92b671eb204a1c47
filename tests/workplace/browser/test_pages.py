"""Every page: no barriers by axe-core, nothing wider than the screen, all in one language."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from translated import assert_all_translated, texts_of_the_database

from browser.conftest import DESK, PHONE, OpenPage
from browser.pages import Looked, looked_at
from workplace.accounts.models import User

# In the dark the same page has other colours and nothing else.
RULES = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "dark": ["color-contrast"],
}
_WIDER = """() => [...document.querySelectorAll("main *, header *, nav *")]
  .filter((part) => part.getBoundingClientRect().right > innerWidth + 1
      && !part.closest(".table-wrap, .tabs, .scrolls, .skip-link, dialog, .visually-hidden, thead"))
  .map((part) => part.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("looked", list(looked_at()), ids=str)
def test_a_page_has_nobarriers(looked: Looked, page_as: OpenPage, people: dict[str, User]):
    page = page_as(looked.who, PHONE)
    page.goto(looked.address(people))
    found = []
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found += [f"{width} {scheme} {barrier}" for barrier in barriers(page, RULES[scheme])]
        assert too_wide(page) == [], f"wider than {width} px"
    assert found == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("looked", list(looked_at()), ids=str)
def test_a_page_speaks_one_language(
    looked: Looked, language: str, page_as: OpenPage, people: dict[str, User]
):
    page = page_as(looked.who, DESK, language)
    page.goto(looked.address(people))
    assert_all_translated(page.content(), language, texts_of_the_database())


def too_wide(page: Page) -> list[str]:
    """What reaches over the right edge and does not scroll by itself."""
    return page.evaluate(_WIDER)


def barriers(page: Page, rules: list[str]) -> list[str]:
    """What axe-core finds, each with the place and the reason."""
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    answer = Axe().run(page, options=options).response
    return [
        f"{barrier['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
        for barrier in answer["violations"]
        for node in barrier["nodes"]
    ]
