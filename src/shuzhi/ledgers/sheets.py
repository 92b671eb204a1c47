"""One sheet read: its table, its rows, its problems, and what its sender answers with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import pyarrow as pa

from shuzhi.ledgers.cell_problems import CellPlace, cell_problem
from shuzhi.ledgers.form_sheets import OWN_SHEETS
from shuzhi.ledgers.headers import Header, HeaderDictionary, find_header, title_texts
from shuzhi.ledgers.messages import NO_SUGGESTION, Suggestion, make_problem
from shuzhi.ledgers.model import Problem, Return, ReturnState, SheetAccount
from shuzhi.ledgers.receipts import Receipt
from shuzhi.ledgers.rows import RowKind, SortedRows, sort_rows
from shuzhi.ledgers.senders import Sender, find_sender
from shuzhi.ledgers.totals import find_wrong_totals
from shuzhi.ledgers.typed_rows import BadCell, TypedRows, to_arrow, type_rows
from shuzhi.ledgers.unit_names import UnitNames
from shuzhi.ledgers.values import as_text, is_blank
from shuzhi.ledgers.workbooks import Sheet
from shuzhi.packs.model import Pack, Role, Table
from shuzhi.periods import calendar_periods


@dataclass(frozen=True)
class Reader:
    """What is needed to read any sheet of a source. `names` is None while units are read."""

    pack: Pack
    dictionary: HeaderDictionary
    names: UnitNames | None
    lang: str
    person_key: bytes


@dataclass(frozen=True)
class SheetReading:
    """What one sheet gave. `rows` is None where nothing of it is in a ledger."""

    account: SheetAccount
    rows: pa.Table | None = None
    returns: Sequence[Return] = ()
    problems: Sequence[Problem] = ()


@dataclass(frozen=True)
class _Place:
    """A sheet with its header, as the functions below hand it on."""

    file: str
    sheet: Sheet
    header: Header
    table: Table
    reader: Reader

    def problem(
        self,
        code: str,
        row: int = 0,
        column: str = "",
        *,
        cell: str = "",
        value: str = "",
        suggestion: Suggestion = NO_SUGGESTION,
        facts: Mapping[str, str | int] | None = None,
    ) -> Problem:
        return make_problem(
            code, self.reader.lang, self.file, self.sheet.name, row, column,
            cell=cell, value=value, suggestion=suggestion, facts=facts,
        )  # fmt: skip

    def cell(self, row: int, position: int) -> str:
        return f"{column_letters(position)}{row + 1}"


def read_sheet(
    file: str,
    sheet: Sheet,
    reader: Reader,
    receipt: Receipt | None = None,
    form: Sequence[str] = (),
) -> SheetReading:
    """The rows, returns and problems of one sheet."""
    stem = PurePosixPath(file).stem
    if sheet.name in OWN_SHEETS:
        return _passed_over(file, sheet)
    header = find_header(sheet, reader.dictionary, (sheet.name, stem))
    if header is None:
        if not sheet.is_visible or not sheet.has_content:
            return _passed_over(file, sheet)
        return _unrecognised(file, sheet, reader)
    place = _Place(file, sheet, header, reader.pack.tables[header.table], reader)
    sender = Sender("", None)
    if reader.names is not None:
        titles = title_texts(sheet, header)
        sender = find_sender(file, sheet.name, titles, receipt or Receipt(), form, reader.names)
    return _read_table(place, sender)


def _read_table(place: _Place, sender: Sender) -> SheetReading:
    unit_column = place.table.column_with(Role.UNIT)
    rows = sort_rows(
        place.sheet,
        place.header,
        place.header.columns.get(unit_column.name, -1) if unit_column else -1,
        unit_is_sender=unit_column is not None and unit_column.default == "sender",
    )
    problems = list(_header_problems(place))
    missing = list(_missing_headers(place))
    numbers = rows.of(RowKind.DATA)
    if missing:
        account = _account(place, rows, refused=len(numbers))
        return SheetReading(account, problems=problems + missing)
    typed = type_rows(
        place.sheet, place.header, place.table, numbers, sender, place.reader.names,
        place.reader.person_key,
    )  # fmt: skip
    answered = rows.of(RowKind.DATA, RowKind.NIL, RowKind.NOT_APPLICABLE)
    if not answered:
        problems.append(place.problem("sheet_empty"))
    problems += _cell_problems(place, typed)
    problems += _total_problems(place, rows, typed)
    problems += _sender_problems(place, sender, typed, has_answer=bool(answered))
    return SheetReading(
        _account(place, rows, refused=len(typed.refused)),
        to_arrow(typed, place.table, place.file, place.sheet.name),
        _returns(place, rows, sender),
        problems,
    )


def _returns(place: _Place, rows: SortedRows, sender: Sender) -> list[Return]:
    asked = place.table.asked
    if rows.of(RowKind.DATA):
        state = ReturnState.ROWS
    elif rows.of(RowKind.NOT_APPLICABLE):
        state = ReturnState.NOT_APPLICABLE
    elif rows.of(RowKind.NIL):
        state = ReturnState.NIL
    else:
        return []
    if not asked.levels or not sender.unit or sender.period is None:
        return []
    reason = rows.reason if state is ReturnState.NOT_APPLICABLE else ""
    return [
        Return(place.table.name, sender.unit, period.name, state, place.file, place.sheet.name,
               sender.received_on, reason)
        for period in calendar_periods(asked.every, sender.period.start, sender.period.end)
    ]  # fmt: skip


def _sender_problems(
    place: _Place, sender: Sender, typed: TypedRows, *, has_answer: bool
) -> list[Problem]:
    is_asked = bool(place.table.asked.levels) and has_answer and place.reader.names is not None
    codes = []
    if not sender.unit and (is_asked or typed.needs_sender):
        codes.append("sender_unknown")
    if sender.period is None and (is_asked or typed.needs_period):
        codes.append("period_unknown")
    return [place.problem(code) for code in codes]


def _header_problems(place: _Place) -> list[Problem]:
    header = place.header
    return [
        place.problem(
            "header_unknown", row=header.last_row + 1, column=text, value=text,
            cell=place.cell(header.last_row, position),
            suggestion=place.reader.dictionary.suggest_column(text, header),
        )
        for position, text in header.unknown
    ]  # fmt: skip


def _missing_headers(place: _Place) -> list[Problem]:
    return [
        place.problem("header_missing", column=column.label["zh"])
        for column in place.table.columns
        if column.required and not column.default and column.name not in place.header.columns
    ]


def _cell_problems(place: _Place, typed: TypedRows) -> list[Problem]:
    return [_cell_problem(place, typed, bad) for bad in typed.bad]


def _cell_problem(place: _Place, typed: TypedRows, bad: BadCell) -> Problem:
    row = typed.numbers[bad.index]
    position = place.header.columns[bad.column]
    at = CellPlace(
        place.header.written[bad.column], place.file, place.sheet.name, row + 1,
        place.cell(row, position),
    )  # fmt: skip
    column, reader = place.table.column(bad.column), place.reader
    error = place.sheet.errors.get((row, position), "")
    return cell_problem(bad, column, at, reader.names, reader.lang, error)


def _total_problems(place: _Place, rows: SortedRows, typed: TypedRows) -> list[Problem]:
    header = place.header
    return [
        place.problem(
            "total_disagrees", row=wrong.row + 1, column=header.written[wrong.column],
            cell=place.cell(wrong.row, header.columns[wrong.column]), value=as_text(wrong.raw),
            facts={"sum": f"{wrong.sum.normalize():f}"},
        )
        for wrong in find_wrong_totals(place.sheet, header, place.table, rows, typed)
    ]  # fmt: skip


def _account(place: _Place, rows: SortedRows, *, refused: int) -> SheetAccount:
    data = len(rows.of(RowKind.DATA))
    header = place.header
    return SheetAccount(
        place.file,
        place.sheet.name,
        place.table.name,
        tuple(range(header.first_row + 1, header.last_row + 2)),
        {name: column_letters(position) for name, position in header.columns.items()},
        read=data + rows.recognised,
        kept=data - refused,
        refused=refused,
        recognised=rows.recognised,
    )


def _filled_rows(sheet: Sheet) -> int:
    return sum(any(not is_blank(cell) for cell in row) for row in sheet.rows)


def _passed_over(file: str, sheet: Sheet) -> SheetReading:
    filled = _filled_rows(sheet)
    return SheetReading(SheetAccount(file, sheet.name, "", (), {}, filled, 0, 0, filled))


def _unrecognised(file: str, sheet: Sheet, reader: Reader) -> SheetReading:
    filled = _filled_rows(sheet)
    stem = PurePosixPath(file).stem
    texts = [*title_texts(sheet, None), sheet.name, stem]
    problem = make_problem(
        "sheet_unrecognised", reader.lang, file, sheet.name,
        suggestion=reader.dictionary.suggest_table(texts),
    )  # fmt: skip
    account = SheetAccount(file, sheet.name, "", (), {}, filled, 0, filled, 0)
    return SheetReading(account, problems=[problem])


def column_letters(position: int) -> str:
    """The letters of a column counted from 0: 0 → A, 26 → AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
