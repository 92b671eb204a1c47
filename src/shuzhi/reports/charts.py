"""Charts without scripts: a table whose numbers have their bars, drawn here as SVG, beside them."""

from collections.abc import Iterator
from dataclasses import dataclass

from shuzhi.figures.model import Figure, FigureState
from shuzhi.periods import PeriodKind, calendar_periods
from shuzhi.reports.bindings import binding_text
from shuzhi.reports.rules import ChartBy
from shuzhi.reports.sources import Sources

_WIDTH, _HEIGHT = 100, 10  # of one bar's drawing, which is stretched to its cell


@dataclass(frozen=True)
class Bar:
    """One bar. `value` is None where there is no figure; `text` is what is printed beside it."""

    unit: str
    label: str
    value: float | None
    text: str
    target: float | None
    binding: str


@dataclass(frozen=True)
class Chart:
    """A titled set of bars in one unit of measure."""

    title: str
    uom: str
    bars: tuple[Bar, ...]


def build_charts(sources: Sources, unit: str) -> tuple[Chart, ...]:
    """The charts the pack's report asks for; one with fewer than two values is left out."""
    charts = (build_chart(sources, rule.indicator, unit, rule.by) for rule in sources.rules.charts)
    return tuple(chart for chart in charts if sum(bar.value is not None for bar in chart.bars) > 1)


def build_chart(sources: Sources, name: str, unit: str, by: ChartBy) -> Chart:
    """One indicator of a unit by quarter, or by the units right below it that were asked."""
    indicator = sources.pack.indicators[name]
    choose = _figures_by_quarter if by is ChartBy.QUARTERS else _figures_by_unit
    bars = tuple(_bar(sources, figure, label) for label, figure in choose(sources, name, unit))
    return Chart(indicator.label[sources.lang], indicator.uom[sources.lang], bars)


def draw_bar(chart: Chart, bar: Bar) -> str:
    """One bar as an <svg> element that fills its cell; the number beside it says the same."""
    highest = max(max(one.value or 0, one.target or 0) for one in chart.bars) or 1
    length = round(max(bar.value or 0, 0) / highest * _WIDTH, 2)
    drawn = f'<rect class="br" width="{length}" height="{_HEIGHT}"/>'
    if bar.target is not None:
        at = round(bar.target / highest * _WIDTH, 2)
        drawn += f'<line class="tg" x1="{at}" x2="{at}" y1="0" y2="{_HEIGHT}"/>'
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" aria-hidden="true">'
        f"{drawn}</svg>"
    )


def _figures_by_quarter(sources: Sources, name: str, unit: str) -> Iterator[tuple[str, Figure]]:
    period = sources.period
    for quarter in calendar_periods(PeriodKind.QUARTER, period.start, period.end):
        figure = sources.figure(name, unit, quarter.name)
        if figure is not None:
            yield quarter.name, figure


def _figures_by_unit(sources: Sources, name: str, unit: str) -> Iterator[tuple[str, Figure]]:
    tree = sources.ledgers.units
    for child in tree.children(unit, sources.day):
        figure = sources.figure(name, child)
        if figure is not None and figure.state is not FigureState.NOT_ASKED:
            yield tree.name(child, sources.day), figure


def _bar(sources: Sources, figure: Figure, label: str) -> Bar:
    target = sources.target(figure) if figure.period == sources.period.name else None
    text = binding_text(sources, figure.figure_id)
    return Bar(figure.unit, label, figure.value, text, target, figure.figure_id)
