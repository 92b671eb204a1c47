"""Server time of a page: what passes between a request and its whole answer, without a network."""

import time
from dataclasses import dataclass
from http import HTTPStatus
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client

from workplace.accounts.models import User

_BACKEND = "django.contrib.auth.backends.ModelBackend"
REPEAT = 9


@dataclass(frozen=True)
class Page:
    """One address, who asks for it, and what it may cost in milliseconds."""

    what: str
    by: str
    address: str
    goal: int


def measure(page: Page, user: User) -> float:
    """Print a line; the median in milliseconds. The first request, which warms up, is not counted.

    Raises: AssertionError where the page is not answered by 200.
    """
    client = signed_in(user)
    _ask(client, page)
    queries = _queries_of(client, page)
    times, used = zip(*(_time_of(client, page) for _ in range(REPEAT)), strict=True)
    middle = median(times)
    mark = "" if middle <= page.goal else "  over its goal"
    print(
        f"{page.what:<44} {page.by:<9} {middle:6.0f} ms ({min(times):.0f}–{max(times):.0f}) "
        f"{median(used):6.0f} ms of the processor {queries:3} queries, goal {page.goal} ms{mark}",
        flush=True,
    )
    return middle


def signed_in(user: User) -> Client:
    """A browser in which the person has signed in."""
    client = Client(headers={"host": "localhost"})
    client.force_login(user, backend=_BACKEND)
    return client


def _ask(client: Client, page: Page) -> int:
    answer: Any = client.get(page.address)
    assert answer.status_code == HTTPStatus.OK, f"{page}: {answer.status_code}"
    return len(b"".join(answer.streaming_content) if answer.streaming else answer.content)


def _time_of(client: Client, page: Page) -> tuple[float, float]:
    """Milliseconds by the clock, and of this process's use of the processor: the second tells what
    the first would be where nothing else runs."""
    began, used = time.perf_counter(), time.process_time()
    _ask(client, page)
    return 1_000 * (time.perf_counter() - began), 1_000 * (time.process_time() - used)


def _queries_of(client: Client, page: Page) -> int:
    asked: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        _ask(client, page)
    return len(asked)
