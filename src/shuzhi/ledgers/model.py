"""What the first stage hands on: typed tables, and an account of every row that was sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import pyarrow as pa

from shuzhi.packs.model import ColumnType, Table
from shuzhi.units import UnitTree

# Columns every ledger has beside those of its table.
RECORD_ID = "_id"  # stable: the id column's value, else a hash of the primary key (+ "-2", "-3" …)
PRECISION = "_precision"  # of the event day: "day", "ten_days" (旬) or "month"
FILE, SHEET, ROW = "_file", "_sheet", "_row"  # where it was written; ROW counts from 1
PROVENANCE = (RECORD_ID, PRECISION, FILE, SHEET, ROW)

DECIMAL = pa.decimal128(18, 4)
_ARROW_TYPES: Mapping[ColumnType, pa.DataType] = {
    ColumnType.STRING: pa.string(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.NUMBER: DECIMAL,
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.DATE: pa.date32(),
}


def arrow_schema(table: Table) -> pa.Schema:
    """The Arrow schema of a ledger: the table's columns in order, then PROVENANCE.

    Missing: null in a column means the cell held nothing, / or -. Unit columns hold codes.
    """
    fields = [pa.field(column.name, _ARROW_TYPES[column.type]) for column in table.columns]
    fields += [pa.field(name, pa.string()) for name in PROVENANCE[:-1]]
    return pa.schema([*fields, pa.field(ROW, pa.int32())])


class Severity(StrEnum):
    REFUSED = "refused"  # the row is not in the ledger
    NOTICE = "notice"  # the row is in the ledger; somebody should confirm the value
    FILE = "file"  # a whole file or sheet could not be read, or holds nothing


@dataclass(frozen=True, order=True)
class Problem:
    """What makes a row unreadable or a value unsure.

    `row` counts from 1 and is 0 for a whole file or sheet; `column` is the header as written
    ('' for the whole row); `cell` its address ("C12", '' where there is none); `value` the text
    as found. `code` is stable (docs/reference/problems.md); `message` says what is wrong and
    `remedy` what to do, both in the language asked for; `facts` are what they were filled in with,
    so that they can be said in another. `suggestion` is what an alias for `value`
    would stand for: "table.column", or a unit's code. Missing: '' where nothing is near, or in a
    problem of a sealed edition, which is past confirming.
    """

    file: str
    sheet: str
    row: int
    column: str
    code: str
    severity: Severity = field(compare=False)
    cell: str = field(default="", compare=False)
    value: str = field(default="", compare=False)
    message: str = field(default="", compare=False)
    remedy: str = field(default="", compare=False)
    suggestion: str = field(default="", compare=False)
    facts: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class SheetAccount:
    """What became of every row of one sheet: read = kept + refused + recognised.

    `table` is '' where the sheet was not recognised. `header_rows` are row numbers from 1.
    `columns` maps column names to letters. `recognised` counts totals, notes, titles, headers,
    sample rows and "nothing this period" lines below the first row; blank rows are not read.
    """

    file: str
    sheet: str
    table: str
    header_rows: tuple[int, ...]
    columns: Mapping[str, str]
    read: int
    kept: int
    refused: int
    recognised: int


class ReturnState(StrEnum):
    ROWS = "rows"
    NIL = "nil"  # 无: reported none; a true zero
    NOT_APPLICABLE = "not_applicable"  # 不适用, with a reason


@dataclass(frozen=True, order=True)
class Return:
    """One unit's answer to one table for one reporting period (`period` is its name).

    `received_on` is an ISO day, '' where the register of receipts says nothing.
    """

    table: str
    unit: str
    period: str
    state: ReturnState
    file: str
    sheet: str
    received_on: str = ""
    reason: str = ""


@dataclass(frozen=True)
class SourceFile:
    """A file that was sent: path relative to the source folder, SHA-256, size in bytes."""

    path: str
    sha256: str
    size: int
    received_on: str = ""


@dataclass(frozen=True)
class Ledgers:
    """All records of a source. `tables` has every table of the pack, empty where nothing came."""

    tables: Mapping[str, pa.Table]
    units: UnitTree
    returns: Sequence[Return]
    sources: Sequence[SourceFile]
    sheets: Sequence[SheetAccount]
    problems: Sequence[Problem]
