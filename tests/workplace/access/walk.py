"""Every address × method × actor, asked as a browser asks."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import Any

from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from access.examples import CANARY, People, make_example
from access.matrix import ACTORS, LOGIN, METHODS, Entry

# A GET by htmx, which wants a part of a page; a POST without the token of a form of ours.
PART, WITHOUT_TOKEN = "GET by htmx", "POST without a token"
OTHER_WAYS = ("HEAD", "OPTIONS", PART, WITHOUT_TOKEN)
# Who tries those too: nobody known, one of T1, a stranger, one who only looks.
TRYING_ALL = ("anonymous", "clerk1", "clerk2", "inspector")
LIKE_GET = ("GET", "HEAD", PART)
BACKEND = "django.contrib.auth.backends.ModelBackend"
# To whom T2 is none of their business.
STRANGERS_TO_T2 = ("anonymous", "clerk1", "head1", "office1", "nobody")


@dataclass(frozen=True)
class Visit:
    """What one actor was answered at one address."""

    address: str
    method: str
    actor: str
    status: str
    body: bytes
    headers: str

    def __str__(self) -> str:
        return f"{self.method} {self.address} as {self.actor}: {self.status}"


@dataclass(frozen=True)
class County:
    """Everybody by user name, and the cookies of each who has signed in."""

    people: People
    cookies: Mapping[str, str]


def sign_in_all(people: People) -> dict[str, str]:
    """The cookies of everybody; '' for somebody who has not signed in."""
    return {actor: _sign_in(actor, people) for actor in ACTORS}


def visit_all(entry: Entry, county: County) -> Iterator[Visit]:
    """One visit an actor and method; whatever a visit writes is undone before the next."""
    with undone():
        path = address_of(entry, make_example(entry.example, county.people))
        for actor in ACTORS:
            client = Client(raise_request_exception=False)
            for method in _ways(actor):
                client.cookies = SimpleCookie(county.cookies[actor])
                with undone():
                    visit = _visit(entry, path, method, actor, client)
                yield visit


def _ways(actor: str) -> tuple[str, ...]:
    return (*METHODS, *OTHER_WAYS) if actor in TRYING_ALL else METHODS


def address_of(entry: Entry, arguments: Mapping[str, Any]) -> str:
    """The path. An entry without a name is its own path."""
    if entry.name.startswith("/"):
        return entry.name
    return reverse(entry.name, kwargs=dict(arguments))


def _sign_in(actor: str, people: People) -> str:
    client = Client()
    if actor != "anonymous":
        client.force_login(people[actor], backend=BACKEND)
    return client.cookies.output(header="", sep=";")


def _visit(entry: Entry, path: str, way: str, actor: str, client: Client) -> Visit:
    client.handler.enforce_csrf_checks = way == WITHOUT_TOKEN
    if way in ("POST", WITHOUT_TOKEN):
        answer = client.post(path, entry.data, query_params=dict(entry.query))
    elif way == PART:
        answer = client.get(path, entry.query, headers={"HX-Request": "true"})
    else:
        answer = client.generic(way, path, query_params=dict(entry.query))
    return Visit(entry.name, way, actor, _status(answer), body_of(answer), str(answer.headers))


def _status(answer: HttpResponseBase) -> str:
    login = reverse("account_login")
    if answer.status_code == HTTPStatus.FOUND and answer["Location"].split("?")[0] == login:
        return LOGIN
    return str(answer.status_code)


def body_of(answer: Any) -> bytes:
    """All that was answered, whether at once or in parts."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def wrong_answers(entry: Entry, visits: list[Visit]) -> list[str]:
    """What was answered otherwise than the reviewed file says."""
    return [
        f"{visit}, not {' or '.join(sorted(allowed))}"
        for visit in visits
        if visit.status not in (allowed := _allowed(entry, visit))
    ]


def _allowed(entry: Entry, visit: Visit) -> set[str]:
    """The statuses that are right. The login page comes before all else."""
    first = {LOGIN} if visit.actor == "anonymous" else set()
    if visit.method == WITHOUT_TOKEN:
        return {"403"} | first
    if visit.method == "OPTIONS":  # names the methods, whoever asks, and looks at nothing
        return {"200", "405", "404", "302"} | first
    expected = entry.expected.get("GET" if visit.method in LIKE_GET else visit.method)
    if expected is None:  # nobody gets anywhere by a method that is not listed
        return {"405", "404"} | first
    return {expected[visit.actor]}


def leaks(visits: list[Visit]) -> list[str]:
    """Visits by strangers to T2 in whose answer the canary stands."""
    return [
        f"{visit}: the canary of T2 is in the answer"
        for visit in visits
        if visit.actor in STRANGERS_TO_T2 and (CANARY in visit.headers or _holds_canary(visit.body))
    ]


def _holds_canary(body: bytes) -> bool:
    if CANARY.encode() in body:
        return True
    if not zipfile.is_zipfile(io.BytesIO(body)):
        return False
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return any(
            CANARY in part.filename or _holds_canary(archive.read(part))
            for part in archive.infolist()
        )


class undone:  # noqa: N801 — used like a function
    """What happens within is rolled back, and an error within is passed on."""

    def __enter__(self) -> None:
        self._atomic = transaction.atomic()
        self._atomic.__enter__()

    def __exit__(self, *error: Any) -> None:
        transaction.set_rollback(True)
        self._atomic.__exit__(*error)
