"""What of a scan a query is about: its rows, and under which name each has what is asked of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlglot import exp

from shuzhi.engines.plan import Scan
from shuzhi.engines.sql.nodes import (
    CALENDAR,
    LEDGER,
    PERIODS,
    PLACED,
    REACH,
    RUNS,
    UNITS,
    column,
    is_there,
)  # fmt: skip
from shuzhi.packs.model import ColumnType, Measure, MeasureKind, Table
from shuzhi.packs.predicates import Predicate

# Wide enough for every 64-bit integer, so that no sum of two columns overflows.
_WHOLE_NUMBER = "DECIMAL(19, 0)"
_EXACT_ARITHMETIC = (exp.Add, exp.Sub, exp.Neg, exp.Abs)


@dataclass(frozen=True)
class Selection:
    """A scan's rows within its periods, each with the answers to all its predicates.

    `answers` and `values` say under which name an answer or a measured column is selected.
    `by_period` where each row is joined with every period it counts in, and not with its slot of
    time: a predicate then may ask for the period's days. `with_versions` where a unit of the scan
    moves in its time. `calendar_from` is the first day of the calendar.
    """

    scan: Scan
    table: Table
    answers: Mapping[Predicate, str]
    values: Mapping[str, str]
    by_period: bool
    with_versions: bool
    calendar_from: date

    @cached_property
    def keys(self) -> list[str]:
        """The keys of the result: who a row counts for, whose it is if that is kept, when."""
        return ["above", "own", "period"] if self.scan.by_own_unit else ["above", "period"]

    @cached_property
    def place(self) -> list[str]:
        """What the unit of a row is looked up by in the tree."""
        return ["unit", "version"] if self.with_versions else ["unit"]

    @property
    def lookups(self) -> tuple[str, ...]:
        """The tables beside the ledger that its queries read."""
        if not self.by_period:
            return UNITS, REACH, CALENDAR, RUNS
        return (UNITS, REACH, PERIODS, CALENDAR) if self.with_versions else (UNITS, REACH, PERIODS)

    @property
    def has_signs(self) -> bool:
        """Whether what has ended is taken away from what has begun."""
        return bool(self.scan.ends) and not self.by_period

    def is_whole(self, name: str) -> bool:
        return self.table.column(name).type is ColumnType.INTEGER

    def value(self, measure: Measure) -> exp.Column:
        return column(self.values[measure.column], PLACED)

    def taken_into_account(self, measure: Measure) -> list[exp.Expr]:
        """The conditions under which a measure counts a row among its records."""
        chosen = measure.share_of if measure.kind is MeasureKind.SHARE else measure.where
        conditions = self.holds(chosen)
        return [*conditions, is_there(self.value(measure))] if measure.column else conditions

    def holds(self, predicate: Predicate | None) -> list[exp.Expr]:
        return [] if predicate is None else [column(self.answers[predicate], PLACED)]


def selection_of(
    scan: Scan, table: Table, *, by_period: bool, with_versions: bool, calendar_from: date
) -> Selection:
    measures = scan.measures.values()
    predicates = [p for m in measures for p in (m.where, m.share_of) if p is not None]
    columns = [measure.column for measure in measures if measure.column]
    return Selection(
        scan, table,
        {p: f"answer_{n}" for n, p in enumerate(dict.fromkeys(predicates))},
        {c: f"value_{n}" for n, c in enumerate(dict.fromkeys(columns))},
        by_period, with_versions, calendar_from,
    )  # fmt: skip


def located(tree: exp.Expr, table: Table) -> exp.Expr:
    """Part of a predicate over the ledger and the periods, with arithmetic that cannot overflow."""
    whole = {c.name for c in table.columns if c.type is ColumnType.INTEGER}
    tree = exp.Paren(this=tree.copy())
    for product in list(tree.find_all(exp.Mul, exp.Div)):
        for side in ("this", "expression"):
            product.set(side, exp.cast(product.args[side], "DOUBLE", copy=False))
    for found in list(tree.find_all(exp.Column)):
        placed: exp.Expr = _located(found.name)
        if found.name in whole and found.find_ancestor(*_EXACT_ARITHMETIC):
            placed = exp.cast(placed, _WHOLE_NUMBER)
        found.replace(placed)
    return tree


def _located(name: str) -> exp.Column:
    periods = {"period_start": "start", "period_last_day": "last_day"}
    return column(periods[name], PERIODS) if name in periods else column(name, LEDGER)
