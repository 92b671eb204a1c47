"""Proofs: the way from a figure down to the cells it was counted from.

The records come from the scans that make the figures, and the same derivation gives the values of
every step, so a proof cannot drift from its figure.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Self

from shuzhi.engines.answers import answers_to
from shuzhi.engines.duckdb import DuckDBEngine
from shuzhi.engines.plan import ALL_UNITS, CellKey, Engine, TracedRow, Traces
from shuzhi.errors import UserError
from shuzhi.figures.combine import WITH_ZERO
from shuzhi.figures.compute import Opening, derive_from, figure_of, known, open_engine, units_of
from shuzhi.figures.derive import Census, Derivation, Outcome, over_time
from shuzhi.figures.model import FigureState, Proof
from shuzhi.figures.narrowing import narrowed
from shuzhi.figures.operands import (
    counted_period,
    is_combined,
    months_within,
    operand_figure,
    plan_scans,
)
from shuzhi.figures.proof_records import ProofRecords, SentFiles
from shuzhi.figures.reporting import Reporting
from shuzhi.figures.wording import how_computed, how_measured
from shuzhi.ledgers.model import Ledgers
from shuzhi.packs.formulas import Formula, Operand, ReportingRate, TargetOf, UnitsBelow
from shuzhi.packs.model import Indicator, Measure, Pack
from shuzhi.periods import Period

Wanted = tuple[str, str, Period]  # indicator, unit, period


def trace_figure(
    ledgers: Ledgers,
    pack: Pack,
    indicator: str,
    unit: str,
    period: Period,
    *,
    tree_as_of: date | None = None,
    engine: str | Opening = "duckdb",
) -> Proof:
    """The proof of one figure.

    Raises: UserError where the indicator or unit is not known, or the unit did not exist.
    """
    wanted = [(indicator, unit, period)]
    proofs = trace_figures(ledgers, pack, wanted, tree_as_of=tree_as_of, engine=engine)
    return next(iter(proofs.values()))


def trace_figures(
    ledgers: Ledgers,
    pack: Pack,
    wanted: Iterable[Wanted],
    *,
    tree_as_of: date | None = None,
    engine: str | Opening = "duckdb",
) -> dict[str, Proof]:
    """The proofs of many figures by figure id, sharing scans, steps and records.

    Raises: UserError where an indicator or unit is not known, or a unit did not exist.
    """
    with Proofs(ledgers, pack, engine) as proofs:
        return proofs.trace(wanted, tree_as_of)


class Proofs:
    """Traces figures of one source, time after time: what answers its queries and what is known of
    its files stays at hand. Use it in a `with`."""

    def __init__(self, ledgers: Ledgers, pack: Pack, engine: str | Opening = "duckdb") -> None:
        self._ledgers = ledgers
        self._pack = pack
        self._files = SentFiles(ledgers)
        self._answers = answers_to(pack)
        self._open = partial(DuckDBEngine, answers=self._answers) if engine == "duckdb" else engine

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._answers.close()

    def trace(self, wanted: Iterable[Wanted], tree_as_of: date | None = None) -> dict[str, Proof]:
        """As `trace_figures`."""
        wanted = list(wanted)
        known([name for name, _, _ in wanted], self._pack.indicators, "indicator")
        units = known([unit for _, unit, _ in wanted], self._ledgers.units.by_code, "unit")
        for _, unit, period in wanted:
            if not units_of(self._ledgers.units, [unit], period, tree_as_of):
                raise UserError(f"unit {unit} did not exist in {tree_as_of or period.name}")
        ledgers = narrowed(self._ledgers, self._pack, units, tree_as_of)
        with open_engine(self._open, ledgers, self._pack) as opened:
            tracer = self._tracer(opened, ledgers, wanted, units, tree_as_of)
        proofs = [tracer.proof(*figure) for figure in wanted]
        return {proof.figure.figure_id: proof for proof in proofs}

    def _tracer(
        self, engine: Engine, ledgers: Ledgers, wanted: Sequence[Wanted], units: Sequence[str],
        tree_as_of: date | None,
    ) -> "_Tracer":  # fmt: skip
        pack = self._pack
        figures = [(name, period) for name, _, period in wanted]
        derivation = derive_from(engine, ledgers, pack, figures, units, tree_as_of)
        scans = plan_scans(pack, figures, units, tree_as_of)
        traces = {name: rows for scan in scans for name, rows in engine.trace(scan).items()}
        reporting = Reporting(ledgers, pack, tree_as_of)
        records = ProofRecords(ledgers, pack, reporting, self._files)
        return _Tracer(pack, derivation, traces, records, Census(ledgers.units, tree_as_of))


class _Tracer:
    """Builds each proof once; a step of several proofs is one object."""

    def __init__(
        self, pack: Pack, derivation: Derivation, traces: Traces, records: ProofRecords,
        census: Census,
    ) -> None:  # fmt: skip
        self._pack = pack
        self._derivation = derivation
        self._traces = traces
        self._records = records
        self._census = census
        self._known: dict[tuple[str, str, str], Proof] = {}

    def proof(self, name: str, unit: str, period: Period) -> Proof:
        key = name, unit, period.name
        if key not in self._known:
            self._known[key] = self._traced(self._pack.indicators[name], unit, period)
        return self._known[key]

    def _traced(self, indicator: Indicator, unit: str, period: Period) -> Proof:
        outcome = self._derivation.outcome(indicator.name, unit, period)
        figure = figure_of(indicator.name, unit, period, outcome)
        how = how_computed(indicator)
        looked_at = counted_period(indicator, period)
        if indicator.formula is not None:
            steps = self._operands(indicator.formula, unit, looked_at)
            return Proof(figure, how, steps=steps, rule=f"formula:{indicator.formula.text}")
        measure = _measure_of(indicator)
        if is_combined(indicator):
            steps = self._units(indicator, unit, looked_at)
            return Proof(figure, how, steps=steps, rule=f"over_units:{indicator.over_units}")
        rows = self._rows(indicator, CellKey(unit, ALL_UNITS, looked_at.name))
        records = self._records.of_rows(indicator, measure, rows)
        return Proof(figure, how, records, rule=measure.kind.value)

    def _rows(self, indicator: Indicator, key: CellKey) -> Sequence[TracedRow]:
        return self._traces[indicator.name].get(key, ())

    def _operands(self, formula: Formula, unit: str, period: Period) -> tuple[Proof, ...]:
        return tuple(self._operand(operand, unit, period) for operand in formula.operands)

    def _operand(self, operand: Operand, unit: str, period: Period) -> Proof:
        figure = operand_figure(operand, period, self._pack)
        if figure is not None:
            return self.proof(figure[0], unit, figure[1])
        outcome = self._derivation.operand_outcome(operand, unit, period)
        match operand:
            case ReportingRate(table):
                records = self._records.of_returns(table, unit, period)
                name, rule = f"reporting_rate({table})", "reporting_rate"
            case UnitsBelow(level):
                codes = self._census.units_of(level, period.last_day).get(unit, ())
                records = self._records.of_units(codes, self._census.day(period.last_day))
                name, rule = f"units_below({level})", "units_below"
            case TargetOf(indicator):
                records, name, rule = (), f"target({indicator})", "constant"
            case _:
                raise ValueError(f"{operand} stands for a figure")
        return Proof(figure_of(name, unit, period, outcome), name, records, rule=rule)

    def _units(self, indicator: Indicator, unit: str, period: Period) -> tuple[Proof, ...]:
        """One step per unit with rows of its own; each has one step per month."""
        by_own = self._derivation.combined(indicator, period).get(unit, {})
        return tuple(
            self._months(indicator, unit, own, period) for own in sorted(by_own)
        )  # fmt: skip

    def _months(self, indicator: Indicator, unit: str, own: str, period: Period) -> Proof:
        cells = self._derivation.combined(indicator, period)[unit][own]
        months = months_within(period)
        value = over_time(indicator, cells, months)
        records = sum(cell.records for cell in cells.values())
        figure = figure_of(
            indicator.name, own, period, Outcome(value, FigureState.VALUE, records, 0, 0)
        )
        steps = tuple(
            self._month(indicator, CellKey(unit, own, month.name), month)
            for month in months
            if month.name in cells or _measure_of(indicator).kind in WITH_ZERO
        )
        how = f"{indicator.over_time} over months"
        return Proof(figure, how, steps=steps, rule=f"over_time:{indicator.over_time}")

    def _month(self, indicator: Indicator, key: CellKey, month: Period) -> Proof:
        measure = _measure_of(indicator)
        cell = self._derivation.cell(indicator.name, key)
        value, count = (cell.value, cell.records) if cell else (0, 0)
        outcome = Outcome(value, FigureState.VALUE, count, 0, 0)
        records = self._records.of_rows(indicator, measure, self._rows(indicator, key))
        figure = figure_of(indicator.name, key.own, month, outcome)
        return Proof(figure, how_measured(measure), records, rule=measure.kind.value)


def _measure_of(indicator: Indicator) -> Measure:
    if indicator.measure is None:
        raise ValueError(f"{indicator.name} has no measure")
    return indicator.measure
