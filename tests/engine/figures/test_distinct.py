"""Distinct values along a tree, against sets gathered by hand."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from shuzhi.engines.distinct import MEASURES_AT_ONCE, Holding, distinct_values, is_countable
from shuzhi.engines.roll_up import NOBODY, Hierarchy

UNITS, MEASURES = 9, 3


@st.composite
def hierarchies(draw: DrawFn) -> Hierarchy:
    """Each unit stands under an earlier one or is a root; then their numbers are shuffled."""
    above = [draw(st.integers(-1, place - 1)) for place in range(UNITS)]
    number = draw(st.permutations(range(UNITS)))
    parents = np.full(UNITS, NOBODY, dtype=np.int64)
    for place, parent in enumerate(above):
        parents[number[place]] = number[parent] if parent >= 0 else NOBODY
    return Hierarchy(parents)


@st.composite
def holdings(draw: DrawFn) -> Holding:
    row = st.tuples(st.integers(0, UNITS - 1), st.integers(0, 4), st.integers(1, 2**MEASURES - 1))
    rows = np.array(draw(st.lists(row, max_size=30)), dtype=np.int64).reshape(-1, 3)
    return Holding(draw(hierarchies()), rows[:, 0], rows[:, 1], rows[:, 2])


def by_hand(given_holdings: list[Holding]) -> list[list[int]]:
    seen: dict[tuple[int, int], set[int]] = {}
    for holding in given_holdings:
        for unit, value, mask in zip(holding.units, holding.values, holding.masks, strict=True):
            above = unit
            while above != NOBODY:
                for measure in range(MEASURES):
                    if mask >> measure & 1:
                        seen.setdefault((int(above), measure), set()).add(int(value))
                above = holding.hierarchy.parents[above]
    return [[len(seen.get((u, m), ())) for m in range(MEASURES)] for u in range(UNITS)]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(holdings(), min_size=1, max_size=3))
def test_they_are_those_of_sets_at_every_unit(given_holdings: list[Holding]) -> None:
    """One tree, or rows of one period under several."""
    found = distinct_values(given_holdings, UNITS, MEASURES)
    assert found.tolist() == by_hand(given_holdings)


@given(hierarchies())
def test_pre_order_puts_all_below_a_unit_behind_it(tree: Hierarchy) -> None:
    """The units at or below each unit hold consecutive ranks, its own the first of them."""
    for unit in range(UNITS):
        below = sorted(tree.ranks[(tree.ancestors == unit).any(axis=0)].tolist())
        assert below == list(range(tree.ranks[unit], tree.ranks[unit] + len(below)))


def test_numbers_that_do_not_fit_are_told() -> None:
    """A unit, a value and the measures' bits share 63 bits."""
    values = 2 ** (63 - MEASURES_AT_ONCE) // 1000
    assert is_countable(1000, values - 1)
    assert not is_countable(1000, 2 * values)
    assert is_countable(1000, 0)
