"""How the cells of a column are drawn: each function gives one that draws a block of rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
DECIMAL = pa.decimal128(18, 4)


@dataclass(frozen=True)
class Block:
    """Rows being drawn, sorted by unit, day and number.

    `days` are day numbers from 1970. `first_person` and `first_session` have, by unit, where the
    unit's own ones begin; one entry more than there are units. `drawn` holds what the columns so
    far have, as numbers, for those that hang on others.
    """

    chance: np.random.Generator
    units: Ints
    days: Ints
    numbers: Ints
    first_person: Ints
    first_session: Ints
    drawn: dict[str, npt.NDArray[np.float64] | Ints] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.units)


Draw = Callable[[Block, str], pa.Array]


def blank(block: Block, values: pa.Array, share: float) -> pa.Array:
    """The values with a share of them empty."""
    if not share:
        return values
    return pc.if_else(pa.array(block.chance.random(len(block)) >= share), values, None)


def category(values: Sequence[str], weights: Sequence[float], nulls: float = 0.0) -> Draw:
    """One of the values by weight."""
    bounds = np.cumsum(weights)[:-1] / sum(weights)

    def draw(block: Block, name: str) -> pa.Array:
        codes = np.searchsorted(bounds, block.chance.random(len(block)), side="right")
        return blank(block, pa.array(list(values)).take(pa.array(codes)), nulls)

    return draw


def flag(share: float, nulls: float = 0.0) -> Draw:
    """True for a share of the rows."""
    return lambda block, name: blank(
        block, pa.array(block.chance.random(len(block)) < share), nulls
    )


def whole(typical: float, spread: float, nulls: float = 0.0, most: int = 10_000) -> Draw:
    """A whole number from 0 on, with a long tail."""

    def draw(block: Block, name: str) -> pa.Array:
        values = np.minimum(block.chance.gamma(1 / spread, typical * spread, len(block)), most)
        block.drawn[name] = values.astype(np.int64)
        return blank(block, pa.array(block.drawn[name]), nulls)

    return draw


def near(other: str, share: float, nulls: float = 0.0) -> Draw:
    """A whole number that lies around a share of another column's."""

    def draw(block: Block, name: str) -> pa.Array:
        factor = block.chance.normal(share, 0.25, len(block)).clip(0)
        block.drawn[name] = (block.drawn[other] * factor).astype(np.int64)
        return blank(block, pa.array(block.drawn[name]), nulls)

    return draw


def money(typical: float, spread: float, nulls: float = 0.0, unit: int = 100) -> Draw:
    """A decimal number with a long tail, in steps of `unit` ten-thousandths."""

    def draw(block: Block, name: str) -> pa.Array:
        values = block.chance.lognormal(np.log(typical * 10_000), spread, len(block))
        tenth_thousandths = (values.clip(0, 2e9) // unit).astype(np.int64) * unit
        return blank(block, _decimals(tenth_thousandths), nulls)

    return draw


def _decimals(values: Ints) -> pa.Array:
    """Whole ten-thousandths, none below 0, as DECIMAL(18, 4)."""
    wide = np.zeros((len(values), 2), np.int64)
    wide[:, 0] = values
    return pa.Array.from_buffers(DECIMAL, len(values), [None, pa.py_buffer(wide)])


def event_day(block: Block, name: str) -> pa.Array:
    """The day of the row."""
    return pa.array(block.days.astype(np.int32), pa.date32())


def day_after(typical: float, nulls: float, until: int | None = None) -> Draw:
    """A day some time after the event; empty for a share, and where it lies behind `until`."""

    def draw(block: Block, name: str) -> pa.Array:
        lag = block.chance.exponential(typical, len(block)).astype(np.int64)
        block.drawn[name] = block.days + lag
        values = pa.array(block.drawn[name].astype(np.int32), pa.date32())
        if until is not None:
            values = pc.if_else(pa.array(block.drawn[name] <= until), values, None)
        return blank(block, values, nulls)

    return draw


def day_before(typical: float, nulls: float) -> Draw:
    """A day some time before the event."""

    def draw(block: Block, name: str) -> pa.Array:
        lag = block.chance.exponential(typical, len(block)).astype(np.int64)
        return blank(block, pa.array((block.days - lag).astype(np.int32), pa.date32()), nulls)

    return draw


def phrase(firsts: Sequence[str], seconds: Sequence[str], nulls: float = 0.0) -> Draw:
    """A short text of two parts."""
    texts = pa.array([first + second for first in firsts for second in seconds])

    def draw(block: Block, name: str) -> pa.Array:
        skewed = (len(texts) * block.chance.random(len(block)) ** 2).astype(np.int64)
        return blank(block, texts.take(pa.array(skewed)), nulls)

    return draw


def record_number(prefix: str) -> Draw:
    """The record's own number."""
    return lambda block, name: numbered(prefix, block.numbers, 9)


def person(block: Block, name: str) -> pa.Array:
    """Somebody of the unit; one in eight rows has a person who goes to units nearby as well, and
    one in fifty somebody from anywhere."""
    chance, first = block.chance, block.first_person
    own = np.maximum(np.diff(first), 1)[block.units]
    found = first[block.units] + (own * chance.random(len(block)) ** 1.5).astype(np.int64)
    way = chance.random(len(block))
    jump = np.rint(chance.laplace(0, 1.0, len(block)) * (2 * own + 8)).astype(np.int64)
    found = np.where(way < 0.125, (found + jump) // 5 * 5, found)
    anywhere = chance.integers(0, max(first[-1], 1), len(block)) // 25 * 25
    found = np.where(way > 0.98, anywhere, found).clip(0, max(first[-1] - 1, 0))
    return numbered("P", (found * 123_456_791 + 7) % 1_000_000_007, 10)


def session(block: Block, name: str) -> pa.Array:
    """A session of the unit, at times of a neighbour."""
    chance, first = block.chance, block.first_session
    own = np.maximum(np.diff(first), 1)[block.units]
    found = first[block.units] + (own * chance.random(len(block))).astype(np.int64)
    found = np.where(chance.random(len(block)) < 0.02, found + 3 * own, found)
    return numbered("S", found.clip(0, max(first[-1] - 1, 0)), 9)


def numbered(prefix: str, numbers: Ints, digits: int) -> pa.Array:
    """The numbers as text of equal length behind a prefix."""
    texts = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), digits, "0")
    return pc.binary_join_element_wise(prefix, texts, "")
