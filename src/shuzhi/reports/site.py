"""A folder of pages: one a unit, and an index with every indicator by unit and a search.

Each page is one file that needs no server and no other file. The search is a script that hides
what does not match; without scripts everything is there to read.
"""

import hashlib
import re
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from shuzhi.figures.model import FigureState
from shuzhi.reports.bindings import binding_text
from shuzhi.reports.charts import build_chart, draw_bar
from shuzhi.reports.html import Surroundings, page_environment, public_note, write_html, write_page
from shuzhi.reports.rules import ChartBy
from shuzhi.reports.sources import Sources
from shuzhi.reports.wording import year_text
from shuzhi.reports.write import ReportPress

INDEX = "index.html"
_PLAIN_CODE = re.compile(r"[A-Za-z0-9_-]{1,80}")
_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "title": "{name} {period}履职数据",
        "index": "总目录",
        "search": "查找单位或指标",
        "found": "找到 {units} 个单位、{figures} 项指标",
        "units": "单位",
        "figures": "数据",
        "target_line": "竖线为目标值",
        "unit": "单位",
        "value": "数值",
        "open_flags": "待核实 {count}",
        "hint": "点单位名称看该单位的报告；点指标看各单位的数值。",
    },
    "en": {
        "title": "{name}: duties in {period}",
        "index": "Index",
        "search": "Find a unit or an indicator",
        "found": "Units: {units}; indicators: {figures}",
        "units": "Units",
        "figures": "Figures",
        "target_line": "The upright line is the target",
        "unit": "Unit",
        "value": "Value",
        "open_flags": "open flags: {count}",
        "hint": "A unit's name opens its report; an indicator opens every unit's value.",
    },
}


def write_site(
    press: ReportPress,
    out: Path,
    *,
    is_public: bool = False,
    step: Callable[[int, int], None] = lambda done, of: None,
) -> int:
    """Write the pages of every unit of the period, and index.html, into the folder `out`.

    Returns how many units. `step` is called with the pages written and those there will be.
    """
    sources = press.sources
    units = units_of(sources)
    files = page_names(units)
    with tempfile.TemporaryDirectory() as name:
        for number, unit in enumerate(units, start=1):
            document = press.write(unit, Path(name) / "report.docx")
            around = Surroundings(
                above=_above(sources, unit, files),
                below=[
                    (_name(sources, code), files[code])
                    for code in sources.ledgers.units.children(unit, sources.day)
                    if code in files
                ],
                is_public=is_public,
            )
            write_html(document, sources, unit, out / files[unit], around)
            step(number, len(units))
    write_page(_index(sources, units, files, is_public=is_public), out / INDEX)
    return len(units)


def units_of(sources: Sources) -> tuple[str, ...]:
    """The units there were in the period, by code."""
    tree, period = sources.ledgers.units, sources.period
    return tuple(c for c in tree.codes if tree.exists_during(c, period.start, period.end))


def page_names(units: Sequence[str]) -> dict[str, str]:
    """The file of each unit's page: its code where that is a plain name of its own.

    Codes that differ in nothing but capitals would be one file on some disks.
    """
    folded = [unit.casefold() for unit in units]
    names = {}
    for unit in units:
        plain = _PLAIN_CODE.fullmatch(unit) and unit.casefold() != "index"
        if not plain or folded.count(unit.casefold()) > 1:
            names[unit] = f"unit-{hashlib.sha256(unit.encode()).hexdigest()[:12]}.html"
        else:
            names[unit] = f"{unit}.html"
    return names


def _above(sources: Sources, unit: str, files: Mapping[str, str]) -> list[tuple[str, str]]:
    way = sources.ledgers.units.ancestors(unit, sources.day)[1:]
    words = _WORDS[sources.lang]
    units = [(_name(sources, code), files[code]) for code in reversed(way) if code in files]
    return [(words["index"], INDEX), *units]


def _name(sources: Sources, unit: str) -> str:
    return sources.ledgers.units.name(unit, sources.day)


def _index(
    sources: Sources, units: Sequence[str], files: Mapping[str, str], *, is_public: bool
) -> str:
    words = _WORDS[sources.lang]
    root = sources.ledgers.units.root
    year = year_text(sources.day.year, sources.lang)
    period = year if len(sources.period.name) == 4 else sources.period.name
    environment = page_environment()
    source, _, _ = environment.loader.get_source(environment, "site.js")  # type: ignore[union-attr]
    script = source.strip()
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return environment.get_template("site.html.j2").render(
        lang=sources.lang,
        title=words["title"].format(name=_name(sources, root), period=period),
        words=words,
        note=public_note(sources) if is_public else "",
        levels=[*_levels(sources, units, files)],
        sections=[*_sections(sources, files)],
        script=Markup(script),  # noqa: S704 our own file
        digest=digest,
    )


def _levels(
    sources: Sources, units: Sequence[str], files: Mapping[str, str]
) -> Iterator[Mapping[str, Any]]:
    """The levels of the tree with their units, each with what tells it from others."""
    tree = sources.ledgers.units
    for level in sources.pack.levels:
        rows = [
            _unit_row(sources, code, files)
            for code in units
            if tree.level(code, sources.day) == level.code
        ]
        if rows:
            yield {"title": level.label[sources.lang], "units": rows}


def _unit_row(sources: Sources, unit: str, files: Mapping[str, str]) -> Mapping[str, Any]:
    tree, score = sources.ledgers.units, sources.scores.get(unit)
    above = tree.ancestors(unit, sources.day)[1:2]
    names = [_name(sources, code) for code in above]
    flags = sum(flag.unit == unit for flag in sources.open_flags(unit))
    words = _WORDS[sources.lang]
    return {
        "name": _name(sources, unit),
        "file": files[unit],
        "above": names[0] if names and above[0] != tree.root else "",
        "find": " ".join([_name(sources, unit), unit, *names]).casefold(),
        "band": score.band if score else "",
        "flags": words["open_flags"].format(count=flags) if flags else "",
    }


def _sections(sources: Sources, files: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """The annex's sections with their indicators: the root's value, and each unit's below it."""
    for section in sources.rules.sections:
        rows = [
            row
            for name, indicator in sources.pack.indicators.items()
            if indicator.section == section.name
            for row in _indicator(sources, name, files)
        ]
        if rows:
            yield {"title": section.title[sources.lang], "indicators": rows}


def _indicator(
    sources: Sources, name: str, files: Mapping[str, str]
) -> Iterator[Mapping[str, Any]]:
    root = sources.ledgers.units.root
    figure = sources.figure(name, root)
    chart = build_chart(sources, name, root, ChartBy.UNITS)
    if figure is None or (figure.state is FigureState.NOT_ASKED and not chart.bars):
        return
    uom = chart.uom if figure.value is not None else ""
    yield {
        "name": name,
        "label": chart.title,
        "find": f"{chart.title} {name}".casefold(),
        "value": binding_text(sources, figure.figure_id),
        "uom": uom if uom.startswith("%") or sources.lang == "zh" else f" {uom}".rstrip(),
        "chart_uom": chart.uom,
        "bars": [
            {
                "name": bar.label,
                "file": files.get(bar.unit, ""),
                "text": bar.text,
                "drawing": Markup(draw_bar(chart, bar)) if bar.value is not None else "",  # noqa: S704 a drawing of numbers
            }
            for bar in chart.bars
        ],
    }
