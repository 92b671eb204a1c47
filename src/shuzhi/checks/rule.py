"""What a rule is: settings from the pack, a search over the ledgers, and words in two languages."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, Generic, TypeVar

from shuzhi.ledgers.model import Ledgers
from shuzhi.packs.model import Pack, Text
from shuzhi.packs.section import Section

S = TypeVar("S")
V = TypeVar("V")


@dataclass(frozen=True)
class Case:
    """What a rule may look at. `source` is the folder with the photos, None for an edition."""

    ledgers: Ledgers
    pack: Pack
    as_of: date
    source: Path | None
    _columns: dict[tuple[str, str], list[Any]] = field(default_factory=dict, compare=False)

    def rows(self, table: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """One tuple a record, in the order of `columns`. Missing: None."""
        return zip(*(self._column(table, name) for name in columns), strict=True)

    def _column(self, table: str, name: str) -> list[Any]:
        if (table, name) not in self._columns:
            column = self.ledgers.tables[table].column(name)
            self._columns[table, name] = column.to_pylist()
        return self._columns[table, name]


@dataclass(frozen=True)
class Doubt:
    """What a rule found, before it is put into words.

    `day` places the doubt in a period where `period` is not given. `about` tells apart doubts
    over the same records (the column in question). `lasting` names the doubt in place of its
    records where these may grow without the question becoming another one. `values` fill the
    rule's question; a value in two languages is put in the one asked for.
    """

    table: str
    unit: str
    records: tuple[str, ...] = ()
    period: str = ""
    day: date | None = None
    about: str = ""
    lasting: str = ""
    values: Mapping[str, str | Text] = field(default_factory=dict)

    def flag_id(self, check: str) -> str:
        """The same after every new reading: 12 hexadecimal digits of a SHA-256."""
        subject = [self.lasting] if self.lasting else sorted(self.records) or [self.period]
        name = json.dumps([check, self.table, self.unit, self.about, subject])
        return hashlib.sha256(name.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class NoSettings:
    """For rules that need no threshold: an empty section in checks.toml switches them on."""


@dataclass(frozen=True)
class Check(Generic[S]):
    """One rule. `question` has named places, filled from Doubt.values, `unit` and `table`.

    `yields_to` names rules that ask the same thing more precisely: a doubt whose records all
    stand in one doubt of theirs is left out, so that a defect is asked about once.
    """

    name: str
    title: Text
    question: Text
    explanation: Text
    settings: type[S]
    find: Callable[[Case, S], Iterator[Doubt]]
    yields_to: tuple[str, ...] = ()


def setting(meaning: str, read: Callable[[Section, str], V]) -> V:
    """A field of a rule's settings: what it means (for the reference) and how it is read."""
    described: V = field(metadata={"meaning": meaning, "read": read})
    return described


def read_settings(settings: type[S], section: Section) -> S:
    """The settings of one rule from its section of checks.toml; complaints stay in the section."""
    keys: tuple[Any, ...] = fields(settings)  # type: ignore[arg-type]  # always a dataclass
    section.refuse_unknown(key.name for key in keys)
    return settings(**{key.name: key.metadata["read"](section, key.name) for key in keys})
