"""Tables of a pack, from their Table Schema files."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shuzhi.packs.complaints import Complaint
from shuzhi.packs.keys import Keys
from shuzhi.packs.model import (
    Asked,
    Category,
    Column,
    ColumnType,
    EvidenceSample,
    Role,
    Table,
    Text,
)
from shuzhi.packs.predicates import RESERVED_DATES
from shuzhi.packs.suggestions import suggest
from shuzhi.periods import PeriodKind

ROLES = tuple(role for role in Role if role is not Role.NONE)
EVERY = ("month", "quarter", "half", "year")
UNITS_COLUMNS: Mapping[str, ColumnType] = {
    "code": ColumnType.STRING,
    "name": ColumnType.STRING,
    "level": ColumnType.STRING,
    "parent": ColumnType.STRING,
    "valid_from": ColumnType.DATE,
    "valid_to": ColumnType.DATE,
    "successor": ColumnType.STRING,
    "aliases": ColumnType.STRING,
}
# Words that a predicate cannot use as a column's name.
RESERVED_WORDS = frozenset(
    {"and", "or", "not", "in", "between", "is", "null", "like", "true", "false", *RESERVED_DATES}
)
TABLE_KEYS = (
    "$schema", "name", "title", "description", "fields", "primaryKey", "shuzhi:label",
    "shuzhi:synonyms", "shuzhi:section", "shuzhi:asked", "shuzhi:retention", "shuzhi:sums",
    "shuzhi:is_units", "shuzhi:rows_per_return", "shuzhi:evidence",
)  # fmt: skip
FIELD_KEYS = (
    "name", "type", "title", "description", "constraints", "categories", "shuzhi:role",
    "shuzhi:label", "shuzhi:synonyms", "shuzhi:default", "shuzhi:uom", "shuzhi:minutes",
    "shuzhi:note", "shuzhi:feeds",
)  # fmt: skip
CATEGORY_KEYS = ("value", "label", "shuzhi:label", "shuzhi:synonyms")
_NOT_WORD = re.compile(r"[\W_]+")
_NUMERIC = (ColumnType.INTEGER, ColumnType.NUMBER)


def normalize_header(text: str) -> str:
    """The header as the reader of workbooks compares it: no width, case, space, punctuation."""
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text).casefold())


def build_table(
    file: str, values: Mapping[str, Any], levels: Sequence[str], complaints: list[Complaint]
) -> Table:
    """The table that the file describes. What is wrong with it is added to `complaints`."""
    keys = Keys(file, "", values, complaints)
    keys.refuse_unknown(TABLE_KEYS)
    columns = tuple(_column(field) for field in keys.parts("fields"))
    retention = keys.part("shuzhi:retention")
    retention.refuse_unknown(("years",))
    table = Table(
        name=keys.name("name"),
        label=keys.translations("shuzhi:label"),
        columns=columns,
        synonyms=keys.texts("shuzhi:synonyms"),
        section=keys.text("shuzhi:section", default=""),
        asked=_asked(keys.part("shuzhi:asked"), levels),
        primary_key=_primary_key(keys),
        retention_years=retention.whole("years", default=0),
        is_units=keys.flag("shuzhi:is_units"),
        sums=_sums(keys.part("shuzhi:sums")),
        rows_per_return=keys.number("shuzhi:rows_per_return", default=1.0, least=0),
        evidence=_evidence(keys),
    )
    _complain_about_whole(table, keys)
    return table


def complain_about_likeness(
    tables: Mapping[str, Table], files: Mapping[str, str], complaints: list[Complaint]
) -> None:
    """Two tables that a sheet's title cannot tell apart."""
    owners: dict[str, str] = {}
    for name, table in tables.items():
        for text in dict.fromkeys(map(normalize_header, _names(table.label, table.synonyms))):
            if text in owners:
                complaints.append(
                    Complaint(
                        files[name],
                        "shuzhi:synonyms",
                        f"{text!r} also means the table {owners[text]}",
                        "keep it in one of them",
                    )
                )
            owners.setdefault(text, name)


