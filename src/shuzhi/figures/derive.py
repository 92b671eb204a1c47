"""From measured cells to figures: states, formulas, shifts, months and units put together."""

from collections.abc import Mapping, Sequence, Set
from datetime import date
from typing import NamedTuple

from shuzhi.engines.plan import ALL_UNITS, Cell, CellKey, Cells, Exact
from shuzhi.figures.combine import WITH_ZERO, calculate, combine
from shuzhi.figures.model import FigureState
from shuzhi.figures.operands import counted_period, is_combined, months_within, operand_figure
from shuzhi.figures.reporting import (
    NOT_EVEN_ASKED,
    Answers,
    Reporting,
    state_without_records,
)
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


Outcomes = Mapping[str, Outcome]  # by unit


class Derivation:
    """Works figures out from cells, each indicator and period once, for all units together."""

    def __init__(
        self, pack: Pack, units: Sequence[str], cells: Cells, reporting: Reporting,
        census: "Census",
    ) -> None:  # fmt: skip
        self._pack = pack
        self._units = units
        self._cells = cells
        self._reporting = reporting
        self._census = census
        self._known: dict[tuple[str, str], Outcomes] = {}

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

    def operand(self, operand: Operand, period: Period) -> Outcomes:
        """The outcome of an operand of a formula for every unit."""
        figure = operand_figure(operand, period, self._pack)
        if figure is not None:
            return self.outcomes(*figure)
        match operand:
            case ReportingRate(table):
                return self._reporting_rate(table, period)
            case UnitsBelow(level):
                counted = self._census.units_of(level, period.last_day)
                return {unit: _constant(len(counted.get(unit, ()))) for unit in self._units}
            case TargetOf(indicator):
                target = self._pack.indicators[indicator].target
                outcome = NO_TARGET if target is None else _constant(float(target))
                return dict.fromkeys(self._units, outcome)
        raise ValueError(f"{operand} is no operand")

    def cell(self, name: str, key: CellKey) -> Cell | None:
        """One cell as measured; None where it has no records."""
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

    def _measured(self, indicator: Indicator, period: Period) -> Outcomes:
        measure = _measure_of(indicator)
        answers = self._reporting.answers(measure.table, period)
        cells = self._combined_cells(indicator, period) if is_combined(indicator) else {
            unit: self._cells[indicator.name].get(CellKey(unit, ALL_UNITS, period.name))
            for unit in self._units
        }  # fmt: skip
        is_asked = self._reporting.is_asked(measure.table)
        has_zero = measure.kind in WITH_ZERO
        return {
            unit: _outcome(cells.get(unit), answers[unit], is_asked=is_asked, has_zero=has_zero)
            for unit in self._units
        }

    def _combined_cells(self, indicator: Indicator, period: Period) -> Mapping[str, Cell]:
        months = months_within(period)
        combined = {}
        for unit, by_own in self.combined(indicator, period).items():
            values = [over_time(indicator, cells, months) for cells in by_own.values()]
            records = sum(cell.records for cells in by_own.values() for cell in cells.values())
            combined[unit] = Cell(combine(indicator.over_units, values), records)
        return combined

    def _derived(self, formula: Formula, period: Period) -> Outcomes:
        operands = {operand: self.operand(operand, period) for operand in formula.operands}
        reporting = {o for o in operands if self._can_be_reported(o, period)}
        return {
            unit: _derive(formula, {o: found[unit] for o, found in operands.items()}, reporting)
            for unit in self._units
        }

    def _can_be_reported(self, operand: Operand, period: Period) -> bool:
        is_figure = operand_figure(operand, period, self._pack) is not None
        return is_figure or isinstance(operand, ReportingRate)

    def _reporting_rate(self, table: str, period: Period) -> Outcomes:
        answers = self._reporting.answers(table, period)
        return {unit: _rate(answers[unit]) for unit in self._units}


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


NO_TARGET = Outcome(None, FigureState.NOT_APPLICABLE, 0, 0, 0)


def over_time(indicator: Indicator, cells: Mapping[str, Cell], months: Sequence[Period]) -> Exact:
    """One unit's cells by month put together; a month without rows is 0 where 0 has a meaning."""
    values = [cells[month.name].value for month in months if month.name in cells]
    if _measure_of(indicator).kind in WITH_ZERO:
        values += [0] * (len(months) - len(values))
    return combine(indicator.over_time, values)


def _derive(
    formula: Formula, operands: Mapping[Operand, Outcome], reporting: Set[Operand]
) -> Outcome:
    """A formula's outcome. The first kind of nothing by priority decides; x / 0 has no value.
    `reporting` are the operands that somebody is asked for: all but numbers and units_below."""
    figures = [outcome for operand, outcome in operands.items() if operand in reporting]
    records = sum(outcome.records for outcome in figures)
    asked = max((outcome.asked for outcome in figures), default=0)
    reported = min((outcome.reported for outcome in figures), default=0)
    states = {outcome.state for outcome in operands.values()}
    state = next((state for state in _PRIORITY if state in states), FigureState.VALUE)
    value = None
    if state is FigureState.VALUE:
        try:
            value = calculate(formula.tree, {k: float(v.value or 0) for k, v in operands.items()})
        except ZeroDivisionError:
            state = FigureState.NOT_APPLICABLE
    return Outcome(value, state, records, asked, reported)


def _outcome(cell: Cell | None, answers: Answers, *, is_asked: bool, has_zero: bool) -> Outcome:
    if cell is not None:
        return Outcome(cell.value, FigureState.VALUE, cell.records, answers.asked, answers.reported)
    state = state_without_records(answers, is_asked=is_asked, has_zero=has_zero)
    value = 0 if state is FigureState.VALUE else None
    return Outcome(value, state, 0, answers.asked, answers.reported)


def _rate(answers: Answers) -> Outcome:
    if answers.asked:
        value = 100 * answers.reported / answers.asked
        return Outcome(value, FigureState.VALUE, 0, answers.asked, answers.reported)
    excused = FigureState.NOT_APPLICABLE if answers.excused else FigureState.NOT_ASKED
    return Outcome(None, excused, 0, *NOT_EVEN_ASKED[:2])


def _constant(value: float) -> Outcome:
    return Outcome(value, FigureState.VALUE, 0, 0, 0)


def _measure_of(indicator: Indicator) -> Measure:
    if indicator.measure is None:
        raise ValueError(f"{indicator.name} has no measure")
    return indicator.measure
