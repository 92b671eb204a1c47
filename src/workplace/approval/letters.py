"""Telling a unit by mail that a return came back to it; its desk shows it in any case."""

from django.core.mail import EmailMessage, get_connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workplace.accounts.models import Holding, User
from workplace.accounts.permissions import Permission
from workplace.approval.models import Decision, Signature
from workplace.jobs.queue import job
from workplace.programme import pack_named
from workplace.units.tree import today
from workplace.web.texts import text_in


@job(label=gettext_lazy("Tell a unit that a return came back"))
def mail_decision(pk: int) -> None:
    """Mail those who enter for the unit, and its head; once, however often this runs."""
    if not Signature.objects.filter(pk=pk, told_at=None).update(told_at=timezone.now()):
        return
    signature = Signature.objects.select_related("answer__round").get(pk=pk)
    letters = [_letter(signature, user) for user in _readers(signature.answer.unit_id)]
    if letters:
        get_connection().send_messages(letters)


def _readers(unit: str) -> list[User]:
    wanted = {Permission.ENTER.value, Permission.SIGN.value}
    holdings = Holding.objects.filter(unit=unit, user__is_active=True).exclude(user__email="")
    found = {
        holding.user_id: holding.user
        for holding in holdings.on(today()).select_related("user", "role")
        if wanted & set(holding.role.permissions)
    }
    return list(found.values())


def _letter(signature: Signature, user: User) -> EmailMessage:
    answer = signature.answer
    with translation.override(user.language or translation.get_language()):
        table = text_in(pack_named(answer.round.pack).tables[answer.table].label)
        facts = {"table": table, "period": answer.period, "reason": signature.reason}
        if signature.decision == Decision.UNLOCKED:
            subject = _("%(table)s, %(period)s: opened again") % facts
        else:
            subject = _("%(table)s, %(period)s: given back for correction") % facts
        reason = _("Reason: %(reason)s") % facts if signature.reason else ""
        text = "\n".join(filter(None, (reason, _("What is to be mended stands on your desk."))))
    return EmailMessage(subject, text, to=[user.email])
