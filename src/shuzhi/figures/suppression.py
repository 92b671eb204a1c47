"""Which numbers of a table to withhold so that small ones cannot be read or worked out.

Numbers stand in sums: the county's is its townships' added up, and perhaps a rest of its own that
is printed nowhere. A number above zero and below `least` is withheld (primary suppression). Then
further ones are, the smallest first and totals last, until no reader who knows all sums and all
printed numbers can work out a withheld one (complementary suppression): for him it may still be any
of `least` − 1 numbers or more, and `least` − 1 or more itself. Zeros are printed; so he knows that
what is withheld is not zero, and of a total with three withheld parts that it is three or more.

The reader is given more than he has: he knows of every rest that it is there.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

Layer = Mapping[str, float]  # cell → number; a cell that is not there is zero


@dataclass(frozen=True)
class Sum:
    """A cell that is the sum of its parts and perhaps of a rest that is not printed.

    Over a tree of units, a cell is the total of one sum at most and a part of one at most.
    """

    total: str
    parts: tuple[str, ...]


class Range(NamedTuple):
    """What a reader knows of a number: both ends included."""

    low: float
    high: float


_UNKNOWN = Range(1, math.inf)


def suppress(
    layers: Sequence[Layer],
    sums: Sequence[Sum],
    *,
    least: int = 10,
    forced: Iterable[str] = (),
) -> frozenset[str]:
    """The cells to withhold.

    `layers` are the numbers a printed cell tells at once, above or equal to zero: a count is one
    layer, a share three (its part, the rest of its base, its base). A cell is withheld in all
    layers or in none. `forced` are withheld and protected whatever their number.
    """
    protected = [
        {cell for cell, number in layer.items() if 0 < number < least} | set(forced)
        for layer in layers
    ]
    hidden = set().union(*protected) if protected else set(forced)
    tables = [_Table(layer, sums, least) for layer in layers]
    for table, cells in zip(tables, protected, strict=True):
        cells.update(table.small_rests())
    while True:
        open_cell = next(
            (
                (table, cell)
                for table, cells in zip(tables, protected, strict=True)
                for cell in table.narrowed(sorted(cells), hidden)
                if table.next_to_hide(cell, hidden)
            ),
            None,
        )
        if open_cell is None:
            return frozenset(hidden)
        table, cell = open_cell
        hidden.add(table.next_to_hide(cell, hidden))


class _Table:
    """One layer in its sums; the rest of a sum is a cell that is always hidden."""

    def __init__(self, layer: Layer, sums: Sequence[Sum], least: int) -> None:
        self._least = least
        self._numbers = dict(layer)
        self._rests: dict[str, float] = {}
        self._sums: list[tuple[str, tuple[str, ...], bool]] = []
        self._of: dict[str, list[int]] = {}
        for one in sums:
            self._take(one)

    def small_rests(self) -> set[str]:
        """The rests that are small themselves."""
        return {rest for rest, number in self._rests.items() if 0 < number < self._least}

    def narrowed(self, cells: Iterable[str], hidden: set[str]) -> Iterator[str]:
        """Those of the cells of which a reader learns too much."""
        known = self._ranges(hidden)
        for cell in cells:
            low, high = known.get(cell, _UNKNOWN)
            if high < self._least - 1 or high - low < self._least - 2:
                yield cell

    def next_to_hide(self, cell: str, hidden: set[str]) -> str:
        """The nearest printed number that helps: a part before a total, the smallest first.

        Missing: '' where all that hangs together with the cell is withheld already.
        """
        seen, queue, totals = {cell}, [cell], []
        for current in queue:
            for place in self._of.get(current, ()):
                total, parts, _ = self._sums[place]
                shown = [part for part in parts if self._is_shown(part, hidden)]
                if shown:
                    return min(shown, key=lambda part: (self._numbers[part], part))
                if self._is_shown(total, hidden):
                    totals.append(total)
                for member in (total, *parts):
                    if member not in seen and (member in hidden or member in self._rests):
                        seen.add(member)
                        queue.append(member)
        return totals[0] if totals else ""

    def _take(self, one: Sum) -> None:
        total = self._numbers.get(one.total, 0)
        rest = total - sum(self._numbers.get(part, 0) for part in one.parts)
        name = f"rest of {one.total}"
        if rest > 0:
            self._rests[name] = rest
        members = (*one.parts, *((name,) if rest > 0 else ()))
        # Distinct values and middles do not add up; their parts are guarded as if they did.
        self._sums.append((one.total, members, rest >= 0))
        for cell in (one.total, *members):
            self._of.setdefault(cell, []).append(len(self._sums) - 1)

    def _is_shown(self, cell: str, hidden: set[str]) -> bool:
        return cell not in hidden and self._numbers.get(cell, 0) > 0

    def _ranges(self, hidden: set[str]) -> dict[str, Range]:
        """What is known of each hidden cell once every sum has been used as often as it helps."""
        known = dict.fromkeys((*hidden, *self._rests), _UNKNOWN)
        places = sorted({place for cell in known for place in self._of.get(cell, ())})
        for _ in range(2 * len(self._sums) + 2):
            narrowed = [self._narrow(self._sums[place], known) for place in places]
            if not any(narrowed):
                break
        return known

    def _narrow(self, one: tuple[str, tuple[str, ...], bool], known: dict[str, Range]) -> bool:
        total_cell, parts, adds_up = one
        ranges = [self._range(part, known) for part in parts]
        low, high = sum(r.low for r in ranges), sum(r.high for r in ranges)
        total = self._range(total_cell, known)
        if not adds_up:
            if total_cell in known:
                return False
            printed = sum(self._numbers.get(part, 0) for part in parts)
            total = Range(printed, printed)
        changed = self._tighten(total_cell, Range(low, high), known)
        for part, own in zip(parts, ranges, strict=True):
            others_high = sum(r.high for r in ranges) if math.isfinite(high) else math.inf
            if math.isfinite(high):
                others_high -= own.high
            elif sum(math.isinf(r.high) for r in ranges) == 1 and math.isinf(own.high):
                others_high = sum(r.high for r in ranges if math.isfinite(r.high))
            bounds = Range(total.low - others_high, total.high - (low - own.low))
            changed = self._tighten(part, bounds, known) or changed
        return changed

    def _range(self, cell: str, known: Mapping[str, Range]) -> Range:
        number = self._numbers.get(cell, 0)
        return known.get(cell, Range(number, number))

    @staticmethod
    def _tighten(cell: str, bounds: Range, known: dict[str, Range]) -> bool:
        if cell not in known:
            return False
        old = known[cell]
        known[cell] = Range(max(old.low, bounds.low), min(old.high, bounds.high))
        return known[cell] != old
