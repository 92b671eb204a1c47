"""The order of the steps, and how they become one query."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlglot import exp

from shuzhi.engines.sql.at_once import measured_at_once
from shuzhi.engines.sql.distinct import distinct_steps
from shuzhi.engines.sql.medians import median_steps
from shuzhi.engines.sql.nodes import PLACED, column, equal, plain, select, table
from shuzhi.engines.sql.over_periods import over_periods
from shuzhi.engines.sql.placement import placed
from shuzhi.engines.sql.selection import Selection
from shuzhi.engines.sql.states import Reading, States, by_column, states_of
from shuzhi.engines.sql.up_the_tree import up_the_tree
from shuzhi.packs.model import MeasureKind

_LEAF, _ROLLED, _ADDED, _MEASURED = "leaf", "rolled", "added", "measured"
_APART = {MeasureKind.DISTINCT: distinct_steps, MeasureKind.MEDIAN: median_steps}


class Step(NamedTuple):
    """A query over the ledger, the lookups and the steps before it, under its name."""

    name: str
    query: exp.Query


class Measuring(NamedTuple):
    """How a scan is measured. The last step has one row per unit (own unit) and period, with
    `columns` in their order."""

    steps: tuple[Step, ...]
    columns: tuple[str, ...]
    readings: Mapping[str, Reading]


def measuring_steps(selection: Selection, *, at_once: bool) -> Measuring:
    """`at_once` in one aggregation, which pays for few rows."""
    states = states_of(selection)
    first = Step(PLACED, placed(selection))
    if at_once:
        steps: tuple[Step, ...] = (Step(_MEASURED, measured_at_once(selection, states)),)
    else:
        steps = (*_additive(selection, states), *_apart(selection, states))
    columns = tuple(steps[-1].query.named_selects)
    return Measuring((first, *steps), columns, states.readings)


def one_query(steps: Sequence[Step]) -> exp.Query:
    """The last step, with those before it as common table expressions."""
    *before, last = steps
    query = last.query
    for step in before:
        alias = exp.to_identifier(step.name, quoted=True)
        query = query.with_(alias, as_=step.query, copy=False)
    return query


def _additive(selection: Selection, states: States) -> tuple[Step, ...]:
    place = plain([*selection.place, "slot"], PLACED)
    whose = tuple(key for key in selection.keys if key != "period")
    return (
        Step(_LEAF, select(PLACED, place | states.from_rows, grouped_by=len(place))),
        Step(_ROLLED, up_the_tree(selection, _LEAF, ["slot"], states.merged)),
        Step(_ADDED, over_periods(selection, _ROLLED, [], states.merged, whose)),
    )


def _apart(selection: Selection, states: States) -> tuple[Step, ...]:
    """Distinct values and medians, column by column, and all beside each other at the end."""
    steps: list[Step] = []
    measured = select(_ADDED, plain([*selection.keys, *states.merged], _ADDED))
    for kind, steps_of in _APART.items():
        for number, measures in enumerate(by_column(selection, kind).values()):
            steps += [Step(*named) for named in steps_of(selection, measures, str(number))]
            name = steps[-1].name
            measured = measured.select(*(column(m, name) for m in measures), copy=False).join(
                table(name), on=equal(selection.keys, _ADDED, name), join_type="left", copy=False
            )
    return (*steps, Step(_MEASURED, measured)) if steps else ()
