"""The folder of pages, in Chromium: the index finds units and figures, and needs no server."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page


def test_the_index_has_no_barriers(page: Page, site: Path) -> None:
    """axe-core finds nothing at either width, an indicator opened."""
    page.goto((site / "index.html").as_uri())
    page.locator("details.indicator").first.locator("summary").click()
    violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in violations] == []
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0


def test_the_search_finds_units_and_figures(page: Page, site: Path) -> None:
    """By part of a name, by the unit above it, and by an indicator's label."""
    page.goto((site / "index.html").as_uri())

    page.fill("#search", "物流")
    assert page.locator("li[data-find]:visible a").all_inner_texts() == [
        "海川物流有限公司",
        "东港物流站",
        "西郊物流站",
    ]
    page.fill("#search", "演练 率")
    labels = page.locator("details.indicator:visible summary").all_inner_texts()
    assert len(labels) == 3
    assert all("演练" in label for label in labels)
    assert page.locator("#found").inner_text() == "找到 0 个单位、3 项指标"
    page.fill("#search", "")
    assert page.locator("li[data-find]:visible").count() == 11


def test_a_unit_s_page_leads_up_and_down(page: Page, site: Path) -> None:
    """From the index to a company, to one of its plants, and back to the index."""
    page.goto((site / "index.html").as_uri())
    page.get_by_role("link", name="海川物流有限公司").first.click()
    page.get_by_text("下级单位").click()
    page.get_by_role("link", name="东港物流站").click()
    assert page.url == (site / "HC-C2-P1.html").as_uri()
    page.get_by_role("link", name="总目录").click()
    assert page.url == (site / "index.html").as_uri()


def test_without_scripts_everything_is_there(browser: Browser, site: Path) -> None:
    """No search field that does nothing; all units, and an indicator opens."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    assert not page.locator("#search").is_visible()
    assert page.locator("li[data-find]:visible").count() == 11
    page.locator("#hazards_found summary").click()
    assert page.locator("#hazards_found table").is_visible()
    context.close()
