"""What the template is given: dicts, lists, strings and true or false, and nothing else.

Every number in it is a token that carries its binding, so that the template can print it and do
nothing else with it. The names are explained for staff in docs/how-to/edit-the-template.md.
"""

from collections.abc import Mapping
from typing import Any

from shuzhi.figures.model import Figure, FigureState
from shuzhi.reports.gaps import write_gaps
from shuzhi.reports.markers import clean, given, slot
from shuzhi.reports.objections import Objection, ObjectionEffect
from shuzhi.reports.phrases import (
    bound,
    named,
    record_names,
    unit_name,
    units_with_figures,
)
from shuzhi.reports.promises import (
    DraftPromise,
    answer_promises,
    count_outcomes,
    print_drafts,
)
from shuzhi.reports.rules import AnnexSection, RecordList
from shuzhi.reports.sources import Sources
from shuzhi.reports.wording import date_text, enumerate_texts, year_text

Context = Mapping[str, Any]
_EFFECTS: Mapping[str, Mapping[ObjectionEffect, str]] = {
    "zh": {
        ObjectionEffect.OPEN: "待答复",
        ObjectionEffect.REFUSED: "不予采纳",
        ObjectionEffect.UPHELD: "予以采纳",
    },
    "en": {
        ObjectionEffect.OPEN: "open",
        ObjectionEffect.REFUSED: "refused",
        ObjectionEffect.UPHELD: "upheld",
    },
}
_PARTS = ("target", "short", "change", "records", "asked", "reported", "verified")


def build_context(sources: Sources, unit: str, drafts: tuple[DraftPromise, ...]) -> Context:
    """The context of one unit's report.

    Missing: a figure that is no value prints its word (未报送, 未要求, 不适用), and `known` says
    False; an indicator the pack does not have is an error of the template.
    """
    figures = _figures(sources, unit)
    return {
        "annexes": slot("annexes"),
        "unit": _unit(sources, unit),
        "period": _period(sources),
        "lists": {
            name: _list(sources, listed, unit) for name, listed in sources.rules.lists.items()
        },
        "below": {
            level.code: bool(sources.units_below(unit, level.code)) for level in sources.pack.levels
        },
        "gaps": write_gaps(sources, unit),
        "answers": answer_promises(sources, unit),
        "outcomes": count_outcomes(sources, unit),
        "drafts": print_drafts(sources, drafts),
        "flags": {
            "open": bound(sources, f"flags.{unit}"),
            "any": bool(sources.open_flags(unit)),
        },
        "bulletin": _bulletin(sources),
        "objections": [
            _objection(sources, objection)
            for objection in sources.objections
            if (objection.bulletin, objection.period)
            == (sources.rules.bulletin, sources.period.name)
        ],
        "flagged": {check: _flagged(sources, unit, check) for check in sources.pack.checks},
        "rows": [_row(sources, code) for code in _units_of_rows(sources, unit)],
        "sections": [_section(sources, section, figures) for section in sources.rules.sections],
        **figures,
    }


def _unit(sources: Sources, unit: str) -> dict[str, Any]:
    level = sources.ledgers.units.level(unit, sources.day)
    label = next((item.label for item in sources.pack.levels if item.code == level), {})
    score = sources.scores.get(unit)
    return {
        "name": unit_name(sources, unit),
        "code": given(unit),
        "level": level,
        "level_name": label.get(sources.lang, ""),
        "is_root": unit == sources.ledgers.units.root,
        "has_score": score is not None,
        "points": bound(sources, f"score.{unit}.{sources.period.name}") if score else "",
        "band": score.band if score else "",
    }


def _period(sources: Sources) -> dict[str, str]:
    lang, first, last = sources.lang, sources.period.start, sources.day
    return {
        "name": given(sources.period.name),
        "year": given(year_text(last.year, lang)),
        "last_year": given(year_text(last.year - 1, lang)),
        "next_year": given(year_text(last.year + 1, lang)),
        "first_day": given(date_text(first, lang)),
        "last_day": given(date_text(last, lang)),
        "signed": given(date_text(sources.signed_on, lang)),
    }


def _bulletin(sources: Sources) -> dict[str, Any]:
    """Whether this is a draft, and until when units may object. Missing: of a report, no day."""
    if not sources.rules.bulletin:
        return {"draft": False, "until": ""}
    until = given(date_text(sources.objections_until, sources.lang))
    return {"draft": sources.rules.is_draft, "until": until}


def _objection(sources: Sources, objection: Objection) -> dict[str, str]:
    return {
        "unit": unit_name(sources, objection.unit),
        "what": named(objection.what),
        "why": named(objection.why),
        "answer": named(objection.answer),
        "effect": _EFFECTS[sources.lang][objection.effect],
    }


def _flagged(sources: Sources, unit: str, check: str) -> dict[str, Any]:
    """The units a check has doubted: whether there are any, how many, and which."""
    units = sources.flagged_units(unit, check)
    names = [unit_name(sources, code) for code in units]
    return {
        "any": bool(units),
        "count": bound(sources, f"flags.{unit}:{check}") if units else "",
        "names": enumerate_texts(names, sources.lang),
    }


