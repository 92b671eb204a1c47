"""A workbook with cells put right beside it: the file stays as it was sent, reading it does not."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import isfinite
from pathlib import Path, PurePosixPath

from xlsxwriter.utility import xl_cell_to_rowcol

from shuzhi.ledgers.headers import Header
from shuzhi.ledgers.limits import FileRefused
from shuzhi.ledgers.model import Ledgers, Severity, SheetAccount
from shuzhi.ledgers.typed_rows import raw_cells
from shuzhi.ledgers.values import as_text
from shuzhi.ledgers.workbooks import Sheet, read_workbook
from shuzhi.packs.model import Column, ColumnType, Pack, Role

Mends = Mapping[tuple[str, str], str]  # sheet and address of a cell → the text to read in its place
NO_MENDS: Mends = {}

Found = str | int | float | bool | None  # what JSON can hold of a cell


@dataclass(frozen=True)
class RowAsFound:
    """A line of a sheet before it was read: `values` by column, as `read_values` takes them.

    `row` counts from 1. A name in a column of persons is a dot. Missing: None, the cell is empty,
    or its formula was saved without a value.
    """

    table: str
    sheet: str
    row: int
    values: Mapping[str, Found]


def with_mends(sheets: Sequence[Sheet], mends: Mends) -> list[Sheet]:
    """The sheets with the texts of `mends` in their cells; the sheets given are not changed."""
    by_sheet: dict[str, dict[tuple[int, int], str]] = {}
    for (sheet, cell), text in mends.items():
        by_sheet.setdefault(sheet, {})[xl_cell_to_rowcol(cell)] = text
    return [
        _mended(sheet, by_sheet[sheet.name]) if sheet.name in by_sheet else sheet
        for sheet in sheets
    ]


def _mended(sheet: Sheet, texts: Mapping[tuple[int, int], str]) -> Sheet:
    rows = list(sheet.rows)
    touched = {row for row, _ in texts}
    merged = []
    for (top, left), (bottom, right) in sheet.merged:
        # what one row of a merged cell says anew, the others do not
        if touched & set(range(top, bottom + 1)) and _is_within(texts, top, left, bottom, right):
            first = rows[top][left]
            for number in range(top, min(bottom + 1, len(rows))):
                rows[number] = [
                    first if left <= at <= right else cell for at, cell in enumerate(rows[number])
                ]
        else:
            merged.append(((top, left), (bottom, right)))
    for (number, at), text in texts.items():
        if number < len(rows) and at < len(rows[number]):
            rows[number] = [*rows[number][:at], text, *rows[number][at + 1 :]]
    return replace(
        sheet,
        rows=rows,
        merged=merged,
        errors={place: error for place, error in sheet.errors.items() if place not in texts},
        unvalued=sheet.unvalued - texts.keys(),
    )


def _is_within(
    texts: Mapping[tuple[int, int], str], top: int, left: int, bottom: int, right: int
) -> bool:
    return any(top <= row <= bottom and left <= at <= right for row, at in texts)


def rows_in_doubt(path: Path, pack: Pack, ledgers: Ledgers, *, file: str) -> list[RowAsFound]:
    """The rows of a file in whose cells the reading found problems, as they stand there.

    Shape: one per row that has a problem at a row (refused or to be confirmed), in the order of
    the sheets. Missing: [] where the file cannot be opened any more.
    """
    wanted: dict[str, set[int]] = {}
    for problem in ledgers.problems:
        if problem.file == file and problem.row and problem.severity is not Severity.FILE:
            wanted.setdefault(problem.sheet, set()).add(problem.row)
    accounts = {
        account.sheet: account
        for account in ledgers.sheets
        if account.file == file and account.table in pack.tables
    }
    if not wanted:
        return []
    try:
        sheets = read_workbook(path, PurePosixPath(file))
    except FileRefused:
        return []
    return [
        row
        for sheet in sheets
        if sheet.name in accounts
        for row in _as_found(sheet, accounts[sheet.name], pack, wanted.get(sheet.name, ()))
    ]


def _as_found(
    sheet: Sheet, account: SheetAccount, pack: Pack, rows: Collection[int]
) -> list[RowAsFound]:
    table = pack.tables[account.table]
    numbers = sorted(row - 1 for row in rows)
    positions = {
        name: xl_cell_to_rowcol(f"{letters}1")[1] for name, letters in account.columns.items()
    }
    header = Header(
        table.name, account.header_rows[0] - 1, account.header_rows[-1] - 1, positions, {}, (),
        min(positions.values()), max(positions.values()) + 1, -1,
    )  # fmt: skip
    found: list[dict[str, Found]] = [{} for _ in numbers]
    for column in table.columns:
        if column.name not in positions:
            continue
        at = positions[column.name]
        for index, raw in enumerate(raw_cells(sheet, header, column, numbers)):
            error = sheet.errors.get((numbers[index], at))
            found[index][column.name] = error or _plain(raw, column)
    return [
        RowAsFound(table.name, sheet.name, number + 1, values)
        for number, values in zip(numbers, found, strict=True)
    ]


def _plain(raw: object, column: Column) -> Found:
    if raw is None or raw == "":
        return None
    if column.role is Role.PERSON:
        return "●"
    if isinstance(raw, datetime) and column.type is ColumnType.DATE:
        return raw.date().isoformat()
    if isinstance(raw, bool | int) or (isinstance(raw, float) and isfinite(raw)):
        return raw
    if isinstance(raw, str):
        return raw.replace("\x00", "")
    return raw.isoformat() if type(raw) is date else as_text(raw)
