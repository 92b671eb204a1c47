"""Figures fit for the public: small counts withheld, and what would tell them.

A count above zero and below `least` may tell who was meant. It is withheld, unless the pack says
that the indicator's small values tell nothing about persons. So is everything it could be worked
out from: other units' figures (see `suppression`), shares and averages over few records, formulas
it stands in, the parts of a year. A withheld figure is a state like the other kinds of nothing, so
that whatever prints figures prints its word.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from shuzhi.figures.model import Figure, FigureState
from shuzhi.figures.operands import counted_period, operand_figure
from shuzhi.figures.suppression import Sum, suppress
from shuzhi.packs.formulas import Formula, IndicatorRef, Negation, Node, Operation
from shuzhi.packs.model import Indicator, MeasureKind, Pack
from shuzhi.periods import Period, parse_period, previous_year
from shuzhi.units import UnitTree

Figures = Mapping[tuple[str, str, str], Figure]  # by indicator, unit, period


def withhold_small(
    figures: Figures,
    pack: Pack,
    tree: UnitTree,
    period: Period,
    *,
    shown: Collection[str],
    least: int = 10,
) -> dict[tuple[str, str, str], Figure]:
    """The same figures, those withheld with state WITHHELD, no value and no records.

    `figures` are those of all units for `period`, for the same period a year before, and perhaps
    for parts of them; the parts are withheld whole where the indicator is not in `shown`.
    """
    publisher = _Publisher(figures, pack, tree, frozenset(shown), least)
    whole = [period, previous_year(period)]
    hidden = publisher.hidden(whole)
    hidden |= publisher.parts_of_years({one.name for one in whole})
    hidden |= publisher.derived_from(hidden)
    return {
        key: replace(figure, value=None, state=FigureState.WITHHELD, records=0)
        if key in hidden and figure.state is FigureState.VALUE
        else figure
        for key, figure in figures.items()
    }


Key = tuple[str, str, str]


class _Publisher:
    def __init__(
        self, figures: Figures, pack: Pack, tree: UnitTree, shown: frozenset[str], least: int
    ) -> None:
        self._figures = figures
        self._pack = pack
        self._tree = tree
        self._shown = shown
        self._least = least
        self._by_indicator: dict[tuple[str, str], dict[str, Figure]] = {}
        for (name, unit, period), figure in figures.items():
            if figure.value is not None:
                self._by_indicator.setdefault((name, period), {})[unit] = figure

    def hidden(self, periods: list[Period]) -> set[Key]:
        """Measured figures to withhold, those included that a small difference would need."""
        forced: dict[tuple[str, str], set[str]] = {}
        while True:
            hidden = {
                (name, unit, period.name)
                for period in periods
                for name in self._measured()
                for unit in self._withheld_units(name, period, forced.get((name, period.name), ()))
            }
            further = [
                key
                for key in self._operands_of_small_formulas(periods, hidden)
                if key[1] not in forced.get((key[0], key[2]), ())
            ]
            if not further:
                return hidden
            for name, unit, period_name in further:
                forced.setdefault((name, period_name), set()).add(unit)

    def parts_of_years(self, whole: Collection[str]) -> set[Key]:
        """The figures of quarters and months: they would add up to what is withheld."""
        measured = set(self._measured())
        return {key for key in self._figures if key[0] in measured and key[2] not in whole}

    def derived_from(self, hidden: Collection[Key]) -> set[Key]:
        """The figures of formulas that a withheld one stands in, or in another such formula."""
        found: set[Key] = set()
        while True:
            known = {*hidden, *found}
            further = {
                key
                for key in self._figures
                if key not in known and any(o in known for o in self._operands(key))
            }
            if not further:
                return found
            found |= further

    def _measured(self) -> Iterator[str]:
        for name, indicator in self._pack.indicators.items():
            if indicator.measure is not None and name not in self._shown:
                yield name

    def _withheld_units(self, name: str, period: Period, forced: Collection[str]) -> frozenset[str]:
        figures = self._by_indicator.get((name, period.name), {})
        layers = [*self._layers(self._pack.indicators[name], figures, period)]
        return suppress(layers, self._sums(period), least=self._least, forced=forced)

    def _layers(
        self, indicator: Indicator, figures: Mapping[str, Figure], period: Period
    ) -> Iterator[dict[str, float]]:
        """What a printed figure of the indicator tells: its number, and numbers of records."""
        assert indicator.measure is not None
        kind = indicator.measure.kind
        values = {unit: figure.value or 0.0 for unit, figure in figures.items()}
        records = {unit: float(figure.records) for unit, figure in figures.items()}
        if kind is MeasureKind.SHARE:
            part = {unit: float(round(values[unit] * records[unit] / 100)) for unit in values}
            yield from (part, {unit: records[unit] - part[unit] for unit in part}, records)
        elif kind in (MeasureKind.COUNT, MeasureKind.STOCK, MeasureKind.SUM, MeasureKind.DISTINCT):
            yield {unit: abs(value) for unit, value in values.items()}
        else:
            yield records
        whole = self._whole_of(indicator)
        if whole:
            yield {
                unit: max((self._value(whole, unit, period) or value) - value, 0)
                for unit, value in values.items()
                if value
            }

    def _whole_of(self, indicator: Indicator) -> str:
        """The indicator that counts all rows this one counts some of; '' where there is none."""
        own = indicator.measure
        if own is None or own.kind is not MeasureKind.COUNT or own.where is None:
            return ""
        for name, other in self._pack.indicators.items():
            if other.measure == replace(own, where=None) and other.shift == indicator.shift:
                return name
        return ""

    def _value(self, name: str, unit: str, period: Period) -> float | None:
        figure = self._figures.get((name, unit, period.name))
        return figure.value if figure else None

    def _sums(self, period: Period) -> list[Sum]:
        """Each unit with those right below it, on the period's last day or their own."""
        below: dict[str, list[str]] = {}
        for code, spans in self._tree.by_code.items():
            if self._tree.exists_during(code, period.start, period.end):
                ends = max(s.valid_to for s in spans if s.valid_from < period.end)
                day = min(period.last_day, ends - timedelta(days=1))
                above = self._tree.ancestors(code, day)[1:2]
                for parent in above:
                    below.setdefault(parent, []).append(code)
        return [Sum(parent, tuple(sorted(parts))) for parent, parts in sorted(below.items())]

    def _operands_of_small_formulas(
        self, periods: list[Period], hidden: Collection[Key]
    ) -> Iterator[Key]:
        """For a small difference or sum of printed figures, the smallest of these."""
        names = {period.name for period in periods}
        for key, figure in self._figures.items():
            formula = self._pack.indicators[key[0]].formula
            if formula is None or key[0] in self._shown or key[2] not in names:
                continue
            if not figure.value or abs(figure.value) >= self._least or not _adds(formula.tree):
                continue
            operands = [o for o in self._operands(key) if o in self._figures]
            if any(operand in hidden for operand in operands):
                continue
            open_to_it = [o for o in operands if o[0] not in self._shown and self._number(o)]
            if open_to_it:
                yield min(open_to_it, key=lambda operand: (self._number(operand), operand))

    def _number(self, key: Key) -> float:
        return abs(self._figures[key].value or 0)

    def _operands(self, key: Key) -> Iterator[Key]:
        name, unit, period_name = key
        indicator = self._pack.indicators[name]
        formula: Formula | None = indicator.formula
        if formula is None:
            return
        period = counted_period(indicator, parse_period(period_name))
        for operand in formula.operands:
            figure = operand_figure(operand, period, self._pack)
            if figure is not None:
                yield figure[0], unit, figure[1].name


def _adds(node: Node) -> bool:
    """Whether a formula only adds figures up and takes them away, so that it counts."""
    match node:
        case Operation(operator, left, right):
            return operator in "+-" and _adds(left) and _adds(right)
        case Negation(operand):
            return _adds(operand)
        case IndicatorRef():
            return True
        case _:
            return False
