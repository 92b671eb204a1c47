"""Evidence that comes with a record's form, by camera or as files."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from workplace.accounts.access import person
from workplace.evidence.limits import FileNotTaken
from workplace.evidence.store import attach
from workplace.records.errors import RecordNotWrittenError
from workplace.records.models import Record

FIELDS = ("photos", "files")


def attach_files(request: HttpRequest, record: Record) -> None:
    """Attach what was chosen. A file that is not taken is said so; the record is kept anyhow."""
    for field in FIELDS:
        for sent in request.FILES.getlist(field):
            try:
                attach(
                    by=person(request), upload_file=sent, unit=record.unit_id, record=record,
                    name=sent.name or "",
                )  # fmt: skip
            except (FileNotTaken, RecordNotWrittenError) as refused:
                messages.error(
                    request,
                    _("%(file)s was not attached: %(why)s")
                    % {"file": sent.name, "why": str(refused)},
                )
