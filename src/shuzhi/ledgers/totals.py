"""Total rows that are not the sum of the rows they total."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from shuzhi.ledgers.headers import Header
from shuzhi.ledgers.rows import RowKind, SortedRows
from shuzhi.ledgers.typed_rows import NOTICES, TypedRows
from shuzhi.ledgers.values import is_blank, parse_number
from shuzhi.ledgers.workbooks import Sheet
from shuzhi.packs.model import Column, ColumnType, Table

_ROUNDING = Decimal("0.001")
_NOT_ADDED_UP = frozenset({"%", "％", "分", "度"})  # rates and scores have no total


@dataclass(frozen=True)
class WrongTotal:
    """A total cell, its row from 0, and what its rows add up to."""

    row: int
    column: str
    raw: object
    sum: Decimal


def find_wrong_totals(
    sheet: Sheet, header: Header, table: Table, rows: SortedRows, typed: TypedRows
) -> Iterator[WrongTotal]:
    """Every number in a total row that is not the sum of its column.

    Refused rows are added too where the cell itself is good: whoever wrote the total saw them.
    Columns with an unreadable number are passed over, and so are blank totals.
    """
    totals = rows.of(RowKind.TOTAL, RowKind.SUBTOTAL)
    if not totals or not typed.numbers:
        return
    unreadable = {bad.column for bad in typed.bad if bad.code not in NOTICES}
    for column in table.columns:
        if column.name not in header.columns or not _adds_up(column) or column.name in unreadable:
            continue
        for row in totals:
            raw = sheet.rows[row][header.columns[column.name]]
            said = parse_number(raw, column).value if not is_blank(raw) else None
            expected = _sum(typed, column.name, row, rows)
            if isinstance(said, int | Decimal) and abs(said - expected) > _ROUNDING:
                yield WrongTotal(row, column.name, raw, expected)


def _adds_up(column: Column) -> bool:
    return column.type in (ColumnType.INTEGER, ColumnType.NUMBER) and not (
        column.uom and column.uom.get("zh") in _NOT_ADDED_UP
    )


def _sum(typed: TypedRows, column: str, row: int, rows: SortedRows) -> Decimal:
    first, last = 0, len(rows.kinds)
    if rows.kinds[row] is RowKind.SUBTOTAL:
        first, last = _group(typed, row, rows)
    return sum(
        (
            Decimal(str(value))
            for number, value in zip(typed.numbers, typed.values[column], strict=True)
            if value is not None and first <= number < last
        ),
        Decimal(0),
    )


def _group(typed: TypedRows, row: int, rows: SortedRows) -> tuple[int, int]:
    """The rows a subtotal adds up: those above it, or below where subtotals come first."""
    subtotals = rows.of(RowKind.SUBTOTAL)
    if subtotals[0] < typed.numbers[0]:
        return row, next((other for other in subtotals if other > row), len(rows.kinds))
    return max((other for other in subtotals if other < row), default=0), row
