"""Charts drawn here as SVG, without a script and without a colour that carries a meaning alone.

Units are a table whose numbers have their bars beside them; quarters are columns with their numbers
written at them, and a table beside.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from shuzhi import pipeline
from shuzhi.reports.overview import Point

_WIDTH, _HEIGHT, _TOP, _FOOT = 320, 150, 22, 24


@dataclass(frozen=True)
class ShownPoint:
    """A point with its bar."""

    point: Point
    bar: SafeString


def draw_bars(
    title: str, points: Sequence[Point], uom: str, target: float | None
) -> list[ShownPoint]:
    """A bar a point, drawn by the engine as in its reports; the number stands beside it."""
    bars = tuple(
        pipeline.Bar(p.figure.unit, p.label, p.figure.value, p.text, target, p.figure.figure_id)
        for p in points
    )
    chart = pipeline.Chart(title, uom, bars)
    return [
        ShownPoint(point, mark_safe(pipeline.draw_bar(chart, bar)))  # noqa: S308 — numbers only
        for point, bar in zip(points, bars, strict=True)
    ]


def draw_columns(name: str, title: str, points: Sequence[Point], uom: str) -> SafeString:
    """A column a point. `name` makes the ids of title and description unique on the page. A point
    without a value has no column, and the word for its absence."""
    highest = max(point.figure.value or 0 for point in points) or 1
    step = _WIDTH / len(points)
    columns = format_html_join(
        "", "{}", ((_column(point, n * step, step, highest),) for n, point in enumerate(points))
    )
    return format_html(
        '<svg class="chart-columns" viewBox="0 0 {} {}" role="img" font-size="13"'
        ' aria-labelledby="{}-title {}-desc"><title id="{}-title">{}</title>'
        '<desc id="{}-desc">{}</desc>{}</svg>',
        _WIDTH, _HEIGHT, name, name, name, title, name, _described(points, uom), columns,
    )  # fmt: skip


def _column(point: Point, left: float, step: float, highest: float) -> SafeString:
    room = _HEIGHT - _TOP - _FOOT
    height = max(point.figure.value or 0, 0) / highest * room
    top, middle = round(_TOP + room - height, 1), round(left + step / 2, 1)
    return format_html(
        '<rect class="br" x="{}" y="{}" width="{}" height="{}" rx="3"/>'
        '<text class="value" x="{}" y="{}" text-anchor="middle">{}</text>'
        '<text class="label" x="{}" y="{}" text-anchor="middle">{}</text>',
        round(left + step * 0.2, 1), top, round(step * 0.6, 1), round(height, 1), middle, top - 6,
        point.text, middle, _HEIGHT - 8, point.label,
    )  # fmt: skip


def _described(points: Sequence[Point], uom: str) -> str:
    said = "; ".join(f"{point.label}: {point.text}" for point in points)
    return _("Columns in %(uom)s. %(points)s.") % {"uom": uom, "points": said}
