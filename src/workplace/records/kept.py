"""A record as it is kept: what JSON can hold, and where it was written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from shuzhi.packs.model import Role, Table
from shuzhi.pipeline import ReadValues
from shuzhi.units import UnitTree
from workplace.records.words import words_of

KEY, PRECISION, FILE, SHEET, ROW = "_id", "_precision", "_file", "_sheet", "_row"


@dataclass(frozen=True)
class Place:
    """The line of a file in which a record stood; empty for what was typed into a form."""

    file_name: str = ""
    sheet: str = ""
    row: int = 0


@dataclass(frozen=True)
class Kept:
    """One record before it is in the database. `data` leaves out what holds nothing."""

    key: str
    unit: str
    day: date | None
    precision: str
    data: Mapping[str, Any]
    words: str
    place: Place

    def with_key(self, key: str) -> "Kept":
        """The same under another key."""
        return replace(self, key=key)


def kept(
    table: Table, values: ReadValues | Mapping[str, Any], tree: UnitTree, place: Place | None = None
) -> Kept:
    """A record as `read_values` or `json_rows` of the pipeline hand it on.

    Raises: ValueError for values that the engine refused, which are no record.
    """
    if isinstance(values, ReadValues):
        if values.is_refused:
            raise ValueError(f"{table.name}: the engine refused these values")
        values = {
            **values.values,
            KEY: values.record_id,
            PRECISION: values.precision,
        }
    columns = {column.name for column in table.columns}
    data = {
        name: as_json(value)
        for name, value in values.items()
        if name in columns and value is not None
    }
    return Kept(
        key=str(values[KEY]),
        unit=_in(table, Role.UNIT, data) or "",
        day=_day(_in(table, Role.DATE, data)),
        precision=values.get(PRECISION) or "day",
        data=data,
        words=words_of(table, data, tree),
        place=place or Place(values.get(FILE) or "", values.get(SHEET) or "", values.get(ROW) or 0),
    )


def as_json(value: Any) -> Any:
    """A typed value as JSON holds it: days as ISO texts, decimals as texts without spare zeros."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value


def _in(table: Table, role: Role, data: Mapping[str, Any]) -> Any:
    column = table.column_with(role)
    return data.get(column.name) if column else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
