"""Measures: what an indicator computes over the rows of one table."""

from collections.abc import Mapping

from shuzhi.packs.keys import Keys
from shuzhi.packs.model import Column, ColumnType, Measure, MeasureKind, Role, Table
from shuzhi.packs.predicates import Predicate, PredicateRefused, parse_predicate
from shuzhi.packs.suggestions import suggest

_NUMERIC = (ColumnType.INTEGER, ColumnType.NUMBER)
_OF_A_NUMBER = ("sum", "average", "median", "min", "max", "last")
_KINDS = ("count", *_OF_A_NUMBER, "distinct", "share_of", "stock")
MEASURE_KEYS = ("table", "where", "date", *_KINDS)


def build_measure(keys: Keys, tables: Mapping[str, Table]) -> Measure | None:
    """The measure that an indicator's keys describe; None where they describe none."""
    table = _table(keys, tables)
    kind = _kind(keys)
    if table is None or kind is None:
        return None
    return Measure(
        kind=MeasureKind.SHARE if kind == "share_of" else MeasureKind(kind),
        table=table.name,
        date=_day_column(keys, table),
        column=_measured_column(keys, kind, table),
        where=_where(keys, kind, table),
        share_of=_predicate(keys, "share_of", table) if kind == "share_of" else None,
        ends=_ends(keys, table) if kind == "stock" else "",
    )


def _table(keys: Keys, tables: Mapping[str, Table]) -> Table | None:
    if not any(key in keys.values for key in MEASURE_KEYS):
        return None
    name = keys.text("table")
    if name and name not in tables:
        keys.complain("table", f"{name!r} is no table of the pack", suggest(name, tables))
    return tables.get(name)


def _kind(keys: Keys) -> str | None:
    kinds = [kind for kind in _KINDS if kind in keys.values]
    if len(kinds) == 1:
        return kinds[0]
    if "table" in keys.values:
        found = " and ".join(kinds) or "no measure"
        keys.complain(kinds[0] if kinds else "", f"{found} is given",
                      f"give exactly one of {', '.join(_KINDS)}")  # fmt: skip
    return None


def _measured_column(keys: Keys, kind: str, table: Table) -> str:
    if kind == "count" and not keys.flag("count"):
        keys.complain("count", "it is not true", "write count = true, or choose another measure")
    if kind in ("count", "share_of", "stock"):
        return ""
    column = _column(keys, kind, table)
    if column is None:
        return ""
    if kind != "distinct":
        _require_number(keys, kind, column)
    elif column.role is Role.TEXT:
        keys.complain(kind, f"{column.name} holds long texts", "count something else")
    return column.name


def _require_number(keys: Keys, kind: str, column: Column) -> None:
    # A person's column is refused by the guard, with the reason.
    if column.type not in _NUMERIC and column.role is not Role.PERSON:
        keys.complain(
            kind, f"{column.name} is of type {column.type}, which has no {kind}",
            "name a column of numbers, or use count = true or distinct",
        )  # fmt: skip


def _column(keys: Keys, key: str, table: Table) -> Column | None:
    columns = {column.name: column for column in table.columns}
    name = keys.text(key)
    if name and name not in columns:
        keys.complain(key, f"{name!r} is no column of {table.name}", suggest(name, columns))
    return columns.get(name)


def _day_column(keys: Keys, table: Table) -> str:
    """The column that places a row in a period."""
    if "date" in keys.values:
        return _column_of_days(keys, "date", table)
    event = table.column_with(Role.DATE)
    if event is not None and table.column_with(Role.UNIT) is not None:
        return event.name
    if table.is_units:
        keys.complain(
            "table", f"{table.name} is the tree of units", 'write formula = "units_below(level)"'
        )
    return ""


def _column_of_days(keys: Keys, key: str, table: Table) -> str:
    column = _column(keys, key, table)
    if column is None:
        return ""
    if column.type is not ColumnType.DATE:
        keys.complain(key, f"{column.name} is of type {column.type}", "name a column of dates")
    return column.name


def _ends(keys: Keys, table: Table) -> str:
    stock = keys.part("stock")
    stock.refuse_unknown(("ends",))
    ends = _column_of_days(stock, "ends", table)
    if ends and ends == _begins(keys, table):
        stock.complain("ends", f"{ends} is also where a row begins", "name the column of its end")
    return ends


def _begins(keys: Keys, table: Table) -> str:
    event = table.column_with(Role.DATE)
    return str(keys.values.get("date", event.name if event else ""))


def _where(keys: Keys, kind: str, table: Table) -> Predicate | None:
    if "where" in keys.values:
        return _predicate(keys, "where", table)
    if kind == "share_of":
        keys.complain("where", "a share without it is always 100", "say which rows are the part")
    return None


def _predicate(keys: Keys, key: str, table: Table) -> Predicate | None:
    text = keys.values.get(key)
    if not isinstance(text, str):
        keys.complain(key, "it is no text", "write a condition in quotes")
        return None
    columns = {column.name: column.type for column in table.columns}
    person = [column.name for column in table.columns if column.role is Role.PERSON]
    values = {c.name: tuple(v.value for v in c.categories) for c in table.columns if c.categories}
    try:
        return parse_predicate(text, columns, person, values)
    except PredicateRefused as refused:
        keys.complain(key, refused.what, refused.remedy)
        return None
