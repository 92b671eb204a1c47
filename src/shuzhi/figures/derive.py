"""From measured grids to figures: states, formulas, shifts, months and units put together.

All units are worked out together: an indicator in a period is a handful of columns.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from shuzhi.engines.plan import Cell, CellKey, Cells, Counts, Exact, Floats, Grids
from shuzhi.figures.combine import WITH_ZERO, calculate_columns, combine
from shuzhi.figures.model import STATES, FigureState
from shuzhi.figures.operands import counted_period, is_combined, months_within, operand_figure
from shuzhi.figures.reporting import AnswerColumns, Reporting, states_without_records
from shuzhi.packs.formulas import Formula, Operand, ReportingRate, TargetOf, UnitsBelow
from shuzhi.packs.model import Indicator, Measure, Pack
from shuzhi.periods import Period
from shuzhi.units import UnitTree

# Which of several kinds of nothing a derived figure takes from its operands.
_PRIORITY = (FigureState.NOT_REPORTED, FigureState.NOT_ASKED, FigureState.NOT_APPLICABLE)


class Outcome(NamedTuple):
    """A figure before rounding. `value` is None exactly where `state` is not VALUE."""

    value: Exact | None
    state: FigureState
    records: int
    asked: int
    reported: int


@dataclass(frozen=True)
class Outcomes:
    """One indicator in one period, for all units of a derivation.

    Shape: every column has a place per unit. `states` are places in `STATES`. Missing: a value
    means nothing where the state is not VALUE.
    """

    values: Floats
    states: npt.NDArray[np.int8]
    records: Counts
    asked: Counts
    reported: Counts

    def at(self, place: int) -> Outcome:
        state = STATES[self.states[place]]
        value = float(self.values[place]) if state is FigureState.VALUE else None
        return Outcome(
            value, state, int(self.records[place]), int(self.asked[place]),
            int(self.reported[place]),
        )  # fmt: skip

    def take(self, places: npt.NDArray[np.intp]) -> "Outcomes":
        return Outcomes(*(column[places] for column in vars(self).values()))


def joined(parts: Sequence[Outcomes]) -> Outcomes:
    """The parts, one behind the other."""
    return Outcomes(*map(np.concatenate, zip(*(vars(p).values() for p in parts), strict=True)))


_CODES: Mapping[FigureState, int] = {state: code for code, state in enumerate(STATES)}
_VALUE = _CODES[FigureState.VALUE]


class Derivation:
    """Works figures out from what was measured, each indicator and period once.

    `grids` holds the measures that are taken as they are, `cells` those that are combined over
    months and units.
    """

    def __init__(
        self, pack: Pack, units: Sequence[str], grids: Grids, cells: Cells, reporting: Reporting,
        census: "Census",
    ) -> None:  # fmt: skip
        self._pack = pack
        self._places = {unit: place for place, unit in enumerate(units)}
        self._grids = grids
        self._cells = cells
        self._reporting = reporting
        self._census = census
        self._known: dict[tuple[str, str], Outcomes] = {}
        self._answers: dict[tuple[str, str], AnswerColumns] = {}
        self._without: dict[tuple[str, str, bool], npt.NDArray[np.int8]] = {}

    def outcome(self, name: str, unit: str, period: Period) -> Outcome:
        """The outcome of the indicator for one unit."""
        return self.outcomes(name, period).at(self._places[unit])

    def outcomes(self, name: str, period: Period) -> Outcomes:
        """The outcome of the indicator for every unit."""
        key = name, period.name
        if key not in self._known:
            indicator = self._pack.indicators[name]
            looked_at = counted_period(indicator, period)
            if indicator.formula is not None:
                self._known[key] = self._derived(indicator.formula, looked_at)
            else:
                self._known[key] = self._measured(indicator, looked_at)
        return self._known[key]

    def operand_outcome(self, operand: Operand, unit: str, period: Period) -> Outcome:
        """The outcome of an operand of a formula for one unit."""
        return self._operand(operand, period).at(self._places[unit])

    def cell(self, name: str, key: CellKey) -> Cell | None:
        """One cell of a combined indicator as measured; None if it has no records."""
        return self._cells[name].get(key)

    def combined(self, indicator: Indicator, period: Period) -> Mapping[str, "Months"]:
        """For every unit: the cells by the unit the rows belong to, and by month."""
        months = months_within(period)
        names = {month.name for month in months}
        found: dict[str, Months] = {}
        for key, cell in self._cells[indicator.name].items():
            if key.period in names:
                found.setdefault(key.unit, {}).setdefault(key.own, {})[key.period] = cell
        return found

    def _operand(self, operand: Operand, period: Period) -> Outcomes:
        figure = operand_figure(operand, period, self._pack)
        if figure is not None:
            return self.outcomes(*figure)
        match operand:
            case ReportingRate(table):
                return self._reporting_rate(table, period)
            case UnitsBelow(level):
                counted = self._census.units_of(level, period.last_day)
                return self._constants(len(counted.get(unit, ())) for unit in self._places)
            case TargetOf(indicator):
                target = self._pack.indicators[indicator].target
                if target is None:
                    return self._constants([0] * len(self._places), FigureState.NOT_APPLICABLE)
                return self._constants([float(target)] * len(self._places))
        raise ValueError(f"{operand} is no operand")

    def _measured(self, indicator: Indicator, period: Period) -> Outcomes:
        measure = _measure_of(indicator)
        if is_combined(indicator):
            values, records = self._combined_columns(indicator, period)
        else:
            values, records = self._grids[indicator.name].of(period.name)
        answers = self._answers_to(measure.table, period)
        without = self._states_without_records(measure, period)
        states = np.where(records > 0, np.int8(_VALUE), without)
        values = np.where(records > 0, values, 0.0)
        return Outcomes(values, states, records, answers.asked, answers.reported)

    def _states_without_records(self, measure: Measure, period: Period) -> npt.NDArray[np.int8]:
        key = measure.table, period.name, measure.kind in WITH_ZERO
        if key not in self._without:
            self._without[key] = states_without_records(
                self._answers_to(measure.table, period),
                is_asked=self._reporting.is_asked(measure.table),
                has_zero=measure.kind in WITH_ZERO,
            )
        return self._without[key]

    def _combined_columns(self, indicator: Indicator, period: Period) -> tuple[Floats, Counts]:
        months = months_within(period)
        values = np.zeros(len(self._places))
        records = np.zeros(len(self._places), dtype=np.int64)
        for unit, by_own in self.combined(indicator, period).items():
            place = self._places[unit]
            by_unit = [over_time(indicator, cells, months) for cells in by_own.values()]
            values[place] = float(combine(indicator.over_units, by_unit))
            records[place] = sum(
                cell.records for cells in by_own.values() for cell in cells.values()
            )
        return values, records

    def _derived(self, formula: Formula, period: Period) -> Outcomes:
        """The first kind of nothing by priority decides; x / 0 has no value. Operands that nobody
        is asked for, numbers and units_below, count for no records and no answers."""
        operands = {operand: self._operand(operand, period) for operand in formula.operands}
        heard = [found for o, found in operands.items() if self._can_be_reported(o, period)]
        states = self._gravest([outcomes.states for outcomes in operands.values()])
        values, is_defined = calculate_columns(
            formula.tree,
            {operand: found.values for operand, found in operands.items()},
            len(self._places),
        )
        undefined = (states == _VALUE) & ~is_defined
        states = np.where(undefined, _CODES[FigureState.NOT_APPLICABLE], states).astype(np.int8)
        return Outcomes(
            values,
            states,
            self._reduced(np.add, [outcomes.records for outcomes in heard]),
            self._reduced(np.maximum, [outcomes.asked for outcomes in heard]),
            self._reduced(np.minimum, [outcomes.reported for outcomes in heard]),
        )

    def _gravest(self, states: Sequence[npt.NDArray[np.int8]]) -> npt.NDArray[np.int8]:
        found = np.full(len(self._places), _VALUE, dtype=np.int8)
        for state in reversed(_PRIORITY):
            for column in states:
                found[column == _CODES[state]] = _CODES[state]
        return found

    def _reduced(self, how: np.ufunc, columns: Sequence[Counts]) -> Counts:
        if not columns:
            return np.zeros(len(self._places), dtype=np.int64)
        found: Counts = reduce(how, columns)
        return found

    def _can_be_reported(self, operand: Operand, period: Period) -> bool:
        is_figure = operand_figure(operand, period, self._pack) is not None
        return is_figure or isinstance(operand, ReportingRate)

    def _reporting_rate(self, table: str, period: Period) -> Outcomes:
        answers = self._answers_to(table, period)
        is_asked = answers.asked > 0
        values = 100.0 * answers.reported / np.where(is_asked, answers.asked, 1)
        without = np.where(
            answers.excused > 0,
            _CODES[FigureState.NOT_APPLICABLE],
            _CODES[FigureState.NOT_ASKED],
        )
        states = np.where(is_asked, _VALUE, without).astype(np.int8)
        none = np.zeros(len(self._places), dtype=np.int64)
        return Outcomes(values, states, none, answers.asked, answers.reported)

    def _answers_to(self, table: str, period: Period) -> AnswerColumns:
        key = table, period.name
        if key not in self._answers:
            self._answers[key] = self._reporting.answers(table, period, tuple(self._places))
        return self._answers[key]

    def _constants(
        self, values: Iterable[float], state: FigureState = FigureState.VALUE
    ) -> Outcomes:
        none = np.zeros(len(self._places), dtype=np.int64)
        states = np.full(len(self._places), _CODES[state], dtype=np.int8)
        return Outcomes(np.array([*values], dtype=np.float64), states, none, none, none)


Months = dict[str, dict[str, Cell]]  # own unit → month → cell


class Census:
    """Which units stood at or below which."""

    def __init__(self, tree: UnitTree, tree_as_of: date | None) -> None:
        self._tree = tree
        self._tree_as_of = tree_as_of

    def day(self, day: date) -> date:
        """The day on which the tree is looked at for `day`."""
        return self._tree_as_of or day

    def units_of(self, level: str, day: date) -> Mapping[str, tuple[str, ...]]:
        """For every unit the units of `level` at or below it on `day`, by code."""
        day = self.day(day)
        found: dict[str, list[str]] = {}
        for code in self._tree.codes:
            if self._tree.exists(code, day) and self._tree.level(code, day) == level:
                for unit in self._tree.ancestors(code, day):
                    found.setdefault(unit, []).append(code)
        return {unit: tuple(codes) for unit, codes in found.items()}


def over_time(indicator: Indicator, cells: Mapping[str, Cell], months: Sequence[Period]) -> Exact:
    """One unit's cells by month put together; a month without rows is 0 where 0 has a meaning."""
    values = [cells[month.name].value for month in months if month.name in cells]
    if _measure_of(indicator).kind in WITH_ZERO:
        values += [0] * (len(months) - len(values))
    return combine(indicator.over_time, values)


def _measure_of(indicator: Indicator) -> Measure:
    if indicator.measure is None:
        raise ValueError(f"{indicator.name} has no measure")
    return indicator.measure
