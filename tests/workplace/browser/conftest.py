"""Chromium on pages of the workplace, signed in as one of the fixed people: of one that runs here,
or of one that is asked without a server."""

import mimetypes
import os
from collections.abc import Callable, Iterator
from contextvars import copy_context
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Route

from workplace.accounts.models import User

# Playwright's own loop runs in this thread; Django would refuse the database for it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PHONE, DESK = 390, 1280
BACKEND = "django.contrib.auth.backends.ModelBackend"
OpenPage = Callable[..., Page]
ShowPage = Callable[[str], Page]


@pytest.fixture
def page_as(live_server, people: dict[str, User], browser: Browser) -> Iterator[OpenPage]:
    """`page_as(name, width)`: a page of that width, at the address of the workplace, in which the
    person has signed in; '' for nobody. What the browser complains of fails the test.
    """
    contexts, complaints = [], []

    def open_page(name: str, width: int = PHONE, language: str = "zh-hans") -> Page:
        context = browser.new_context(
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


@pytest.fixture
def shown_to(people: dict[str, User], browser: Browser) -> Iterator[ShowPage]:
    """`shown_to(name)`: a page whose questions Django answers here and now, for looking at pages
    alone: no server, so that the test's data are undone at its end and not table by table.
    """
    context = browser.new_context(base_url="http://localhost", reduced_motion="reduce")
    complaints: list[str] = []
    # Playwright calls back in a context of its own, to which Django would give a connection of its
    # own, which sees nothing of the test's transaction.
    own = copy_context()

    def show(name: str) -> Page:
        client = signed_in(people.get(name), "zh-hans")
        context.route("**/*", lambda route: own.copy().run(_answer, route, client))
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: _keep_errors(said, complaints))
        return page

    yield show
    context.close()
    assert complaints == []


def signed_in(user: User | None, language: str) -> Client:
    """Django's own browser, in which this person, or nobody, has signed in."""
    client = Client(raise_request_exception=False)
    client.cookies["django_language"] = language
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client


def _answer(route: Route, client: Client) -> None:
    address = urlsplit(route.request.url)
    if address.path.startswith(settings.STATIC_URL):
        kind = mimetypes.guess_type(address.path)[0]
        route.fulfill(body=_static(address.path), content_type=kind)
        return
    query = f"?{address.query}" if address.query else ""
    answer = client.get(f"{address.path}{query}", headers=route.request.headers)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    route.fulfill(status=answer.status_code, headers=dict(answer.items()), body=content)


@cache
def _static(path: str) -> bytes:
    found = finders.find(path.removeprefix(settings.STATIC_URL))
    return Path(found).read_bytes() if found else b""


def _keep_errors(said: ConsoleMessage, complaints: list[str]) -> None:
    # a page that answers 4xx on purpose is reported too; its test says what it expects
    if said.type == "error" and "Failed to load resource" not in said.text:
        complaints.append(said.text)
