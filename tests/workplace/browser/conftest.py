"""Chromium on pages of a workplace that runs here, signed in as one of the fixed people."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from workplace.accounts.models import User

# Playwright's own loop runs in this thread; Django would refuse the database for it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = shutil.which("chromium")
PHONE, DESK = 390, 1280
BACKEND = "django.contrib.auth.backends.ModelBackend"
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page_as(live_server, people: dict[str, User], chromium: Browser) -> Iterator[OpenPage]:
    """`page_as(name, width)`: a page of that width, at the address of the workplace, in which the
    person has signed in; '' for nobody. What the browser complains of fails the test.
    """
    contexts, complaints = [], []

    def open_page(name: str, width: int = PHONE, language: str = "zh-hans") -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 844 if width < 700 else 900},
            base_url=live_server.url,
            has_touch=width < 700,
            reduced_motion="reduce",
        )
        contexts.append(context)
        cookies = [("django_language", language)]
        if name:
            client = Client()
            client.force_login(people[name], backend=BACKEND)
            cookies.append(("sessionid", client.cookies["sessionid"].value))
        context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in cookies])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: _keep_errors(said, complaints))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _keep_errors(said: ConsoleMessage, complaints: list[str]) -> None:
    # a page that answers 4xx on purpose is reported too; its test says what it expects
    if said.type == "error" and "Failed to load resource" not in said.text:
        complaints.append(said.text)
