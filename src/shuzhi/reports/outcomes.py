"""What last year's promises came to, judged by the indicator each named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shuzhi.figures.model import Figure
from shuzhi.packs.model import Indicator, MeasureKind
from shuzhi.reports.rules import PromiseTable
from shuzhi.reports.sources import Sources


class PromiseOutcome(StrEnum):
    KEPT = "kept"
    LATE = "late"
    PARTLY = "partly"
    NOT = "not"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"  # it named no indicator, or the indicator has no value this year


@dataclass(frozen=True)
class JudgedPromise:
    """One promise with the figure that judges it.

    `years` counts for how many years it has been promised: 1 for last year's, 2 for one carried
    over once. Missing: `figure` is None where it names no indicator of the pack.
    """

    record: str
    unit: str
    due: date
    indicator: str
    target: float | None
    figure: Figure | None
    outcome: PromiseOutcome
    years: int = 1


def promise_outcomes(sources: Sources, unit: str) -> tuple[JudgedPromise, ...]:
    """The promises due in the period of `unit` and of the units below it.

    Shape: one a promise, by the owner's place in the tree and the day it was due.
    """
    table = sources.rules.promises
    if table is None:
        return ()
    tree = sources.ledgers.units
    judged = [
        judge_promise(sources, table, row)
        for row in _rows_of_year(sources, table)
        if unit in tree.ancestors(_owner(sources, table, row), sources.day)
    ]
    return tuple(sorted(judged, key=lambda promise: (promise.unit, promise.due, promise.record)))


def judge_promise(sources: Sources, table: PromiseTable, row: str) -> JudgedPromise:
    """One promise and what became of it.

    A withdrawal counts where it gives a reason, if the table has a column for one; else the promise
    is judged like any other.
    """
    cell = {
        key: sources.records.value(table.table, row, getattr(table, key))
        for key in ("due", "indicator", "target", "withdrawn", "from_year", "reason")
        if getattr(table, key)
    }
    unit = _owner(sources, table, row)
    indicator = find_indicator(sources, str(cell["indicator"] or ""))
    figure = sources.figure(indicator, unit) if indicator else None
    target = None if cell["target"] is None else float(Decimal(str(cell["target"])))
    due = cell["due"] if isinstance(cell["due"], date) else sources.day
    outcome = (
        PromiseOutcome.WITHDRAWN
        if cell.get("withdrawn") and (cell.get("reason") or not table.reason)
        else _outcome(sources, figure, target, due, table.partly_from)
    )
    since = cell.get("from_year")
    years = sources.period.last_day.year - since if isinstance(since, int) else 1
    return JudgedPromise(row, unit, due, indicator, target, figure, outcome, max(years, 1))


def find_indicator(sources: Sources, written: str) -> str:
    """The indicator meant by its name or its label. Missing: ''."""
    if written in sources.pack.indicators:
        return written
    return next(
        (
            name
            for name, indicator in sources.pack.indicators.items()
            if written and written in indicator.label.values()
        ),
        "",
    )


def _outcome(
    sources: Sources, figure: Figure | None, target: float | None, due: date, partly_from: float
) -> PromiseOutcome:
    if figure is None or figure.value is None or target is None:
        return PromiseOutcome.UNKNOWN
    indicator = sources.pack.indicators[figure.indicator]
    less = indicator.better == "less"
    if figure.value <= target if less else figure.value >= target:
        return _kept_or_late(sources, indicator, figure, target, due)
    if less:
        last = sources.value(figure.indicator, figure.unit, sources.last_period.name)
        partly = last is not None and figure.value < last
    else:
        partly = figure.value > 0 and figure.value >= partly_from * target
    return PromiseOutcome.PARTLY if partly else PromiseOutcome.NOT


def _kept_or_late(
    sources: Sources, indicator: Indicator, figure: Figure, target: float, due: date
) -> PromiseOutcome:
    """Late where the records up to the day it was due do not reach the target.

    Only counts and sums of which more is better can be followed to a day.
    """
    proof = sources.proofs.get(figure.figure_id)
    adds_up = indicator.measure is not None and indicator.measure.kind in (
        MeasureKind.COUNT,
        MeasureKind.SUM,
    )
    if proof is None or not adds_up or indicator.better == "less" or due >= sources.day:
        return PromiseOutcome.KEPT
    by_due = sum(
        float(record.contribution or 0)
        for record in proof.records
        if date.fromisoformat(record.date) <= due
    )
    return PromiseOutcome.KEPT if by_due >= target else PromiseOutcome.LATE


def _rows_of_year(sources: Sources, table: PromiseTable) -> Sequence[str]:
    ledger = sources.ledgers.tables[table.table]
    years = ledger[table.year].to_pylist()
    ids = ledger["_id"].to_pylist()
    year = sources.period.last_day.year
    return [row for row, due_year in zip(ids, years, strict=True) if due_year == year]


def _owner(sources: Sources, table: PromiseTable, row: str) -> str:
    return sources.records.unit(table.table, row)
