"""More volunteer hours than the people named could give in a day, in one record or over several."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from shuzhi.checks.rows import key_columns, written
from shuzhi.checks.rule import Case, Check, Doubt, setting
from shuzhi.packs.section import Section


@dataclass(frozen=True)
class CreditedHours:
    """Hours of `table` given by `people` of the team named in `team` ('' where none is)."""

    table: str
    hours: str
    people: str
    team: str


@dataclass(frozen=True)
class OverlappingHoursSettings:
    most_a_day: float = setting(
        "The most hours one person gives in a day.",
        lambda section, key: section.decimal(key, least=1, most=24),
    )
    credits: tuple[CreditedHours, ...] = setting(
        "Entries { table, hours, people, team }: the columns with the hours, the number of people "
        "who gave them, and the team. Hours of a team on one day are added up over all records and "
        "units, and held against its largest number of people that day.",
        lambda section, key: section.each(key, _read_credit),
    )


class _Credit(NamedTuple):
    record: str
    unit: str
    hours: Decimal
    people: int


def _read_credit(section: Section) -> CreditedHours:
    section.refuse_unknown(("table", "hours", "people", "team"))
    table = section.table("table")
    team = section.column_of("team", table) if section.given("team") else ""
    return CreditedHours(
        table, section.column_of("hours", table), section.column_of("people", table), team
    )


def _find(case: Case, settings: OverlappingHoursSettings) -> Iterator[Doubt]:
    for credit in settings.credits:
        for (team, day), rows in _credits(case, credit).items():
            alone = [row for row in rows if _is_too_much([row], settings.most_a_day)]
            for row in alone:
                yield _doubt(credit, day, [row], team)
            others = [row for row in rows if row not in alone]
            if team and len(others) > 1 and _is_too_much(others, settings.most_a_day):
                yield _doubt(credit, day, others, team)


def _credits(case: Case, credit: CreditedHours) -> dict[tuple[str, date], list[_Credit]]:
    """The records with hours, by team and day. Missing: '' for records without a team."""
    found: dict[tuple[str, date], list[_Credit]] = {}
    columns = [*key_columns(case.pack.tables[credit.table]), credit.hours, credit.people]
    columns += [credit.team] if credit.team else []
    for record, unit, day, hours, people, *team in case.rows(credit.table, columns):
        if unit is not None and day is not None and hours and people:
            key = (team[0] or "") if team else "", day
            found.setdefault(key, []).append(_Credit(record, unit, Decimal(hours), int(people)))
    return found


def _is_too_much(rows: list[_Credit], most_a_day: float) -> bool:
    hours = sum(row.hours for row in rows)
    return hours > Decimal(str(most_a_day)) * max(row.people for row in rows)


def _doubt(credit: CreditedHours, day: date, rows: list[_Credit], team: str) -> Doubt:
    first = min(rows, key=lambda row: row.record)
    return Doubt(
        credit.table,
        first.unit,
        tuple(sorted(row.record for row in rows)),
        day=day,
        about=credit.hours,
        values={
            "day": day.isoformat(),
            "count": str(len(rows)),
            "hours": written(sum((row.hours for row in rows), Decimal(0))),
            "people": str(max(row.people for row in rows)),
        },
    )


CHECK = Check(
    name="overlapping_hours",
    title={"zh": "志愿时长重叠", "en": "Overlapping hours"},
    question={
        "zh": "{unit}“{table}”{day} 的 {count} 条记录共计 {hours} 小时，而参加者最多 {people} 人。"
        "时长是否重复计入？",
        "en": "In “{table}” of {unit}, {count} record(s) of {day} add up to {hours} hours, given "
        "by at most {people} people. Were hours credited twice?",
    },
    explanation={
        "zh": "可能是持续多日的服务合并成一条，或当天分批参加、人数只填了一批。",
        "en": "A service of several days may stand as one, or people came in turns and only one "
        "turn was counted.",
    },
    settings=OverlappingHoursSettings,
    find=_find,
    yields_to=("duplicate", "duplicate_across_units"),
)
