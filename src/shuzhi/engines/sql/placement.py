"""First step: each row at its unit (by number) and in its slot of time, or in each period it counts
in, with the answers to all predicates."""

from datetime import date

from sqlglot import exp

from shuzhi.engines.plan import Scan
from shuzhi.engines.sql.nodes import (
    CALENDAR,
    LEDGER,
    PERIODS,
    UNITS,
    column,
    number,
    select,
    table,
)
from shuzhi.engines.sql.selection import Selection, located
from shuzhi.ledgers.model import RECORD_ID
from shuzhi.packs.model import MeasureKind

_BEGUN = "begun"  # the calendar once more, where the row's slot is not that of its day


def placed(selection: Selection) -> exp.Query:
    """One row per row and slot (or period). A stock's row is there once with sign 1, in the slot it
    begins in, and once with sign -1, in the one it ends in."""
    scan = selection.scan
    if not selection.has_signs:
        return _placed(selection, scan.date)
    day, end = column(scan.date, LEDGER), column(scan.ends, LEDGER)
    begins = _placed(selection, scan.date, sign=1)
    begins = begins.where(exp.or_(end.is_(exp.Null()), end > day), copy=False)
    ends = _placed(selection, scan.ends, sign=-1).where(end > day, copy=False)
    return exp.union(begins, ends, distinct=False, copy=False)


def asked_of_rows(selection: Selection) -> dict[str, exp.Expr]:
    """The measured columns and the answers to the predicates, under their names."""
    return {
        **{alias: column(name, LEDGER) for name, alias in selection.values.items()},
        **{alias: located(p.tree, selection.table) for p, alias in selection.answers.items()},
    }


def place_columns(selection: Selection, by: str) -> dict[str, exp.Expr]:
    """Unit, version and slot (or period) of a row that `by` places in time."""
    columns: dict[str, exp.Expr] = {"unit": column("unit", UNITS)}
    if selection.with_versions:
        versions = _BEGUN if _has_begun(selection, by) else CALENDAR
        moved = exp.If(this=column("moves", UNITS), true=column("version", versions))
        columns["version"] = exp.Case(ifs=[moved], default=number(0))
    slot = column("number", PERIODS) if selection.by_period else column("slot", CALENDAR)
    return columns | {"slot": slot}


def join_places(query: exp.Select, selection: Selection, by: str) -> exp.Select:
    """The query over the ledger joined with units, and with the calendar or the periods."""
    unit = column(selection.table.unit_column.name, LEDGER)
    query = query.join(table(UNITS), on=column("code", UNITS).eq(unit), copy=False)
    if selection.by_period:
        query = query.join(table(PERIODS), on=_counts_in(selection.scan), copy=False)
    else:
        query = query.join(table(CALENDAR), on=_falls_on(selection, by, CALENDAR), copy=False)
    if _has_begun(selection, by):
        calendar = exp.alias_(table(CALENDAR), _BEGUN, table=True, quoted=True)
        begun = _falls_on(selection, selection.scan.date, _BEGUN)
        query = query.join(calendar, on=begun, copy=False)
    return query


def _placed(selection: Selection, by: str, sign: int = 0) -> exp.Select:
    columns = place_columns(selection, by)
    if sign:
        columns["sign"] = number(sign)
    if any(m.kind is MeasureKind.LAST for m in selection.scan.measures.values()):
        columns["day"] = column(selection.scan.date, LEDGER)
        columns["record"] = column(RECORD_ID, LEDGER)
    return join_places(select(LEDGER, columns | asked_of_rows(selection)), selection, by)


def _has_begun(selection: Selection, by: str) -> bool:
    return selection.with_versions and (selection.by_period or by != selection.scan.date)


def _falls_on(selection: Selection, by: str, calendar: str) -> exp.Expr:
    """The calendar's first day stands for all before it where a stock's rows began."""
    day = column(by, LEDGER)
    if not selection.scan.ends:
        return column("day", calendar).eq(day)
    first = _literal(selection.calendar_from)
    clamped = exp.Case(ifs=[exp.If(this=day < first, true=first.copy())], default=day.copy())
    return column("day", calendar).eq(clamped)


def _literal(day: date) -> exp.Expr:
    return exp.cast(exp.Literal.string(day.isoformat()), "DATE")


def _counts_in(scan: Scan) -> exp.Expr:
    day, last_day = column(scan.date, LEDGER), column("last_day", PERIODS)
    if not scan.ends:
        return exp.and_(day >= column("start", PERIODS), day <= last_day)
    end = column(scan.ends, LEDGER)
    return exp.and_(day <= last_day, exp.or_(end.is_(exp.Null()), end > last_day))
