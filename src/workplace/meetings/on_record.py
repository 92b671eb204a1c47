"""How meetings, their items, outcomes, actions and duties are told of where events are read."""

from django.utils.translation import gettext_lazy as _

from workplace.accounts.access import visible
from workplace.events.objects import Kind, Named, at_page
from workplace.meetings.models import AgendaItem, Meeting, Outcome, OutcomeKind
from workplace.meetings.rights import actions_to_see, duties_to_see


def _of_meeting(one: AgendaItem | Outcome) -> Named:
    item = one.item if isinstance(one, Outcome) else one
    return at_page("meetings:meeting", str(one), item.meeting_id)


def outcome_kind(value: str) -> str:
    """What kind of outcome it was, in words."""
    return str(OutcomeKind(value).label) if value in OutcomeKind.values else value


KINDS = {
    "meetings.meeting": Kind(
        _("meeting"),
        lambda user, pks: visible(Meeting.objects.filter(pk__in=pks), user),
        lambda one: at_page("meetings:meeting", one.title, one.pk),
    ),
    "meetings.agendaitem": Kind(
        _("agenda item"),
        lambda user, pks: visible(
            AgendaItem.objects.filter(pk__in=pks), user, field="meeting__unit"
        ),
        _of_meeting,
    ),
    "meetings.outcome": Kind(
        _("outcome"),
        lambda user, pks: visible(
            Outcome.objects.filter(pk__in=pks).select_related("item"), user,
            field="item__meeting__unit",
        ),
        _of_meeting,
    ),
    "meetings.action": Kind(
        _("action of a meeting"),
        lambda user, pks: actions_to_see(user).filter(pk__in=pks),
        lambda one: at_page("meetings:action", one.title, one.pk),
    ),
    "meetings.duty": Kind(
        _("duty"),
        lambda user, pks: duties_to_see(user).filter(pk__in=pks),
        lambda one: Named(one.title, ""),
    ),
    "meetings.calendar": Kind(_("calendar")),
}  # fmt: skip
