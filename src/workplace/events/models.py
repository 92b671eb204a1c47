"""What was done, by whom, when: written once, never changed."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workplace.accounts.models import User
from workplace.units.models import Unit


class EventChangedError(TypeError):
    """Somebody tried to change or remove what is on record."""


class Event(models.Model):
    """One act: who did what to which object at which unit, with the facts that tell it again.

    `by` is empty where the program did it on its own (a reminder, a nightly preview).
    `row_hash` is the SHA-256 of all other fields, so that a row changed behind the program's back
    is found.
    """

    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="events")
    action = models.CharField(_("what"), max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="events")
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    facts = models.JSONField(_("facts"), default=dict)
    row_hash = models.CharField(max_length=64, editable=False)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["-at", "-id"], name="event_by_time"),
            models.Index(fields=["unit", "-at"], name="event_by_unit"),
            models.Index(fields=["action", "-at"], name="event_by_action"),
            models.Index(fields=["object_type", "object_id"], name="event_by_object"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new row. Raises: EventChangedError for one that is there."""
        if not self._state.adding:
            raise EventChangedError("an event is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises: EventChangedError, always."""
        raise EventChangedError("an event is never removed")
