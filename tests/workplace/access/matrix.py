"""The reviewed files: for each address and method, which status each actor is answered."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

HERE = Path(__file__).parent
METHODS = ("GET", "POST")
ACTORS = (
    "anonymous", "clerk1", "clerk2", "head1", "head2", "office1", "office2", "county",
    "inspector", "auditor", "administrator", "nobody",
)  # fmt: skip
# Words that stand for several actors. `rest`: whoever is named nowhere else in the line.
GROUPS = {
    "t1": ("clerk1", "head1", "office1"),
    "t2": ("clerk2", "head2", "office2"),
    "at_county": ("county", "inspector", "auditor"),
    "signed_in": ACTORS[1:],
}
LOGIN = "login"


@dataclass(frozen=True)
class Entry:
    """One address: how its arguments are found, what is posted, and who is answered what."""

    file: str
    name: str
    example: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    expected: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read_files() -> dict[str, Entry]:
    """Every entry by address. An address stands in one file only."""
    found: dict[str, Entry] = {}
    for file in sorted(HERE.glob("*.toml")):
        for name, written in tomllib.loads(file.read_text(encoding="utf-8")).items():
            assert name not in found, f"{name} stands in {file.name} and in {found[name].file}"
            found[name] = _read_entry(file.stem, name, written)
    return found


def _read_entry(file: str, name: str, written: dict[str, Any]) -> Entry:
    where = f"{file}.toml, {name}"
    unknown = set(written) - {"example", "query", "data", *METHODS}
    assert not unknown, f"{where}: {unknown} is not a key; see README.md"
    expected = {m: read_line(written[m], f"{where}, {m}") for m in METHODS if m in written}
    assert expected, f"{where}: names no method"
    return Entry(
        file, name, written.get("example", ""), written.get("query", {}),
        written.get("data", {}), expected,
    )  # fmt: skip


def read_line(line: Mapping[str, Any], where: str) -> dict[str, str]:
    """Actor → expected status, "login" for a redirect to the login page."""
    found: dict[str, str] = {}
    for status, actors in line.items():
        for word in [actors] if isinstance(actors, str) else actors:
            if word == "rest":
                continue
            assert word in GROUPS or word in ACTORS, f"{where}: {word} is no actor"
            for actor in GROUPS.get(word, (word,)):
                assert found.get(actor, status) == status, f"{where}: {actor} is named twice"
                found[actor] = status
    rest = [status for status, actors in line.items() if actors == "rest" or "rest" in actors]
    assert len(rest) <= 1, f"{where}: rest is named twice"
    left = [actor for actor in ACTORS if actor not in found]
    assert rest or not left, f"{where}: says nothing of {', '.join(left)}"
    return found | dict.fromkeys(left, rest[0])


def addresses() -> set[str]:
    """Every address there is: its name with namespaces; its route where it has no name."""
    return set(_walk(get_resolver(), "/", ()))


def _walk(resolver: URLResolver, route: str, spaces: tuple[str, ...]) -> Iterator[str]:
    for entry in resolver.url_patterns:
        here = route + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield ":".join((*spaces, entry.name)) if entry.name else here
        else:
            within = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _walk(entry, here, within)
