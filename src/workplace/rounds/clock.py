"""What the clock does every morning: yellow before the day, red after it, then the units above."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Max

from shuzhi.units import UnitTree
from workplace.jobs.queue import job
from workplace.rounds.models import YELLOW_DAYS, Reminder, ReminderKind, Return, Round, RoundState
from workplace.rounds.reminding import owing, remind_by_clock
from workplace.units.tree import current_tree, today

# The hour at which units find it on their desks.
HOUR = 7
# An overdue unit is told again a week later, not daily.
RED_EVERY_DAYS = 7
# The unit above is told after so many days overdue, the one above that after twice as many, …
ESCALATE_AFTER_DAYS = 3

Needed = dict[tuple[str, str, ReminderKind], int]
Told = Mapping[tuple[str, str, str], date]


@job
def remind_on_time() -> None:
    """Remind in every open round whoever has to be reminded today."""
    tree, day = current_tree(), today()
    for round_ in Round.objects.filter(state=RoundState.OPEN):
        remind_by_clock(round_, reminders_needed(round_, tree, day), day)


def reminders_needed(round_: Round, tree: UnitTree, day: date) -> Needed:
    """Who is to be told today: (unit, about whom, why) → how many returns are owed."""
    told = _last_told(round_)
    needed: Needed = {}
    for unit, answers in owing(Return.objects.filter(round=round_)).items():
        overdue = [answer for answer in answers if answer.due_on < day]
        if overdue:
            _red(needed, told, unit, overdue, day)
            _above(needed, told, tree, unit, overdue, day)
        elif soon := [a for a in answers if day >= a.due_on - timedelta(days=YELLOW_DAYS)]:
            _yellow(needed, told, unit, soon)
    return needed


def _yellow(needed: Needed, told: Told, unit: str, soon: list[Return]) -> None:
    """Once a day by which something is due: again only where the day has moved."""
    begins = max(answer.due_on for answer in soon) - timedelta(days=YELLOW_DAYS)
    if told.get((unit, unit, ReminderKind.YELLOW), date.min) < begins:
        needed[unit, unit, ReminderKind.YELLOW] = len(soon)


def _red(needed: Needed, told: Told, unit: str, overdue: list[Return], day: date) -> None:
    last = told.get((unit, unit, ReminderKind.RED), date.min)
    if last <= min(a.due_on for a in overdue) or last + timedelta(days=RED_EVERY_DAYS) <= day:
        needed[unit, unit, ReminderKind.RED] = len(overdue)


def _above(
    needed: Needed, told: Told, tree: UnitTree, unit: str, overdue: list[Return], day: date
) -> None:
    due_on = min(answer.due_on for answer in overdue)
    for step, above in enumerate(tree.ancestors(unit, day)[1:], start=1):
        last = told.get((above, unit, ReminderKind.ESCALATED), date.min)
        if (day - due_on).days > step * ESCALATE_AFTER_DAYS and last <= due_on:
            needed[above, unit, ReminderKind.ESCALATED] = len(overdue)


def _last_told(round_: Round) -> Told:
    told = Reminder.objects.filter(round=round_).exclude(kind=ReminderKind.MANUAL)
    last = told.values_list("unit_id", "about_id", "kind").annotate(last=Max("day"))
    return {(unit, about, kind): day for unit, about, kind, day in last.order_by()}
