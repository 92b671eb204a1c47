"""Cells of slots become cells of the periods that the slots make up."""

from collections.abc import Mapping

from sqlglot import exp

from shuzhi.engines.sql.nodes import RUNS, column, plain, select, table
from shuzhi.engines.sql.selection import Selection


def over_periods(
    selection: Selection, source: str, keys: list[str], merged: Mapping[str, exp.Expr],
    before: tuple[str, ...] = (),
) -> exp.Select:  # fmt: skip
    """From cells by `before`, slot and `keys` to cells by `before`, period and `keys`."""
    columns = plain(before, source) | {"period": period_of(selection, source)}
    columns |= plain(keys, source)
    query = select(source, {**columns, **merged}, grouped_by=len(columns))
    return joined_with_runs(query, selection, source)


def period_of(selection: Selection, source: str) -> exp.Expr:
    return column("slot", source) if selection.by_period else column("period", RUNS)


def joined_with_runs(query: exp.Select, selection: Selection, source: str) -> exp.Select:
    """Placed by period, a row's slot is its period."""
    if selection.by_period:
        return query
    same = column("slot", source).eq(column("slot", RUNS))
    return query.join(table(RUNS), on=same, copy=False)
