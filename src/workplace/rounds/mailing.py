"""Mails to those who enter records at a unit, each in his own language."""

from collections import defaultdict
from collections.abc import Collection

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.message import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from workplace.accounts.models import Holding, User
from workplace.accounts.permissions import Permission
from workplace.jobs.queue import job
from workplace.programme import pack_named
from workplace.rounds.models import Reminder
from workplace.units.tree import today
from workplace.web.texts import text_in


def who_enters(units: Collection[str]) -> dict[str, list[User]]:
    """Unit → those who enter records by a role held at that very unit and may sign in. Roles
    held above are left out: the county office is not to get eighty mails. One query."""
    found: dict[str, dict[int, User]] = defaultdict(dict)
    holdings = Holding.objects.on(today()).filter(unit__in=units, user__is_active=True)
    for holding in holdings.select_related("user", "role"):
        if holding.role.allows(Permission.ENTER):
            found[holding.unit_id][holding.user_id] = holding.user
    return {unit: list(users.values()) for unit, users in found.items()}


def units_with_mail(units: Collection[str]) -> set[str]:
    """Those of the units where somebody can be reached by mail."""
    return {unit for unit, users in who_enters(units).items() if any(user.email for user in users)}


@job(label=gettext_lazy("Mailing a reminder"))
def mail_reminder(pk: int) -> None:
    """Send one reminder's mails, once however often this runs, and note how many went out."""
    if not Reminder.objects.filter(pk=pk, mailed_at=None).update(mailed_at=timezone.now()):
        return
    reminder = Reminder.objects.select_related("round", "sent_by").get(pk=pk)
    users = [u for u in who_enters([reminder.unit_id]).get(reminder.unit_id, []) if u.email]
    messages = [message for user in users if (message := _message(reminder, user))]
    with get_connection() as connection:
        sent = connection.send_messages(messages) if messages else 0
    Reminder.objects.filter(pk=pk).update(mails=sent or 0)


def _message(reminder: Reminder, user: User) -> EmailMessage | None:
    """The mail to one person; None where everything has come in meanwhile."""
    round_ = reminder.round
    owed = list(round_.returns.open().filter(unit=reminder.about_id).order_by("due_on"))
    if not owed:
        return None
    pack = pack_named(round_.pack)
    with override(user.language or settings.LANGUAGE_CODE):
        context = {
            "reminder": reminder,
            "round": round_,
            "person": user,
            "unit": reminder.about,
            "owed": [(text_in(pack.tables[a.table].label), a.period, a.due_on) for a in owed],
            "address": _address(reverse("rounds:unit", args=[round_.pk, reminder.about_id])),
        }
        subject = _("Still to be sent: %(round)s") % {"round": round_.title}
        body = render_to_string("rounds/reminder_mail.txt", context)
    return EmailMessage(subject, body, to=[user.email])


def _address(path: str) -> str:
    """The page's full address; '' where the installation does not say under which name it is
    reached (SHUZHI_ORIGINS)."""
    origins = settings.CSRF_TRUSTED_ORIGINS
    return f"{origins[0].rstrip('/')}{path}" if origins else ""
