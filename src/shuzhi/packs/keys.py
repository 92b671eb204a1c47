"""A part of a pack's file, read key by key before there is a pack; complaints are collected."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from shuzhi.packs.complaints import Complaint
from shuzhi.packs.model import Text
from shuzhi.packs.suggestions import suggest

LANGUAGES = ("zh", "en")
MAX_TEXT = 4_000
MAX_NUMBER = 10**14  # what decimal128(18, 4) holds
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True)
class Keys:
    """One table or object of a file. `path` is where it stands; `complaints` is shared.

    Every reader answers something harmless after a complaint, so that one reading finds all.
    """

    file: str
    path: str
    values: Mapping[str, Any]
    complaints: list[Complaint]

    def complain(self, key: str, what: str, remedy: str) -> None:
        path = ".".join(part for part in (self.path, key) if part)
        self.complaints.append(Complaint(self.file, path, what, remedy))

    def refuse_unknown(self, known: Iterable[str]) -> None:
        known = tuple(known)
        for key in self.values:
            if key not in known:
                self.complain(key, "this key is not known", suggest(key, known))

    def text(self, key: str, *, default: str | None = None) -> str:
        """A text on one line or more; required unless there is a default."""
        value = self.values.get(key, default)
        if value is None:
            self.complain(key, "this key is missing", f'write {key} = "…"')
            return ""
        if not isinstance(value, str) or (not value.strip() and value != default):
            self.complain(key, f"{_shown(value)} is no text", 'write a text in quotes: "…"')
            return default or ""
        if len(value) > MAX_TEXT:
            self.complain(key, f"it has {len(value):,} characters", f"write at most {MAX_TEXT:,}")
            return default or ""
        return value

    def name(self, key: str) -> str:
        """A text fit to be a column, file or figure name."""
        value = self.text(key)
        if value:
            self.require_name(key, value)
        return value

    def require_name(self, key: str, value: str) -> None:
        if not _NAME.fullmatch(value):
            self.complain(
                key,
                f"{_shown(value)} is no name",
                "write small letters a to z, digits and _, at most 60, beginning with a letter",
            )

    def choice(self, key: str, options: Iterable[str], *, default: str | None = None) -> str:
        options = tuple(options)
        if key not in self.values and default is not None:
            return default
        value = self.text(key, default=default)
        if value in options:
            return value
        if value:
            self.complain(key, f"{_shown(value)} is not known", suggest(value, options))
        return default if default is not None else options[0]

    def translations(self, key: str) -> Text:
        """A text in every language: `{ zh = "…", en = "…" }`."""
        if key not in self.values:
            self.complain(key, "this key is missing", 'write both languages: zh "…" and en "…"')
            return dict.fromkeys(LANGUAGES, "")
        part = self.part(key)
        part.refuse_unknown(LANGUAGES)
        return {language: part.text(language) for language in LANGUAGES}

    def optional_translations(self, key: str) -> Text | None:
        return self.translations(key) if key in self.values else None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, each once; empty where the key is absent."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            self.complain(key, "it is no list of texts", 'write ["…", "…"]')
            return ()
        for twice in sorted({text for text in value if value.count(text) > 1}):
            self.complain(key, f"{_shown(twice)} stands there twice", "remove one of them")
        return tuple(dict.fromkeys(value))

    def number(
        self, key: str, *, default: float, least: float | None = None, most: float | None = None
    ) -> float:
        value = _plain_number(self.values.get(key, default))
        if value is None:
            self.complain(
                key,
                f"{_shown(self.values[key])} is no number",
                f"write a number, such as {default}",
            )
            return default
        if (least is not None and value < least) or (most is not None and value > most):
            self.complain(key, f"{value} is out of range", _range(least, most))
            return default
        return value

    def whole(self, key: str, *, default: int, least: int = 0, most: int | None = None) -> int:
        value = self.number(key, default=default, least=least, most=most)
        if value != int(value):
            self.complain(key, f"{value} is no whole number", _range(least, most))
        return int(value)

    def flag(self, key: str) -> bool:
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.complain(key, f"{_shown(value)} is neither true nor false", "write true or false")
            return False
        return value

    def part(self, key: str) -> Self:
        """What stands below `key`; empty where it is absent."""
        value = self.values.get(key, {})
        if not isinstance(value, Mapping):
            self.complain(key, f"{_shown(value)} is no group of keys", "write { key = value, … }")
            value = {}
        return replace(self, path=f"{self.path}.{key}" if self.path else key, values=value)

    def parts(self, key: str) -> list[Self]:
        """Each entry of the list below `key`, under its name, value or code where it has one."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            self.complain(key, "it is no list of groups of keys", "write [{ … }, { … }]")
            return []
        return [self._entry(key, place, item) for place, item in enumerate(value, 1)]

    def _entry(self, key: str, place: int, item: Mapping[str, Any]) -> Self:
        names = (item.get(known) for known in ("name", "value", "code"))
        name = next((name for name in names if isinstance(name, str)), str(place))
        path = f"{self.path}.{key}" if self.path else key
        return replace(self, path=f"{path}[{name[:60]}]", values=item)


def _plain_number(value: object) -> float | None:
    """A number that a ledger can hold; None for anything else, infinite or undefined."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) < MAX_NUMBER else None


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _range(least: float | None, most: float | None) -> str:
    lower = "" if least is None else f" of at least {least:g}"
    upper = "" if most is None else f"{' and' if lower else ' of'} at most {most:g}"
    return f"write a number{lower}{upper}"
