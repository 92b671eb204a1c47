import math
from datetime import date, timedelta

import pytest

from shuzhi.checks.round_numbers import binomial_tail
from shuzhi.checks.unusual_value import modified_z


def test_more_heads_than_expected_or_than_the_venue_holds(flags, ledgers, only, event):
    """Each limit that is exceeded is a question of its own; equal and blank are none."""
    rows = [
        event(no="1", heads=31, expected=30),
        event(no="2", heads=30, expected=30),
        event(no="3", heads=31),
        event(no="4", heads=51, expected=60, venue="V1"),
        event(no="5", heads=99, venue="V9"),
    ]
    venue = {"venue_no": "V1", "unit": "T1", "capacity": 50, "opened_on": date(2020, 1, 1)}
    found = flags(ledgers(*rows, venues=[venue]), only("over_capacity"))
    assert [flag.records for flag in found] == [("1",), ("4",)]
    assert "heads of 4 is 51, above capacity 50" in found[1].question


def test_a_place_whose_name_is_its_units_own_is_looked_up_within_the_unit(
    flags, ledgers, only, event
):
    """Two townships may both have a 文化站: each has its own capacity."""
    venues = [
        {"venue_no": "文化站", "unit": unit, "capacity": capacity, "opened_on": date(2020, 1, 1)}
        for unit, capacity in (("T1", 50), ("T2", 500))
    ]
    rows = [event(no=unit, unit=unit, heads=100, venue="文化站") for unit in ("T1", "T2")]
    comparison = {
        "column": "activities.heads",
        "limit": "venues.capacity",
        "by": "venue",
        "key": "venue_no",
        "within_unit": True,
    }
    found = flags(ledgers(*rows, venues=venues), only("over_capacity", compare=[comparison]))
    assert [flag.records for flag in found] == [("T1",)]


def test_a_total_that_is_not_the_sum_of_its_parts(flags, ledgers, only, event):
    """A record is asked about only where total and every part are known."""
    found = flags(
        ledgers(
            event(no="1", heads=30, adults=20, children=9),
            event(no="2", heads=30, adults=20, children=10),
            event(no="3", heads=30, adults=20),
        ),
        only("sum_mismatch"),
    )
    assert [flag.records for flag in found] == [("1",)]
    assert "heads of 1 is 30, its parts add up to 29" in found[0].question


def test_a_day_outside_the_period_of_its_sheet(flags, ledgers, only, event, sent):
    """The period is that of the return the record came with; without a return there is none."""
    rows = [
        event(no="1", held_on=date(2023, 6, 30)),
        event(no="2", held_on=date(2023, 7, 1)),
        event(no="3", held_on=date(2021, 1, 1), _sheet="other"),
    ]
    found = flags(ledgers(*rows, returns=[sent("T1", "2023-Q2")]), only("date_outside_period"))
    assert [flag.records for flag in found] == [("2",)]


def test_a_day_in_the_future_is_asked_about_once(flags, ledgers, pack, event, sent):
    """A day after the day of the check is in the future, and not outside the period as well."""
    rows = event(no="1", held_on=date(2024, 3, 2)), event(no="2", held_on=date(2024, 3, 1))
    found = flags(ledgers(*rows, returns=[sent("T1", "2024-Q1")]), pack)
    assert [(f.check, f.records) for f in found if f.records] == [("date_in_future", ("1",))]
    found = flags(ledgers(rows[0], returns=[sent("T1", "2023-Q2")]), pack)
    assert [f.check for f in found if f.records] == ["date_in_future"]


@pytest.mark.parametrize(("round_share", "asked"), [(1.0, True), (0.25, False)])
def test_heaping_on_round_numbers(flags, ledgers, only, event, round_share, asked):
    """Thirty numbers that all end in 0 or 5 are asked about, a quarter of them are not."""
    rows = [
        event(
            no=str(n),
            held_on=date(2023, 1, 1) + timedelta(days=n),
            heads=50 if n < 32 * round_share else 51 + n % 3,
        )
        for n in range(32)
    ]
    found = flags(ledgers(*rows), only("round_numbers"))
    assert [(f.unit, f.period) for f in found] == ([("T1", "2023")] if asked else [])


def test_too_few_numbers_say_nothing(flags, ledgers, only, event):
    """Below the minimum n, and for small groups, round numbers are no sign."""
    few = [event(no=str(n), heads=50) for n in range(19)]
    small = [event(no=str(n), heads=5) for n in range(40)]
    assert flags(ledgers(*few), only("round_numbers")) == ()
    assert flags(ledgers(*small), only("round_numbers")) == ()


def test_a_digit_too_many_stands_out_from_the_units_own_history(flags, ledgers, only, event):
    """Twenty numbers about 30 and one of 310; the same number is usual for another unit."""
    rows = [event(no=str(n), heads=28 + n % 5) for n in range(20)]
    rows += [event(no=f"T2-{n}", unit="T2", heads=300 + n) for n in range(20)]
    found = flags(ledgers(*rows, event(no="odd", heads=310)), only("unusual_value"))
    assert [(flag.unit, flag.records) for flag in found] == [("T1", ("odd",))]
    assert "heads of odd is 310; the median of the 21 this unit has reported is 30" in (
        found[0].question
    )


def test_a_short_history_says_nothing(flags, ledgers, only, event):
    """Below the minimum n nothing is called unusual; with one number more it is."""
    few = [event(no=str(n), heads=30 + n % 3) for n in range(10)]
    odd = event(no="odd", heads=500)
    assert flags(ledgers(*few, odd), only("unusual_value")) == ()
    more = event(no="more", heads=31)
    assert len(flags(ledgers(*few, more, odd), only("unusual_value"))) == 1


@pytest.mark.parametrize(
    ("value", "numbers", "expected"),
    [
        (15.0, [9, 10, 11, 12, 8, 10, 15], 0.6745 * 5 / 1),  # half lie within 1 of 10
        (20.0, [10, 10, 10, 10, 20], 0.7979 * 10 / 2),  # most are equal: their mean, 2
        (10.0, [10, 10, 10], 0.0),
    ],
)
def test_the_modified_z_score(value, numbers, expected):
    """Iglewicz and Hoaglin's, with the mean where the median deviation is 0."""
    deviations = [abs(number - 10) for number in numbers]
    assert modified_z(value, 10, deviations) == pytest.approx(expected, rel=1e-3)


def test_the_binomial_tail_is_exact():
    """The tail is the sum of the binomial probabilities, for small and for large n."""
    expected = sum(math.comb(20, k) * 0.25**k * 0.75 ** (20 - k) for k in range(11, 21))
    assert binomial_tail(11, 20, 0.25) == pytest.approx(expected, rel=1e-12)
    assert binomial_tail(0, 20, 0.25) == 1.0
    assert binomial_tail(25_000, 100_000, 0.25) == pytest.approx(0.5, abs=0.01)
