"""A page at the width of a phone and of a desk."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

WIDTHS = [390, 1280]


@pytest.fixture(params=WIDTHS)
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page of that width."""
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    opened = context.new_page()
    yield opened
    context.close()
