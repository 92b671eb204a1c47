"""Who may load what of this app: each loader answers 404 for what is hidden and what is absent."""

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from workplace.accounts.access import get_visible, grants_of, may, visible
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.meetings.models import Action, AgendaItem, Duty, DutyPart, Meeting, Outcome

M = TypeVar("M", bound=Model)
# An action concerns the unit that assigned it and the one that does it.
UNITS_OF_ACTION = ("unit", "owner")
_CHAIR = (Permission.CHAIR, Permission.KEEP_MEETINGS)


def own_units(user: User) -> frozenset[str]:
    """The units the person works for: not those below them."""
    return grants_of(user).units(Permission.VIEW)


def meeting_to_see(user: User, pk: int) -> Meeting:
    """For those who may see what the unit does."""
    return get_visible(Meeting.objects.select_related("unit"), user, pk=pk)


def meeting_to_keep(user: User, pk: int) -> Meeting:
    """For those who keep the unit's meetings."""
    return get_visible(Meeting.objects.all(), user, Permission.KEEP_MEETINGS, pk=pk)


def item_to_keep(user: User, pk: int) -> AgendaItem:
    """An item, for those who keep the meetings of its unit."""
    return _kept(AgendaItem.objects.select_related("meeting", "action"), user, "meeting__unit", pk)


def outcome_to_keep(user: User, pk: int) -> Outcome:
    """An outcome, for those who keep the meetings of its unit."""
    found = Outcome.objects.select_related("item__meeting", "action")
    return _kept(found, user, "item__meeting__unit", pk)


def actions_to_see(user: User) -> QuerySet[Action]:
    """Those that concern a unit at which the person may see records."""
    return visible(Action.objects.all(), user, field=UNITS_OF_ACTION)


def action_to_see(user: User, pk: int) -> Action:
    """One of `actions_to_see`."""
    return get_visible(Action.objects.select_related("meeting"), user, field=UNITS_OF_ACTION, pk=pk)


def action_to_report_on(user: User, pk: int) -> Action:
    """For those who enter what the owner unit does."""
    return get_visible(Action.objects.all(), user, Permission.ENTER, field="owner", pk=pk)


def action_to_decide_on(user: User, pk: int) -> Action:
    """For the office of the chair of the unit that assigned it."""
    action = action_to_see(user, pk)
    if not may_decide_on(user, action):
        raise Http404
    return action


def may_report_on(user: User, action: Action) -> bool:
    """Whether the person speaks for the owner."""
    return may(user, Permission.ENTER, action.owner_id)


def may_decide_on(user: User, action: Action) -> bool:
    """Whether the person belongs to the office of the chair."""
    return any(may(user, permission, action.unit_id) for permission in _CHAIR)


def duties_to_see(user: User) -> QuerySet[Duty]:
    """Those set out by, or in part given to, a unit at which the person may see records."""
    return visible(
        Duty.objects.filter(withdrawn_why=""), user, field=("unit", "parts__unit")
    ).distinct()


def duty_to_keep(user: User, pk: int) -> Duty:
    """For those who keep meetings and duties of the unit that set it out."""
    found = Duty.objects.filter(withdrawn_why="")
    return get_visible(found, user, Permission.KEEP_MEETINGS, pk=pk)


def part_to_keep(user: User, pk: int) -> DutyPart:
    """For those who keep duties of the unit whose part it is."""
    found = DutyPart.objects.filter(duty__withdrawn_why="").select_related("duty")
    return get_visible(found, user, Permission.KEEP_MEETINGS, pk=pk)


def _kept(queryset: QuerySet[M], user: User, field: str, pk: int) -> M:
    return get_visible(queryset, user, Permission.KEEP_MEETINGS, field=field, pk=pk)
