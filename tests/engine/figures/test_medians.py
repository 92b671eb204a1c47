"""The middle values along a tree, against rows gathered by hand."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from test_distinct import UNITS, holdings

from shuzhi.engines.distinct import Holding
from shuzhi.engines.medians import middles
from shuzhi.engines.roll_up import NOBODY

VALUES = 5


def by_hand(given_holdings: list[Holding]) -> list[list[int]]:
    rows: dict[int, list[int]] = {unit: [] for unit in range(UNITS)}
    for holding in given_holdings:
        for unit, value in zip(holding.units, holding.values, strict=True):
            above = int(unit)
            while above != NOBODY:
                rows[above].append(int(value))
                above = int(holding.hierarchy.parents[above])
    ordered = [sorted(rows[unit]) for unit in range(UNITS)]
    return [
        [found[(len(found) - 1) // 2], found[len(found) // 2]] if found else [NOBODY, NOBODY]
        for found in ordered
    ]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(holdings(), min_size=1, max_size=3))
def test_they_are_those_of_all_rows_in_order(given_holdings: list[Holding]) -> None:
    """The lower and the upper one, under one tree or several; none where there is no row."""
    assert np.array_equal(middles(given_holdings, UNITS, VALUES), by_hand(given_holdings))
