"""What rounds put on the desk: what is asked of one's unit, reminders, and who is silent."""

from collections import defaultdict
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workplace.accounts.access import grants_of, person, visible
from workplace.accounts.permissions import Permission
from workplace.programme import packs
from workplace.rounds.models import Lamp, Reminder, Return, ReturnState, RoundState
from workplace.rounds.pages.extending import wishes_for
from workplace.rounds.rights import asked_units
from workplace.rounds.standing import of_kind, standing
from workplace.units.tree import current_tree, today
from workplace.web.registry import Card
from workplace.web.texts import text_in

_SHOWN = 8
# An older reminder says nothing that the list of what is asked does not.
_REMINDER_DAYS = 14


def asked_of_me(request: HttpRequest) -> Card | None:
    """What the units for which the person works still have to send, the first due first."""
    held = grants_of(person(request)).units(Permission.ENTER)
    if not held:
        return None
    owed = Return.objects.open().filter(unit__in=held, round__state=RoundState.OPEN)
    answers = list(owed.select_related("round").order_by("due_on", "round", "table")[:200])
    if not answers:
        return None
    known, day = packs(), today()
    tasks = [
        (answer, text_in(known[answer.round.pack].tables[answer.table].label),
         standing(answer, day))
        for answer in answers[:_SHOWN] if answer.round.pack in known
    ]  # fmt: skip
    whole = {(answer.round_id, answer.unit_id): answer.round.title for answer in answers}
    context = {"whole": [(*key, title) for key, title in whole.items()],
               "tasks": tasks, "more": max(0, len(answers) - _SHOWN),
               "number": len(answers)}  # fmt: skip
    is_pressing = answers[0].lamp(day) in (Lamp.RED, Lamp.YELLOW)
    return Card(_("What you are asked for"), "rounds/_card_asked.html", context,
                order=15 if is_pressing else 30)  # fmt: skip


def reminders_received(request: HttpRequest) -> Card | None:
    """Reminders to the person's own units, until what they are about has come in."""
    grants = grants_of(person(request))
    held = grants.units(Permission.ENTER) | grants.units(Permission.ASK)
    if not held:
        return None
    owed = Return.objects.open().filter(round=OuterRef("round"), unit=OuterRef("about"))
    since = timezone.now() - timedelta(days=_REMINDER_DAYS)
    found = Reminder.objects.filter(
        Exists(owed), unit__in=held, sent_at__gte=since, round__state=RoundState.OPEN
    )
    reminders = list(found.select_related("round", "sent_by").order_by("-sent_at")[:_SHOWN])
    if not reminders:
        return None
    tree, day = current_tree(), today()
    context = {"reminders": [(each, tree.name(each.about_id, day)) for each in reminders]}
    return Card(_("Reminders"), "rounds/_card_reminders.html", context, order=17)


def boards(request: HttpRequest) -> Card | None:
    """The open rounds of whoever asks units: how many returns are in, and who is silent."""
    user = person(request)
    if not asked_units(user):
        return None
    returns = visible(Return.objects.filter(round__state=RoundState.OPEN), user)
    came_in = Q(state__in=(ReturnState.SENT, ReturnState.ACCEPTED))
    rounds = list(
        returns.order_by("-round").values("round", "round__title")
        .annotate(asked=Count("pk"), came_in=Count("pk", filter=came_in))[:5]
    )  # fmt: skip
    if not rounds:
        return None
    silent = _silent_names(returns, [each["round"] for each in rounds])
    shown = [
        {**each, "silent": silent[each["round"]][:_SHOWN], "number": len(silent[each["round"]])}
        for each in rounds
    ]
    is_pressing = any(each["number"] for each in shown)
    return Card(_("Rounds under way"), "rounds/_card_boards.html", {"rounds": shown},
                order=18 if is_pressing else 45)  # fmt: skip


def wishes(request: HttpRequest) -> Card | None:
    """Wishes for more time that wait for the person."""
    user = person(request)
    if not grants_of(user).units(Permission.ASK):
        return None
    waiting = list(wishes_for(user).filter(decided_at=None).order_by("asked_at")[: _SHOWN + 1])
    if not waiting:
        return None
    return Card(_("Wishes for more time"), "rounds/_card_wishes.html",
                {"waiting": waiting[:_SHOWN], "more": len(waiting) > _SHOWN}, order=25)  # fmt: skip


def _silent_names(returns: QuerySet[Return], rounds: list[int]) -> dict[int, list[str]]:
    tree, day = current_tree(), today()
    silent = returns.filter(of_kind("silent", day), round__in=rounds).order_by("unit")
    found: dict[int, list[str]] = defaultdict(list)
    for round_, code in silent.values_list("round_id", "unit_id").distinct():
        found[round_].append(tree.name(code, day))
    return found
