"""What a change of the tree would do, before it is done: figures that move, open returns."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db.models import QuerySet

from shuzhi import pipeline
from shuzhi.packs.model import Pack
from shuzhi.pipeline import Source
from shuzhi.units import UnitTree
from workplace.programme import packs
from workplace.records.ledgers import live_ledgers
from workplace.rounds.models import Return
from workplace.units.tree import batched, current_tree

# Shown on the page; how many there are in all is said beside it.
SHOWN = 200
_Value = tuple[float | None, str]


@dataclass(frozen=True)
class Moved:
    """A figure that would have another value or state. None: the unit has no such figure there."""

    pack: Pack
    indicator: str
    unit: str
    period: str
    before: _Value | None
    after: _Value | None


def moved_figures(after: UnitTree) -> list[Moved]:
    """The figures of each pack's last collected year that differ between today's tree and another.

    Where nothing was sent yet, nothing moves.
    """
    return [moved for pack in packs().values() for moved in _moved_in(pack, after)]


def _moved_in(pack: Pack, after: UnitTree) -> Iterator[Moved]:
    old, new = _figures(pack, current_tree()), _figures(pack, after)
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            unit, indicator, period = key
            yield Moved(pack, indicator, unit, period, old.get(key), new.get(key))


def _figures(pack: Pack, tree: UnitTree) -> dict[tuple[str, str, str], _Value]:
    """The value and state of every figure, by unit, indicator and period."""
    source = Source(Path(pack.path), pack, live_ledgers(pack, tree=tree), None)
    columns = pipeline.figure_columns(source)
    units, indicators, periods, values, states = (
        columns[name].to_pylist() for name in ("unit", "indicator", "period", "value", "state")
    )
    keys = zip(units, indicators, periods, strict=True)
    return dict(zip(keys, zip(values, states, strict=True), strict=True))


def open_returns(units: tuple[str, ...]) -> list[Return]:
    """The returns that these units still have to send."""
    found: list[Return] = []
    for some in batched(units, 500):
        open_ones: QuerySet[Return] = Return.objects.open().filter(unit__in=some)
        found += open_ones.select_related("round").order_by("unit", "due_on")[: SHOWN + 1]
    return found
