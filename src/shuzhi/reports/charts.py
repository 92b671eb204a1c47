"""Charts as SVG made here, without scripts; their numbers stand in a table beside each."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from shuzhi.errors import PackRefused
from shuzhi.figures.model import Figure, FigureState
from shuzhi.periods import PeriodKind, calendar_periods
from shuzhi.reports.bindings import binding_text
from shuzhi.reports.sources import Sources

# Units of the drawing; it scales with the page.
_LABEL_WIDTH, _BAR_WIDTH, _TEXT_WIDTH = 150, 380, 90
_ROW, _BAR = 26, 14


@dataclass(frozen=True)
class Bar:
    """One bar. `value` is None where there is no figure; `text` is what is printed beside it."""

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
    """The charts the pack's report asks for under `charts`; one without any value is left out.

    by = "units" sets the units right below beside each other, by = "quarters" the quarters.
    Raises: PackRefused for a chart of no indicator.
    """
    charts = []
    for wanted in sources.pack.report.get("charts", ()):
        indicator = sources.pack.indicators.get(wanted["indicator"])
        if indicator is None:
            raise PackRefused(
                [f"report.toml: charts: {wanted['indicator']} is no indicator; name one"]
            )
        choose = _figures_by_quarter if wanted["by"] == "quarters" else _figures_by_unit
        bars = tuple(
            _bar(sources, figure, label) for label, figure in choose(sources, indicator.name, unit)
        )
        if any(bar.value is not None for bar in bars):
            charts.append(Chart(indicator.label[sources.lang], indicator.uom[sources.lang], bars))
    return tuple(charts)


def draw_chart(chart: Chart) -> str:
    """The chart as an <svg> element; its name is the chart's title."""
    highest = max((max(bar.value or 0, bar.target or 0) for bar in chart.bars), default=0) or 1
    width = _LABEL_WIDTH + _BAR_WIDTH + _TEXT_WIDTH
    rows = "".join(_draw_bar(bar, number, highest) for number, bar in enumerate(chart.bars))
    return (
        f'<svg viewBox="0 0 {width} {len(chart.bars) * _ROW + 4}" role="img" '
        f'aria-label="{escape(chart.title)}">{rows}</svg>'
    )


def _draw_bar(bar: Bar, number: int, highest: float) -> str:
    top = number * _ROW + 4
    base = top + _BAR - 2
    length = round(max(bar.value or 0, 0) / highest * _BAR_WIDTH, 1)
    parts = [
        f'<text class="lb" x="{_LABEL_WIDTH - 8}" y="{base}">{escape(bar.label)}</text>',
        f'<rect class="br" x="{_LABEL_WIDTH}" y="{top}" width="{length}" height="{_BAR}"/>',
        f'<text class="vl" x="{_LABEL_WIDTH + length + 6}" y="{base}">{escape(bar.text)}</text>',
    ]
    if bar.target is not None:
        at = round(_LABEL_WIDTH + bar.target / highest * _BAR_WIDTH, 1)
        parts.append(f'<line class="tg" x1="{at}" x2="{at}" y1="{top - 3}" y2="{top + _BAR + 3}"/>')
    return "".join(parts)


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
    return Bar(label, figure.value, text, target, figure.figure_id)
