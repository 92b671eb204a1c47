"""The values around a middle: enough of them to find it again when some rows went and others came.

Which value stands in the middle depends on how many are less and how many are more, and of the
values themselves only on the few around it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from shuzhi.engines.masks import Mask
from shuzhi.engines.placed_rows import PlacedRows
from shuzhi.engines.plan import Counts, Floats

# How many rows on either side of a middle are kept: so many may go there, or come, before it has
# to be looked for among all rows again.
MARGIN = 60


@dataclass(frozen=True)
class NearMiddle:
    """`values` ascend, each with how many rows have it; `below` rows have less, `above` more."""

    below: int
    above: int
    values: Floats
    counts: Counts

    def changed(self, went: Floats, came: Floats) -> float | None:
        """The middle without some of the values and with others; 0 where nothing is left. Missing:
        None, it is none of the values near by."""
        below, above = self.below, self.above
        inside = []
        for values, sign in ((went, -1), (came, 1)):
            is_less = (values < self.values.min(initial=np.inf)) & (self.below > 0)
            is_more = (values > self.values.max(initial=-np.inf)) & (self.above > 0)
            below += sign * int(is_less.sum())
            above += sign * int(is_more.sum())
            inside.append(values[~is_less & ~is_more])
        values, place = np.unique(np.concatenate([self.values, *inside]), return_inverse=True)
        steps = [
            self.counts,
            *(np.full(len(part), s) for part, s in zip(inside, (-1, 1), strict=True)),
        ]
        counts = np.bincount(place, np.concatenate(steps), minlength=len(values)).astype(np.int64)
        up_to = np.cumsum(counts)
        near = int(up_to[-1]) if len(up_to) else 0
        rows = below + near + above
        if not rows:
            return 0.0
        lower, upper = (rows - 1) // 2 - below, rows // 2 - below
        if lower < 0 or upper >= near:
            return None
        first, second = values[np.searchsorted(up_to, (lower, upper), side="right")]
        return float((first + second) / 2)


def near_middles(
    rows: PlacedRows, numbers: Counts, counted: Mask, scale: float
) -> Iterator[list[NearMiddle]]:
    """For each unit asked for what is near the middle of each period.

    `numbers` has one per row; values are numbers divided by `scale`.
    """
    kept = rows.that_count(counted)
    slots = rows.slots.length
    node, slot = np.divmod(rows.cells[kept].astype(np.int64), slots)
    values = numbers[kept]
    begins = np.searchsorted(node, np.arange(rows.forest.length + 1))
    below = rows.forest.below
    for unit in range(below.shape[0]):
        nodes = np.sort(below.indices[below.indptr[unit] : below.indptr[unit + 1]])
        runs = [slice(begins[n[0]], begins[n[-1] + 1]) for n in _runs(nodes)]
        of_unit = np.concatenate([values[run] for run in runs])
        of_slot = np.concatenate([slot[run] for run in runs])
        yield [
            near_middle(of_unit[(of_slot >= first) & (of_slot < last)], scale)
            for first, last in rows.slots.runs
        ]


def _runs(numbers: Counts) -> Sequence[Counts]:
    """The numbers in runs that follow each other."""
    return np.split(numbers, np.flatnonzero(np.diff(numbers) != 1) + 1)


def near_middle(values: Counts, scale: float, margin: int = MARGIN) -> NearMiddle:
    """What is near the middle of some numbers, each divided by `scale`."""
    rows = len(values)
    first, last = max((rows - 1) // 2 - margin, 0), min(rows // 2 + margin, rows - 1)
    if not rows:
        return NearMiddle(0, 0, np.zeros(0), np.zeros(0, dtype=np.int64))
    parted = np.partition(values, (first, last))
    near, counts = np.unique(parted[first : last + 1], return_counts=True)
    below = int((values < near[0]).sum())
    above = int((values > near[-1]).sum())
    if len(near) == 1:
        counts[0] = rows - below - above
    else:
        counts[0], counts[-1] = (values == near[0]).sum(), (values == near[-1]).sum()
    return NearMiddle(below, above, near / scale, counts.astype(np.int64))
