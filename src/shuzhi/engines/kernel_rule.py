"""Which measures go through the kernel, and when. It loads nothing that the kernel needs."""

from sqlglot import exp

from shuzhi.packs.model import Measure
from shuzhi.packs.predicates import RESERVED_DATES

# Below this many rows of a table the kernel, though faster, does not win back the 0.2 s that
# loading its library takes (bench/kernel_crossover.py).
ROWS_FROM = 100_000


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
