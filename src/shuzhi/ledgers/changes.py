"""What happened to the records between two states of the same ledgers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from shuzhi.ledgers.model import FILE, PROVENANCE, RECORD_ID, ROW, SHEET, Ledgers
from shuzhi.packs.model import Pack, Role, Table
from shuzhi.units import UnitTree


class RecordChange(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    MOVED = "moved"  # the record is as it was; the tree around its unit is not


@dataclass(frozen=True, order=True)
class ChangedRecord:
    """One record that is not as it was.

    `unit` is the code it stands under now (before, where it was withdrawn), `cells` what changed:
    (column, before, after) as text, '' for missing; of a moved record ("tree", the units above it
    before, after), codes joined by ›. What persons' columns held is left out. `file`, `sheet` and
    `row` say where it is written now (was, where it was withdrawn).
    """

    table: str
    record: str
    change: RecordChange
    unit: str
    cells: tuple[tuple[str, str, str], ...]
    file: str
    sheet: str
    row: int


def changed_records(old: Ledgers, new: Ledgers, pack: Pack) -> tuple[ChangedRecord, ...]:
    """Every difference, by table, record and kind. `pack` is the new one; a table or a column
    that the old ledgers lack counts as empty there."""
    found = [
        change
        for table in pack.tables.values()
        for change in _changes(table, old, new)
    ]  # fmt: skip
    return tuple(sorted(found))


def _changes(table: Table, old: Ledgers, new: Ledgers) -> Iterator[ChangedRecord]:
    before, after = _by_id(old, table.name), _by_id(new, table.name)
    for record in before.keys() | after.keys():
        was, now = before.get(record), after.get(record)
        if now is None:
            yield _changed(table, was or {}, RecordChange.WITHDRAWN, ())
        elif was is None:
            yield _changed(table, now, RecordChange.ADDED, ())
        else:
            if cells := tuple(_differing_cells(table, was, now)):
                yield _changed(table, now, RecordChange.CHANGED, cells)
            above = _above(table, was, old.units), _above(table, now, new.units)
            if _unit(table, was) == _unit(table, now) and above[0] != above[1]:
                yield _changed(table, now, RecordChange.MOVED, (("tree", *above),))


def _by_id(ledgers: Ledgers, table: str) -> Mapping[str, dict[str, Any]]:
    ledger = ledgers.tables.get(table)
    return {row[RECORD_ID]: row for row in ledger.to_pylist()} if ledger is not None else {}


def _differing_cells(
    table: Table, was: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    for column in table.columns:
        pair = was.get(column.name), now.get(column.name)
        if column.name not in PROVENANCE and pair[0] != pair[1]:
            shown = ("", "") if column.role is Role.PERSON else (_text(pair[0]), _text(pair[1]))
            yield column.name, *shown


def _changed(
    table: Table,
    row: Mapping[str, Any],
    change: RecordChange,
    cells: tuple[tuple[str, str, str], ...],
) -> ChangedRecord:
    return ChangedRecord(
        table.name,
        row[RECORD_ID],
        change,
        _unit(table, row),
        cells,
        row[FILE] or "",
        row[SHEET] or "",
        row[ROW] or 0,
    )


def _above(table: Table, row: Mapping[str, Any], tree: UnitTree) -> str:
    """The units above the record's own on its day, nearest first. Missing: '' where the unit or
    the day is unknown."""
    if table.is_units:
        return ""
    unit, day = _unit(table, row), row[table.date_column.name]
    if not isinstance(day, date) or not unit or not tree.exists(unit, day):
        return ""
    return "›".join(tree.ancestors(unit, day))


def _unit(table: Table, row: Mapping[str, Any]) -> str:
    return row["code" if table.is_units else table.unit_column.name] or ""


def _text(value: object) -> str:
    return "" if value is None else str(value)
