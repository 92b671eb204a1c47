"""The dated tree as a table: which units a unit's records count for, and from when until when."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

import pyarrow as pa

from shuzhi.units import FOREVER, UnitSpan, UnitTree

_SCHEMA = pa.schema(
    [
        ("unit", pa.string()),
        ("own", pa.string()),
        ("above", pa.string()),
        ("since", pa.date32()),
        ("until", pa.date32()),
    ]
)


class Reach(NamedTuple):
    """Records of `unit` count as `own`'s, and for `above`, from `since` to before `until`."""

    unit: str
    own: str
    above: str
    since: date
    until: date


def reach_table(tree: UnitTree, units: Collection[str], tree_as_of: date | None) -> pa.Table:
    """Shape: one row per unit, one of `units` above it (or itself), and span of days."""
    rows = (reach for code in tree.codes for reach in _reaches(tree, code, tree_as_of))
    asked = frozenset(units)
    wanted = [reach._asdict() for reach in rows if reach.above in asked]
    return pa.Table.from_pylist(wanted, schema=_SCHEMA)


def _reaches(tree: UnitTree, code: str, tree_as_of: date | None) -> Iterator[Reach]:
    if tree_as_of is None:
        for above, since, until in _climb(tree, code, date.min, FOREVER):
            yield Reach(code, code, above, since, until)
        return
    heir = tree.heir(code, tree_as_of)
    for above in tree.ancestors(heir, tree_as_of):
        yield Reach(code, heir, above, date.min, FOREVER)


def _climb(tree: UnitTree, code: str, since: date, until: date) -> Iterator[tuple[str, date, date]]:
    yield code, since, until
    for span, first, last in _stretches(tree, code):
        begin, end = max(first, since), min(last, until)
        if span.parent and begin < end:
            yield from _climb(tree, span.parent, begin, end)


def _stretches(tree: UnitTree, code: str) -> Iterator[tuple[UnitSpan, date, date]]:
    """The days on which each span answers for the unit, as `UnitTree.span` has it: the first
    span for all days before it, the last one for all after it and for days between spans."""
    spans = tree.by_code[code]
    begin = date.min
    for span, following in zip(spans, [*spans[1:], None], strict=True):
        if following is None:
            yield span, begin, FOREVER
            return
        yield span, begin, span.valid_to
        if span.valid_to < following.valid_from:
            yield spans[-1], span.valid_to, following.valid_from
        begin = following.valid_from
