"""How an engine that speaks SQL goes about a scan: what it is joined with, in which parts, in which
steps."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from shuzhi.engines.kernel_rule import fits
from shuzhi.engines.plan import Scan
from shuzhi.engines.sql.lookups import Lookups
from shuzhi.engines.sql.selection import Selection, selection_of
from shuzhi.engines.sql.steps import Measuring, measuring_steps
from shuzhi.packs.model import Pack
from shuzhi.periods import Period
from shuzhi.units import UnitTree

_Surroundings = tuple[bool, tuple[Period, ...], tuple[str, ...], date | None]


class Planning:
    """Plans the scans over one tree. Scans with the same periods and units share their lookups."""

    def __init__(self, tree: UnitTree, pack: Pack) -> None:
        self._tree = tree
        self._pack = pack
        self._known: dict[_Surroundings, Lookups] = {}

    def lookups(self, scan: Scan) -> Lookups:
        key = bool(scan.ends), scan.periods, scan.units, scan.tree_as_of
        if key not in self._known:
            self._known[key] = Lookups(scan, self._tree)
        return self._known[key]

    def parts(self, scan: Scan) -> Iterator[Scan]:
        """What asks for the days of a period, apart from the rest: only that must go through every
        row once a period."""
        apart = {name: m for name, m in scan.measures.items() if not fits(m)}
        others = {name: m for name, m in scan.measures.items() if name not in apart}
        for measures in filter(None, (others, apart)):
            yield replace(scan, measures=measures)

    def measuring(self, scan: Scan, *, at_once: bool) -> tuple[Selection, Measuring]:
        by_period = not all(map(fits, scan.measures.values()))
        selection = self.selection(scan, by_period=by_period)
        return selection, measuring_steps(selection, at_once=at_once)

    def selection(self, scan: Scan, *, by_period: bool) -> Selection:
        lookups = self.lookups(scan)
        return selection_of(
            scan, self._pack.tables[scan.table], by_period=by_period,
            with_versions=lookups.with_versions, calendar_from=lookups.calendar_from,
        )  # fmt: skip
