"""Every page: no barriers by axe-core, nothing wider than the screen, all in one language."""

from http import HTTPStatus

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from translated import assert_all_translated, texts_of_the_database

from browser.conftest import DESK, PHONE, ShowPage, signed_in
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
def test_a_page(looked: Looked, shown_to: ShowPage, people: dict[str, User]):
    """For everybody: at the width of a phone and of a desk, light and dark, in both languages."""
    address = looked.address(people)
    page, answers = shown_to(looked.who), HTTPStatus.NOT_FOUND if "such" in address else 200
    answer = page.goto(address)
    assert answer is not None and answer.status == answers
    found = []
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found += [f"{width} {scheme} {barrier}" for barrier in barriers(page, RULES[scheme])]
        found += [f"wider than {width} px: {part}" for part in too_wide(page)]
    assert found == []
    data = texts_of_the_database()
    assert_all_translated(page.content(), "zh-hans", data)
    english = signed_in(people.get(looked.who), "en").get(address)
    assert_all_translated(english.content.decode(), "en", data)


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
