"""Every rule over all ledgers: from doubts to flags."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from shuzhi.checks import (
    claimed_twice,
    copied_text,
    date_in_future,
    date_outside_period,
    duplicate,
    duplicate_across_units,
    late_burst,
    late_return,
    missing_return,
    over_capacity,
    overlapping_hours,
    photo_elsewhere,
    repeated_photo,
    round_numbers,
    same_person_twice,
    sum_mismatch,
    unusual_value,
)
from shuzhi.checks.model import Flag
from shuzhi.checks.outcomes import Answer, apply_outcomes, read_outcomes
from shuzhi.checks.rule import Case, Check, Doubt, read_settings
from shuzhi.errors import PackRefused
from shuzhi.ledgers.model import Ledgers
from shuzhi.packs.model import Pack, Table
from shuzhi.packs.section import Section
from shuzhi.packs.suggestions import suggest
from shuzhi.periods import calendar_periods

FILE_NAME = "checks.toml"

# In the order in which flags are listed; a rule stands behind those it yields to.
CHECKS: tuple[Check[Any], ...] = (
    missing_return.CHECK,
    late_return.CHECK,
    duplicate.CHECK,
    duplicate_across_units.CHECK,
    claimed_twice.CHECK,
    same_person_twice.CHECK,
    over_capacity.CHECK,
    overlapping_hours.CHECK,
    sum_mismatch.CHECK,
    date_in_future.CHECK,
    date_outside_period.CHECK,
    round_numbers.CHECK,
    unusual_value.CHECK,
    late_burst.CHECK,
    copied_text.CHECK,
    repeated_photo.CHECK,
    photo_elsewhere.CHECK,
)


def check_title(name: str, lang: str) -> str:
    """What a check is called; its name where this version does not know it."""
    return next((check.title[lang] for check in CHECKS if check.name == name), name)


def check_ledgers(
    ledgers: Ledgers,
    pack: Pack,
    *,
    as_of: date,
    source: Path | None,
    lang: str = "zh",
    earlier: Mapping[str, Answer] = MappingProxyType({}),
) -> tuple[Flag, ...]:
    """The flags of the rules that checks.toml switches on.

    Shape: one flag a question, in the order of CHECKS, then by table, unit and records. `as_of`
    is the day after which a date lies in the future and until which returns are awaited.
    `source` is the folder with photos and outcomes.csv; without it neither is looked at. `earlier`
    are answers given in earlier editions; those of outcomes.csv go before them.

    Raises: PackRefused where checks.toml is wrong; InputRefused where outcomes.csv is.
    """
    settings = check_settings(pack)
    case = Case(ledgers, pack, as_of, source)
    doubts: dict[str, list[Doubt]] = {}
    for check in CHECKS:
        if check.name in settings:
            found = check.find(case, settings[check.name])
            doubts[check.name] = _not_asked_yet(found, check, doubts)
    flags = [
        _flag(check, doubt, case, lang)
        for check in CHECKS
        for doubt in sorted(doubts.get(check.name, ()), key=_place)
    ]
    return tuple(apply_outcomes(flags, {**earlier, **read_outcomes(source)}))


def check_settings(pack: Pack) -> Mapping[str, Any]:
    """The settings of each rule that checks.toml switches on.

    Raises: PackRefused with every complaint: file, key, what is wrong, what to do.
    """
    whole = Section(FILE_NAME, "", pack.checks, [], pack)
    known = {check.name: check for check in CHECKS}
    for name in pack.checks:
        if name not in known:
            whole.complain(name, "there is no such check", suggest(name, known))
    settings = {
        name: read_settings(check.settings, whole.part(name))
        for name, check in known.items()
        if name in pack.checks
    }
    if whole.complaints:
        raise PackRefused([str(complaint) for complaint in whole.complaints])
    return settings


def _not_asked_yet(
    found: Iterable[Doubt], check: Check[Any], doubts: Mapping[str, list[Doubt]]
) -> list[Doubt]:
    asked = [
        (doubt.table, frozenset(doubt.records))
        for name in check.yields_to
        for doubt in doubts.get(name, ())
    ]
    homes: dict[tuple[str, str], list[frozenset[str]]] = {}
    for table, records in asked:
        for record in records:
            homes.setdefault((table, record), []).append(records)
    return (
        [
            doubt
            for doubt in found
            if not any(
                records.issuperset(doubt.records)
                for records in homes.get((doubt.table, doubt.records[0]), ())
            )
        ]
        if homes
        else list(found)
    )


def _place(doubt: Doubt) -> tuple[str, str, str, tuple[str, ...], str]:
    return doubt.table, doubt.unit, doubt.period, doubt.records, doubt.about


def _period_name(table: Table, day: date | None) -> str:
    if day is None:
        return ""
    next_day = day + timedelta(days=1)
    return next(calendar_periods(table.asked.every, day, next_day)).name


def _flag(check: Check[Any], doubt: Doubt, case: Case, lang: str) -> Flag:
    day = doubt.day or case.as_of
    table = case.pack.tables[doubt.table]
    values = {
        key: value if isinstance(value, str) else value[lang] for key, value in doubt.values.items()
    }
    values |= {"unit": case.ledgers.units.name(doubt.unit, day), "table": table.label[lang]}
    return Flag(
        check=check.name,
        unit=doubt.unit,
        table=doubt.table,
        records=doubt.records,
        period=doubt.period or _period_name(table, doubt.day),
        question=check.question[lang].format_map(values),
        explanation=check.explanation[lang],
        flag_id=doubt.flag_id(check.name),
    )
