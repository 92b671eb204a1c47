"""What no pack may ask for: what people think, what others publish, and figures about persons.

Every command loads its pack through here, so every command refuses.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from shuzhi.packs.complaints import Complaint
from shuzhi.packs.indicators import SUBJECTS
from shuzhi.packs.model import Indicator, MeasureKind, Pack, Role, Table, Text
from shuzhi.packs.suggestions import suggest

_FOR_PERSONS = (MeasureKind.COUNT, MeasureKind.DISTINCT)
_SUBJECT_REMEDY = f"measure what units did: subject is one of {', '.join(SUBJECTS)}"
# Keys below which checks, scorecards and reports name columns to show, group or order by.
_SHOWING = frozenset(
    {"by", "group", "group_by", "column", "columns", "show", "list", "rank", "rank_by", "sort"}
)


class _Forbidden(NamedTuple):
    reason: str
    english: re.Pattern[str]
    chinese: re.Pattern[str]


_FORBIDDEN = (
    _Forbidden(
        "Shuzhi counts what units did, never what people think",
        re.compile(
            r"\b(attitudes?|opinions?|sentiments?|ideolog(y|ies|ical)|beliefs?|stances?|moods?"
            r"|viewpoints?|views|political (leaning|orientation)s?)\b"
        ),
        re.compile(
            r"态度|立场|观点|看法|民意|言论|表态|情绪|情感|信仰|意识形态|价值观"
            r"|(个人|群众|网民|公众)意见|意见倾向|思想(动态|状况|倾向|表现|认识)|政治(倾向|表现|面貌)"
        ),
    ),
    _Forbidden(
        "Shuzhi does not follow what third parties publish or how they answer",
        re.compile(
            r"\b(re ?posts?|re ?tweets?|likes|like counts?|comments|comment counts?|netizens?"
            r"|followers?|social media posts?|(user|public|online|forum|weibo|third part(y|ies))"
            r" posts?|public opinion)\b"
        ),
        re.compile(
            r"舆情|舆论|网民|网友|跟帖|帖文|帖子|网帖|发帖|热搜|弹幕|点赞|粉丝"
            r"|转发(?!文件|通知|公文)|评论(?!员)"
        ),
    ),
)


def complain_about_views(pack: Pack, files: Mapping[str, str], complaints: list[Complaint]) -> None:
    """Tables and columns, by name, label or synonym, about views or third parties' posts."""
    for name, table in pack.tables.items():
        for key, text in _words_of(table):
            forbidden = _forbidden(text)
            if forbidden is not None:
                reason, word = forbidden
                complaints.append(
                    Complaint(
                        files[name],
                        key,
                        f"{text!r} is refused because of {word!r}: {reason}",
                        "remove it; if something else is meant, call it by its own name",
                    )
                )


def complain_about_persons(
    pack: Pack, files: Mapping[str, str], complaints: list[Complaint]
) -> None:
    """Indicators, checks, scorecards and reports about persons."""
    for name, indicator in pack.indicators.items():
        _complain_about_indicator(indicator, pack, files[name], complaints)
    persons = _person_columns(pack)
    for file, values in (
        ("checks.toml", pack.checks),
        ("scorecard.toml", pack.scorecard),
        ("report/report.toml", pack.report),
    ):
        for place, key, value, table in _leaves(values, "", "", ""):
            _complain_about_leaf(Complaint(file, place, "", ""), (key, value, table), persons,
                                 complaints)  # fmt: skip


def _words_of(table: Table) -> Iterator[tuple[str, str]]:
    yield from _spellings("", table.name, table.label, table.synonyms)
    for column in table.columns:
        place = f"fields[{column.name}]."
        yield from _spellings(place, column.name, column.label, column.synonyms)


def _spellings(
    place: str, name: str, label: Text, synonyms: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    yield f"{place}name", name
    yield from ((f"{place}shuzhi:label", text) for text in label.values())
    yield from ((f"{place}shuzhi:synonyms", text) for text in synonyms)


def _forbidden(text: str) -> tuple[str, str] | None:
    """The reason and the word, where the text has a forbidden one."""
    words = re.sub(r"[\W_]+", " ", text).lower()
    for forbidden in _FORBIDDEN:
        match = forbidden.english.search(words) or forbidden.chinese.search(text)
        if match:
            return forbidden.reason, match[0]
    return None


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
    values: object, place: str, key: str, table: str
) -> Iterator[tuple[str, str, object, str]]:
    """Every value with its path, its key, and the table its group names."""
    if isinstance(values, Mapping):
        named = values.get("table", table)
        for name, value in values.items():
            path = f"{place}.{name}" if place else str(name)
            yield from _leaves(value, path, str(name), named if isinstance(named, str) else table)
    elif isinstance(values, list):
        for number, value in enumerate(values, 1):
            path = f"{place}[{number}]" if isinstance(value, Mapping) else place
            yield from _leaves(value, path, key, table)
    else:
        yield place, key, values, table


def _complain_about_leaf(
    at: Complaint, leaf: tuple[str, Any, str], persons: Mapping[str, frozenset[str]],
    complaints: list[Complaint],
) -> None:  # fmt: skip
    key, value, table = leaf
    if key == "subject" and value not in SUBJECTS:
        complaints.append(_about_subject(at.file, at.key, value))
    if key not in _SHOWING or not isinstance(value, str):
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
