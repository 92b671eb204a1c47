"""Which returns were asked for, and until when."""

from collections.abc import Iterator
from datetime import date, timedelta

from shuzhi.packs.model import Pack, Table
from shuzhi.periods import Period
from shuzhi.units import UnitTree


def due_day(table: Table, period: Period) -> date:
    """The last day on which a return for `period` is on time."""
    return period.last_day + timedelta(days=table.asked.due_days)


def asked_returns(pack: Pack, units: UnitTree) -> Iterator[tuple[Table, str, Period]]:
    """Every return asked for: the table, the sender, the period."""
    for table in pack.tables.values():
        if not table.asked.levels:
            continue
        for period in pack.reporting_periods(table.name, pack.collects_from, pack.collects_until):
            for span in units.spans:
                if span.level in table.asked.levels and span.holds_on(period.last_day):
                    yield table, span.code, period
