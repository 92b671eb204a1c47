"""What the truth is counted with: plain loops over plain rows, and the four kinds of nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from statistics import median
from typing import Any

from shuzhi.demo.book import Answer
from shuzhi.packs.model import Pack
from shuzhi.periods import (
    Period,
    calendar_periods,
    from_start_of_year,
    previous_year,
)
from shuzhi.units import UnitSpan

Row = Mapping[str, Any]
Where = Callable[[Row], bool]
VALUE, NOT_REPORTED, NOT_ASKED, NOT_APPLICABLE = (
    "value", "not_reported", "not_asked", "not_applicable",
)  # fmt: skip


@dataclass(frozen=True)
class Result:
    """A figure without its name. `value` is None exactly where `state` is not "value"."""

    value: float | None
    state: str
    records: int
    asked: int
    reported: int

    @property
    def rounded(self) -> float | int | None:
        if self.value is None:
            return None
        rounded = round(self.value, 6)
        return int(rounded) if rounded == int(rounded) else rounded


@dataclass(frozen=True)
class Asking:
    """How many senders stand behind a figure, and whether any says the table is not for it."""

    asked: int
    reported: int
    has_not_applicable: bool


class Ledger:
    """All true rows by table and unit, and every answer given."""

    def __init__(
        self,
        spans: Sequence[UnitSpan],
        answers: Iterable[Answer],
        pack: Pack,
        truths: Mapping[str, Callable[["At"], Result]],
    ) -> None:
        self.pack = pack
        self.truths = truths
        self.spans = {span.code: span for span in spans}
        self.paths = {code: _path(code, self.spans) for code in self.spans}
        self.answers: dict[tuple[str, str, str], str] = {}
        self._rows: dict[tuple[str, str], list[Row]] = {}
        self._askings: dict[tuple[str, str, Period], Asking] = {}
        self._selected: dict[tuple[str, str, str, Period], list[Row]] = {}
        self.results: dict[tuple[str, str, Period], Result] = {}
        for answer in answers:
            if answer.state != "only_header":
                self.answers[answer.table, answer.sender, answer.period] = answer.state
            for record in answer.records:
                if not record.is_refused:
                    self._add(answer.table, record.values)

    def rows(self, table: str, unit: str) -> list[Row]:
        return self._rows.get((table, unit), [])

    def rows_within(self, table: str, unit: str, day: str, period: Period) -> list[Row]:
        """The rows at or below `unit` whose column `day` lies in `period`."""
        place = (table, unit, day, period)
        if place not in self._selected:
            self._selected[place] = [
                row
                for row in self.rows(table, unit)
                if row[day] is not None and period.start <= row[day] < period.end
            ]
        return self._selected[place]

    def asking(self, table: str, unit: str, period: Period) -> Asking:
        place = (table, unit, period)
        if place not in self._askings:
            self._askings[place] = self._ask(table, unit, period)
        return self._askings[place]

    def _add(self, table: str, values: Mapping[str, Any]) -> None:
        names = [column.name for column in self.pack.tables[table].columns]
        row = {name: values.get(name) for name in names}
        for unit in self.paths[str(row["unit"])]:
            self._rows.setdefault((table, unit), []).append(row)

    def _ask(self, table: str, unit: str, period: Period) -> Asking:
        asked = self.pack.tables[table].asked
        states: dict[str, list[str]] = {}
        for part in calendar_periods(asked.every, period.start, period.end):
            if part.start < self.pack.collects_from or part.end > self.pack.collects_until:
                continue
            for sender in self._senders(unit, asked.levels, part.last_day):
                state = self.answers.get((table, sender, part.name), "silent")
                states.setdefault(sender, []).append(state)
        concerned = [s for s in states.values() if set(s) != {"not_applicable"}]
        reported = sum("silent" not in s for s in concerned)
        return Asking(len(concerned), reported, len(concerned) < len(states))

    def _senders(self, unit: str, levels: Sequence[str], day: date) -> list[str]:
        below = [
            code
            for code, span in self.spans.items()
            if span.level in levels and span.holds_on(day) and unit in self.paths[code]
        ]
        above = [code for code in self.paths[unit][1:] if self.spans[code].level in levels]
        return below or above[:1]


class At:
    """One unit in one period: everything the truth of an indicator is told with."""

    def __init__(self, ledger: Ledger, unit: str, period: Period) -> None:
        self._ledger = ledger
        self.unit = unit
        self.period = period

    @cached_property
    def first_day(self) -> date:
        return self.period.start

    @cached_property
    def last_day(self) -> date:
        return self.period.last_day

    def figure(self, indicator: str) -> Result:
        place = (indicator, self.unit, self.period)
        results = self._ledger.results
        if place not in results:
            results[place] = self._ledger.truths[indicator](self)
        return results[place]

    def a_year_before(self) -> "At":
        return At(self._ledger, self.unit, previous_year(self.period))

    def since_january(self) -> "At":
        return At(self._ledger, self.unit, from_start_of_year(self.period))

    def count(self, table: str, where: Where | None = None) -> Result:
        rows = self._rows(table, where)
        return self._settle(table, len(rows), float(len(rows)), 0.0)

    def total(self, table: str, column: str, where: Where | None = None) -> Result:
        values = self._values(table, column, where)
        return self._settle(table, len(values), float(sum(values, Decimal(0))), 0.0)

    def average(self, table: str, column: str, where: Where | None = None) -> Result:
        values = self._values(table, column, where)
        mean = float(sum(values, Decimal(0))) / len(values) if values else None
        return self._settle(table, len(values), mean, None)

    def median(self, table: str, column: str, where: Where | None = None) -> Result:
        values = self._values(table, column, where)
        middle = median(map(float, values)) if values else None
        return self._settle(table, len(values), middle, None)

    def least(self, table: str, column: str, where: Where | None = None) -> Result:
        values = self._values(table, column, where)
        return self._settle(table, len(values), float(min(values)) if values else None, None)

    def most(self, table: str, column: str, where: Where | None = None) -> Result:
        values = self._values(table, column, where)
        return self._settle(table, len(values), float(max(values)) if values else None, None)

    def different(self, table: str, column: str, where: Where | None = None) -> Result:
        values = self._values(table, column, where)
        return self._settle(table, len(values), float(len(set(values))), 0.0)

    def latest(self, table: str, column: str, number: str) -> Result:
        """The value of the row latest by day, then by its `number`."""
        day = self._day_column(table)
        rows = [row for row in self._rows(table) if row[column] is not None]
        last = max(rows, key=lambda row: (row[day], row[number]), default=None)
        return self._settle(table, len(rows), float(last[column]) if last else None, None)

    def share(self, table: str, base: Where, part: Where, day: str = "") -> Result:
        rows = self._rows(table, base, day)
        parts = sum(part(row) for row in rows)
        return self._settle(table, len(rows), 100 * parts / len(rows) if rows else None, None)

    def standing(self, table: str, ends: str, where: Where | None = None) -> Result:
        """How many rows had begun by the last day and not ended by then."""
        day, last_day = self._day_column(table), self.last_day
        rows = [
            row
            for row in self._ledger.rows(table, self.unit)
            if row[day] is not None
            and row[day] <= last_day
            and (row[ends] is None or row[ends] > last_day)
            and (where is None or where(row))
        ]
        return self._settle(table, len(rows), float(len(rows)), 0.0)

    def peak_months(self, table: str, column: str) -> Result:
        """`column` added up by month; the largest month of each unit, added up over the units."""
        day = self._day_column(table)
        months: dict[tuple[str, int, int], Decimal] = {}
        rows = [row for row in self._rows(table) if row[column] is not None]
        for row in rows:
            month = (row["unit"], row[day].year, row[day].month)
            months[month] = months.get(month, Decimal(0)) + row[column]
        peaks: dict[str, Decimal] = {}
        for (unit, _, _), heads in months.items():
            peaks[unit] = max(heads, peaks.get(unit, heads))
        return self._settle(table, len(rows), float(sum(peaks.values(), Decimal(0))), 0.0)

    def units_below(self, level: str) -> float:
        day = self.last_day
        return float(
            sum(
                span.level == level and span.holds_on(day) and self.unit in self._ledger.paths[code]
                for code, span in self._ledger.spans.items()
            )
        )

    def reporting_rate(self, table: str) -> Result:
        asking = self._ledger.asking(table, self.unit, self.period)
        if asking.asked:
            rate = 100 * asking.reported / asking.asked
            return Result(rate, VALUE, 0, asking.asked, asking.reported)
        return Result(None, _no_sender(asking), 0, 0, 0)

    def from_figures(self, compute: Callable[..., float], *names: str) -> Result:
        """What `compute` makes of the figures of other indicators, named in reading order."""
        return combine(compute, *(self.figure(name) for name in names))

    def percent(self, part: str, whole: str) -> Result:
        return self.from_figures(lambda p, w: 100 * p / w, part, whole)

    def quotient(self, part: str, whole: str) -> Result:
        return self.from_figures(lambda p, w: p / w, part, whole)

    def change(self, indicator: str) -> Result:
        """The difference to the same period of the year before."""
        before = self.a_year_before().figure(indicator)
        return combine(lambda now, then: now - then, self.figure(indicator), before)

    def _day_column(self, table: str) -> str:
        return self._ledger.pack.tables[table].date_column.name

    def _rows(self, table: str, where: Where | None = None, day: str = "") -> list[Row]:
        day = day or self._day_column(table)
        rows = self._ledger.rows_within(table, self.unit, day, self.period)
        return rows if where is None else [row for row in rows if where(row)]

    def _values(self, table: str, column: str, where: Where | None) -> list[Any]:
        rows = self._rows(table, where)
        return [row[column] for row in rows if row[column] is not None]

    def _settle(self, table: str, records: int, value: float | None, empty: float | None) -> Result:
        asking = self._ledger.asking(table, self.unit, self.period)
        asked, reported = asking.asked, asking.reported
        if records or reported:
            known = value if records else empty
            state = NOT_APPLICABLE if known is None else VALUE
            return Result(known, state, records, asked, reported)
        if asked:
            return Result(None, NOT_REPORTED, 0, asked, 0)
        return Result(None, _no_sender(asking), 0, 0, 0)


def combine(compute: Callable[..., float], *operands: Result) -> Result:
    """A derived figure; a nothing among its operands decides, in the order of the states."""
    records = sum(operand.records for operand in operands)
    asked = max(operand.asked for operand in operands)
    reported = min(operand.reported for operand in operands)
    for state in (NOT_REPORTED, NOT_ASKED, NOT_APPLICABLE):
        if any(operand.state == state for operand in operands):
            return Result(None, state, records, asked, reported)
    try:
        value = compute(*(operand.value for operand in operands))
    except ZeroDivisionError:
        return Result(None, NOT_APPLICABLE, records, asked, reported)
    return Result(value, VALUE, records, asked, reported)


def is_by(day: date | None, limit: date | None) -> bool:
    """Whether both days are known and `day` is no later than `limit`."""
    return day is not None and limit is not None and day <= limit


def is_before(day: date | None, limit: date | None) -> bool:
    return day is not None and limit is not None and day < limit


def _path(unit: str, spans: Mapping[str, UnitSpan]) -> list[str]:
    """The unit and all above it; no unit of the example county ever changes its parent."""
    path = [unit]
    while spans[path[-1]].parent:
        path.append(spans[path[-1]].parent)
    return path


def _no_sender(asking: Asking) -> str:
    return NOT_APPLICABLE if asking.has_not_applicable else NOT_ASKED
