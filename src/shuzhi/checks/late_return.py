"""A return that arrived after its due day. Without a day of receipt nothing is known."""

from collections.abc import Iterator
from datetime import date

from shuzhi.checks.asking import due_day
from shuzhi.checks.rule import Case, Check, Doubt, NoSettings
from shuzhi.periods import parse_period


def _find(case: Case, settings: NoSettings) -> Iterator[Doubt]:
    for (table, unit, period_name), received_on in sorted(_first_receipts(case).items()):
        period = parse_period(period_name)
        due = due_day(case.pack.tables[table], period)
        if received_on > due:
            yield Doubt(
                table,
                unit,
                period=period_name,
                day=period.last_day,
                values={
                    "period": period_name,
                    "due": due.isoformat(),
                    "received": received_on.isoformat(),
                    "days": str((received_on - due).days),
                },
            )


def _first_receipts(case: Case) -> dict[tuple[str, str, str], date]:
    """When each return first arrived; without those of which a sending has no day of receipt."""
    received: dict[tuple[str, str, str], list[str]] = {}
    for ret in case.ledgers.returns:
        received.setdefault((ret.table, ret.unit, ret.period), []).append(ret.received_on)
    return {key: date.fromisoformat(min(days)) for key, days in received.items() if all(days)}


CHECK = Check(
    name="late_return",
    title={"zh": "逾期报送", "en": "Late return"},
    question={
        "zh": "{unit} {period} 的“{table}”于 {received} 收到，晚于期限 {due} 共 {days} 天。"
        "原因是什么？",
        "en": "“{table}” of {unit} for {period} arrived on {received}, {days} days after it was "
        "due ({due}). What was the reason?",
    },
    explanation={
        "zh": "可能此前已按时报送，登记的是补正后再次报送的日期。",
        "en": "It may have been sent in time, and the day recorded is that of a corrected copy.",
    },
    settings=NoSettings,
    find=_find,
)
