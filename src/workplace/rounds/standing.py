"""How a return stands today, in a word and a colour; and how many stand how."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from workplace.rounds.models import Lamp, Return, ReturnState
from workplace.units.tree import today

# The worst first: what a unit's or a cell's one lamp shows.
ORDER = (Lamp.RED, Lamp.YELLOW, Lamp.GREY, Lamp.GREEN)

# What the board counts and filters by. A return can stand in two of them: sent, and late.
COUNTED: dict[str, Promise] = {
    "asked": pgettext_lazy("returns", "Asked, not begun"),
    "begun": pgettext_lazy("returns", "Begun"),
    "sent": pgettext_lazy("returns", "Sent"),
    "returned": pgettext_lazy("returns", "Returned"),
    "accepted": pgettext_lazy("returns", "Accepted"),
    "late": pgettext_lazy("returns", "Late"),
    "silent": pgettext_lazy("returns", "Silent"),
}
LAMP_WORDS: dict[str, Promise] = {lamp.value: lamp.label for lamp in Lamp}


@dataclass(frozen=True)
class Standing:
    """A colour with its word; the colour never stands alone."""

    lamp: Lamp
    word: Promise | str

    @property
    def colour(self) -> str:
        return self.lamp.value


def standing(answer: Return, day: date) -> Standing:
    """How one return stands on a day."""
    lamp = answer.lamp(day)
    if answer.is_silent(day):
        return Standing(lamp, pgettext_lazy("return", "silent"))
    if lamp is Lamp.RED:
        return Standing(lamp, Lamp.RED.label)
    if answer.state == ReturnState.SENT and answer.is_late:
        return Standing(lamp, pgettext_lazy("return", "sent late"))
    if answer.state == ReturnState.ASKED and lamp is Lamp.YELLOW:
        return Standing(lamp, Lamp.YELLOW.label)
    return Standing(lamp, ReturnState(answer.state).label)


def worst(lamps: Iterable[Lamp]) -> Lamp:
    """The one lamp for several. Of none: green, nothing is missing."""
    found = set(lamps)
    return next((lamp for lamp in ORDER if lamp in found), Lamp.GREEN)


def of_kind(kind: str, day: date) -> Q:
    """The returns of one of COUNTED. Late: came in after its day, or is overdue though it came
    in once. Silent: overdue and never sent."""
    if kind == "late":
        overdue = Q(state=ReturnState.RETURNED, due_on__lt=day)
        return Q(first_sent_at__isnull=False) & (Q(first_sent_at__date__gt=F("due_on")) | overdue)
    if kind == "silent":
        return Q(first_sent_at__isnull=True, due_on__lt=day)
    return Q(state=kind)


def counts(returns: QuerySet[Return], day: date | None = None) -> dict[str, int]:
    """How many returns stand how, by COUNTED, and `all`. One query."""
    day = day or today()
    asked = {kind: Count("pk", filter=of_kind(kind, day)) for kind in COUNTED}
    return returns.aggregate(all=Count("pk"), **asked)
