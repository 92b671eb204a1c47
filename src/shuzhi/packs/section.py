"""A part of a file that speaks about a pack's tables and columns, read key by key."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from shuzhi.packs.keys import Keys
from shuzhi.packs.model import Pack, Role
from shuzhi.packs.suggestions import suggest

T = TypeVar("T")


@dataclass(frozen=True)
class Section(Keys):
    """Keys that name what `pack` holds. Nothing has a default: a threshold stands in the file."""

    pack: Pack

    def given(self, key: str) -> bool:
        """Whether the key is there; complains where it is not."""
        if key not in self.values:
            self.complain(key, "this key is missing", f"write {key} = …")
        return key in self.values

    def decimal(self, key: str, least: float, most: float | None = None) -> float:
        self.given(key)
        return self.number(key, default=least, least=least, most=most)

    def integer(self, key: str, least: int, most: int | None = None) -> int:
        self.given(key)
        return self.whole(key, default=least, least=least, most=most)

    def each(self, key: str, read: Callable[["Section"], T]) -> tuple[T, ...]:
        """What `read` makes of each entry of the list below `key`."""
        self.given(key)
        return tuple(read(part) for part in self.parts(key))

    def table(self, key: str) -> str:
        """A table's name; '' after a complaint."""
        return self._known_table(key, self.text(key))

    def tables(self, key: str) -> tuple[str, ...]:
        self.given(key)
        return tuple(name for name in self.texts(key) if self._known_table(key, name))

    def column_of(self, key: str, table: str) -> str:
        """One column of `table`; '' after a complaint. A column about persons is refused."""
        return self._known_column(key, table, self.text(key))

    def columns_of(self, key: str, table: str) -> tuple[str, ...]:
        return tuple(name for name in self.texts(key) if self._known_column(key, table, name))

    def column_path(self, key: str) -> tuple[str, str]:
        """Table and column written `table.column`; two '' after a complaint."""
        return self._split_path(key, self.text(key))

    def column_paths(self, key: str) -> tuple[tuple[str, str], ...]:
        self.given(key)
        return tuple(self._split_path(key, path) for path in self.texts(key))

    def _known_table(self, key: str, name: str) -> str:
        if name in self.pack.tables:
            return name
        if name:
            remedy = suggest(name, self.pack.tables)
            self.complain(key, f"the pack has no table {name!r}", remedy)
        return ""

    def _known_column(self, key: str, table: str, name: str) -> str:
        if not name or table not in self.pack.tables:
            return ""
        columns = {column.name: column for column in self.pack.tables[table].columns}
        if name not in columns:
            remedy = suggest(name, columns)
            self.complain(key, f"the table {table} has no column {name!r}", remedy)
            return ""
        if columns[name].role is Role.PERSON:
            self.complain(
                key,
                f"{table}.{name} is about persons, who are counted and never compared",
                "name a column about the event or the unit",
            )
            return ""
        return name

    def _split_path(self, key: str, path: str) -> tuple[str, str]:
        table, dot, name = path.partition(".")
        if path and not dot:
            self.complain(key, f"{path!r} names no column", 'write "table.column"')
            return "", ""
        if self._known_table(key, table) and self._known_column(key, table, name):
            return table, name
        return "", ""
