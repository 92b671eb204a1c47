"""More time: asked for by the unit, granted or not by who asks from above, on the record."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workplace.accounts.models import User
from workplace.events.record import record_event
from workplace.rounds.models import Extension, Return, RoundState
from workplace.rounds.refusals import Refused
from workplace.rounds.rights import may_grant
from workplace.units.tree import today


@transaction.atomic
def ask_for_time(
    *, by: User, answers: Collection[Return], until: date, reason: str
) -> list[Extension]:
    """One wish a return. Those that wait for an answer already, or have as much time, are passed
    over.

    Raises: Refused without a reason, for a day that helps nobody, or where nothing is left to ask.
    """
    if not reason.strip():
        raise Refused(_("Say why more time is needed."))
    if until < today():
        raise Refused(_("Choose a day that has not passed."))
    locked = Return.objects.select_for_update(of=("self",)).filter(
        pk__in=[answer.pk for answer in answers], due_on__lt=until, round__state=RoundState.OPEN
    )
    held = list(locked.open().order_by("pk"))
    # asked once they are held: a wish that a colleague was writing is seen
    waiting = Extension.objects.filter(answer__in=held, decided_at__isnull=True)
    wishing = set(waiting.values_list("answer", flat=True))
    found = [answer for answer in held if answer.pk not in wishing]
    if not found:
        raise Refused(
            _("There is nothing to ask for: it has been asked already, is due later, or is in.")
        )
    return [_ask(answer, by, until, reason.strip()) for answer in found]


@transaction.atomic
def decide_on_time(*, by: User, wish: Extension, is_granted: bool, note: str = "") -> Extension:
    """Grant a wish, and the day moves; or refuse it, saying why. The first day stays on record.

    Raises: Refused where it was decided already, by whoever asked for it, or without a reason.
    """
    wish = Extension.objects.select_for_update().select_related("answer__round").get(pk=wish.pk)
    if wish.decided_at is not None:
        raise Refused(_("This wish for more time has been decided already."))
    if not may_grant(by, wish.answer.unit_id, wish.asked_by_id):
        raise Refused(_("More time is granted by who asks from above, not by the unit itself."))
    if not is_granted and not note.strip():
        raise Refused(_("Say why more time is not granted."))
    wish.is_granted, wish.decided_by, wish.decided_at = is_granted, by, timezone.now()
    wish.decision_note = note.strip()
    wish.save(update_fields=["is_granted", "decided_by", "decided_at", "decision_note"])
    if is_granted:
        Return.objects.filter(pk=wish.answer_id, due_on__lt=wish.until).update(due_on=wish.until)
    action = "rounds.time_granted" if is_granted else "rounds.time_refused"
    _tell(action, wish.answer, by, until=wish.until)
    return wish


def _ask(answer: Return, by: User, until: date, reason: str) -> Extension:
    wish = Extension.objects.create(answer=answer, until=until, reason=reason, asked_by=by)
    _tell("rounds.time_asked_for", answer, by, until=until)
    return wish


def _tell(action: str, answer: Return, by: User, until: date) -> None:
    record_event(
        action, by=by, unit=answer.unit_id, about=answer, round=answer.round_id,
        table=answer.table, period=answer.period, due_on=answer.first_due_on, until=until,
    )  # fmt: skip
