"""What no pack may ask for: what people think, what others publish, and figures about persons.

Every command loads its pack through here, so every command refuses.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from shuzhi.packs.complaints import Complaint
from shuzhi.packs.forbidden_words import find_forbidden
from shuzhi.packs.indicators import SUBJECTS
from shuzhi.packs.model import Indicator, MeasureKind, Pack, Role, Table, Text
from shuzhi.packs.personal_data import complain_about_personal_data
from shuzhi.packs.suggestions import suggest


class Files(NamedTuple):
    """The file in which each table and each indicator stands."""

    tables: Mapping[str, str]
    indicators: Mapping[str, str]


_FOR_PERSONS = (MeasureKind.COUNT, MeasureKind.DISTINCT)
_SUBJECT_REMEDY = f"measure what units did: subject is one of {', '.join(SUBJECTS)}"
# Keys of checks, scorecard and report whose values are words for readers.
_WORDING = frozenset({"label", "title"})
_PROSE = frozenset({"name", "text", "zh", "en", *_WORDING})


def complain_about_views(pack: Pack, files: Files, complaints: list[Complaint]) -> None:
    """Whatever a reader or a unit is shown under words about views or third parties' posts."""
    for file, key, text in _words_of(pack, files):
        forbidden = find_forbidden(text)
        if forbidden is not None:
            reason, word = forbidden
            complaints.append(
                Complaint(
                    file,
                    key,
                    f"{text[:60]!r} is refused because of {word!r}: {reason}",
                    "remove it; if something else is meant, call it by its own name",
                )
            )


def complain_about_persons(pack: Pack, files: Files, complaints: list[Complaint]) -> None:
    """Indicators, checks, scorecards and reports about persons, and persons passed for others."""
    complain_about_personal_data(pack, files.tables, complaints)
    for name, indicator in pack.indicators.items():
        _complain_about_indicator(indicator, pack, files.indicators[name], complaints)
    persons = _person_columns(pack)
    tables = {name: i.measure.table for name, i in pack.indicators.items() if i.measure}
    for file, values in _settings(pack):
        for place, key, value, table in _leaves(values, "", "", "", tables):
            _complain_about_leaf(Complaint(file, place, "", ""), (key, value, table), persons,
                                 complaints)  # fmt: skip


def _settings(pack: Pack) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    return (
        ("checks.toml", pack.checks),
        ("scorecard.toml", pack.scorecard),
        ("report/report.toml", pack.report),
    )


def _words_of(pack: Pack, files: Files) -> Iterator[tuple[str, str, str]]:
    """File, key and text of all that names something."""
    for level in pack.levels:
        yield from _in("pack.toml", f"levels[{level.code}].", code=level.code, label=level.label)
    for name, table in pack.tables.items():
        yield from ((files.tables[name], key, text) for key, text in _words_of_table(table))
    for name, indicator in pack.indicators.items():
        words = {"label": indicator.label, "uom": indicator.uom}
        yield from _in(files.indicators[name], f"{name}.", name=name, **words)
    for file, values in _settings(pack):
        for place, _, value, _ in _leaves(values, "", "", "", {}):
            if isinstance(value, str) and _WORDING & set(place.split(".")):
                yield file, place, value


def _in(file: str, place: str, **words: str | Text) -> Iterator[tuple[str, str, str]]:
    for key, text in words.items():
        for words_of_language in text.values() if isinstance(text, Mapping) else (text,):
            yield file, f"{place}{key}", words_of_language


def _words_of_table(table: Table) -> Iterator[tuple[str, str]]:
    yield from _spellings("", table.name, table.label, table.synonyms)
    for column in table.columns:
        place = f"fields[{column.name}]."
        yield from _spellings(place, column.name, column.label, column.synonyms)
        for key, text in (("note", column.note), ("uom", column.uom)):
            yield from ((f"{place}shuzhi:{key}", words) for words in (text or {}).values())
        for category in column.categories:
            within = f"{place}categories[{category.value}]."
            yield from _spellings(within, category.value, category.label, category.synonyms)


def _spellings(
    place: str, name: str, label: Text, synonyms: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    yield f"{place}name", name
    yield from ((f"{place}shuzhi:label", text) for text in label.values())
    yield from ((f"{place}shuzhi:synonyms", text) for text in synonyms)


def _complain_about_indicator(
    indicator: Indicator, pack: Pack, file: str, complaints: list[Complaint]
) -> None:
    if indicator.subject not in SUBJECTS:
        complaints.append(_about_subject(file, f"{indicator.name}.subject", indicator.subject))
    measure = indicator.measure
    if measure is None or not measure.column or measure.kind in _FOR_PERSONS:
        return
    if pack.tables[measure.table].column(measure.column).role is Role.PERSON:
        complaints.append(
            Complaint(
                file,
                f"{indicator.name}.{measure.kind}",
                f"{measure.column} holds persons, who are counted and never measured",
                f'write distinct = "{measure.column}" or count = true',
            )
        )


def _about_subject(file: str, key: str, subject: object) -> Complaint:
    if subject == "person":
        what = "a person is not measured, scored or ranked"
        return Complaint(file, key, what, _SUBJECT_REMEDY)
    return Complaint(file, key, f"{subject!r} is no subject", suggest(str(subject), SUBJECTS))


def _person_columns(pack: Pack) -> Mapping[str, frozenset[str]]:
    """Table → its columns about persons; under '' those no table uses for anything else."""
    tables = {
        name: frozenset(column.name for column in table.columns if column.role is Role.PERSON)
        for name, table in pack.tables.items()
    }
    others = {
        column.name
        for table in pack.tables.values()
        for column in table.columns
        if column.role is not Role.PERSON
    }
    return {**tables, "": frozenset().union(*tables.values()) - others}


def _leaves(
    values: object, place: str, key: str, table: str, tables: Mapping[str, str]
) -> Iterator[tuple[str, str, object, str]]:
    """Every value with its path, its key, and the table that its group, or the indicator of its
    group, is about. `tables` holds the table of each indicator."""
    if isinstance(values, Mapping):
        indicator = values.get("indicator")
        about = tables.get(indicator, table) if isinstance(indicator, str) else table
        named = values.get("table", about)
        for name, value in values.items():
            path = f"{place}.{name}" if place else str(name)
            within = named if isinstance(named, str) else table
            yield from _leaves(value, path, str(name), within, tables)
    elif isinstance(values, list):
        for number, value in enumerate(values, 1):
            path = f"{place}[{number}]" if isinstance(value, Mapping) else place
            yield from _leaves(value, path, key, table, tables)
    else:
        yield place, key, values, table


def _complain_about_leaf(
    at: Complaint, leaf: tuple[str, Any, str], persons: Mapping[str, frozenset[str]],
    complaints: list[Complaint],
) -> None:  # fmt: skip
    key, value, table = leaf
    if key == "subject" and value not in SUBJECTS:
        complaints.append(_about_subject(at.file, at.key, value))
    if key in _PROSE or not isinstance(value, str):
        return
    owner, _, column = value.rpartition(".")
    if column in persons.get(owner or table, frozenset()):
        complaints.append(
            Complaint(
                at.file,
                at.key,
                f"{value} holds persons, who are counted and never listed, grouped or ranked",
                "name a column about the event or the unit",
            )
        )
