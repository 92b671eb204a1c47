"""What a unit's dashboard shows, put together from a preview."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.utils.safestring import SafeString

from shuzhi import pipeline
from shuzhi.figures.model import FigureState
from shuzhi.reports.overview import Line, Missing, PeerBand, Point, SectionLines
from shuzhi.reports.rules import ChartBy
from workplace.editions.charts import ShownPoint, draw_bars, draw_columns
from workplace.editions.opened import Look, language, promises_in
from workplace.editions.words import BANDS, OUTCOMES
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

    @property
    def has_peers(self) -> bool:
        """Whether any figure stands among peers: the root has none."""
        return any(line.peers for line in [*self.held, *self.others])

    @property
    def missed(self) -> int:
        """How many targets are missed."""
        return sum(line.misses for line in self.held)

    @property
    def unknown(self) -> int:
        """How many of those held against a target have no value: not met, and not missed."""
        return sum(line.figure.value is None for line in self.held)


@dataclass(frozen=True)
class ShownChart:
    """A chart: by unit a table with its bars, by quarter a drawing with a table beside it."""

    title: str
    uom: str
    indicator: str
    by_units: bool
    drawing: SafeString | str
    points: list[ShownPoint]


def dashboard(look: Look, unit: str) -> dict[str, Any]:
    """Everything the page shows, by name."""
    sources = look.sources
    missing = missing_by_unit(pipeline.missing_returns(sources, unit))
    # a return that is missing is a flag too, and stands among the missing ones
    flags = [flag for flag in sources.open_flags(unit) if flag.records]
    promises = promises_in(look.preview.folder, look.period.name, language(), unit)
    return {
        "sections": [_section(section) for section in pipeline.section_lines(sources, unit)],
        "score": sources.scores.get(unit) if look.period.name == look.preview.period else None,
        "missing": missing[:SHOWN],
        "missing_count": sum(len(one.tables) for one in missing),
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


@dataclass(frozen=True)
class MissingOfUnit:
    """What one unit has not answered for one period, all due on one day."""

    unit: str
    period: str
    due: str
    tables: list[str]


def missing_by_unit(missing: Sequence[Missing]) -> list[MissingOfUnit]:
    """The same, a line a unit and period."""
    found: dict[tuple[str, str, str], MissingOfUnit] = {}
    for one in missing:
        key = (one.unit, one.period.name, one.due)
        found.setdefault(key, MissingOfUnit(*key, [])).tables.append(one.table)
    return list(found.values())


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
    drawing = "" if by_units else draw_columns(name, title, points, uom)
    shown = draw_bars(title, points, uom, target)
    return ShownChart(title, uom, indicator, by_units, drawing, shown)


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
    points: list[ShownPoint]


@dataclass(frozen=True)
class LevelBands:
    """The units of one level right below, by band where there are enough of them."""

    level: str
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
        _level_bands(look, indicator, text_in(level.label), by_level[level.code])
        for level in look.pack.levels
        if level.code in by_level
    ]


def _level_bands(look: Look, indicator: str, level: str, points: list[Point]) -> LevelBands:
    definition = look.pack.indicators[indicator]
    target = look.sources.target(points[0].figure)
    shown = draw_bars(text_in(definition.label), points, text_in(definition.uom), target)
    by_band: dict[PeerBand | None, list[ShownPoint]] = {}
    for one in shown:
        line = pipeline.line_of(look.sources, indicator, one.point.figure.unit)
        band = line.peers.band if line and line.peers else None
        by_band.setdefault(band, []).append(one)
    bands = [
        ShownBand(str(BANDS.get(band, "")), by_band[band])
        for band in (*BANDS, None)
        if band in by_band
    ]
    values = [point.figure.value for point in points if point.figure.value is not None]
    middle = f"{median(values):.{definition.decimals}f}" if values else ""
    return LevelBands(level, bands, middle)
