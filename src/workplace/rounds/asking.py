"""Who is asked for what: the returns that a round makes, and those that it need not ask for."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q

from shuzhi.packs.model import Pack, Table
from shuzhi.periods import Period
from shuzhi.units import UnitTree
from workplace.records.models import Feed
from workplace.rounds.models import Return, ReturnState, RoundState


class Known(StrEnum):
    """Why a return is not asked for (again)."""

    NO = ""
    APP = "app"  # its rows are kept in a duty app
    ACCEPTED = "accepted"  # accepted in an earlier round
    ASKED = "asked"  # another open round asks for it


@dataclass(frozen=True)
class Asking:
    """One table asked of one unit for one of the table's reporting periods."""

    table: str
    unit: str
    period: str
    known: Known = Known.NO

    @property
    def key(self) -> tuple[str, str, str]:
        return self.table, self.unit, self.period


def askings(
    pack: Pack, tree: UnitTree, period: Period, tables: Collection[str],
    units: Collection[str] = (), *, besides: int | None = None,
) -> list[Asking]:  # fmt: skip
    """What a round of these tables for `period` asks, and what is known already, in the pack's
    order of tables and the tree's of units.

    `units`: all that the pack asks, where none are named. `besides` is the round itself, whose own
    returns do not make anything known.
    """
    wanted = frozenset(units)
    asked = [
        (table, unit, each)
        for table in pack.tables.values() if table.name in tables
        for each in whole_periods(pack, table, period)
        for unit in senders(tree, table, each) if not wanted or unit in wanted
    ]  # fmt: skip
    since = _fed(pack, {table.name for table, _, _ in asked})
    elsewhere = _known_elsewhere(pack, {each.name for _, _, each in asked}, besides)
    return [
        Asking(table.name, unit, each.name, _known(table, unit, each, since, elsewhere))
        for table, unit, each in asked
    ]


def whole_periods(pack: Pack, table: Table, period: Period) -> list[Period]:
    """The table's reporting periods that lie wholly in the round's period."""
    return [
        each
        for each in pack.reporting_periods(table.name, period.start, period.end)
        if period.start <= each.start and each.end <= period.end
    ]


def senders(tree: UnitTree, table: Table, period: Period) -> Iterator[str]:
    """The units of the levels asked on the period's last day, as the tree was then."""
    day = period.last_day
    for code, spans in tree.by_code.items():
        if any(span.holds_on(day) and span.level in table.asked.levels for span in spans):
            yield code


def _fed(pack: Pack, tables: Collection[str]) -> dict[tuple[str, str], str]:
    """Table and unit → the day from which a duty app keeps the rows."""
    feeds = Feed.objects.filter(pack=pack.name, table__in=tables)
    found = feeds.values_list("table", "unit_id", "since")
    return {(table, unit): since.isoformat() for table, unit, since in found}


def _known_elsewhere(
    pack: Pack, periods: Collection[str], besides: int | None
) -> dict[tuple[str, str, str], Known]:
    settled = Q(state=ReturnState.ACCEPTED) | Q(round__state=RoundState.OPEN)
    found = Return.objects.filter(settled, round__pack=pack.name, period__in=periods)
    return {
        (table, unit, period): Known.ACCEPTED if state == ReturnState.ACCEPTED else Known.ASKED
        for table, unit, period, state in found.exclude(round=besides).values_list(
            "table", "unit_id", "period", "state"
        )
    }


def _known(
    table: Table, unit: str, period: Period, since: dict[tuple[str, str], str],
    elsewhere: dict[tuple[str, str, str], Known],
) -> Known:  # fmt: skip
    if since.get((table.name, unit), "9999") <= period.start.isoformat():
        return Known.APP
    return elsewhere.get((table.name, unit, period.name), Known.NO)
