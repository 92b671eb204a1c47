"""Sentences of report.toml filled with tokens: {value}, {target}, {units} and their like."""

import re
from collections.abc import Callable, Mapping, Sequence

from shuzhi.figures.model import Figure, ProofRecord
from shuzhi.reports.bindings import binding_text
from shuzhi.reports.markers import clean, given, token
from shuzhi.reports.rules import RecordList
from shuzhi.reports.sources import Sources
from shuzhi.reports.wording import enumerate_texts

_FIELD = re.compile(r"\{(\w+)\}")
_NUMERAL = re.compile(r"[\d〇零一二两三四五六七八九十百千万亿]")
_AND_MORE = {"zh": "{names}等", "en": "{names} and others"}
UNITS_NAMED = 8


def fill(sentence: str, fields: Mapping[str, Callable[[], str]]) -> str:
    """The sentence with each {field} replaced; fields are worked out only where they stand."""
    return _FIELD.sub(lambda match: fields[match[1]](), sentence)


def bound(sources: Sources, binding: str) -> str:
    """The token of a binding."""
    return token(binding, binding_text(sources, binding))


def figure_fields(sources: Sources, figure: Figure) -> dict[str, Callable[[], str]]:
    """The fields every sentence about a figure may use."""
    parts = ("target", "short", "records", "asked", "reported", "change")
    fields: dict[str, Callable[[], str]] = {
        part: lambda part=part: bound(sources, f"{figure.figure_id}:{part}")  # type: ignore[misc]
        for part in parts
    }
    fields["value"] = lambda: bound(sources, figure.figure_id)
    fields["last"] = lambda: bound(
        sources, f"{figure.indicator}.{figure.unit}.{sources.last_period.name}"
    )
    return fields


def named(text: str) -> str:
    """A name from the data. A numeral in it is part of the name: given."""
    return given(clean(text)) if _NUMERAL.search(text) else clean(text)


def unit_name(sources: Sources, unit: str) -> str:
    return named(sources.ledgers.units.name(unit, sources.day))


def units_with_figures(sources: Sources, figure: Figure, units: Sequence[str]) -> str:
    """青石镇（3次）、…: units and their own figures."""
    indicator = sources.pack.indicators[figure.indicator]
    uom = clean(indicator.uom[sources.lang])
    pattern = "{name}（{value}{uom}）" if sources.lang == "zh" else "{name} ({value}{gap}{uom})"
    gap = "" if uom.startswith("%") else " "
    texts = [
        pattern.format(
            name=unit_name(sources, unit),
            uom=uom,
            gap=gap,
            value=bound(sources, f"{figure.indicator}.{unit}.{figure.period}"),
        )
        for unit in units[:UNITS_NAMED]
    ]
    return _cut(sources, texts, len(units))


def records_behind(sources: Sources, figure: Figure) -> tuple[ProofRecord, ...]:
    """The records of the figure's proof; none where it was not traced."""
    proof = sources.proofs.get(figure.figure_id)
    return proof.records if proof else ()


def record_names(
    sources: Sources, listed: RecordList, figure: Figure, *, with_units: bool = False
) -> str:
    """The records behind a figure, each by its name in `listed.column`. Missing: ''.

    `with_units` adds the unit a record belongs to, where that is not the figure's own.
    """
    found: dict[str, str] = {}
    for record in records_behind(sources, figure):
        if text := sources.records.text(record.table, record.record, listed.column):
            unit = record.unit if with_units and record.unit != figure.unit else ""
            pattern = "{}（{}）" if sources.lang == "zh" else "{} ({})"
            name = pattern.format(named(text), unit_name(sources, unit)) if unit else named(text)
            found.setdefault(name, unit)
    return _cut(sources, list(found)[: listed.most], len(found)) if found else ""


def _cut(sources: Sources, texts: Sequence[str], total: int) -> str:
    names = enumerate_texts(texts, sources.lang)
    return names if len(texts) == total else _AND_MORE[sources.lang].format(names=names)
