"""Figures as columns: how many of them are handed on, and how they are sealed."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shuzhi.engines.plan import Floats
from shuzhi.figures.combine import rounded
from shuzhi.figures.derive import STATES, Outcomes
from shuzhi.figures.model import Figure, FigureState

FIGURES_SCHEMA = pa.schema(
    [
        pa.field("indicator", pa.string(), nullable=False),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("period", pa.string(), nullable=False),
        pa.field("value", pa.float64()),
        pa.field("state", pa.string(), nullable=False),
        pa.field("records", pa.int64(), nullable=False),
        pa.field("asked", pa.int64(), nullable=False),
        pa.field("reported", pa.int64(), nullable=False),
    ]
)
_STATES = {state.value: state for state in STATES}
_STATE_NAMES = pa.array([state.value for state in STATES])


def figures_to_arrow(figures: Sequence[Figure]) -> pa.Table:
    """Shape: one row per figure. Missing: `value` is null where `state` is not "value"."""
    columns = {name: [getattr(figure, name) for figure in figures] for name in FIGURES_SCHEMA.names}
    columns["state"] = [figure.state.value for figure in figures]
    return pa.Table.from_pydict(columns, schema=FIGURES_SCHEMA)


def figures_from_arrow(table: pa.Table) -> list[Figure]:
    """The figures of a table that `figures_to_arrow` made."""
    columns = {name: table[name].to_pylist() for name in FIGURES_SCHEMA.names}
    columns["state"] = [_STATES[state] for state in columns["state"]]
    return [Figure(*row) for row in zip(*columns.values(), strict=True)]


def outcomes_to_arrow(
    indicator: str,
    period: str,
    units: Sequence[str],
    places: npt.NDArray[np.intp],
    outcomes: Outcomes,
) -> pa.Table:
    """The figures of one indicator in one period, for `units`, which stand at `places`."""
    states = outcomes.states[places]
    has_value = states == STATES.index(FigureState.VALUE)
    values = pa.array(_rounded(outcomes.values[places], has_value), mask=~has_value)
    return pa.table(
        [
            pa.repeat(indicator, len(units)),
            pa.array(units, pa.string()),
            pa.repeat(period, len(units)),
            values,
            _STATE_NAMES.take(pa.array(states)),
            pa.array(outcomes.records[places]),
            pa.array(outcomes.asked[places]),
            pa.array(outcomes.reported[places]),
        ],
        schema=FIGURES_SCHEMA,
    )


def _rounded(values: Floats, has_value: npt.NDArray[np.bool_]) -> Floats:
    """The values as they are given out; whole numbers, most of them, need no rounding."""
    found = np.where(has_value, values, 0.0) + 0.0
    broken = np.flatnonzero(found != np.rint(found))
    found[broken] = [rounded(value) for value in found[broken].tolist()]
    return found
