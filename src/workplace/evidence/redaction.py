"""Covering faces and numbers: painted over in a new file, the original kept for the few."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from workplace.accounts.models import User
from workplace.events.record import record_event
from workplace.evidence.files import keep_picture, read_bytes
from workplace.evidence.images import Rectangle, cover
from workplace.evidence.limits import FileNotTaken
from workplace.evidence.models import Evidence

MAX_RECTANGLES = 40


@transaction.atomic
def redact(*, by: User, evidence: Evidence, rectangles: Sequence[Rectangle]) -> Evidence:
    """Cover parts of what others see of a picture; what was covered before stays covered.

    The caller has asked whether `by` may. Raises: FileNotTaken for what is no picture, and where
    there is nothing to cover.
    """
    if not rectangles or len(rectangles) > MAX_RECTANGLES:
        raise FileNotTaken(_("Mark at least one part of the picture, and at most 40."))
    Evidence.objects.select_for_update().get(pk=evidence.pk)
    evidence.refresh_from_db()
    seen = evidence.seen_file
    if not seen.is_image or evidence.deleted:
        raise FileNotTaken(_("Only pictures can be covered."))
    picture = cover(read_bytes(seen.stored_as), rectangles)
    evidence.shown = keep_picture(picture, seen.kind)
    evidence.save(update_fields=["shown"])
    record_event(
        "evidence.redacted", by=by, unit=evidence.unit_id, about=evidence,
        rectangles=len(rectangles), original=evidence.file_id, shown=evidence.shown_id,
    )  # fmt: skip
    return evidence


@transaction.atomic
def note_original_seen(*, by: User, evidence: Evidence) -> None:
    """Put on record that somebody looks under the covers."""
    record_event(
        "evidence.original_seen", by=by, unit=evidence.unit_id, about=evidence,
        sha256=evidence.file_id,
    )  # fmt: skip
