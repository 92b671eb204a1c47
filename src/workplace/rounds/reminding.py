"""Reminders: by hand, one unit or many at once, and by the clock; on the desk and by mail."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from workplace.accounts.models import User
from workplace.events.record import record_event
from workplace.jobs.queue import enqueue
from workplace.rounds.mailing import mail_reminder, units_with_mail
from workplace.rounds.models import Lamp, Reminder, ReminderKind, Return, Round, RoundState
from workplace.rounds.refusals import Refused
from workplace.units.tree import today

# Whom one click reminds.
SILENT = "silent"


@dataclass(frozen=True)
class Reminded:
    """What came of one click: units told, those of them told on the desk only, since nobody who
    enters there has a mail address, and those left alone, told by hand today already."""

    told: Sequence[str]
    desk_only: Sequence[str]
    left_alone: Sequence[str]


def owing(returns: QuerySet[Return], whom: str = "") -> dict[str, list[Return]]:
    """Unit → what it still has to send. `whom`: SILENT, a lamp, a unit's code in `returns`, or ''
    for all that owe."""
    day = today()
    found: dict[str, list[Return]] = defaultdict(list)
    for answer in returns.open().order_by("unit", "due_on"):  # type: ignore[attr-defined]
        if whom == SILENT and not answer.is_silent(day):
            continue
        if whom in Lamp.values and answer.lamp(day) != whom:
            continue
        found[answer.unit_id].append(answer)
    return dict(found)


def reminded_today(round_: Round) -> set[str]:
    """The units that somebody reminded by hand today."""
    found = Reminder.objects.filter(round=round_, kind=ReminderKind.MANUAL, day=today())
    return set(found.values_list("about_id", flat=True))


@transaction.atomic
def remind(
    *, by: User, round_: Round, units: Collection[str], text: str = "", again: bool = False
) -> Reminded:
    """Remind these units of what they still owe the round; units that owe nothing are passed
    over. One that was reminded by hand today is left alone, unless `again`.

    Raises: Refused where the round is not open, or none of them owes anything.
    """
    if round_.state != RoundState.OPEN:
        raise Refused(_("This round is not open."))
    owed = owing(Return.objects.filter(round=round_, unit__in=units))
    if not owed:
        raise Refused(_("Nobody has to be reminded: everything is in."))
    before = set() if again else reminded_today(round_)
    told = [code for code in owed if code not in before]
    for code in told:
        _tell(round_, code, code, ReminderKind.MANUAL, by=by, text=text, owes=len(owed[code]))
    mailed = units_with_mail(told)
    return Reminded(
        told, [code for code in told if code not in mailed], [c for c in owed if c in before]
    )


def remind_by_clock(
    round_: Round, needed: Mapping[tuple[str, str, ReminderKind], int], day: date
) -> int:
    """Tell (unit, about, kind) → how many returns are owed. A second run on a day adds nothing."""
    told = 0
    for (unit, about, kind), owes in needed.items():
        with transaction.atomic():
            there = Reminder.objects.filter(
                round=round_, unit=unit, about=about, kind=kind, day=day
            )
            if not there.exists():
                _tell(round_, unit, about, kind, by=None, text="", owes=owes)
                told += 1
    return told


def _tell(
    round_: Round, unit: str, about: str, kind: ReminderKind, *, by: User | None, text: str,
    owes: int,
) -> None:  # fmt: skip
    reminder = Reminder.objects.create(
        round=round_, unit_id=unit, about_id=about, kind=kind, text=text, sent_by=by
    )
    record_event(
        "rounds.unit_reminded", by=by, unit=about, about=round_, kind=kind.value, told=unit,
        owes=owes,
    )  # fmt: skip
    if kind != ReminderKind.ESCALATED:
        enqueue(mail_reminder, reminder.pk)
