"""Periods: half-open intervals of days with a name, and the words users write for them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shuzhi.errors import UserError

_ACCEPTED = (
    "2023, 2023-H1, 2023-Q3, 2023-09, ytd-2023-09 (from the start of the year to the end of "
    "September) or 2023-01-01/2023-04-01 (the last day is not included)"
)
_PATTERN = re.compile(
    r"(?P<year>\d{4})(?:-(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?"
)
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


class PeriodKind(StrEnum):
    """How long a period is, or that it is none of the calendar's."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    YEAR_TO_DATE = "year_to_date"
    INTERVAL = "interval"


@dataclass(frozen=True, order=True)
class Period:
    """The days from `start` up to but not including `end`.

    `name` is what users write and what stands in files: `2023-Q3`. Equal names mean equal days.
    """

    start: date
    end: date
    name: str
    kind: PeriodKind

    def __post_init__(self) -> None:
        if not self.start < self.end:
            raise UserError(
                f"period {self.name}: it ends ({self.end}) before it begins ({self.start}); "
                f"write {_ACCEPTED}"
            )

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    def contains(self, day: date) -> bool:
        return self.start <= day < self.end

    def overlaps(self, other: "Period") -> bool:
        return self.start < other.end and other.start < self.end


def parse_period(text: str) -> Period:
    """The period a user wrote.

    Raises: UserError, naming the accepted forms.
    """
    text = text.strip()
    if "/" in text:
        return _parse_interval(text)
    until_month = text.removeprefix("ytd-")
    match = _PATTERN.fullmatch(until_month)
    if match is None:
        raise UserError(f"period {text!r} is not understood; write {_ACCEPTED}")
    year = int(match["year"])
    if text != until_month:
        if match["month"] is None:
            raise UserError(f"period {text!r} names no month; write {_ACCEPTED}")
        return year_to_date(year, int(match["month"]))
    if match["half"]:
        return calendar_period(PeriodKind.HALF, year, int(match["half"]))
    if match["quarter"]:
        return calendar_period(PeriodKind.QUARTER, year, int(match["quarter"]))
    if match["month"]:
        return calendar_period(PeriodKind.MONTH, year, int(match["month"]))
    return calendar_period(PeriodKind.YEAR, year, 1)


def calendar_period(kind: PeriodKind, year: int, number: int) -> Period:
    """The `number`-th (from 1) month, quarter, half or year of `year`."""
    months = _MONTHS[kind.value]
    first = (number - 1) * months
    names = {
        PeriodKind.MONTH: f"{year:04}-{number:02}",
        PeriodKind.QUARTER: f"{year:04}-Q{number}",
        PeriodKind.HALF: f"{year:04}-H{number}",
        PeriodKind.YEAR: f"{year:04}",
    }
    return Period(_first_day(year, first), _first_day(year, first + months), names[kind], kind)


def year_to_date(year: int, month: int) -> Period:
    """From 1 January of `year` to the end of `month`."""
    return Period(
        date(year, 1, 1),
        _first_day(year, month),
        f"ytd-{year:04}-{month:02}",
        PeriodKind.YEAR_TO_DATE,
    )


def calendar_periods(kind: PeriodKind, start: date, end: date) -> Iterator[Period]:
    """Every calendar period of `kind` that overlaps the days from `start` to before `end`."""
    per_year = 12 // _MONTHS[kind.value]
    for year in range(start.year, end.year + 1):
        for number in range(1, per_year + 1):
            period = calendar_period(kind, year, number)
            if period.start < end and start < period.end:
                yield period


def previous_year(period: Period) -> Period:
    """The same period one year earlier; 29 February becomes 28 February."""
    if period.kind is PeriodKind.INTERVAL:
        start, end = _one_year_back(period.start), _one_year_back(period.end)
        return Period(start, end, f"{start}/{end}", period.kind)
    year_text = f"{period.start.year:04}"
    return parse_period(period.name.replace(year_text, f"{period.start.year - 1:04}", 1))


def from_start_of_year(period: Period) -> Period:
    """From 1 January of the year of the period's last day to the period's end."""
    start = date(period.last_day.year, 1, 1)
    if start == period.start:
        return period
    month = period.last_day.month
    if period.end == _first_day(start.year, month):
        return year_to_date(start.year, month)
    return Period(start, period.end, f"{start}/{period.end}", PeriodKind.INTERVAL)


def _parse_interval(text: str) -> Period:
    try:
        start, end = (date.fromisoformat(part.strip()) for part in text.split("/"))
    except ValueError:
        raise UserError(f"period {text!r} is not understood; write {_ACCEPTED}") from None
    return Period(start, end, f"{start}/{end}", PeriodKind.INTERVAL)


def _first_day(year: int, months_after_january: int) -> date:
    return date(year + months_after_january // 12, months_after_january % 12 + 1, 1)


def _one_year_back(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)
