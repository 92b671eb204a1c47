"""Which measures go through the kernel, and when. It loads nothing that the kernel needs."""

from collections.abc import Iterable

from sqlglot import exp

from shuzhi.packs.model import Measure
from shuzhi.packs.predicates import RESERVED_DATES

# Below this many rows of the largest table the kernel, though faster, does not win back the 0.2 s
# that loading its library takes; once it is loaded, it pays from far fewer rows of a table on
# (bench/kernel_crossover.py).
ROWS_FROM = 100_000
ROWS_ONCE_LOADED = 1_000
# Up to so many values of a column are asked about one by one; more in one query.
FEW = 4_000


def rows_needed(tables: Iterable[int], rows_from: int) -> int | None:
    """From how many rows of a table on it goes through the kernel, in a source whose tables have
    so many rows. Missing: None, no table of it does."""
    if max(tables, default=0) < rows_from:
        return None
    return min(rows_from, ROWS_ONCE_LOADED)


def fits(measure: Measure) -> bool:
    """Whether the kernel can take the measure: no predicate asks for the period's days, which
    differ from period to period for one and the same row."""
    predicates = (measure.where, measure.share_of)
    return not any(
        column.name in RESERVED_DATES
        for predicate in predicates
        if predicate is not None
        for column in predicate.tree.find_all(exp.Column)
    )
