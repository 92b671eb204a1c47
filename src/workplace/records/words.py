"""What a search looks through: the texts of a record as people know them, in small letters."""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from shuzhi.packs.model import Column, ColumnType, Role, Table
from shuzhi.units import UnitTree

_LEFT_OUT = (Role.PERSON, Role.EVIDENCE)


def words_of(table: Table, data: Mapping[str, Any], tree: UnitTree) -> str:
    """The searchable text of a record, a column a line: labels for categories, names for units;
    nothing of persons."""
    lines = (_words(column, data.get(column.name), tree) for column in table.columns)
    return "\n".join(fold_words(line) for line in lines if line)


def fold_words(text: str) -> str:
    """A text as it is compared: full-width as plain, capitals as small letters."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _words(column: Column, value: Any, tree: UnitTree) -> str:
    if column.type is not ColumnType.STRING or column.role in _LEFT_OUT or value is None:
        return ""
    if column.role in (Role.UNIT, Role.UNIT_REF):
        spans = tree.by_code.get(value, ())
        return " ".join([value, *dict.fromkeys(span.name for span in spans)])
    return " ".join(_labels(column, str(value)))


def _labels(column: Column, value: str) -> Iterator[str]:
    known = [category for category in column.categories if category.value == value]
    yield from known[0].label.values() if known else [value]
