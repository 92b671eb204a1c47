"""Most of a period's events in its last days: described, for whoever reads the figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from shuzhi.checks.round_numbers import binomial_tail
from shuzhi.checks.rows import key_columns
from shuzhi.checks.rule import Case, Check, Doubt, setting
from shuzhi.periods import Period, calendar_periods


@dataclass(frozen=True)
class LateBurstSettings:
    tables: tuple[str, ...] = setting(
        "The tables whose event days are looked at, by the periods they are asked for.",
        lambda section, key: section.tables(key),
    )
    days: int = setting(
        "So many days at a period's end are its last days.",
        lambda section, key: section.integer(key, least=1, most=31),
    )
    p: float = setting(
        "A unit is described where so many events on its last days would come about by chance, "
        "any day as likely as any other, with a probability below this.",
        lambda section, key: section.decimal(key, least=0, most=0.05),
    )
    min_n: int = setting(
        "The fewest events of one unit and period to judge by.",
        lambda section, key: section.integer(key, least=5),
    )


def _find(case: Case, settings: LateBurstSettings) -> Iterator[Doubt]:
    for table in settings.tables:
        for (unit, period), events in _events(case, table).items():
            if len(events) < settings.min_n:
                continue
            begins = period.end - timedelta(days=settings.days)
            last = [record for record, day in events if day >= begins]
            length = (period.end - period.start).days
            share = settings.days / length
            if share < 1 and binomial_tail(len(last), len(events), share) < settings.p:
                yield Doubt(
                    table,
                    unit,
                    tuple(sorted(last)),
                    period=period.name,
                    lasting=period.name,
                    values={
                        "period": period.name,
                        "days": str(settings.days),
                        "count": str(len(last)),
                        "n": str(len(events)),
                    },
                )


def _events(case: Case, table: str) -> dict[tuple[str, Period], list[tuple[str, date]]]:
    every = case.pack.tables[table].asked.every
    periods: dict[date, Period] = {}
    found: dict[tuple[str, Period], list[tuple[str, date]]] = {}
    for record, unit, day in case.rows(table, key_columns(case.pack.tables[table])):
        if unit is None or day is None:
            continue
        if day not in periods:
            periods[day] = next(calendar_periods(every, day, day + timedelta(days=1)))
        found.setdefault((unit, periods[day]), []).append((record, day))
    return found


CHECK = Check(
    name="late_burst",
    title={"zh": "期末集中", "en": "Burst at the deadline"},
    question={
        "zh": "{unit}{period}的“{table}”共 {n} 条，其中 {count} 条发生在最后 {days} 天。"
        "是否为期末补报？",
        "en": "Of the {n} entries in “{table}” of {unit} for {period}, {count} are of the last "
        "{days} days. Were they made up at the deadline?",
    },
    explanation={
        "zh": "可能期末恰逢节庆，或按计划集中安排。此项只作描述，不影响得分。",
        "en": "The period may end with a festival, or they were planned so. This only describes: "
        "no score depends on it.",
    },
    settings=LateBurstSettings,
    find=_find,
)
