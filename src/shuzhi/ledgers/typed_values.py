"""Records typed into a form on a page, read by the rules that cells of a workbook are read by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shuzhi.errors import UserError
from shuzhi.ledgers.cell_problems import CellPlace, cell_problem
from shuzhi.ledgers.headers import Header
from shuzhi.ledgers.known_records import refuse_unknown_unit
from shuzhi.ledgers.model import Problem
from shuzhi.ledgers.senders import Sender
from shuzhi.ledgers.typed_rows import BadCell, TypedRows, base_ids, type_rows
from shuzhi.ledgers.unit_names import UnitNames
from shuzhi.ledgers.workbooks import Sheet
from shuzhi.packs.model import Pack, Table
from shuzhi.packs.suggestions import suggest
from shuzhi.periods import Period
from shuzhi.units import UnitTree


@dataclass(frozen=True)
class ReadValues:
    """One record as it was typed.

    `values` has every column of the table, as str, int, Decimal, bool or date; units are codes,
    persons tokens. `precision` is that of the event's day. `problems` are by column. `record_id`
    is what the reader would give it, before repeats are told apart. Missing: None, the field held
    nothing or cannot be read; '', the record is refused and has no id.
    """

    values: Mapping[str, Any]
    precision: str
    record_id: str
    problems: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)

    @property
    def is_refused(self) -> bool:
        """Whether the record can be no row of a ledger as it stands; notices do not refuse it."""
        return not self.record_id


def read_values(
    pack: Pack,
    table: str,
    values: Mapping[str, object],
    units: UnitTree,
    *,
    unit: str = "",
    period: Period | None = None,
    person_key: bytes = b"",
    lang: str = "zh",
) -> ReadValues:
    """One record as typed into a form by `unit` for `period`; see `read_many_values`."""
    return read_many_values(
        pack, table, [values], units, unit=unit, period=period, person_key=person_key, lang=lang
    )[0]


def read_many_values(
    pack: Pack,
    table: str,
    values: Sequence[Mapping[str, object]],
    units: UnitTree,
    *,
    unit: str = "",
    period: Period | None = None,
    aliases: Mapping[str, str] | None = None,
    person_key: bytes = b"",
    lang: str = "zh",
) -> list[ReadValues]:
    """Records as typed into forms by `unit` for `period`, each a text by column.

    What has its type already (a number, a day, a category's value, a unit's code) is taken as it
    is. `aliases` maps confirmed spellings of units to codes. Missing: a column that is not named
    holds nothing; '' and None, nobody is known to have sent it, or for no known period.

    Raises: UserError where the pack has no such table or column, or the tree no such unit.
    """
    whole = _table(pack, table)
    _refuse_unknown_columns(whole, values)
    if unit:
        refuse_unknown_unit(units, unit)
    names = UnitNames(units, aliases)
    typed = _as_sheet(whole, values, Sender(unit, period), names, person_key)
    problems = _problems(whole, typed, names, lang)
    ids = base_ids(whole, typed.values, len(values))
    return [
        ReadValues(
            {column.name: typed.values[column.name][index] for column in whole.columns},
            typed.precisions[index],
            "" if index in typed.refused else str(ids[index]),
            {name: tuple(found) for name, found in problems.get(index, {}).items()},
        )
        for index in range(len(values))
    ]


def _table(pack: Pack, name: str) -> Table:
    if name not in pack.tables:
        raise UserError(f"the pack has no table {name!r}; {suggest(name, pack.tables)}")
    return pack.tables[name]


def _refuse_unknown_columns(table: Table, values: Sequence[Mapping[str, object]]) -> None:
    known = {column.name for column in table.columns}
    for name in sorted(set().union(*values) - known):
        raise UserError(f"{table.name} has no column {name!r}; {suggest(name, known)}")


def _as_sheet(
    table: Table, values: Sequence[Mapping[str, object]], sender: Sender, names: UnitNames,
    person_key: bytes,
) -> TypedRows:  # fmt: skip
    """The values as the rows of a sheet that has every column, and no header above them."""
    columns = [column.name for column in table.columns]
    header = Header(
        table.name,
        -1,
        -1,
        {name: at for at, name in enumerate(columns)},
        {},
        (),
        0,
        len(columns),
        -1,
    )
    rows = [[_as_cell(record.get(name)) for name in columns] for record in values]
    numbers = range(len(rows))
    return type_rows(Sheet("", rows), header, table, numbers, sender, names, person_key)


def _as_cell(value: object) -> object:
    """A value as a cell can hold it."""
    is_cell = value is None or isinstance(value, str | int | float | date)
    return value if is_cell else str(value)


def _problems(
    table: Table, typed: TypedRows, names: UnitNames, lang: str
) -> dict[int, dict[str, list[Problem]]]:
    """By record, then by column."""
    found: dict[int, dict[str, list[Problem]]] = {}
    for bad in [*typed.bad, *_not_filled_in(table, typed)]:
        column = table.column(bad.column)
        place = CellPlace(column.label[lang])
        problem = cell_problem(bad, column, place, names, lang)
        found.setdefault(bad.index, {}).setdefault(bad.column, []).append(problem)
    return found


def _not_filled_in(table: Table, typed: TypedRows) -> list[BadCell]:
    """Blanks that sender or period would have filled, had they been known."""
    said = {(bad.index, bad.column) for bad in typed.bad}
    return [
        BadCell(index, column.name, "missing_required", None)
        for column in table.columns
        if column.required and column.default
        for index, value in enumerate(typed.values[column.name])
        if value is None and (index, column.name) not in said
    ]
