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


def visit_all(entry: Entry, people: People) -> Iterator[Visit]:
    """One visit an actor and method; whatever a visit writes is undone before the next."""
    with _undone():
        path = address_of(entry, make_example(entry.example, people))
        for actor in ACTORS:
            cookies = _sign_in(actor, people)
            for method in METHODS:
                with _undone():
                    visit = _visit(entry, path, method, actor, cookies)
                yield visit


def address_of(entry: Entry, arguments: Mapping[str, Any]) -> str:
    """The path. An entry without a name is its own path."""
    if entry.name.startswith("/"):
        return entry.name
    return reverse(entry.name, kwargs=dict(arguments))


def _sign_in(actor: str, people: People) -> SimpleCookie:
    client = Client()
    if actor != "anonymous":
        client.force_login(people[actor], backend=BACKEND)
    return client.cookies


def _visit(entry: Entry, path: str, method: str, actor: str, cookies: SimpleCookie) -> Visit:
    client = Client(raise_request_exception=False)
    client.cookies = SimpleCookie(cookies.output(header="", sep=";"))
    if method == "GET":
        answer = client.get(path, entry.query)
    else:
        answer = client.post(path, entry.data, query_params=dict(entry.query))
    return Visit(entry.name, method, actor, _status(answer), _body(answer), str(answer.headers))


def _status(answer: HttpResponseBase) -> str:
    login = reverse("account_login")
    if answer.status_code == HTTPStatus.FOUND and answer["Location"].split("?")[0] == login:
        return LOGIN
    return str(answer.status_code)


def _body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def wrong_answers(entry: Entry, visits: list[Visit]) -> list[str]:
    """What was answered otherwise than the reviewed file says."""
    wrong = []
    for visit in visits:
        expected = entry.expected.get(visit.method)
        if expected is None:
            # Nobody gets anywhere by a method that is not listed; the login page comes first.
            allowed = {"405", "404"} | ({LOGIN} if visit.actor == "anonymous" else set())
        else:
            allowed = {expected[visit.actor]}
        if visit.status not in allowed:
            wrong.append(f"{visit}, not {' or '.join(sorted(allowed))}")
    return wrong


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


class _undone:
    """What happens within is rolled back, and an error within is passed on."""

    def __enter__(self) -> None:
        self._atomic = transaction.atomic()
        self._atomic.__enter__()

    def __exit__(self, *error: Any) -> None:
        transaction.set_rollback(True)
        self._atomic.__exit__(*error)
