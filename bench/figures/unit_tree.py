"""The units of a province: five levels, and two days on which some villages move or end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from shuzhi.units import FOREVER, UnitSpan

LEVELS = ("province", "city", "county", "township", "village")
# One at the turn of a month inside a quarter, one inside a month.
MOVING_DAYS = (date(2025, 5, 1), date(2025, 9, 16))
_SINCE = date(2019, 1, 1)
_MOVING, _ENDING = 0.002, 0.0002  # shares of the villages, on each of the days
_PER_TOWNSHIP, _PER_COUNTY, _PER_CITY = 32, 12, 8
_LEVEL_WEIGHTS = (10.0, 6.0, 6.0, 3.0, 1.0)
_SKEW = 0.7  # of the sizes: the r-th largest unit has r to the power of minus this


@dataclass(frozen=True)
class Units:
    """All units, each before those below it.

    `ends` has the day number (from 1970) on which a unit ends; a far one where it does not.
    `weights` say how much of the records is a unit's; they add up to 1.
    """

    codes: tuple[str, ...]
    levels: npt.NDArray[np.int64]
    spans: tuple[UnitSpan, ...]
    ends: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]

    def in_order(self, codes: Sequence[str]) -> "Units":
        """The same units in the order of these codes."""
        places = {code: place for place, code in enumerate(self.codes)}
        order = np.array([places[code] for code in codes])
        return Units(
            tuple(codes), self.levels[order], self.spans, self.ends[order], self.weights[order]
        )


def grow_units(count: int, chance: np.random.Generator) -> Units:
    """`count` units. Codes tell the county, and nothing about the order within it."""
    parents, levels = _planted(count, chance)
    order = _pre_order(parents)
    place = np.empty(count, np.int64)
    place[order] = np.arange(count)
    parents = np.where(parents[order] >= 0, place[parents[order]], -1)
    levels = levels[order]
    codes = _codes(parents, levels, chance)
    spans, ends = _spans(codes, parents, levels, chance)
    ranks = chance.permutation(count) + 1
    weights = np.array(_LEVEL_WEIGHTS)[levels] * ranks**-_SKEW
    return Units(codes, levels, tuple(spans), ends, weights / weights.sum())


def _planted(
    count: int, chance: np.random.Generator
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Parent (-1 for the province) and level of each, level after level."""
    townships = max(4, round(count / (_PER_TOWNSHIP + 1)))
    counties = max(3, round(townships / _PER_COUNTY))
    cities = max(2, round(counties / _PER_CITY))
    sizes = [1, cities, counties, townships, count - 1 - cities - counties - townships]
    if sizes[-1] < townships:
        raise ValueError(f"{count} units are too few for five levels")
    parents, first = [np.array([-1])], 0
    for above, size in zip(sizes, sizes[1:], strict=False):
        skewed = chance.dirichlet(np.full(above, 4.0))
        drawn = chance.choice(above, size, p=skewed)
        drawn[:above] = np.arange(above)[: len(drawn)]  # nobody on an inner level is childless
        parents.append(first + drawn)
        first += above
    return np.concatenate(parents), np.repeat(np.arange(5), sizes)


def _pre_order(parents: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    children: list[list[int]] = [[] for _ in parents]
    for child, parent in enumerate(parents.tolist()):
        if parent >= 0:
            children[parent].append(child)
    order, pending = [], [0]
    while pending:
        node = pending.pop()
        order.append(node)
        pending.extend(reversed(children[node]))
    return np.array(order)


def _codes(
    parents: npt.NDArray[np.int64], levels: npt.NDArray[np.int64], chance: np.random.Generator
) -> tuple[str, ...]:
    """Six digits of the division, as the register of divisions gives them, and eight of its own."""
    own = chance.choice(90_000_000, len(parents), replace=False) + 10_000_000
    divisions, cities, counties = ["370000"], 0, 0
    for parent, level in zip(parents[1:].tolist(), levels[1:].tolist(), strict=True):
        if level == 1:
            cities, counties = cities + 1, 0
            divisions.append(f"37{cities:02}00")
        elif level == 2:
            counties += 1
            divisions.append(f"37{cities:02}{counties:02}")
        else:
            divisions.append(divisions[parent])
    return tuple(f"{d}{o}" for d, o in zip(divisions, own.tolist(), strict=True))


def _spans(
    codes: tuple[str, ...], parents: npt.NDArray[np.int64], levels: npt.NDArray[np.int64],
    chance: np.random.Generator,
) -> tuple[list[UnitSpan], npt.NDArray[np.int64]]:  # fmt: skip
    villages, townships = np.flatnonzero(levels == 4), np.flatnonzero(levels == 3)
    moving, ending = (max(2, round(len(villages) * share)) for share in (_MOVING, _ENDING))
    drawn = chance.choice(villages, 2 * (moving + ending), replace=False).tolist()
    leaving = set(drawn)
    stable = [place for place in villages.tolist() if place not in leaving]
    moves: dict[int, tuple[date, int]] = {}
    ended: dict[int, tuple[date, str]] = {}
    for day in MOVING_DAYS:
        for place in [drawn.pop() for _ in range(moving)]:
            moves[place] = day, _another(townships, int(parents[place]), chance)
        for place in [drawn.pop() for _ in range(ending)]:
            ended[place] = day, codes[stable[int(chance.integers(len(stable)))]]
    spans: list[UnitSpan] = []
    for place, code in enumerate(codes):
        spans += _spans_of(code, place, codes, parents, levels, moves, ended)
    ends = np.full(len(codes), (FOREVER - date(1970, 1, 1)).days)
    for place, (day, _) in ended.items():
        ends[place] = (day - date(1970, 1, 1)).days
    return spans, ends


def _another(townships: npt.NDArray[np.int64], own: int, chance: np.random.Generator) -> int:
    """A township near the unit's own one: mostly of the same county, sometimes not."""
    place = int(np.searchsorted(townships, own))
    steps = [step for step in (-3, -2, -1, 1, 2, 3) if 0 <= place + step < len(townships)]
    return int(townships[place + steps[int(chance.integers(len(steps)))]])


def _spans_of(
    code: str, place: int, codes: tuple[str, ...], parents: npt.NDArray[np.int64],
    levels: npt.NDArray[np.int64], moves: dict[int, tuple[date, int]],
    ended: dict[int, tuple[date, str]],
) -> Iterator[UnitSpan]:  # fmt: skip
    level = LEVELS[levels[place]]
    parent = codes[parents[place]] if parents[place] >= 0 else ""
    name = f"{level} {place:05}"
    if place in moves:
        day, above = moves[place]
        yield UnitSpan(code, name, level, parent, _SINCE, day)
        yield UnitSpan(code, name, level, codes[above], day)
    elif place in ended:
        day, successor = ended[place]
        yield UnitSpan(code, name, level, parent, _SINCE, day, successor)
    else:
        yield UnitSpan(code, name, level, parent, _SINCE + timedelta(days=place % 300))
