"""What the senders spent: the cells they filled, at the minutes the pack puts on each."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

import numpy as np

from shuzhi.ledgers.model import FILE, SHEET, Ledgers
from shuzhi.packs.model import Pack, Table
from shuzhi.periods import Period, parse_period


@dataclass(frozen=True)
class SpentLoad:
    """The minutes the senders of one level spent on a period's returns.

    `senders` counts those that sent anything, `median` is what half of them stay under, `total`
    what all of them spent together.
    """

    level: str
    senders: int
    median: float
    total: float


def spent_load(ledgers: Ledgers, pack: Pack, period: Period) -> tuple[SpentLoad, ...]:
    """One entry a level that sent anything, top down. An empty cell costs nothing."""
    senders = {
        (answer.table, answer.file, answer.sheet): answer.unit
        for answer in ledgers.returns
        if _is_within(parse_period(answer.period), period)
    }
    spent: dict[str, float] = dict.fromkeys(senders.values(), 0.0)
    for table in pack.tables.values():
        for (file, sheet), minutes in _minutes_by_sheet(table, ledgers).items():
            sender = senders.get((table.name, file, sheet))
            if sender is not None:
                spent[sender] += minutes
    by_level: dict[str, list[float]] = {}
    for unit, minutes in spent.items():
        level = ledgers.units.by_code[unit][-1].level
        by_level.setdefault(level, []).append(minutes)
    return tuple(
        SpentLoad(level.code, len(own), round(median(own), 1), round(sum(own), 1))
        for level in pack.levels
        if (own := by_level.get(level.code))
    )


def _is_within(part: Period, period: Period) -> bool:
    return period.start <= part.start and part.end <= period.end


def _minutes_by_sheet(table: Table, ledgers: Ledgers) -> Mapping[tuple[str, str], float]:
    ledger = ledgers.tables[table.name]
    minutes = np.zeros(len(ledger))
    for column in table.columns:
        filled = ledger[column.name].is_valid().to_numpy()
        minutes += filled * column.minutes
    found: dict[tuple[str, str], float] = {}
    places = zip(ledger[FILE].to_pylist(), ledger[SHEET].to_pylist(), minutes, strict=True)
    for file, sheet, spent in places:
        found[file, sheet] = found.get((file, sheet), 0.0) + float(spent)
    return found
