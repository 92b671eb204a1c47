"""How rounds and returns are told of where events are read."""

from django.utils.translation import gettext_lazy as _

from workplace.accounts.access import visible
from workplace.events.objects import Kind, Named, at_page
from workplace.rounds.models import ReminderKind, Return, Round
from workplace.rounds.rights import visible_rounds
from workplace.rounds.templatetags.rounds import say_period, table_label


def _round(one: Round) -> Named:
    return at_page("rounds:board" if one.opened_at else "rounds:draft", one.title, one.pk)


def _return(one: Return) -> Named:
    return at_page("rounds:return", return_name(one), one.pk)


def return_name(one: Return) -> str:
    """A return in words: its unit, table and period."""
    return f"{one.unit.name} · {table_label(one)} · {say_period(one.period)}"


def reminder_kind(value: str) -> str:
    """Why somebody was reminded, in words."""
    return str(ReminderKind(value).label) if value in ReminderKind.values else value


KINDS = {
    "rounds.round": Kind(
        _("round"), lambda user, pks: visible_rounds(user).filter(pk__in=pks), _round
    ),
    "rounds.return": Kind(
        _("return"),
        lambda user, pks: visible(
            Return.objects.filter(pk__in=pks).select_related("round", "unit"), user
        ),
        _return,
    ),
}
