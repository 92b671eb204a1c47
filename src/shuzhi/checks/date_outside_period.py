"""A record whose day lies outside the period of the return it came with."""

from collections.abc import Iterator
from dataclasses import dataclass

from shuzhi.checks.rows import key_columns
from shuzhi.checks.rule import Case, Check, Doubt, setting
from shuzhi.ledgers.model import FILE, SHEET
from shuzhi.periods import Period, parse_period


@dataclass(frozen=True)
class OutsidePeriodSettings:
    not_for: tuple[str, ...] = setting(
        "Tables whose records may lie in any period: registers (the day a venue opened) and plans.",
        lambda section, key: section.tables(key),
    )


def _find(case: Case, settings: OutsidePeriodSettings) -> Iterator[Doubt]:
    periods = _periods_by_sheet(case)
    for table in case.pack.tables.values():
        if table.is_units or table.name in settings.not_for:
            continue
        columns = [*key_columns(table), FILE, SHEET]
        for record, unit, day, *sheet in case.rows(table.name, columns):
            sent_for = periods.get((table.name, *sheet), [])
            if day is None or not sent_for or any(period.contains(day) for period in sent_for):
                continue
            yield Doubt(
                table.name,
                unit,
                (record,),
                day=day,
                values={
                    "record": record,
                    "day": day.isoformat(),
                    "period": ", ".join(period.name for period in sent_for),
                },
            )


def _periods_by_sheet(case: Case) -> dict[tuple[str, ...], list[Period]]:
    names: dict[tuple[str, ...], set[str]] = {}
    for ret in case.ledgers.returns:
        names.setdefault((ret.table, ret.file, ret.sheet), set()).add(ret.period)
    return {sheet: sorted(map(parse_period, found)) for sheet, found in names.items()}


CHECK = Check(
    name="date_outside_period",
    title={"zh": "日期不在报送期内", "en": "Date outside the period"},
    question={
        "zh": "{unit}在 {period} 的“{table}”中填报了 {day} 的 {record}。日期是否有误？",
        "en": "{unit} entered {record} of {day} in “{table}” for {period}. Is the date right?",
    },
    explanation={
        "zh": "可能为上期漏报、本期补报的事项。",
        "en": "It may be an event of an earlier period that was forgotten then and sent now.",
    },
    settings=OutsidePeriodSettings,
    find=_find,
    yields_to=("date_in_future",),
)
