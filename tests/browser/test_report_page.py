"""The page of the report, in Chromium, at the width of a phone and of a desk."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page


@pytest.mark.parametrize("language", ["report", "english_report"])
def test_the_page_has_no_barriers(
    language: str, page: Page, request: pytest.FixtureRequest
) -> None:
    """axe-core finds nothing at either width, in either language.

    It takes minutes over thousands of rows that are all alike: of every table it sees the first 20.
    """
    folder: Path = request.getfixturevalue(language)
    page.goto((folder / "report.html").as_uri())
    page.evaluate("document.querySelectorAll('tbody tr:nth-child(n+21)').forEach(r => r.remove())")
    violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in violations] == []


def test_nothing_scrolls_sideways(page: Page, report: Path) -> None:
    """Only tables may be wider than the screen, each within its own frame."""
    page.goto((report / "report.html").as_uri())
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0


def test_a_number_opens_to_its_records(page: Page, report: Path) -> None:
    """From a number in the text to its row in the annex, on to its proof, a record and its file."""
    page.goto((report / "report.html").as_uri())
    figure = page.locator("p.body a.fig").first
    row = figure.get_attribute("href")
    assert row is not None
    assert page.locator(f'[id="{row[1:]}"]').count() == 1
    details = page.locator("section.proof details").first
    details.locator("summary").click()
    link = details.locator("p.ids a").first
    record = link.get_attribute("href")
    assert record is not None
    link.click()
    assert page.locator(f'[id="{record[1:]}"]').is_visible()
    assert " › " in page.locator(f'[id="{record[1:]}"]').inner_text()


def test_the_page_asks_the_network_for_nothing(browser: Browser, report: Path) -> None:
    """A single file: opening it makes no request but for itself."""
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((report / "report.html").as_uri())
    page.wait_for_load_state("networkidle")
    page.close()
    assert asked == [(report / "report.html").as_uri()]
