"""A part of a pack's TOML file, read key by key; what is wrong is collected, not raised."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from shuzhi.packs.model import Column, Pack, Role, Text
from shuzhi.packs.suggestions import suggest

T = TypeVar("T")
LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Section:
    """One TOML table. `where` is its path in the file; `complaints` is shared by the whole file.

    Every reader answers something harmless after a complaint, so that one reading finds all.
    """

    file: str
    where: str
    values: Mapping[str, Any]
    pack: Pack
    complaints: list[str] = field(default_factory=list)

    def complain(self, key: str, what: str, remedy: str) -> None:
        path = ".".join(part for part in (self.where, key) if part)
        self.complaints.append(f"{self.file}: {path}: {what}; {remedy}")

    def refuse_unknown(self, known: Iterable[str]) -> None:
        """Complains of every key that is not in `known`."""
        known = sorted(known)
        for key in self.values:
            if key not in known:
                self.complain(key, "this key is not known", suggest(key, known))

    def number(
        self, key: str, *, least: float | None = None, most: float | None = None,
        default: float | None = None,
    ) -> float:
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.complain(key, f"{value!r} is no number", _range_wanted("a number", least, most))
            return least if least is not None else 1.0
        if (least is not None and value < least) or (most is not None and value > most):
            self.complain(key, f"{value} is out of range", _range_wanted("a number", least, most))
        return value

    def integer(self, key: str, *, least: int | None = None, most: int | None = None) -> int:
        value = self.number(key, least=least, most=most)
        if value != int(value):
            self.complain(key, f"{value} is no whole number", "write it without a decimal point")
        return int(value)

    def text(self, key: str, *, default: str | None = None) -> str:
        value = self.values.get(key, default)
        if not isinstance(value, str) or (not value and default is None):
            self.complain(key, f"{value!r} is no text", 'write a text in quotes: "…"')
            return ""
        return value

    def choice(self, key: str, options: Sequence[str], *, default: str | None = None) -> str:
        value = self.text(key, default=default)
        if value and value not in options:
            self.complain(key, f"{value!r} is not known", suggest(value, options))
        return value

    def translations(self, key: str) -> Text:
        """A text in every language: `{ zh = "…", en = "…" }`."""
        value = self.values.get(key)
        if not isinstance(value, Mapping) or not all(
            isinstance(value.get(lang), str) and value[lang] for lang in LANGUAGES
        ):
            self.complain(key, "it is not given in both languages", '{ zh = "…", en = "…" }')
            return dict.fromkeys(LANGUAGES, "")
        return value

    def texts(self, key: str, *, default: Sequence[str] | None = None) -> tuple[str, ...]:
        value = self.values.get(key, default)
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            self.complain(key, "it is no list of texts", 'write ["…", "…"]')
            return ()
        return tuple(value)

    def each(self, key: str, read: Callable[["Section"], T]) -> tuple[T, ...]:
        """What `read` makes of each `[[key]]`."""
        value = self.values.get(key)
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            self.complain(key, "there is no list of entries", f"write one or more [[{key}]]")
            return ()
        return tuple(read(self._part(f"{key}[{n}]", item)) for n, item in enumerate(value, 1))

    def part(self, key: str) -> "Section":
        """The section below `[key]`."""
        value = self.values.get(key)
        if not isinstance(value, Mapping):
            self.complain(key, "this section is missing", f"write [{key}]")
            value = {}
        return self._part(key, value)

    def table(self, key: str) -> str:
        """A table's name; '' after a complaint."""
        return self._known_table(key, self.text(key))

    def tables(self, key: str) -> tuple[str, ...]:
        names = self.texts(key, default=())
        return tuple(name for name in names if self._known_table(key, name))

    def column_path(self, key: str) -> tuple[str, str]:
        """Table and column written `table.column`; two '' after a complaint."""
        return self._split_path(key, self.text(key))

    def column_paths(self, key: str) -> tuple[tuple[str, str], ...]:
        paths = (self._split_path(key, path) for path in self.texts(key))
        return tuple(path for path in paths if path[1])

    def columns_of(self, key: str, table: str) -> tuple[str, ...]:
        """Columns of `table`. A column about persons is refused."""
        names = self.texts(key, default=())
        return tuple(name for name in names if self._known_column(key, table, name))

    def column_of(self, key: str, table: str) -> str:
        """One column of `table`; '' after a complaint. A column about persons is refused."""
        name = self.text(key)
        return name if name and self._known_column(key, table, name) else ""

    def _part(self, key: str, values: Mapping[str, Any]) -> "Section":
        where = f"{self.where}.{key}" if self.where else key
        return Section(self.file, where, values, self.pack, self.complaints)

    def _known_table(self, key: str, name: str) -> str:
        if name in self.pack.tables:
            return name
        if name:
            remedy = suggest(name, self.pack.tables)
            self.complain(key, f"the pack has no table {name!r}", remedy)
        return ""

    def _known_column(self, key: str, table: str, name: str) -> Column | None:
        if table not in self.pack.tables:
            return None
        columns = {column.name: column for column in self.pack.tables[table].columns}
        if name not in columns:
            remedy = suggest(name, columns)
            self.complain(key, f"the table {table} has no column {name!r}", remedy)
            return None
        if columns[name].role is Role.PERSON:
            self.complain(
                key, f"{table}.{name} is about persons, who are counted and never compared",
                "name a column about the event or the unit",
            )
            return None
        return columns[name]

    def _split_path(self, key: str, path: str) -> tuple[str, str]:
        table, dot, name = path.partition(".")
        if path and not dot:
            self.complain(key, f"{path!r} names no column", 'write "table.column"')
            return "", ""
        if self._known_table(key, table) and self._known_column(key, table, name):
            return table, name
        return "", ""


def _range_wanted(kind: str, least: float | None, most: float | None) -> str:
    lower = "" if least is None else f" of at least {least:g}"
    upper = "" if most is None else f"{' and' if lower else ' of'} at most {most:g}"
    return f"write {kind}{lower}{upper}"
