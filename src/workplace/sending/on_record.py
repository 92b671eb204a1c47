"""How workbooks that were sent are told of where events are read."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from workplace.accounts.access import visible
from workplace.accounts.models import User
from workplace.events.objects import Kind, Named, at_page
from workplace.records.access import is_open_to, sees_drafts
from workplace.records.models import Record
from workplace.sending.models import Upload


def _open_to(user: User, pks: Collection[int]) -> list[Upload]:
    """Who neither enters nor signs for the unit sees a workbook once rows of it were sent."""
    found = list(visible(Upload.objects.filter(pk__in=pks), user))
    sent = set(
        Record.objects.filter(is_open_to(user), upload__in=found).values_list("upload", flat=True)
    )
    return [one for one in found if one.pk in sent or sees_drafts(user, one.unit_id)]


def _tell(one: Upload) -> Named:
    return at_page("sending:uploaded", one.file_name, one.pk)


KINDS = {
    "sending.upload": Kind(_("workbook"), _open_to, _tell),
    "sending.alias": Kind(_("confirmed spelling")),
    "sending.flaganswer": Kind(_("explanation of a flag")),
}