def _column(field: Keys) -> Column:
    field.refuse_unknown(FIELD_KEYS)
    constraints = field.part("constraints")
    constraints.refuse_unknown(("required", "minimum", "maximum"))
    column = Column(
        name=field.name("name"),
        type=ColumnType(field.choice("type", tuple(ColumnType))),
        label=field.translations("shuzhi:label"),
        role=Role(field.choice("shuzhi:role", ROLES, default=Role.NONE)),
        synonyms=field.texts("shuzhi:synonyms"),
        required=constraints.flag("required"),
        minimum=_bound(constraints, "minimum"),
        maximum=_bound(constraints, "maximum"),
        categories=tuple(_category(entry) for entry in field.parts("categories")),
        default=field.choice("shuzhi:default", ("sender", "period_end"), default=""),
        uom=field.optional_translations("shuzhi:uom"),
        minutes=field.number("shuzhi:minutes", default=0.0, least=0),
        note=field.optional_translations("shuzhi:note"),
        feeds=field.texts("shuzhi:feeds"),
    )
    _complain_about_column(column, field)
    return column


def _bound(constraints: Keys, key: str) -> float | None:
    return constraints.number(key, default=0) if key in constraints.values else None


def _category(entry: Keys) -> Category:
    entry.refuse_unknown(CATEGORY_KEYS)
    entry.text("label", default="")
    return Category(
        value=entry.text("value"),
        label=entry.translations("shuzhi:label"),
        synonyms=entry.texts("shuzhi:synonyms"),
    )


def _asked(keys: Keys, levels: Sequence[str]) -> Asked:
    keys.refuse_unknown(("levels", "every", "due_days"))
    asked = keys.texts("levels")
    for level in asked:
        if level not in levels:
            keys.complain("levels", f"{level!r} is no level of the pack", suggest(level, levels))
    return Asked(
        levels=asked,
        every=PeriodKind(keys.choice("every", EVERY, default="year")),
        due_days=keys.whole("due_days", default=10),
    )


def _evidence(keys: Keys) -> EvidenceSample | None:
    if "shuzhi:evidence" not in keys.values:
        return None
    part = keys.part("shuzhi:evidence")
    part.refuse_unknown(("sample", "least", "most"))
    if "sample" not in part.values:
        part.complain("sample", "this key is missing", "write the share of records, such as 0.1")
    least = part.whole("least", default=1)
    most = part.whole("most", default=least) if "most" in part.values else None
    if most is not None and most < least:
        part.complain("most", "it is below least", "exchange them")
    return EvidenceSample(part.number("sample", default=0.1, least=0, most=1), least, most)


def _primary_key(keys: Keys) -> tuple[str, ...]:
    value = keys.values.get("primaryKey", [])
    return (value,) if isinstance(value, str) else keys.texts("primaryKey")


def _sums(keys: Keys) -> Mapping[str, tuple[str, ...]]:
    return {total: keys.texts(total) for total in keys.values}


def _complain_about_column(column: Column, field: Keys) -> None:
    role = column.role
    if column.name in RESERVED_WORDS:
        field.complain("name", f"{column.name!r} means something in predicates", "rename it")
    if (role is Role.DATE) != (column.type is ColumnType.DATE) and role is not Role.NONE:
        wanted = "date" if role is Role.DATE else "string"
        field.complain("type", f"a column of role {role} is of type {wanted}", f"write {wanted}")
    elif role not in (Role.NONE, Role.DATE) and column.type is not ColumnType.STRING:
        field.complain("type", f"a column of role {role} is of type string", "write string")
    if column.default == "sender" and role not in (Role.UNIT, Role.UNIT_REF):
        field.complain("shuzhi:default", "only a unit can be the sender", "remove it")
    if column.default == "period_end" and column.type is not ColumnType.DATE:
        field.complain("shuzhi:default", "only a date can be the period's end", "remove it")
    if column.categories and column.type is not ColumnType.STRING:
        field.complain("categories", f"a {column.type} has no categories", "write type string")
    _complain_about_numbers(column, field)
    _complain_about_twice(
        field, "categories", [_spellings(c.label, c.synonyms, c.value) for c in column.categories]
    )