def _units_of_rows(sources: Sources, unit: str) -> list[str]:
    levels = sources.rules.rows.levels if sources.rules.rows else ()
    return [code for level in levels for code in sources.units_below(unit, level)]


def _row(sources: Sources, unit: str) -> dict[str, str]:
    """A unit's name and its figures by indicator; – where nothing is asked of it."""
    assert sources.rules.rows is not None
    figures = {name: sources.figure(name, unit) for name in sources.rules.rows.indicators}
    return {
        "unit": unit_name(sources, unit),
        **{
            name: bound(sources, figure.figure_id)
            if figure and figure.state is not FigureState.NOT_ASKED
            else "–"
            for name, figure in figures.items()
        },
    }


def _section(
    sources: Sources, section: AnnexSection, figures: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """A section of the annex and its figures, those left out that nobody was asked for."""
    lang = sources.lang
    return {
        "name": section.name,
        "title": named(section.title[lang]),
        "figures": [
            {
                "label": named(indicator.label[lang]),
                "value": figures["f"][name],
                "uom": clean(indicator.uom[lang]) if figures["known"][name] else "",
                "target": figures["target"][name],
                **{key: figures[key][name] for key in ("known", "met", "missed", "silent")},
            }
            for name, indicator in sources.pack.indicators.items()
            if indicator.section == section.name
            and (figures["known"][name] or figures["silent"][name])
        ],
    }


def _list(sources: Sources, listed: RecordList, unit: str) -> dict[str, Any]:
    figure = sources.figure(listed.indicator, unit)
    names = record_names(sources, listed, figure) if figure else ""
    return {"any": bool(names), "names": names}


def _figures(sources: Sources, unit: str) -> dict[str, dict[str, Any]]:
    """One dict a question, each by indicator: f.meetings_held, missed.meetings_held, …"""
    names = (
        "f",
        *_PARTS,
        "last",
        "known",
        "has",
        "silent",
        "missed",
        "met",
        "up",
        "down",
        "same",
        "one",
        "partial",
        "doubted",
        "units",
    )
    answers: dict[str, dict[str, Any]] = {name: {} for name in names}
    for name in sources.pack.indicators:
        figure = sources.figure(name, unit) or _unasked(sources, name, unit)
        for question, answer in _answers(sources, figure).items():
            answers[question][name] = answer
    return answers


def _answers(sources: Sources, figure: Figure) -> dict[str, Any]:
    known = sources.figure(figure.indicator, figure.unit) is not None
    if not known:
        return _no_answers(sources, figure)
    last = sources.figure(figure.indicator, figure.unit, sources.last_period.name)
    change = None
    if figure.value is not None and last is not None and last.value is not None:
        change = figure.value - last.value
    missed = sources.misses(figure)
    return {
        "f": bound(sources, figure.figure_id),
        **{part: bound(sources, f"{figure.figure_id}:{part}") for part in _PARTS},
        "last": bound(sources, last.figure_id) if last else "",
        "known": figure.value is not None,
        "has": bool(figure.value),
        "one": figure.value == 1,
        "silent": figure.state is FigureState.NOT_REPORTED,
        "missed": missed,
        "met": figure.value is not None and sources.target(figure) is not None and not missed,
        "up": change is not None and change > 0,
        "down": change is not None and change < 0,
        "same": change == 0,
        "partial": figure.value is not None and figure.reported < figure.asked,
        "doubted": bool(sources.doubted_records(figure)),
        "units": {
            level.code: _missing(sources, figure, level.code) for level in sources.pack.levels
        },
    }


def _missing(sources: Sources, figure: Figure, level: str) -> dict[str, Any]:
    """The units of a level that miss the figure's target: how many, and which."""
    units = sources.missing_units(figure, level) if sources.target(figure) is not None else ()
    return {
        "any": bool(units),
        "count": bound(sources, f"{figure.figure_id}:missed/{level}") if units else "",
        "names": units_with_figures(sources, figure, units) if units else "",
    }


def _unasked(sources: Sources, indicator: str, unit: str) -> Figure:
    """What stands for a figure that was not computed."""
    return Figure(
        indicator,
        unit,
        sources.period.name,
        None,
        FigureState.NOT_ASKED,
        records=0,
        asked=0,
        reported=0,
    )


def _no_answers(sources: Sources, figure: Figure) -> dict[str, Any]:
    flags = (
        "known",
        "has",
        "silent",
        "missed",
        "met",
        "up",
        "down",
        "same",
        "one",
        "partial",
        "doubted",
    )
    nothing = {level.code: _nothing() for level in sources.pack.levels}
    return (
        dict.fromkeys(("f", *_PARTS, "last"), "") | dict.fromkeys(flags, False) | {"units": nothing}
    )


def _nothing() -> dict[str, Any]:
    return {"any": False, "count": "", "names": ""}
