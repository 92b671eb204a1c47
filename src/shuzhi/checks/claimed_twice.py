"""One event claimed in two tables: a study session that is an activity at a venue as well."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from shuzhi.checks.duplicate import NamedEvent
from shuzhi.checks.likeness import cluster_by_name, normal_form
from shuzhi.checks.rows import key_columns
from shuzhi.checks.rule import Case, Check, Doubt, setting
from shuzhi.packs.model import Text
from shuzhi.packs.section import Section


@dataclass(frozen=True)
class ClaimedTwiceSettings:
    likeness: float = setting(
        "From this likeness (0–100) two names of one unit and day mean the same event; names that "
        "count differently (第一次, 第二次) never do.",
        lambda section, key: section.decimal(key, least=50, most=100),
    )
    events: tuple[NamedEvent, ...] = setting(
        "Entries { table, name }: the column with the event's name. Of one event the claim in the "
        "table named first stands; the others are asked about.",
        lambda section, key: section.each(key, _read_event),
    )


class _Claim(NamedTuple):
    place: int  # of its table in the settings
    record: str
    name: str


def _read_event(section: Section) -> NamedEvent:
    section.refuse_unknown(("table", "name"))
    table = section.table("table")
    return NamedEvent(table, section.column_of("name", table), ())


def _find(case: Case, settings: ClaimedTwiceSettings) -> Iterator[Doubt]:
    for (unit, day), claims in _claims(case, settings).items():
        if len({claim.place for claim in claims}) < 2:
            continue
        groups = cluster_by_name(claims, lambda claim: normal_form(claim.name), settings.likeness)
        for group in groups:
            yield from _doubts(case, settings, unit, day, group)


def _claims(case: Case, settings: ClaimedTwiceSettings) -> dict[tuple[str, date], list[_Claim]]:
    claims: dict[tuple[str, date], list[_Claim]] = {}
    for place, event in enumerate(settings.events):
        columns = [*key_columns(case.pack.tables[event.table]), event.name]
        for record, unit, day, name in case.rows(event.table, columns):
            if unit is not None and day is not None and name:
                claims.setdefault((unit, day), []).append(_Claim(place, record, name))
    return claims


def _doubts(
    case: Case, settings: ClaimedTwiceSettings, unit: str, day: date, group: list[_Claim]
) -> Iterator[Doubt]:
    first = min(group)
    table = case.pack.tables[settings.events[first.place].table]
    other: Text = table.label
    for place in sorted({claim.place for claim in group} - {first.place}):
        here = sorted(claim.record for claim in group if claim.place == place)
        yield Doubt(
            settings.events[place].table,
            unit,
            tuple(here),
            day=day,
            about=table.name,
            values={
                "day": day.isoformat(),
                "name": first.name,
                "other": other,
                "record": first.record,
            },
        )


CHECK = Check(
    name="claimed_twice",
    title={"zh": "一事多报", "en": "One event claimed twice"},
    question={
        "zh": "{unit} {day} 的“{name}”已在“{other}”中报为 {record}，又在“{table}”中上报。"
        "是否为同一件事？",
        "en": "“{name}” of {unit} on {day} stands in “{other}” as {record}, and in “{table}” too. "
        "Is it one event?",
    },
    explanation={
        "zh": "可能上午学习、下午活动，用了相近的名称。",
        "en": "There may have been a session in the morning and an activity after it, under one "
        "name.",
    },
    settings=ClaimedTwiceSettings,
    find=_find,
)
