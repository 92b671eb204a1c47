"""An event dated after the day of the check."""

from collections.abc import Iterator
from dataclasses import dataclass

from shuzhi.checks.rows import key_columns
from shuzhi.checks.rule import Case, Check, Doubt, setting


@dataclass(frozen=True)
class FutureSettings:
    not_for: tuple[str, ...] = setting(
        "Tables of plans and promises, whose records lie ahead by nature.",
        lambda section, key: section.tables(key),
    )


def _find(case: Case, settings: FutureSettings) -> Iterator[Doubt]:
    for table in case.pack.tables.values():
        if table.is_units or table.name in settings.not_for:
            continue
        rows = case.rows(table.name, key_columns(table))
        for record, unit, day in rows:
            if day is not None and day > case.as_of:
                yield Doubt(
                    table.name,
                    unit,
                    (record,),
                    day=day,
                    values={
                        "record": record,
                        "day": day.isoformat(),
                        "as_of": case.as_of.isoformat(),
                    },
                )


CHECK = Check(
    name="date_in_future",
    title={"zh": "日期在将来", "en": "Date in the future"},
    question={
        "zh": "{unit}“{table}”中 {record} 的日期为 {day}，晚于 {as_of}。是否误填？",
        "en": "In “{table}” of {unit}, {record} is dated {day}, after {as_of}. Is it a slip?",
    },
    explanation={
        "zh": "可能年份误填，或把计划安排填入了已开展事项。",
        "en": "The year may be a slip, or something planned was entered as done.",
    },
    settings=FutureSettings,
    find=_find,
)
