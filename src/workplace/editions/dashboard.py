"""What a unit's dashboard shows, put together from a preview."""

from dataclasses import dataclass
from statistics import median
from typing import Any

from django.utils.safestring import SafeString

from shuzhi import pipeline
from shuzhi.figures.model import FigureState
from shuzhi.reports.overview import Line, Point, SectionLines
from shuzhi.reports.rules import ChartBy
from workplace.editions.charts import draw_bars
from workplace.editions.opened import Look, language, promises_in
from workplace.editions.words import OUTCOMES, band_label
from workplace.web.texts import text_in

# So many of a list are shown; the rest is counted.
SHOWN = 12


@dataclass(frozen=True)
class ShownSection:
    """A section's lines: first those held against a target, then the others, then how many are
    not asked of this unit."""

    name: str
    title: str
    held: list[Line]
    others: list[Line]
    not_asked: int


@dataclass(frozen=True)
class ShownChart:
    """A chart with the points that the table beside it lists."""

    title: str
    uom: str
    by_units: bool
    drawing: SafeString
    points: tuple[Point, ...]


def dashboard(look: Look, unit: str) -> dict[str, Any]:
    """Everything the page shows, by name."""
    sources = look.sources
    missing = pipeline.missing_returns(sources, unit)
    flags = sources.open_flags(unit)
    promises = promises_in(look.preview.folder, look.period.name, language(), unit)
    return {
        "sections": [_section(section) for section in pipeline.section_lines(sources, unit)],
        "score": sources.scores.get(unit) if look.period.name == look.preview.period else None,
        "missing": missing[:SHOWN],
        "missing_count": len(missing),
        "missing_more": max(0, len(missing) - SHOWN),
        "flags": flags[:SHOWN],
        "flags_count": len(flags),
        "flags_more": max(0, len(flags) - SHOWN),
        "promises": [(p, text, *OUTCOMES[p.outcome]) for p, text in promises],
        "charts": charts(look, unit),
        "names": look.names(
            {m.unit for m in missing[:SHOWN]} | {f.unit for f in flags[:SHOWN]}
            | {promise.unit for promise, _ in promises}
        ),
    }  # fmt: skip


def charts(look: Look, unit: str) -> list[ShownChart]:
    """The charts of the pack's report, of which the unit has more than one value."""
    found = []
    for number, rule in enumerate(look.sources.rules.charts):
        by_units = rule.by is not ChartBy.QUARTERS
        draw = pipeline.units_below if by_units else pipeline.trend
        points = draw(look.sources, rule.indicator, unit)
        if sum(point.figure.value is not None for point in points) > 1:
            found.append(_chart(look, f"chart-{number}", rule.indicator, unit, points, by_units))
    return found


def _chart(
    look: Look, name: str, indicator: str, unit: str, points: tuple[Point, ...], by_units: bool
) -> ShownChart:
    definition = look.pack.indicators[indicator]
    title, uom = text_in(definition.label), text_in(definition.uom)
    figure = look.sources.figure(indicator, unit)
    target = look.sources.target(figure) if by_units and figure else None
    drawing = draw_bars(name, title, points, uom, target)
    return ShownChart(title, uom, by_units, drawing, points)


def _section(section: SectionLines) -> ShownSection:
    asked = [x for x in section.lines if x.figure.state is not FigureState.NOT_ASKED]
    return ShownSection(
        section.name, text_in(section.title),
        [line for line in asked if line.target is not None],
        [line for line in asked if line.target is None],
        len(section.lines) - len(asked),
    )  # fmt: skip


@dataclass(frozen=True)
class ShownBand:
    """The units of one level in one band, in the order of the tree: nothing says who is first."""

    label: str
    points: list[Point]


@dataclass(frozen=True)
class LevelBands:
    """The units of one level right below, by band where there are enough of them."""

    level: str
    drawing: SafeString
    bands: list[ShownBand]
    median: str


def bands_below(look: Look, unit: str, indicator: str) -> list[LevelBands]:
    """The units right below, level by level, on one indicator."""
    sources = look.sources
    by_level: dict[str, list[Point]] = {}
    for point in pipeline.units_below(sources, indicator, unit):
        level = sources.ledgers.units.level(point.figure.unit, sources.day)
        by_level.setdefault(level, []).append(point)
    return [
        _level_bands(look, indicator, level.code, by_level[level.code])
        for level in look.pack.levels
        if level.code in by_level
    ]


def _level_bands(look: Look, indicator: str, level: str, points: list[Point]) -> LevelBands:
    sources, definition = look.sources, look.pack.indicators[indicator]
    title, uom = text_in(definition.label), text_in(definition.uom)
    by_band: dict[str, list[Point]] = {}
    values = [point.figure.value for point in points if point.figure.value is not None]
    for point in points:
        line = pipeline.line_of(sources, indicator, point.figure.unit)
        peers = line.peers if line else None
        by_band.setdefault(band_label(peers) if peers else "", []).append(point)
    target = sources.target(points[0].figure)
    label = next(text_in(each.label) for each in look.pack.levels if each.code == level)
    drawing = draw_bars(f"bands-{level}", f"{title} · {label}", points, uom, target)
    bands = [ShownBand(name, found) for name, found in sorted(by_band.items())]
    middle = f"{median(values):.{definition.decimals}f}" if values else ""
    return LevelBands(label, drawing, bands, middle)
