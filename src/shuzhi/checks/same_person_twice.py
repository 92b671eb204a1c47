"""The same person in sessions of several units on one day. Persons are numbers here, and stay so.

A ledger holds no names: the reader gives each name of a column a number that means nothing outside
of that column. The rule compares numbers, and says how many sessions, never whose.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from shuzhi.checks.likeness import normal_form
from shuzhi.checks.rows import key_columns
from shuzhi.checks.rule import Case, Check, Doubt, setting
from shuzhi.packs.model import Role
from shuzhi.packs.section import Section


@dataclass(frozen=True)
class Session:
    """Events of `table`; those of one day with equal `name` are held together, and are one."""

    table: str
    name: str


@dataclass(frozen=True)
class SamePersonTwiceSettings:
    most_a_day: int = setting(
        "So many sessions of different units one person can be in on a day.",
        lambda section, key: section.integer(key, least=1, most=20),
    )
    sessions: tuple[Session, ...] = setting(
        "Entries { table, name }: tables whose columns of role person are looked at, and the "
        "column with the session's name: units that hold one session together give it one name.",
        lambda section, key: section.each(key, _read_session),
    )


class _Seat(NamedTuple):
    record: str
    unit: str
    name: str


def _read_session(section: Section) -> Session:
    section.refuse_unknown(("table", "name"))
    table = section.table("table")
    return Session(table, section.column_of("name", table))


def _find(case: Case, settings: SamePersonTwiceSettings) -> Iterator[Doubt]:
    for session in settings.sessions:
        table = case.pack.tables[session.table]
        for column in (c for c in table.columns if c.role is Role.PERSON):
            for day, seats in _seats(case, session, column.name):
                units = {seat.unit for seat in seats}
                sessions = {seat.name or seat.record for seat in seats}
                if min(len(units), len(sessions)) > settings.most_a_day:
                    yield Doubt(
                        table.name,
                        min(seats).unit,
                        tuple(sorted(seat.record for seat in seats)),
                        day=day,
                        about=column.name,
                        values={
                            "day": day.isoformat(),
                            "column": column.label,
                            "sessions": str(len(sessions)),
                            "units": str(len(units)),
                        },
                    )


def _seats(case: Case, session: Session, column: str) -> Iterator[tuple[date, list[_Seat]]]:
    found: dict[tuple[str, date], list[_Seat]] = {}
    columns = [*key_columns(case.pack.tables[session.table]), session.name, column]
    for record, unit, day, name, person in case.rows(session.table, columns):
        if unit is not None and day is not None and person is not None:
            seat = _Seat(record, unit, normal_form(name or ""))
            found.setdefault((person, day), []).append(seat)
    yield from ((day, seats) for (_, day), seats in found.items() if len(seats) > 1)


CHECK = Check(
    name="same_person_twice",
    title={"zh": "同一人同日多处", "en": "One person in several places"},
    question={
        "zh": "{day} {units} 个单位的 {sessions} 场“{table}”填写的{column}为同一人。能否都到场？",
        "en": "On {day} one and the same {column} is named in {sessions} different entries of "
        "“{table}”, of {units} units. Could all of them have taken place?",
    },
    explanation={
        "zh": "可能上午一处、下午一处，或通过视频同时参加，或两人同名。",
        "en": "They may have followed one another, been held by video, or two people share a name.",
    },
    settings=SamePersonTwiceSettings,
    find=_find,
    yields_to=("duplicate_across_units",),
)
