"""Figures with a record behind them, written as soon as they are worked out.

Where there are millions of figures, few of them fit into memory at once, and most stand at a
zero or at another kind of nothing. Those that have no record follow from the returns; here they
are left out.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from shuzhi.engines.plan import Cell, CellKey, Counts, Engine, Grid
from shuzhi.engines.span_columns import span_columns
from shuzhi.figures.combine import rounded_columns
from shuzhi.figures.compute import Opening, known, open_engine
from shuzhi.figures.derive import Census, Derivation, Outcomes
from shuzhi.figures.model import STATES, FigureState
from shuzhi.figures.operands import counted_period, is_combined, measured_figures, plan_scans
from shuzhi.figures.reporting import Reporting
from shuzhi.ledgers.model import Ledgers
from shuzhi.packs.model import Indicator, Pack
from shuzhi.periods import Period

_NAMES = pa.dictionary(pa.int32(), pa.string())
# FIGURES_SCHEMA, with texts that repeat as dictionaries.
_SCHEMA = pa.schema(
    [
        pa.field("indicator", _NAMES, nullable=False),
        pa.field("unit", _NAMES, nullable=False),
        pa.field("period", _NAMES, nullable=False),
        pa.field("value", pa.float64()),
        pa.field("state", _NAMES, nullable=False),
        pa.field("records", pa.int64(), nullable=False),
        pa.field("asked", pa.int64(), nullable=False),
        pa.field("reported", pa.int64(), nullable=False),
    ]
)
_STATE_NAMES = pa.array([state.value for state in STATES])
_HAS_VALUE = STATES.index(FigureState.VALUE)


def write_recorded_figures(
    ledgers: Ledgers,
    pack: Pack,
    path: Path,
    *,
    periods: Sequence[Period],
    indicators: Sequence[str] | None = None,
    units: Sequence[str] | None = None,
    tree_as_of: date | None = None,
    engine: str | Opening = "duckdb",
) -> int:
    """How many figures were written to the new Parquet file `path`: those of `compute_figures`
    that have a record behind them, with the same columns.

    Shape: one group of rows an indicator, in the order in which they are worked out; within it by
    unit and period. Raises: UserError as `compute_figures` does.
    """
    names = known(indicators, pack.indicators, "indicator")
    codes = tuple(sorted(known(units, ledgers.units.by_code, "unit")))
    asked = tuple(sorted({period.name: period for period in periods}.values()))
    wanted = [(name, period) for name in names for period in asked]
    reporting = Reporting(ledgers, pack, tree_as_of)
    writing = path.with_name(f".{path.name}.writing")
    try:
        with pq.ParquetWriter(writing, _SCHEMA, store_schema=False, write_statistics=False) as file:
            figures = _Figures(ledgers, pack, codes, asked, tree_as_of, reporting, file)
            with open_engine(engine, ledgers, pack) as opened:
                _write(figures, opened, pack, names, wanted, tree_as_of)
        os.replace(writing, path)
    finally:
        writing.unlink(missing_ok=True)
    return figures.written


def _write(
    figures: "_Figures", engine: Engine, pack: Pack, names: Sequence[str],
    wanted: Sequence[tuple[str, Period]], tree_as_of: date | None,
) -> None:  # fmt: skip
    """Measures at once; what is made of them, when all that it is made of has been measured."""
    indicators = (pack.indicators[name] for name in names)
    derived = [i.name for i in indicators if i.formula is not None or is_combined(i)]
    at_once = frozenset(names) - frozenset(derived)
    later = [(name, period) for name, period in wanted if name in derived]
    operands = {indicator.name for indicator, _ in measured_figures(pack, later)}
    grids: dict[str, Grid] = {}
    cells: dict[str, Mapping[CellKey, Cell]] = {}
    for scan in plan_scans(pack, wanted, figures.codes, tree_as_of):
        if scan.by_own_unit:
            cells |= engine.cells(scan)
            continue
        for name, grid in engine.grids(scan):
            if name in at_once:
                figures.write_grid(pack.indicators[name], grid)
            if name in operands:
                grids[name] = grid
    if derived:
        figures.write_derived(derived, grids, cells)


@dataclass
class _Figures:
    """Writes figures of some units and periods."""

    ledgers: Ledgers
    pack: Pack
    codes: tuple[str, ...]
    periods: tuple[Period, ...]
    tree_as_of: date | None
    reporting: Reporting
    file: pq.ParquetWriter
    written: int = 0

    def write_grid(self, indicator: Indicator, grid: Grid) -> None:
        """A measure as it is, in the periods that its indicator looks at."""
        assert indicator.measure is not None
        looked_at = [counted_period(indicator, period) for period in self.periods]
        places = [grid.periods.index(period.name) for period in looked_at]
        is_all = places == list(range(len(grid.periods)))
        records = grid.records if is_all else grid.records[:, places]
        values = grid.values if is_all else grid.values[:, places]
        answers = self._answers(indicator.measure.table, tuple(looked_at))
        self._write_rows(indicator.name, Outcomes(values, self._all_values, records, *answers))

    def write_derived(
        self, names: Sequence[str], grids: Mapping[str, Grid],
        cells: Mapping[str, Mapping[CellKey, Cell]],
    ) -> None:  # fmt: skip
        """Formulas, and measures put together over months and units."""
        census = Census(self.ledgers.units, self.tree_as_of)
        derivation = Derivation(self.pack, self.codes, grids, cells, self.reporting, census)
        for name in names:
            outcomes = [derivation.outcomes(name, period) for period in self.periods]
            columns = zip(*(vars(found).values() for found in outcomes), strict=True)
            self._write_rows(name, Outcomes(*(np.stack(column, axis=1) for column in columns)))

    def _write_rows(self, name: str, outcomes: Outcomes) -> None:
        """`outcomes` has a row a unit and a column a period."""
        written = np.flatnonzero((outcomes.records > 0) & self._exists)
        found = Outcomes(*(column.ravel()[written] for column in vars(outcomes).values()))
        has_value = found.states == _HAS_VALUE
        columns = [
            _named(np.zeros(len(written), dtype=np.int32), pa.array([name])),
            _named(self._unit_of[written], self._unit_names),
            _named(self._period_of[written], self._period_names),
            pa.array(rounded_columns(np.where(has_value, found.values, 0.0)), mask=~has_value),
            _named(found.states, _STATE_NAMES),
            *map(pa.array, (found.records, found.asked, found.reported)),
        ]
        self.file.write_table(pa.table(columns, schema=_SCHEMA), row_group_size=1 << 30)
        self.written += len(written)

    def _answers(self, table: str, periods: tuple[Period, ...]) -> tuple[Counts, Counts]:
        """Who was asked and who reported. Shape: units, periods."""
        key = table, periods
        if key not in self._known_answers:
            found = [self.reporting.answers(table, period, self.codes) for period in periods]
            asked = np.stack([answers.asked for answers in found], axis=1)
            reported = np.stack([answers.reported for answers in found], axis=1)
            self._known_answers[key] = asked, reported
        return self._known_answers[key]

    @cached_property
    def _known_answers(self) -> dict[tuple[str, tuple[Period, ...]], tuple[Counts, Counts]]:
        return {}

    @cached_property
    def _exists(self) -> npt.NDArray[np.bool_]:
        """Which units have figures for a period. Shape: units, periods."""
        spans = span_columns(self.ledgers.units)
        number = {code: place for place, code in enumerate(self.ledgers.units.codes)}
        places = np.array([number[code] for code in self.codes], dtype=np.int64)
        found = [
            spans.exist_on(self.tree_as_of)
            if self.tree_as_of
            else spans.exist_during(period.start, period.end)
            for period in self.periods
        ]
        return np.stack([exists[places] for exists in found], axis=1)

    @cached_property
    def _all_values(self) -> npt.NDArray[np.int8]:
        return np.full((len(self.codes), len(self.periods)), _HAS_VALUE, dtype=np.int8)

    @cached_property
    def _unit_names(self) -> pa.Array:
        return pa.array(self.codes, pa.string())

    @cached_property
    def _period_names(self) -> pa.Array:
        return pa.array([period.name for period in self.periods], pa.string())

    @cached_property
    def _unit_of(self) -> npt.NDArray[np.int32]:
        """The unit of each figure, where they lie unit after unit."""
        return np.repeat(np.arange(len(self.codes), dtype=np.int32), len(self.periods))

    @cached_property
    def _period_of(self) -> npt.NDArray[np.int32]:
        return np.tile(np.arange(len(self.periods), dtype=np.int32), len(self.codes))


def _named(places: npt.NDArray[np.integer], names: pa.Array) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(places.astype(np.int32, copy=False), names)
