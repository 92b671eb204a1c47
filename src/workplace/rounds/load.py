"""What a round costs the units: minutes a table, and minutes a unit of each level will spend."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from statistics import mean

from shuzhi.packs.model import Level, Pack, Table
from shuzhi.periods import parse_period
from shuzhi.pipeline import column_uses, form_minutes
from shuzhi.units import UnitTree
from workplace.rounds.asking import Asking, Known


@dataclass(frozen=True)
class TableLoad:
    """One table in a round. `minutes` is for one return with as many rows as the pack expects;
    `asked` and `known` count returns."""

    table: Table
    minutes: int
    units: int
    asked: int
    known: int


@dataclass(frozen=True)
class LevelLoad:
    """The units of one level in a round: how many, with how many returns and minutes each."""

    level: Level
    units: int
    returns: int
    minutes: int


def minutes_of(table: Table) -> int:
    """The minutes that one return of a table should take; at least one."""
    return max(1, round(form_minutes(table) * table.rows_per_return))


def uses_of(pack: Pack, table: Table, language: str) -> tuple[str, ...]:
    """What a table's columns feed, each use once."""
    uses = (use for column in table.columns
            for use in column_uses(pack, table.name, column.name, language))  # fmt: skip
    return tuple(dict.fromkeys(uses))


def table_loads(pack: Pack, found: Collection[Asking], tables: Collection[str]) -> list[TableLoad]:
    """One entry a table, in the pack's order."""
    by_table: dict[str, list[Asking]] = defaultdict(list)
    for each in found:
        by_table[each.table].append(each)
    return [
        _table_load(pack.tables[name], by_table[name]) for name in pack.tables if name in tables
    ]


def level_loads(pack: Pack, tree: UnitTree, found: Collection[Asking]) -> list[LevelLoad]:
    """One entry a level that is asked for something, from the top of the tree down."""
    minutes: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for each in found:
        if each.known is Known.NO:
            level = tree.level(each.unit, parse_period(each.period).last_day)
            minutes[level][each.unit].append(minutes_of(pack.tables[each.table]))
    return [
        LevelLoad(
            level, len(units), round(mean(map(len, units.values()))),
            round(mean(map(sum, units.values()))),
        )
        for level in pack.levels if (units := minutes.get(level.code))
    ]  # fmt: skip


def _table_load(table: Table, found: Collection[Asking]) -> TableLoad:
    asked = [each for each in found if each.known is Known.NO]
    units = len({each.unit for each in asked})
    return TableLoad(table, minutes_of(table), units, len(asked), len(found) - len(asked))
