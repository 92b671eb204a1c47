"""What the county's clerks have in hand before they write: records, and the sheets they go in."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Value = str | int | Decimal | bool | date | None


@dataclass(frozen=True)
class Formula:
    """A formula that was saved without the value it comes to."""

    text: str


Cell = str | int | float | date | Formula | None


@dataclass(frozen=True)
class Odd:
    """A cell that is not written as the hand would: `code` names the problem it must give.

    `refused` takes the whole row out of the ledger, and so out of the truth.
    """

    cell: Cell
    code: str = ""
    refused: bool = False


@dataclass(frozen=True)
class Flagged:
    """A check that must fire on a record, with the column it asks about ('' for the row)."""

    check: str
    column: str = ""


@dataclass(eq=False)
class Record:
    """One true business fact, and how it is to be written.

    `period` names the sheet it is sent in, which need not hold its date. `odd` maps columns to
    cells that are written otherwise than the sender's hand would.
    """

    table: str
    sender: str
    period: str
    values: dict[str, Value]
    odd: dict[str, Odd] = field(default_factory=dict)
    flags: list[Flagged] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        return any(odd.refused for odd in self.odd.values())

    def day(self, column: str) -> date:
        """The date in `column`, which must hold one."""
        value = self.values[column]
        assert isinstance(value, date), (self.table, column, value)
        return value


@dataclass(frozen=True)
class Answer:
    """What one sender says to one table for one period: "rows", "nil" or "not_applicable"."""

    table: str
    sender: str
    period: str
    state: str
    records: tuple[Record, ...] = ()
    reason: str = ""
    oddity: str = ""  # "wrong_total", "unknown_column", "aliased_header", "only_header" or ""


@dataclass(frozen=True)
class Planted:
    """One error of truth.json. `row` counts from 1 and is 0 for a whole file or sheet."""

    file: str
    sheet: str
    row: int
    column: str
    code: str
    extra: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, str | int]:
        place: dict[str, str | int] = {
            "file": self.file,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "code": self.code,
        }
        return place | dict(self.extra)
