"""The page of the report, in Chromium, at the width of a phone and of a desk."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = [390, 1280]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(params=WIDTHS)
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page of that width without scripts: the report must be readable without any."""
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    opened = context.new_page()
    yield opened
    context.close()


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
    record = details.locator("p.ids a").first.get_attribute("href")
    assert record is not None
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
