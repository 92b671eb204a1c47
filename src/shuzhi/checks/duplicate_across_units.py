"""One event counted by two units: the same day, host or venue, and (nearly) name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from shuzhi.checks.duplicate import NamedEvent, read_named_event
from shuzhi.checks.likeness import cluster_by_name, normal_form
from shuzhi.checks.rows import key_columns
from shuzhi.checks.rule import Case, Check, Doubt, setting


@dataclass(frozen=True)
class AcrossUnitsSettings:
    likeness: float = setting(
        "From this likeness (0–100) two names of one day and place mean the same event.",
        lambda section, key: section.decimal(key, least=50, most=100),
    )
    events: tuple[NamedEvent, ...] = setting(
        "Entries { table, name, same }: the column with the event's name, and the columns (host, "
        "venue) that must be filled and equal.",
        lambda section, key: section.each(key, read_named_event),
    )


@dataclass(frozen=True)
class _Row:
    record: str
    unit: str
    name: str


def _find(case: Case, settings: AcrossUnitsSettings) -> Iterator[Doubt]:
    for event in settings.events:
        for day, rows in _rows_of_one_place(case, event):
            for group in cluster_by_name(
                rows, lambda row: normal_form(row.name), settings.likeness
            ):
                units = sorted({row.unit for row in group})
                if len(units) > 1:
                    yield _doubt(case, event, day, group, units)


def _rows_of_one_place(case: Case, event: NamedEvent) -> Iterator[tuple[date, list[_Row]]]:
    record, unit, day = key_columns(case.pack.tables[event.table])
    columns = [record, unit, day, event.name, *event.same]
    grouped: dict[tuple[Any, ...], list[_Row]] = {}
    for row in case.rows(event.table, columns):
        if None not in row:
            place = (row[2], *map(_comparable, row[4:]))
            grouped.setdefault(place, []).append(_Row(row[0], row[1], row[3]))
    for place, rows in grouped.items():
        if len({row.unit for row in rows}) > 1:
            yield place[0], rows


def _comparable(value: object) -> object:
    return normal_form(value) if isinstance(value, str) else value


def _doubt(case: Case, event: NamedEvent, day: date, group: list[_Row], units: list[str]) -> Doubt:
    names = [case.ledgers.units.name(unit, day) for unit in units]
    return Doubt(
        event.table,
        units[0],
        tuple(sorted(row.record for row in group)),
        day=day,
        values={
            "day": day.isoformat(),
            "name": group[0].name,
            "units": {"zh": "、".join(names), "en": ", ".join(names)},
        },
    )


CHECK = Check(
    name="duplicate_across_units",
    title={"zh": "多单位填报同一事项", "en": "One event from two units"},
    question={
        "zh": "{units}在“{table}”中都填报了 {day} 的“{name}”。是否为同一件事，应由谁计数？",
        "en": "{units} all entered “{name}” of {day} in “{table}”. Is it one event, and whose?",
    },
    explanation={
        "zh": "可能为共同主办，各自如实填报；也可能同名活动分别举行。",
        "en": "They may have held it together and each entered it in good faith, or events of "
        "one name took place apart.",
    },
    settings=AcrossUnitsSettings,
    find=_find,
)
