"""What this app adds to a record's page: its evidence, and what was said to its return's flags."""

from django.http import HttpRequest
from django.urls import reverse

from workplace.accounts.access import person
from workplace.evidence.rights import may_attach
from workplace.evidence.store import seen_by
from workplace.records.models import Record
from workplace.records.parts import Part
from workplace.sending.entry_models import FlagAnswer


def evidence_part(request: HttpRequest, record: Record) -> Part:
    """The files attached to it, and a door to more for whoever may attach them."""
    attached = seen_by(person(request)).filter(record=record)
    may = may_attach(person(request), record)
    address = reverse("evidence:of_record", args=[record.pk]) if may else ""
    here = reverse("records:record", args=[record.pk])
    return Part(
        "sending/_record_evidence.html",
        {"evidence": attached, "attach_url": address, "next": here},
    )


def flags_part(request: HttpRequest, record: Record) -> Part | None:
    """What its unit has said to flags on the return it belongs to."""
    if record.answer is None:
        return None
    said = list(FlagAnswer.objects.filter(answer=record.answer).select_related("by"))
    return Part("sending/_record_flags.html", {"said": said}) if said else None
