"""The data rows of one sheet as typed columns, each cell with its value or its problem.

Columns are parsed one at a time and each distinct cell once: sheets repeat themselves.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from shuzhi.ledgers.dates import DAY
from shuzhi.ledgers.folding import fold
from shuzhi.ledgers.headers import Header
from shuzhi.ledgers.model import FILE, PRECISION, RECORD_ID, ROW, SHEET, arrow_schema
from shuzhi.ledgers.senders import Sender
from shuzhi.ledgers.unit_names import UnitNames
from shuzhi.ledgers.values import NOTHING, Parsed, as_text, is_blank, parse_value, spellings
from shuzhi.ledgers.workbooks import Sheet
from shuzhi.packs.model import Column, ColumnType, Role, Table

NOTICES = frozenset({"date_typed_as_number", "date_imprecise", "approximate_number"})
_ID_LENGTH = 12
_TOKEN_LENGTH = 16


@dataclass(frozen=True, slots=True)
class BadCell:
    """A problem in data row `index` (from 0) of `column`; `read` is what a notice was read as."""

    index: int
    column: str
    code: str
    raw: object
    read: object = None


@dataclass
class TypedRows:
    """Values by column, one per data row; `refused` holds the indexes of rows left out.

    `needs_sender` and `needs_period` say that a blank could not be filled in for want of one.
    """

    numbers: Sequence[int]  # row of the sheet, from 0, per data row
    values: dict[str, list[object]] = field(default_factory=dict)
    precisions: list[str] = field(default_factory=list)
    bad: list[BadCell] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    needs_sender: bool = False
    needs_period: bool = False


def type_rows(
    sheet: Sheet,
    header: Header,
    table: Table,
    numbers: Sequence[int],
    sender: Sender,
    names: UnitNames | None,
    person_key: bytes,
) -> TypedRows:
    """The rows `numbers` (from 0) of a sheet as typed columns.

    `names` is None only while the table of units itself is read.
    """
    typed = TypedRows(numbers, precisions=[DAY] * len(numbers))
    date_column = table.column_with(Role.DATE)
    ordered = sorted(table.columns, key=lambda column: column is not date_column)
    for column in ordered:
        raws = raw_cells(sheet, header, column, numbers)
        days: Sequence[object] = (
            typed.values[date_column.name] if (date_column and column is not date_column) else ()
        )
        parsed = _parse_column(sheet, header, column, raws, numbers, days, sender, names)
        _fill_and_note(typed, column, raws, parsed, sender)
        if column is date_column:
            typed.precisions = [cell.precision or DAY for cell in parsed]
        if column.role is Role.PERSON:
            typed.values[column.name] = _tokens(typed.values[column.name], person_key)
    return typed


def raw_cells(sheet: Sheet, header: Header, column: Column, numbers: Sequence[int]) -> list[object]:
    """What stands in a column in the rows `numbers` (from 0); a text merged over rows in each."""
    position = header.columns.get(column.name)
    if position is None:
        return [None] * len(numbers)
    raws = [sheet.rows[number][position] for number in numbers]
    if column.type in (ColumnType.INTEGER, ColumnType.NUMBER) or not sheet.merged:
        return raws  # a number merged over rows is one number, not one each
    index_of = {number: index for index, number in enumerate(numbers)}
    for (top, left), (bottom, right) in sheet.merged:
        if top > header.last_row and bottom > top and left <= position <= right:
            first = sheet.rows[top][left] if top < len(sheet.rows) else ""
            for number in range(top, min(bottom + 1, len(sheet.rows))):
                if number in index_of:
                    raws[index_of[number]] = first
    return raws


def _parse_column(
    sheet: Sheet,
    header: Header,
    column: Column,
    raws: Sequence[object],
    numbers: Sequence[int],
    days: Sequence[object],
    sender: Sender,
    names: UnitNames | None,
) -> list[Parsed]:
    if column.role in (Role.UNIT, Role.UNIT_REF) and names is not None:
        parsed = _resolve_units(raws, days, sender, names)
    else:
        categories = spellings(column)
        parsed = _each_once(raws, lambda raw: parse_value(raw, column, sender.year, categories))
    position = header.columns.get(column.name)
    if position is not None and (sheet.errors or sheet.unvalued):
        for index, number in enumerate(numbers):
            if (number, position) in sheet.errors:
                parsed[index] = Parsed(None, "error_value")
            elif (number, position) in sheet.unvalued:
                parsed[index] = Parsed(None, "formula_without_value")
    return parsed


def _each_once(raws: Sequence[object], parse: Callable[[object], Parsed]) -> list[Parsed]:
    seen: dict[object, Parsed] = {}
    parsed = []
    for raw in raws:
        key = (bool, raw) if raw is True or raw is False else raw
        cell = seen.get(key)
        if cell is None:
            cell = seen[key] = parse(raw)
        parsed.append(cell)
    return parsed


def _resolve_units(
    raws: Sequence[object], days: Sequence[object], sender: Sender, names: UnitNames
) -> list[Parsed]:
    fallback = sender.period.last_day if sender.period else None
    timeless: dict[object, Parsed] = {}
    parsed = []
    for index, raw in enumerate(raws):
        cell = timeless.get(raw)
        if cell is None:
            if is_blank(raw):
                cell = timeless[raw] = NOTHING
            else:
                day = days[index] if days else None
                on = day if isinstance(day, date) else fallback
                found = names.resolve(as_text(raw), on, sender.unit)
                cell = Parsed(found.code or None, found.problem)
                if found.is_timeless:
                    timeless[raw] = cell
        parsed.append(cell)
    return parsed


def _fill_and_note(
    typed: TypedRows,
    column: Column,
    raws: Sequence[object],
    parsed: Sequence[Parsed],
    sender: Sender,
) -> None:
    fill: object = None
    if column.default == "sender":
        fill = sender.unit or None
    elif column.default == "period_end":
        fill = sender.period.last_day if sender.period else None
    values: list[object] = [cell.value for cell in parsed]
    for index, cell in enumerate(parsed):
        if cell.problem:
            typed.bad.append(BadCell(index, column.name, cell.problem, raws[index], cell.value))
            if cell.problem not in NOTICES:
                typed.refused.add(index)
        elif cell.value is None and column.default and fill is not None:
            values[index] = fill
        elif cell.value is None and column.required:
            typed.refused.add(index)
            typed.needs_sender |= column.default == "sender"
            typed.needs_period |= column.default == "period_end"
            if not column.default:
                typed.bad.append(BadCell(index, column.name, "missing_required", raws[index]))
    typed.values[column.name] = values


def _tokens(values: Sequence[object], key: bytes) -> list[object]:
    """Persons as tokens that only the holder of `key` can tie to a name."""
    tokens: dict[str, str] = {}
    for name in {value for value in values if isinstance(value, str)}:
        digest = hmac.new(key, fold(name).encode(), hashlib.sha256).hexdigest()
        tokens[name] = digest[:_TOKEN_LENGTH]
    return [tokens[value] if isinstance(value, str) else None for value in values]


def to_arrow(typed: TypedRows, table: Table, file: str, sheet: str) -> pa.Table:
    """The rows kept, in the ledger's schema.

    Shape: one row per data row that is not refused. `_id` does not yet tell repeats apart.
    """
    kept = [index for index in range(len(typed.numbers)) if index not in typed.refused]
    schema = arrow_schema(table)
    columns: dict[str, list[object]] = {
        column.name: [typed.values[column.name][index] for index in kept]
        for column in table.columns
    }
    columns[RECORD_ID] = base_ids(table, columns, len(kept))
    columns[PRECISION] = [typed.precisions[index] for index in kept]
    columns[FILE] = [file] * len(kept)
    columns[SHEET] = [sheet] * len(kept)
    columns[ROW] = [typed.numbers[index] + 1 for index in kept]
    return pa.Table.from_arrays(
        [pa.array(columns[name], schema.field(name).type) for name in schema.names], schema=schema
    )


def base_ids(table: Table, columns: Mapping[str, list[object]], height: int) -> list[object]:
    """The id of each of the records, before repeats are told apart: its own number, else a hash of
    its key."""
    id_column = table.column_with(Role.ID)
    own = columns[id_column.name] if id_column else [None] * height
    keys = table.primary_key or tuple(column.name for column in table.columns)
    key_columns = [columns[name] for name in keys]
    return [
        given if given is not None else _hash_key(table.name, key)
        for given, key in zip(own, zip(*key_columns, strict=True), strict=True)
    ]


def _hash_key(table: str, key: tuple[object, ...]) -> str:
    text = "\x1f".join([table, *("" if part is None else str(part) for part in key)])
    return hashlib.sha256(text.encode()).hexdigest()[:_ID_LENGTH]
