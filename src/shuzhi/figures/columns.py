"""Figures as columns: how many of them are handed on, and how they are sealed."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shuzhi.figures.combine import rounded_columns
from shuzhi.figures.derive import Outcomes, joined
from shuzhi.figures.model import STATES, Figure, FigureState

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


class FiguresBuilder:
    """Gathers the figures of one indicator and period after the other into one table."""

    def __init__(self) -> None:
        self._names: list[tuple[str, str, int]] = []
        self._units: list[pa.Array] = []
        self._parts: list[Outcomes] = []

    def add(
        self, indicator: str, period: str, units: pa.Array, places: npt.NDArray[np.intp],
        outcomes: Outcomes,
    ) -> None:  # fmt: skip
        """The figures of `units`, which stand at `places` of the outcomes."""
        self._names.append((indicator, period, len(units)))
        self._units.append(units)
        self._parts.append(outcomes.take(places))

    def table(self) -> pa.Table:
        """Shape: `FIGURES_SCHEMA`, in the order in which they were added."""
        if not self._parts:
            return FIGURES_SCHEMA.empty_table()
        indicators, periods, lengths = zip(*self._names, strict=True)
        found = joined(self._parts)
        has_value = found.states == STATES.index(FigureState.VALUE)
        columns = [
            _repeated(indicators, lengths),
            pa.concat_arrays(self._units),
            _repeated(periods, lengths),
            pa.array(rounded_columns(np.where(has_value, found.values, 0.0)), mask=~has_value),
            _STATE_NAMES.take(pa.array(found.states)),
            *map(pa.array, (found.records, found.asked, found.reported)),
        ]
        return pa.table(columns, schema=FIGURES_SCHEMA)


def _repeated(names: Sequence[str], lengths: Sequence[int]) -> pa.Array:
    places = np.repeat(np.arange(len(names)), lengths)
    return pa.array(names, pa.string()).take(pa.array(places))
