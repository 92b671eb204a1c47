"""Charts drawn here as SVG: bars with their numbers written at them, so that neither a script nor
a colour is needed to read one. A table beside each says the same."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shuzhi.reports.overview import Point

_WIDTH, _LABEL, _VALUE, _ROW, _BAR = 640, 210, 90, 34, 18
_LONGEST_LABEL = 13  # characters that fit before the bars


def draw_bars(
    name: str, title: str, points: Sequence[Point], uom: str, target: float | None = None
) -> SafeString:
    """Horizontal bars, one a point. `name` makes the ids of title and description unique on the
    page. A point without a value has no bar, and the word for its absence."""
    highest = max([point.figure.value or 0 for point in points] + [target or 0]) or 1
    room = _WIDTH - _LABEL - _VALUE
    height = _ROW * len(points) + (26 if target is not None else 6)
    bars = format_html_join(
        "\n", "{}", ((_bar(number, point, highest, room),) for number, point in enumerate(points))
    )
    mark = _target(target, highest, room, height) if target is not None else ""
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-desc"'
        ' width="100%" font-size="15" fill="currentColor">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}{}</svg>',
        _WIDTH, height, name, name, name, title, name, _described(points, uom), bars, mark,
    )  # fmt: skip


def _bar(number: int, point: Point, highest: float, room: int) -> SafeString:
    top = number * _ROW + 4
    length = round(max(point.figure.value or 0, 0) / highest * room, 1)
    label = point.label
    if len(label) > _LONGEST_LABEL:
        label = f"{label[: _LONGEST_LABEL - 1]}…"
    drawn = format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="3" fill-opacity="0.55"/>',
        _LABEL, top, length, _BAR,
    ) if point.figure.value is not None else ""  # fmt: skip
    return format_html(
        '<text x="{}" y="{}" text-anchor="end">{}</text>{}<text x="{}" y="{}">{}</text>',
        _LABEL - 8, top + 14, label, drawn, _LABEL + length + 6, top + 14, point.text,
    )  # fmt: skip


def _target(target: float, highest: float, room: int, height: int) -> SafeString:
    at = round(_LABEL + target / highest * room, 1)
    return format_html(
        '<line x1="{}" x2="{}" y1="0" y2="{}" stroke="currentColor" stroke-width="2"'
        ' stroke-dasharray="5 4"/><text x="{}" y="{}" text-anchor="middle">{}</text>',
        at, at, height - 20, min(at, _WIDTH - 30), height - 4, _("target"),
    )  # fmt: skip


def _described(points: Sequence[Point], uom: str) -> str:
    said = "; ".join(f"{point.label}: {point.text}" for point in points)
    return _("Bars in %(uom)s. %(points)s.") % {"uom": uom, "points": said}
