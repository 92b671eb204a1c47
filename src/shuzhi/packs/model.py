"""What a pack says, once loaded: frozen, and already found to hold together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from shuzhi.packs.column_types import ColumnType as ColumnType
from shuzhi.packs.formulas import Formula
from shuzhi.packs.predicates import Predicate
from shuzhi.periods import Period, PeriodKind, calendar_periods

Text = Mapping[str, str]  # language code ("zh", "en") → text
# Where a return can be signed: at the unit itself, at the one directly above, at the root.
APPROVAL_STEPS = ("own", "above", "root")


class Role(StrEnum):
    """What a column is for, beyond its type."""

    NONE = "none"
    ID = "id"  # the record's own number, stable when the row is sent again
    UNIT = "unit"  # the unit the record belongs to; exactly one a table
    UNIT_REF = "unit_ref"  # another unit (an owner, a host)
    DATE = "date"  # the event's day; exactly one a table
    UOM = "unit_of_measure"
    PERSON = "person"  # may be counted; never listed, grouped, scored or ranked
    EVIDENCE = "evidence"  # paths of photos or papers, separated by ;
    TEXT = "text"  # minutes and descriptions: compared for copies, never counted


@dataclass(frozen=True)
class Category:
    """One of the values a column may hold: `value` is stored, label and synonyms are read."""

    value: str
    label: Text
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """One column of a table. `minutes` is what one cell costs to fill in; `feeds` names the
    indicators and pages that use it, `()` where nothing does (a lint warning)."""

    name: str
    type: ColumnType
    label: Text
    role: Role = Role.NONE
    synonyms: tuple[str, ...] = ()
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    categories: tuple[Category, ...] = ()
    default: str = ""  # "sender" (unit columns) or "period_end" (date columns): filled where blank
    uom: Text | None = None
    minutes: float = 0.0
    note: Text | None = None
    feeds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """Who must send a table, how often, and within how many days after the period's end.

    `levels` is empty for tables nobody is asked for (kept by the office itself).
    """

    levels: tuple[str, ...] = ()
    every: PeriodKind = PeriodKind.YEAR
    due_days: int = 10


@dataclass(frozen=True)
class EvidenceSample:
    """Of so many of a return's records evidence is asked for: a share of them, and at least and at
    most so many. Missing: None, there is no most."""

    sample: float
    least: int = 1
    most: int | None = None


@dataclass(frozen=True)
class Table:
    """A kind of record. `synonyms` are sheet names and titles that mean this table."""

    name: str
    label: Text
    columns: tuple[Column, ...]
    synonyms: tuple[str, ...] = ()
    section: str = ""
    asked: Asked = Asked()
    primary_key: tuple[str, ...] = ()
    retention_years: int = 0
    is_units: bool = False  # the table that holds the tree of units
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # total column → its parts
    rows_per_return: float = 1.0  # how many rows one return is expected to have
    evidence: EvidenceSample | None = None  # None: no evidence is asked for

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def column_with(self, role: Role) -> Column | None:
        """The first column with `role`; None where there is none."""
        return next((column for column in self.columns if column.role is role), None)

    @property
    def unit_column(self) -> Column:
        return next(column for column in self.columns if column.role is Role.UNIT)

    @property
    def date_column(self) -> Column:
        return next(column for column in self.columns if column.role is Role.DATE)


class MeasureKind(StrEnum):
    COUNT = "count"
    SUM = "sum"
    AVERAGE = "average"
    MEDIAN = "median"
    MIN = "min"
    MAX = "max"
    DISTINCT = "distinct"
    LAST = "last"  # the value of the record latest by (date, record id)
    SHARE = "share"  # 100 × rows with share_of and where ÷ rows with share_of
    STOCK = "stock"  # rows begun on or before the last day and not ended by then


@dataclass(frozen=True)
class Measure:
    """What is computed over the rows of one table.

    `column` is the measured column ('' for count, share, stock). `date` is the column that
    places a row in a period (the table's event day unless the definition says otherwise).
    `ends` is the column with the end of a stock's row. `share_of` selects a share's base.
    """

    kind: MeasureKind
    table: str
    date: str
    column: str = ""
    where: Predicate | None = None
    share_of: Predicate | None = None
    ends: str = ""


@dataclass(frozen=True)
class Indicator:
    """A definition. Either `measure` or `formula` is set, never both.

    `over_time` and `over_units` ("" unless set) are "sum", "max", "min", "average": the measure
    is taken for every unit's own rows and every month, combined over the months by the first and
    over the units by the second. `shift` moves the period: "previous_year", "year_to_date" or "".
    `better` is "more", "less" or "" (neither). `target` is a number or another indicator's name.
    """

    name: str
    label: Text
    uom: Text
    measure: Measure | None = None
    formula: Formula | None = None
    over_time: str = ""
    over_units: str = ""
    shift: str = ""
    better: str = ""
    target: float | str | None = None
    subject: str = "unit"
    decimals: int = 0
    section: str = ""
    source: str = ""


@dataclass(frozen=True)
class Level:
    code: str
    label: Text


@dataclass(frozen=True)
class Pack:
    """One year's programme. `checks`, `scorecard`, `gaps` are the parsed TOML of those files,
    validated by the stage that uses them. `is_shipped` where it came with this installation:
    the queries of any other pack run confined. `approval` are the steps at which a return is
    signed, in order, of `APPROVAL_STEPS`."""

    path: Path
    name: str
    version: str
    title: Text
    levels: tuple[Level, ...]
    collects_from: date
    collects_until: date  # not included
    tables: Mapping[str, Table]
    indicators: Mapping[str, Indicator]
    checks: Mapping[str, Any]
    scorecard: Mapping[str, Any]
    report: Mapping[str, Any]  # report/report.toml: sections, gap rules, promise rules
    is_shipped: bool = False
    approval: tuple[str, ...] = APPROVAL_STEPS

    def reporting_periods(self, table: str, start: date, end: date) -> list[Period]:
        """The table's reporting periods that overlap `start` to before `end` and lie inside the
        collection."""
        return [
            period
            for period in calendar_periods(self.tables[table].asked.every, start, end)
            if self.collects_from <= period.start and period.end <= self.collects_until
        ]

    @property
    def units_table(self) -> Table:
        return next(table for table in self.tables.values() if table.is_units)
