"""Whatever is typed or sent to any address is answered, never an error of the program."""

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.test import Client

from access.examples import make_example
from access.matrix import ACTORS, LOGIN, Entry, read_files
from access.walk import County, address_of, body_of, undone

HOSTILE = {
    "a NUL": "青石\0镇",
    "an emoji and marks": "😀\u202e\u200b\ufffe",
    "a long text": "长" * 3_000,
    "a long number": "9" * 5_000,
    "a number of 30 digits": "9" * 30,
    "less than nothing": "-1",
    "the last day": "9999-12-31",
    "the first day": "0001-01-01",
    "no day": "2023-02-30",
    "a place long ago": "0001-01-01T00:00:00+14:00_1",
    "a formula": "=1+1",
    "quotes": "\"'\r\t<b>",
}  # fmt: skip
# What is also typed into one field alone, beside what is right.
ALONE = ("a NUL", "a long text", "a long number", "a number of 30 digits", "the last day")
# What pages read of an address, apart from what the reviewed files have.
ASKED = (
    "about", "action", "after", "at", "by", "doubted", "first", "flagged", "for", "from", "last",
    "level", "pack", "page", "period", "q", "round", "sheet", "side", "state", "table", "to",
    "under", "unit", "whom", "year", "day", "code", "parent",
)  # fmt: skip
FIELD = re.compile(rb'<(?:input|select|textarea)[^>]*?\sname="([^"]+)"')
ENTRIES = {name: entry for name, entry in read_files().items() if not name.startswith("/")}


def _actors(entry: Entry) -> list[str]:
    """Somebody of each kind who gets anywhere."""
    open_to = [
        actor
        for actor in ACTORS
        if any(line.get(actor, "404") not in ("404", "403", LOGIN, "405")
               for line in entry.expected.values())
    ]  # fmt: skip
    return open_to[:1]


def _posts(entry: Entry, names: set[str], what: str) -> Iterator[Mapping[str, Any]]:
    """All fields at once, then each beside what is right."""
    value = HOSTILE[what]
    names = {*names, *entry.data} - {"csrfmiddlewaretoken"}
    yield dict.fromkeys(names, value)
    if entry.data and what in ALONE:
        for name in names:
            yield {**entry.data, name: value}


def _fails(answer: Any) -> bool:
    body_of(answer)  # a file is closed once it is read
    return bool(answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR)


def _ask(client: Client, entry: Entry, path: str) -> Iterator[str]:
    known = dict.fromkeys((*ASKED, *entry.query))
    names = {name.decode() for name in FIELD.findall(body_of(client.get(path, entry.query)))}
    for what, value in HOSTILE.items():
        with undone():
            fails = _fails(client.get(path, dict.fromkeys(known, value)))
        if fails:
            yield f"GET {path} with {what}"
        for data in _posts(entry, names, what):
            with undone():
                fails = _fails(client.post(path, data, query_params=dict(entry.query)))
            if fails:
                hostile = [name for name, text in data.items() if text == value]
                yield f"POST {path} with {what} in {hostile}"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ENTRIES)
def test_nothing_that_is_sent_is_an_error_of_the_program(name: str, planted_county: County):
    entry = ENTRIES[name]
    wrong = []
    with undone():
        path = address_of(entry, make_example(entry.example, planted_county.people))
        for actor in _actors(entry):
            client = Client(raise_request_exception=False)
            client.cookies = SimpleCookie(planted_county.cookies[actor])
            wrong += _ask(client, entry, path)
    assert wrong == []
