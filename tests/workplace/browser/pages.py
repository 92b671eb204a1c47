"""The pages that are looked at in a browser: every one that the access matrix says is answered to
somebody, and what pages.toml adds."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from access import forms_examples, meetings_examples, uploads_examples  # noqa: F401 — they register
from access.examples import People, make_example
from access.matrix import Entry, read_files
from django.urls import reverse

FILE = Path(__file__).with_name("pages.toml")
# Of those who are answered a page, the first of these looks at it where pages.toml names nobody.
LOOKERS = ("clerk1", "head1", "office1", "county", "auditor", "administrator", "anonymous")


@dataclass(frozen=True)
class Looked:
    """One page as one person sees it; `who` is '' for somebody who has not signed in."""

    name: str
    who: str
    example: str = ""
    query: str = ""

    def __str__(self) -> str:
        return f"{self.name} as {self.who or 'anonymous'}"

    def address(self, people: People) -> str:
        """The path; a name that begins with a slash is its own path."""
        if self.name.startswith("/"):
            return self.name
        return reverse(self.name, kwargs=dict(make_example(self.example, people))) + self.query


def looked_at() -> Iterator[Looked]:
    """Every page, once a person."""
    written: dict[str, Any] = tomllib.loads(FILE.read_text("utf-8"))
    no_pages, entries = set(written.pop("no_pages")), read_files()
    assert no_pages <= set(entries), f"pages.toml: {no_pages - set(entries)} are no addresses"
    pages = {
        name: entry for name, entry in entries.items()
        if "200" in entry.expected.get("GET", {}).values() and name not in no_pages
    }  # fmt: skip
    for name in sorted({*pages, *written}):
        entry = pages.get(name, Entry("", name))
        who = written.get(name, {}).get("who") or [_first_of(entry.expected["GET"])]
        query = f"?{urlencode(entry.query)}" if entry.query else ""
        for each in who:
            yield Looked(name, each, entry.example, query)


def _first_of(answers: Mapping[str, str]) -> str:
    first = next(who for who in LOOKERS if answers[who] == "200")
    return "" if first == "anonymous" else first
