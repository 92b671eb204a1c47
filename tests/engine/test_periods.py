"""Periods: what users may write, and which days it means."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.errors import UserError
from shuzhi.periods import (
    PeriodKind,
    calendar_periods,
    from_start_of_year,
    parse_period,
    previous_year,
)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2023", date(2023, 1, 1), date(2024, 1, 1)),
        ("2023-H2", date(2023, 7, 1), date(2024, 1, 1)),
        ("2023-Q1", date(2023, 1, 1), date(2023, 4, 1)),
        ("2024-02", date(2024, 2, 1), date(2024, 3, 1)),
        ("ytd-2023-09", date(2023, 1, 1), date(2023, 10, 1)),
        ("2023-03-15/2023-03-16", date(2023, 3, 15), date(2023, 3, 16)),
    ],
)
def test_a_written_period_means_its_days(text: str, start: date, end: date) -> None:
    """Each accepted form means a half-open interval of days, and keeps its name."""
    period = parse_period(text)
    assert (period.start, period.end, period.name) == (start, end, text)
    assert period.contains(start)
    assert not period.contains(end)


@pytest.mark.parametrize("text", ["", "23", "2023-13", "2023-Q5", "ytd-2023", "2023/2024", "x"])
def test_a_period_not_understood_names_the_accepted_forms(text: str) -> None:
    """The message says what may be written."""
    with pytest.raises(UserError, match="2023-Q3"):
        parse_period(text)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    """An empty or turned interval has no days to count."""
    with pytest.raises(UserError, match="ends"):
        parse_period("2023-04-01/2023-01-01")


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("2023", "2022"),
        ("2023-Q3", "2022-Q3"),
        ("ytd-2023-09", "ytd-2022-09"),
        ("2024-02-29/2024-03-05", "2023-02-28/2023-03-05"),
    ],
)
def test_one_year_earlier(text: str, before: str) -> None:
    """The previous year's period has the same shape; 29 February becomes 28 February."""
    assert previous_year(parse_period(text)).name == before


def test_from_the_start_of_the_year() -> None:
    """A month's year to date ends with the month; January and the year are their own."""
    assert from_start_of_year(parse_period("2023-09")) == parse_period("ytd-2023-09")
    assert from_start_of_year(parse_period("2023")) == parse_period("2023")


@given(st.dates(date(2000, 1, 1), date(2099, 12, 30)), st.integers(1, 800))
def test_calendar_periods_cover_an_interval_without_gap_or_overlap(start: date, days: int) -> None:
    """Each day of the interval lies in exactly one month, quarter, half and year."""
    end = date.fromordinal(start.toordinal() + days)
    for kind in (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.YEAR):
        periods = list(calendar_periods(kind, start, end))
        assert periods[0].contains(start)
        assert periods[-1].contains(date.fromordinal(end.toordinal() - 1))
        assert all(a.end == b.start for a, b in zip(periods, periods[1:], strict=False))
