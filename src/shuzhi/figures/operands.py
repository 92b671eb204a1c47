"""What an indicator is made of: which other indicators, in which periods, and which scans."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from shuzhi.engines.plan import Scan
from shuzhi.packs.formulas import (
    IndicatorRef,
    LastYear,
    Operand,
    ReportingRate,
    TargetOf,
    UnitsBelow,
    YearToDate,
)
from shuzhi.packs.model import Indicator, Measure, Pack
from shuzhi.periods import Period, PeriodKind, calendar_periods, from_start_of_year, previous_year


def counted_period(indicator: Indicator, period: Period) -> Period:
    """The period an indicator looks at when it is asked for `period`."""
    if indicator.shift == "previous_year":
        return previous_year(period)
    if indicator.shift == "year_to_date":
        return from_start_of_year(period)
    return period


def operand_figure(operand: Operand, period: Period, pack: Pack) -> tuple[str, Period] | None:
    """The indicator and period an operand stands for; None where it stands for no figure."""
    match operand:
        case IndicatorRef(indicator):
            return indicator, period
        case LastYear(indicator):
            return indicator, previous_year(period)
        case YearToDate(indicator):
            return indicator, from_start_of_year(period)
        case TargetOf(indicator):
            target = pack.indicators[indicator].target
            return (target, period) if isinstance(target, str) else None
        case ReportingRate() | UnitsBelow():
            return None


def months_within(period: Period) -> list[Period]:
    """The calendar months of a period, the first and last cut to it."""
    return [_cut(month, period) for month in
            calendar_periods(PeriodKind.MONTH, period.start, period.end)]  # fmt: skip


def _cut(month: Period, period: Period) -> Period:
    start, end = max(month.start, period.start), min(month.end, period.end)
    if (start, end) == (month.start, month.end):
        return month
    return Period(start, end, f"{start}/{end}", PeriodKind.INTERVAL)


def is_combined(indicator: Indicator) -> bool:
    """Whether the measure is taken by month and unit, then combined."""
    return bool(indicator.over_time or indicator.over_units)


def measured_figures(
    pack: Pack, wanted: Iterable[tuple[str, Period]]
) -> Iterator[tuple[Indicator, Period]]:
    """The measured indicators behind the wanted ones, each with the period it looks at."""
    seen: set[tuple[str, str]] = set()
    pending = list(wanted)
    while pending:
        name, asked = pending.pop()
        if (name, asked.name) in seen:
            continue
        seen.add((name, asked.name))
        indicator = pack.indicators[name]
        period = counted_period(indicator, asked)
        if indicator.formula is None:
            yield indicator, period
            continue
        for operand in indicator.formula.operands:
            figure = operand_figure(operand, period, pack)
            if figure is not None:
                pending.append(figure)


@dataclass
class _Gathered:
    measures: dict[str, Measure] = field(default_factory=dict)
    periods: dict[str, Period] = field(default_factory=dict)


def plan_scans(
    pack: Pack,
    wanted: Iterable[tuple[str, Period]],
    units: Sequence[str],
    tree_as_of: date | None,
) -> list[Scan]:
    """One scan for all measures that place the rows of one table in the same way."""
    gathered: dict[tuple[str, str, str, bool], _Gathered] = {}
    for indicator, period in measured_figures(pack, wanted):
        measure = _measure(indicator)
        combined = is_combined(indicator)
        group = gathered.setdefault(
            (measure.table, measure.date, measure.ends, combined), _Gathered()
        )
        group.measures[indicator.name] = measure
        for part in months_within(period) if combined else [period]:
            group.periods[part.name] = part
    return [
        Scan(table, day, ends, _sorted(group.measures), tuple(sorted(group.periods.values())),
             tuple(units), combined, tree_as_of)
        for (table, day, ends, combined), group in sorted(gathered.items())
    ]  # fmt: skip


def _measure(indicator: Indicator) -> Measure:
    if indicator.measure is None:
        raise ValueError(f"{indicator.name} has neither measure nor formula")
    return indicator.measure


def _sorted(measures: Mapping[str, Measure]) -> Mapping[str, Measure]:
    return dict(sorted(measures.items()))
