"""Confirming what a spelling means."""

from django.db import transaction
from django.http import Http404

from workplace.accounts.models import User
from workplace.events.record import record_event
from workplace.sending.aliases import suggestions_of
from workplace.sending.models import Alias, Upload
from workplace.sending.reading import read_anew


@transaction.atomic
def confirm_alias(*, by: User, upload: Upload, kind: str, spelling: str, target: str) -> Alias:
    """The spelling means this from now on, for everybody; the upload is read once more.

    Only what the reader suggests for this upload can be confirmed, so that no alias takes the
    place of a name that is known. Raises: Http404 for anything else.
    """
    offered = {(each.kind, each.spelling, each.target) for each in suggestions_of(upload)}
    if (kind, spelling, target) not in offered:
        raise Http404
    alias, is_new = Alias.objects.get_or_create(
        kind=kind, spelling=spelling, defaults={"target": target, "confirmed_by": by}
    )
    if is_new:
        record_event(
            "sending.alias_confirmed", by=by, unit=upload.unit_id, about=alias, kind=kind,
            spelling=spelling, target=target,
        )  # fmt: skip
    read_anew(upload)
    return alias
