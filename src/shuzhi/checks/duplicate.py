"""The same event twice within a unit: the same day and number, key, or (nearly) name."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from shuzhi.checks.likeness import cluster_by_name, clusters, normal_form
from shuzhi.checks.rows import key_columns
from shuzhi.checks.rule import Case, Check, Doubt, setting
from shuzhi.packs.model import Role, Table
from shuzhi.packs.section import Section


@dataclass(frozen=True)
class NamedEvent:
    """How the events of a table are told apart: by `name`, nearly, and by `same`, exactly."""

    table: str
    name: str
    same: tuple[str, ...]


@dataclass(frozen=True)
class DuplicateSettings:
    likeness: float = setting(
        "From this likeness (0–100) two names of one day mean the same event; names that count "
        "differently (第一次, 第二次) never do.",
        lambda section, key: section.decimal(key, least=50, most=100),
    )
    events: tuple[NamedEvent, ...] = setting(
        "Entries { table, name, same }: the column with the event's name, and columns that must "
        "be equal. In every table, records of one unit and day with the same number or the same "
        "primary key are asked about as well.",
        lambda section, key: section.each(key, read_named_event),
    )


@dataclass(frozen=True)
class _Row:
    record: str
    number: Hashable
    key: tuple[Any, ...]
    name: str
    same: tuple[Hashable, ...]


def read_named_event(section: Section) -> NamedEvent:
    section.refuse_unknown(("table", "name", "same"))
    table = section.table("table")
    return NamedEvent(table, section.column_of("name", table), section.columns_of("same", table))


def _find(case: Case, settings: DuplicateSettings) -> Iterator[Doubt]:
    events = {event.table: event for event in settings.events}
    for table in case.pack.tables.values():
        if table.is_units:
            continue
        event = events.get(table.name, NamedEvent(table.name, "", ()))
        for (unit, day), rows in _rows_by_unit_and_day(case, table, event).items():
            for group in _same_events(rows, settings.likeness):
                yield Doubt(
                    table.name,
                    unit,
                    tuple(sorted(row.record for row in group)),
                    day=day,
                    values={
                        "day": day.isoformat(),
                        "count": str(len(group)),
                        "name": group[0].name or group[0].record,
                    },
                )


def _rows_by_unit_and_day(
    case: Case, table: Table, event: NamedEvent
) -> dict[tuple[str, date], list[_Row]]:
    number = table.column_with(Role.ID)
    record, unit, day = key_columns(table)
    columns = [
        record,
        unit,
        day,
        number.name if number else record,
        event.name or record,
        *table.primary_key,
        *event.same,
    ]
    first_same = 5 + len(table.primary_key)
    grouped: dict[tuple[str, date], list[_Row]] = {}
    for row in case.rows(table.name, columns):
        if row[1] is not None and row[2] is not None:
            name = (row[4] or "") if event.name else ""
            grouped.setdefault((row[1], row[2]), []).append(
                _Row(row[0], row[3], row[5:first_same], name, row[first_same:])
            )
    return {place: rows for place, rows in grouped.items() if len(rows) > 1}


def _same_events(rows: list[_Row], likeness: float) -> list[list[_Row]]:
    pairs = [
        *_equal_pairs(rows, (row.number for row in rows)),
        *_equal_pairs(rows, (row.key if row.key and None not in row.key else None for row in rows)),
    ]
    named = [row for row in rows if row.name]
    by_same: dict[Hashable, list[_Row]] = {}
    for row in named:
        by_same.setdefault(row.same, []).append(row)
    for alike in by_same.values():
        for group in cluster_by_name(alike, lambda row: normal_form(row.name), likeness):
            pairs += [(group[0], other) for other in group[1:]]
    return clusters(pairs)


def _equal_pairs(rows: list[_Row], keys: Iterable[Hashable]) -> Iterator[tuple[_Row, _Row]]:
    first: dict[Hashable, _Row] = {}
    for row, key in zip(rows, keys, strict=True):
        if key is not None and first.setdefault(key, row) is not row:
            yield first[key], row


CHECK = Check(
    name="duplicate",
    title={"zh": "疑似重复填报", "en": "Same event twice"},
    question={
        "zh": "{unit}的“{table}”中，{day} 的“{name}”出现 {count} 次。是否为同一件事？",
        "en": "In “{table}” of {unit}, “{name}” of {day} stands {count} times. Is it one event?",
    },
    explanation={
        "zh": "可能当天确有两场，或更正后的表与原表一并报送。",
        "en": "There may have been two on that day, or a corrected sheet was sent beside the "
        "first one.",
    },
    settings=DuplicateSettings,
    find=_find,
)
