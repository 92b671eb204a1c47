"""Distinct values at every unit, exactly, without a set of values at every level of the tree.

Units are numbered in pre-order, so all below a unit follow it. A value is new at every unit above
its holder that stands behind the holder before (of the same value); at those before, it has been
counted. That holds on one tree: a value of which some holder moves meanwhile is followed up to
every unit above and counted there once.
"""

from collections.abc import Iterator

from sqlglot import exp

from shuzhi.engines.sql.nodes import (
    PLACED,
    REACH,
    Named,
    column,
    count,
    is_there,
    number,
    only_where,
    plain,
    select,
    whole_sum,
)  # fmt: skip
from shuzhi.engines.sql.over_periods import over_periods
from shuzhi.engines.sql.selection import Selection
from shuzhi.engines.sql.states import Columns
from shuzhi.engines.sql.up_the_tree import joined_with_reach
from shuzhi.packs.model import Measure


def distinct_steps(
    selection: Selection, measures: dict[str, Measure], suffix: str
) -> Iterator[Named]:
    """The steps that count the values of one column; the last one has a column per measure."""
    seen, held, counted = f"seen_{suffix}", f"held_{suffix}", f"distinct_{suffix}"
    flags = list(measures)
    yield seen, _seen(selection, measures)
    kept = {flag: exp.Max(this=column(flag, seen)) for flag in flags}
    yield held, over_periods(selection, seen, ["value"], kept, tuple(selection.place))
    if selection.scan.by_own_unit:
        met = f"met_{suffix}"
        yield met, _met(selection, held, flags)
        yield counted, _counted_once(selection, met, flags)
        return
    neighbours = f"neighbours_{suffix}"
    yield neighbours, _neighbours(selection, held, flags)
    if not selection.with_versions:
        yield counted, _new_values(selection, neighbours, flags)
        return
    met, parts = f"met_{suffix}", f"parts_{suffix}"
    moved = column("moved", neighbours)
    stay = exp.EQ(this=moved, expression=number(0))
    yield met, _met(selection, neighbours, flags, exp.GT(this=moved.copy(), expression=number(0)))
    yield parts, exp.union(
        _new_values(selection, neighbours, flags, stay),
        _counted_once(selection, met, flags),
        distinct=False, copy=False,
    )  # fmt: skip
    total = {flag: whole_sum(column(flag, parts)) for flag in flags}
    keys = plain(selection.keys, parts)
    yield counted, select(parts, keys | total, grouped_by=len(keys))


def _seen(selection: Selection, measures: dict[str, Measure]) -> exp.Select:
    """One row per unit, slot and value, with 1 for each measure that counts it."""
    first = next(iter(measures.values()))
    keys = plain([*selection.place, "slot"], PLACED) | {"value": selection.value(first)}
    flags: Columns = {}
    for name, measure in measures.items():
        conditions = selection.taken_into_account(measure)[:-1]
        flags[name] = exp.Max(this=only_where(number(1), *conditions))
    where = is_there(selection.value(first))
    return select(PLACED, keys | flags, grouped_by=len(keys), where=where)


def _neighbours(selection: Selection, held: str, flags: list[str]) -> exp.Select:
    """Beside each holder of a value, for each measure, the last one before it."""
    columns = plain([*selection.place, "period"], held)
    if selection.with_versions:
        columns["value"] = column("value", held)
        columns["moved"] = exp.Window(
            this=exp.Max(this=column("version", held)), partition_by=_one_value(held)
        )
    for flag in flags:
        holds = is_there(column(flag, held))
        columns[flag] = column(flag, held)
        columns[_before(flag)] = exp.Window(
            this=exp.Max(this=only_where(column("unit", held), holds)),
            partition_by=_one_value(held),
            order=exp.Order(expressions=[exp.Ordered(this=column("unit", held))]),
            spec=exp.WindowSpec(
                kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end=number(1),
                end_side="PRECEDING",
            ),
        )  # fmt: skip
    return select(held, columns)


def _one_value(held: str) -> list[exp.Expr]:
    return [column("period", held), column("value", held)]


def _new_values(
    selection: Selection, neighbours: str, flags: list[str], where: exp.Expr | None = None
) -> exp.Select:
    above = column("above", REACH)
    columns: Columns = {"above": above, "period": column("period", neighbours)}
    for flag in flags:
        before = column(_before(flag), neighbours)
        is_new = exp.or_(before.is_(exp.Null()), before < above, copy=False)
        columns[flag] = count(is_there(column(flag, neighbours)), is_new)
    query = select(neighbours, columns, grouped_by=2, where=where)
    return joined_with_reach(query, selection, neighbours)


def _met(
    selection: Selection, source: str, flags: list[str], where: exp.Expr | None = None
) -> exp.Select:
    """One row per unit above (and own unit), period and value."""
    columns: Columns = {"above": column("above", REACH)}
    if selection.scan.by_own_unit:
        columns["own"] = column("unit", REACH)
    columns |= plain(["period", "value"], source)
    keys = len(columns)
    columns |= {flag: exp.Max(this=column(flag, source)) for flag in flags}
    query = select(source, columns, grouped_by=keys, where=where)
    return joined_with_reach(query, selection, source)


def _counted_once(selection: Selection, met: str, flags: list[str]) -> exp.Select:
    keys = plain(selection.keys, met)
    counted = {flag: exp.Count(this=column(flag, met)) for flag in flags}
    return select(met, keys | counted, grouped_by=len(keys))


def _before(flag: str) -> str:
    return f"before_{flag}"
