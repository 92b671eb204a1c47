"""The pages that are looked at in a browser: pages.toml, read strictly."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from access.examples import People, make_example
from django.urls import reverse

FILE = Path(__file__).with_name("pages.toml")


@dataclass(frozen=True)
class Looked:
    """One page as one person sees it."""

    name: str
    who: str
    example: str = ""
    query: str = ""

    def __str__(self) -> str:
        return f"{self.name} as {self.who or 'anonymous'}"

    def address(self, people: People) -> str:
        """The path; a name that begins with a slash is its own path."""
        if self.name.startswith("/"):
            return self.name + self.query
        return reverse(self.name, kwargs=dict(make_example(self.example, people))) + self.query


def looked_at() -> Iterator[Looked]:
    """Every page of the file, once a person."""
    for name, written in tomllib.loads(FILE.read_text("utf-8")).items():
        unknown = set(written) - {"who", "example", "query"}
        assert not unknown, f"pages.toml, {name}: {unknown} is not a key"
        for who in written["who"]:
            yield Looked(name, who, written.get("example", ""), written.get("query", ""))
