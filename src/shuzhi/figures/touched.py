"""Which units what was sent again can touch."""

from collections.abc import Collection, Iterable
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shuzhi.ledgers.amended_tables import AmendedTables
from shuzhi.ledgers.edition_tables import RETURNS
from shuzhi.ledgers.model import Ledgers, ReturnState
from shuzhi.ledgers.sealed_parts import as_columns
from shuzhi.packs.model import Pack, Role
from shuzhi.units import UnitTree

_Key = tuple[str, str, str]  # table, unit, period


def units_of_rows(now: Ledgers, pack: Pack, tree_as_of: date | None) -> frozenset[str]:
    """The units that rows which went or came belong to, and all that ever stood above them."""
    assert isinstance(now.tables, AmendedTables)
    named: set[str] = set()
    for name, changes in now.tables.changes.items():
        unit = pack.tables[name].column_with(Role.UNIT)
        if unit is not None:
            for rows in (changes.came, now.tables.rows_gone(name, [unit.name])):
                named.update(pc.unique(rows[unit.name]).drop_null().to_pylist())
    return above(now.units, named, tree_as_of)


def above(tree: UnitTree, units: Iterable[str], tree_as_of: date | None) -> frozenset[str]:
    """Those that answer for the units, and all above them on any day (on the day restated on)."""
    known = [unit for unit in units if unit in tree.by_code]
    if tree_as_of is not None:
        heirs = {tree.heir(unit, tree_as_of) for unit in known}
        return frozenset(code for heir in heirs for code in tree.ancestors(heir, tree_as_of))
    return frozenset(_closed(tree, known))


def _closed(tree: UnitTree, units: Iterable[str]) -> Collection[str]:
    found: dict[str, None] = {}
    waiting = list(units)
    while waiting:
        code = waiting.pop()
        if code in found or code not in tree.by_code:
            continue
        found[code] = None
        waiting += [span.parent for span in tree.by_code[code]]
    return found


def units_of_returns(
    earlier: Ledgers, now: Ledgers, tree_as_of: date | None
) -> tuple[frozenset[str], frozenset[str]]:
    """The units for which somebody has reported otherwise than before, and on which tables."""
    changed = _other_answers(earlier, now)
    if not changed:
        return frozenset(), frozenset()
    senders = {unit for _, unit, _ in changed if unit in now.units.by_code}
    if tree_as_of is not None:
        senders |= {now.units.heir(unit, tree_as_of) for unit in senders}
    found = _below(now.units, senders) | above(now.units, senders, tree_as_of)
    return found, frozenset(table for table, _, _ in changed)


def _other_answers(earlier: Ledgers, now: Ledgers) -> set[_Key]:
    """What was answered otherwise: both lie in order, so only what is between the first and the
    last difference is looked at."""
    if earlier.returns is now.returns:
        return set()
    before, after = (as_columns(ledgers.returns, RETURNS) for ledgers in (earlier, now))
    shorter = min(len(before), len(after))
    first = _alike(before.slice(0, shorter), after.slice(0, shorter), from_end=False)
    rest = shorter - first
    last = _alike(before.slice(len(before) - rest), after.slice(len(after) - rest), from_end=True)
    heard = [_heard(part.slice(first, len(part) - first - last)) for part in (before, after)]
    return {
        key for key in heard[0].keys() | heard[1].keys() if heard[0].get(key) != heard[1].get(key)
    }


def _alike(before: pa.Table, after: pa.Table, *, from_end: bool) -> int:
    """How many returns at one end of two tables as long as each other say the same."""
    same = np.ones(len(before), dtype=np.bool_)
    for column in ("table", "unit", "period", "state"):
        same &= pc.equal(before[column], after[column]).to_numpy()
    if from_end:
        same = same[::-1]
    return len(same) if same.all() else int(np.argmin(same))


def _heard(returns: pa.Table) -> dict[_Key, bool]:
    """The senders that sent anything, and whether more than "not applicable"."""
    found: dict[_Key, bool] = {}
    for answer in returns.to_pylist():
        key = answer["table"], answer["unit"], answer["period"]
        substance = answer["state"] != ReturnState.NOT_APPLICABLE.value
        found[key] = found.get(key, False) or substance
    return found


def _below(tree: UnitTree, units: Collection[str]) -> frozenset[str]:
    """The units with all that ever stood under them."""
    children: dict[str, set[str]] = {}
    for span in tree.spans:
        children.setdefault(span.parent, set()).add(span.code)
    found: set[str] = set()
    waiting = list(units)
    while waiting:
        code = waiting.pop()
        if code not in found:
            found.add(code)
            waiting += children.get(code, ())
    return frozenset(found)
