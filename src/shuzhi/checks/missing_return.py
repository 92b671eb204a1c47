"""A return that was asked for and is not there."""

from collections.abc import Iterator
from datetime import timedelta

from shuzhi.checks.asking import asked_returns, due_day
from shuzhi.checks.rule import Case, Check, Doubt, NoSettings


def _find(case: Case, settings: NoSettings) -> Iterator[Doubt]:
    sent = {(ret.table, ret.unit, ret.period) for ret in case.ledgers.returns}
    last_day_collected = case.pack.collects_until - timedelta(days=1)
    for table, unit, period in asked_returns(case.pack, case.ledgers.units):
        # Once the collection is over nothing more is to come, whatever days of grace remain.
        awaited_until = min(due_day(table, period), last_day_collected)
        if awaited_until <= case.as_of and (table.name, unit, period.name) not in sent:
            due = due_day(table, period).isoformat()
            yield Doubt(
                table.name,
                unit,
                period=period.name,
                day=period.last_day,
                values={"period": period.name, "due": due},
            )


CHECK = Check(
    name="missing_return",
    title={"zh": "应报未报", "en": "Missing return"},
    question={
        "zh": "{unit}未报送 {period} 的“{table}”（应于 {due} 前报送）。是否漏报？",
        "en": "{unit} sent no “{table}” for {period} (due by {due}). Was it forgotten?",
    },
    explanation={
        "zh": "可能本期确无情况而未报“无”，或文件在途、合并在其他表中报送。",
        "en": "There may have been nothing to report and no “none” was sent, or the file is on "
        "its way or came as part of another sheet.",
    },
    settings=NoSettings,
    find=_find,
)
