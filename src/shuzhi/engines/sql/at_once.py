"""A scan of few rows in one aggregation: each row to all above it and all its periods. With few
rows that takes less than planning the steps that spare work with many."""

from sqlglot import exp

from shuzhi.engines.sql.nodes import PLACED, REACH, column, only_where, select
from shuzhi.engines.sql.over_periods import joined_with_runs, period_of
from shuzhi.engines.sql.selection import Selection
from shuzhi.engines.sql.states import NOT_ADDITIVE, Columns, States, apart
from shuzhi.engines.sql.up_the_tree import joined_with_reach
from shuzhi.packs.model import Measure, MeasureKind


def measured_at_once(selection: Selection, states: States) -> exp.Select:
    """One row per unit (own unit) and period with all states, and the measures kept apart."""
    keys = keys_of_rows(selection)
    columns = keys | states.from_rows
    for name, measure in selection.scan.measures.items():
        if measure.kind in NOT_ADDITIVE:
            columns[apart(selection, name)] = _of_rows(selection, measure)
    return joined(select(PLACED, columns, grouped_by=len(keys)), selection)


def keys_of_rows(selection: Selection) -> Columns:
    keys: Columns = {"above": column("above", REACH)}
    if selection.scan.by_own_unit:
        keys["own"] = column("unit", PLACED)
    return keys | {"period": period_of(selection, PLACED)}


def joined(query: exp.Select, selection: Selection) -> exp.Select:
    return joined_with_runs(joined_with_reach(query, selection, PLACED), selection, PLACED)


def _of_rows(selection: Selection, measure: Measure) -> exp.Expr:
    value = selection.value(measure)
    counted = only_where(value, *selection.taken_into_account(measure)[:-1])
    if measure.kind is MeasureKind.MEDIAN:
        return exp.Median(this=exp.cast(counted, "DOUBLE"))
    return exp.Count(this=exp.Distinct(expressions=[counted]))
