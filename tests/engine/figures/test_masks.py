"""Bits in place of rows, and days in place of periods."""

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.engines.masks import bits_of_bytes, bytes_of, places_between, rank_bits
from shuzhi.engines.plan import Scan
from shuzhi.engines.slots import NO_SLOT, cut_days, day_number
from shuzhi.packs.model import Measure, MeasureKind
from shuzhi.periods import parse_period

flags = st.lists(st.booleans(), max_size=70)
PERIODS = [
    "2023", *(f"2023-Q{n}" for n in range(1, 5)), *(f"2023-{n:02}" for n in range(1, 13)),
    "2023-01-10/2023-02-03", "2023-02-01/2023-03-01", "2023-01-01/2023-07-01",
]  # fmt: skip


@given(flags, st.data())
def test_a_rank_is_how_many_bits_are_set_before_a_place(rows, data):
    """Any place from before the first row to behind the last one."""
    places = sorted(data.draw(st.lists(st.integers(0, len(rows)), max_size=9)))
    mask = np.packbits(np.array(rows, dtype=np.bool_))
    found = rank_bits(mask, places_between(np.array(places, dtype=np.int32)))
    assert found.tolist() == [sum(rows[:place]) for place in places]


@given(st.integers(0, 40).flatmap(
    lambda n: st.lists(st.lists(st.booleans(), min_size=n, max_size=n), min_size=1, max_size=8)
))  # fmt: skip
def test_the_bits_of_a_row_s_byte_are_its_masks(columns):
    """The first mask is the lowest bit."""
    rows = len(columns[0])
    packed = [np.packbits(np.array(column, dtype=np.bool_)) for column in columns]
    found = bits_of_bytes(len(columns))[bytes_of(packed, rows)]
    assert found.T.tolist() == [[int(flag) for flag in column] for column in columns]


def scan_of(*periods: str, ends: str = "") -> Scan:
    kind = MeasureKind.STOCK if ends else MeasureKind.COUNT
    return Scan("meetings", "held_on", ends, {"m": Measure(kind, "meetings", "held_on", ends=ends)},
                tuple(parse_period(name) for name in periods), ("C",))  # fmt: skip


def test_every_period_is_a_run_of_slots():
    """Months, a quarter and an interval that cuts a month; days outside have no slot."""
    slots = cut_days(scan_of("2023-Q1", "2023-01", "2023-02-10/2023-03-01"))
    first_days = [date(1970, 1, 1).fromordinal(n + 719163) for n in slots.cuts.tolist()]
    assert first_days == [
        date(2023, 1, 1), date(2023, 2, 1), date(2023, 2, 10), date(2023, 3, 1), date(2023, 4, 1)
    ]  # fmt: skip
    assert slots.runs == ((0, 4), (0, 1), (2, 3))
    days = [date(2022, 12, 31), date(2023, 1, 31), date(2023, 3, 31), date(2023, 4, 1)]
    of_days = slots.of_days(np.array([day_number(day) for day in days]))
    assert of_days.tolist() == [NO_SLOT, 0, 3, NO_SLOT]


def test_periods_of_a_layer_share_no_slot():
    """A year, its quarters and its months make three layers."""
    names = ["2023", *(f"2023-Q{n}" for n in range(1, 5)), *(f"2023-{n:02}" for n in range(1, 13))]
    slots = cut_days(scan_of(*names))
    assert sorted(map(len, slots.layers())) == [1, 4, 12]
    for layer in slots.layers():
        covered = [slot for place in layer for slot in range(*slots.runs[place])]
        assert len(covered) == len(set(covered))


@given(
    st.lists(st.sampled_from(PERIODS), min_size=1, unique=True),
    st.sampled_from(["", "closed_on"]),
    st.integers(0, 5000),
)
def test_slots_add_up_to_periods(names: list[str], ends: str, rows: int):
    """Whatever periods are asked for, in whatever order, each is the sum of its slots."""
    slots = cut_days(scan_of(*names, ends=ends))
    of_slots = np.random.default_rng(rows).integers(-9, 9, (rows, slots.length), dtype=np.int32)
    found = np.full((rows, len(names)), 77, dtype=np.int64)
    slots.add_up(of_slots, found)
    expected = [of_slots[:, slice(*run)].sum(axis=1) for run in slots.runs]
    assert np.array_equal(found, np.stack(expected, axis=1))


def test_a_stock_begins_before_all_days():
    """What was there long ago is there at the end of every period."""
    slots = cut_days(scan_of("2023-01", "2023-02", ends="closed_on"))
    assert slots.runs == ((0, 1), (0, 2))
    assert slots.of_days(np.array([day_number(date(1, 1, 1))])).tolist() == [0]