def _complain_about_numbers(column: Column, field: Keys) -> None:
    least, most = column.minimum, column.maximum
    if column.type in _NUMERIC:
        if least is not None and most is not None and least > most:
            field.complain("constraints", "the minimum is above the maximum", "exchange them")
        return
    for key, value in (("minimum", least), ("maximum", most)):
        if value is not None:
            field.complain(f"constraints.{key}", f"a {column.type} has none", "remove it")
    if column.uom is not None:
        field.complain("shuzhi:uom", f"a {column.type} is not measured", "remove it")


def _complain_about_whole(table: Table, keys: Keys) -> None:
    if not table.columns:
        keys.complain("fields", "the table has no columns", "describe at least one")
        return
    names = Counter(column.name for column in table.columns)
    for name in (name for name, count in names.items() if count > 1):
        keys.complain(f"fields[{name}]", "two columns have this name", "rename one of them")
    _complain_about_twice(
        keys, "fields", [_spellings(c.label, c.synonyms, c.name) for c in table.columns]
    )
    for name in table.primary_key:
        _complain_about_missing(keys, "primaryKey", name, names)
    _complain_about_sums(table, keys)
    if table.is_units:
        _complain_about_units(table, keys)
    else:
        _complain_about_roles(table, keys)


def _complain_about_missing(keys: Keys, key: str, name: str, known: Iterable[str]) -> None:
    if name not in known:
        keys.complain(key, f"{name!r} is no column of the table", suggest(name, known))


def _complain_about_sums(table: Table, keys: Keys) -> None:
    columns = {column.name: column for column in table.columns}
    for total, parts in table.sums.items():
        key = f"shuzhi:sums.{total}"
        if not parts:
            keys.complain(key, "the total has no parts", 'write ["…", "…"]')
        for name in (total, *parts):
            _complain_about_missing(keys, key, name, columns)
            if name in columns and columns[name].type not in _NUMERIC:
                keys.complain(key, f"{name} is no number", "name columns of numbers")
        if total in parts:
            keys.complain(key, "the total is one of its parts", "remove it from the list")


def _complain_about_roles(table: Table, keys: Keys) -> None:
    found = Counter(column.role for column in table.columns)
    for role, what in ((Role.UNIT, "the record belongs to"), (Role.DATE, "it happened on")):
        if found[role] != 1:
            keys.complain(
                "fields",
                f"{found[role]} columns have the role {role}",
                f'give "shuzhi:role": "{role}" to exactly one, the {role} {what}',
            )
    if found[Role.ID] > 1:
        keys.complain("fields", f"{found[Role.ID]} columns have the role id", "keep one")
    if not table.primary_key and not found[Role.ID]:
        keys.complain(
            "primaryKey", "nothing tells one record from another", "name the columns that do"
        )


def _complain_about_units(table: Table, keys: Keys) -> None:
    columns = {column.name: column for column in table.columns}
    for name, wanted in UNITS_COLUMNS.items():
        if name not in columns:
            keys.complain("fields", f"the table of units has no column {name}", "add it")
        elif columns[name].type is not wanted:
            keys.complain(f"fields[{name}].type", f"it must be {wanted}", f"write {wanted}")


def _names(label: Text, synonyms: Iterable[str]) -> tuple[str, ...]:
    return tuple(text for text in (*label.values(), *synonyms) if text)


def _spellings(label: Text, synonyms: Iterable[str], name: str) -> tuple[str, set[str]]:
    return name, {normalize_header(text) for text in (*_names(label, synonyms), name)}


def _complain_about_twice(keys: Keys, key: str, spellings: Sequence[tuple[str, set[str]]]) -> None:
    """Two columns, or two categories, that a written word cannot tell apart."""
    owners: dict[str, str] = {}
    for name, texts in spellings:
        for text in sorted(texts):
            if owners.setdefault(text, name) != name:
                keys.complain(
                    f"{key}[{name}]",
                    f"{text!r} also means {owners[text]}",
                    "keep it in one label or list of synonyms",
                )
