"""The middle found again, by the values near it, when some values went and others came."""

from random import Random
from statistics import median

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from shuzhi.engines.near_middles import near_middle

values = st.lists(st.integers(-9, 9), max_size=60)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(before=values, came=values, seed=st.integers(0, 99), margin=st.integers(0, 12))
def test_it_is_the_middle_or_is_not_told(
    before: list[int], came: list[int], seed: int, margin: int
) -> None:
    """Told where no more went and came than the margin holds, and never wrong."""
    chance = Random(seed)  # noqa: S311 chance that repeats
    went = chance.sample(before, chance.randrange(len(before) + 1))
    left = list(before)
    for value in went:
        left.remove(value)
    near = near_middle(np.array(before, dtype=np.int64), 2.0, margin)
    found = near.changed(np.array(went) / 2.0, np.array(came) / 2.0)
    after = [value / 2.0 for value in (*left, *came)]
    if found is None:
        assert len(went) + len(came) > margin
    else:
        assert found == (median(after) if after else 0.0)
