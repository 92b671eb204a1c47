"""Putting an act on record, in the same transaction as the act."""

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any

from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone

from workplace.accounts.models import User
from workplace.events.models import Event


def record_event(
    action: str,
    *,
    by: User | None,
    unit: str | None = None,
    about: models.Model | None = None,
    **facts: Any,
) -> Event:
    """The event, written. `action` is "app.verb_in_the_past", named in events/actions.py.

    `facts` are JSON values; days and times are written as ISO texts. No personal data: counts and
    codes only.
    Raises: TransactionManagementError outside a transaction, where the act could be undone alone.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            f"{action}: an event is written in the transaction of the act it tells of"
        )
    event = Event(
        at=timezone.now(),
        by=by,
        action=action,
        unit_id=unit,
        object_type=about._meta.label_lower if about is not None else "",
        object_id=str(about.pk) if about is not None else "",
        facts={name: _as_json(value) for name, value in facts.items()},
    )
    event.row_hash = row_hash(event)
    event.save()
    return event


@transaction.atomic
def record_view(request: HttpRequest, about: models.Model, why: str) -> Event:
    """Somebody was shown personal data: whose record it is and why, never what it says.

    `why` is a short text of the program ("list of participants"), not of the reader.
    """
    assert isinstance(request.user, User)
    return record_event(
        "events.viewed_personal_data", by=request.user, unit=getattr(about, "unit_id", None),
        about=about, why=why,
    )  # fmt: skip


def row_hash(event: Event) -> str:
    """The SHA-256 of all that an event says, as canonical JSON."""
    said = {
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "by": event.by_id,
        "action": event.action,
        "unit": event.unit_id,
        "object": [event.object_type, event.object_id],
        "facts": event.facts,
    }
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _as_json(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name): _as_json(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        parts = sorted(value) if isinstance(value, set | frozenset) else value
        return [_as_json(part) for part in parts]
    return value if value is None or isinstance(value, bool | int | float) else str(value)
