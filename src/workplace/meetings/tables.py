"""What the packs of this workplace say of the tables that are kept here."""

from collections.abc import Iterator
from datetime import date

from shuzhi.packs.model import Table
from shuzhi.units import UnitTree
from workplace.programme import packs
from workplace.web.texts import text_in

KEPT_HERE = ("meetings", "actions", "duties")


def tables_named(name: str) -> Iterator[Table]:
    """The table of that name in each pack that has one."""
    for pack in packs().values():
        if name in pack.tables:
            yield pack.tables[name]


def tables_here() -> dict[str, str]:
    """The tables that can be kept here: "pack:table" → what it is called, with its pack where
    there are several."""
    known = packs().values()
    return {
        f"{pack.name}:{name}": text_in(pack.tables[name].label)
        + (f" ({text_in(pack.title)})" if len(known) > 1 else "")
        for pack in known
        for name in KEPT_HERE
        if name in pack.tables
    }


def kinds() -> dict[str, str]:
    """The kinds of meetings: a category's value → its label, in the packs' order."""
    found: dict[str, str] = {}
    for table in tables_named("meetings"):
        for column in table.columns:
            if column.name == "kind":
                for category in column.categories:
                    found.setdefault(category.value, text_in(category.label))
    return found


def levels_asked(table: str) -> frozenset[str]:
    """The levels of units that are asked for a table."""
    return frozenset(level for each in tables_named(table) for level in each.asked.levels)


def sender_of(tree: UnitTree, unit: str, day: date, levels: frozenset[str]) -> str:
    """The unit whose return would hold a row of `unit`: itself or the nearest above that is asked;
    itself where nobody is."""
    above = tree.ancestors(unit, day)
    return next((code for code in above if tree.level(code, day) in levels), unit)
