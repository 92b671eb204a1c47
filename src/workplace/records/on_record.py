"""How records are told of where events are read."""

from django.utils.translation import gettext_lazy as _

from workplace.events.objects import Kind, Named, at_page
from workplace.records.access import visible_records
from workplace.records.models import Record


def _tell(one: Record) -> Named:
    return at_page("records:record", one.key, one.pk)


KINDS = {
    "records.record": Kind(
        _("record"), lambda user, pks: visible_records(user).filter(pk__in=pks), _tell
    ),
    "records.feed": Kind(_("table kept here")),
}
