"""How decisions on returns are told of where events are read: by the return they are on."""

from django.utils.translation import gettext_lazy as _

from workplace.accounts.access import visible
from workplace.approval.models import Signature
from workplace.events.objects import Kind, Named, at_page
from workplace.rounds.on_record import return_name


def _tell(one: Signature) -> Named:
    return at_page("approval:return", return_name(one.answer), one.answer_id)


KINDS = {
    "approval.signature": Kind(
        _("decision on a return"),
        lambda user, pks: visible(
            Signature.objects.filter(pk__in=pks).select_related("answer__unit", "answer__round"),
            user,
            field="answer__unit",
        ),
        _tell,
    ),
    "approval.remark": Kind(_("remark")),
}
