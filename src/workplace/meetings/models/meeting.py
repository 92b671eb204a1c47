"""Meetings, and what became of minutes that were corrected."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workplace.accounts.models import User
from workplace.units.models import Unit
from workplace.units.tree import today


class MeetingState(models.TextChoices):
    CALLED = "called", pgettext_lazy("meeting", "called")
    HELD = "held", pgettext_lazy("meeting", "held")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "cancelled")


class Meeting(models.Model):
    """One meeting of one unit. `number` is its number in the ledgers, given when it is called.

    `kind` is a category of the pack's table of meetings. Counts of people, never names.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="meetings")
    number = models.CharField(_("number"), max_length=50)
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=50)
    held_on = models.DateField(_("held on"))
    begins_at = models.TimeField(_("begins at"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    chaired_by_head = models.BooleanField(_("chaired by the head"), null=True)
    expected = models.PositiveIntegerField(_("expected"), null=True, blank=True)
    attended = models.PositiveIntegerField(_("attended"), null=True, blank=True)
    minutes_text = models.TextField(pgettext_lazy("meeting", "minutes"), blank=True)
    state = models.CharField(
        max_length=10, choices=MeetingState.choices, default=MeetingState.CALLED
    )
    cancelled_why = models.CharField(_("why it was cancelled"), max_length=500, blank=True)
    called_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    called_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-held_on", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint("number", name="one_meeting_a_number"),
            models.CheckConstraint(
                condition=Q(attended__isnull=True)
                | Q(expected__isnull=True)
                | Q(attended__lte=F("expected")),
                name="no_more_attended_than_expected",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_why=""),
                name="cancelled_meeting_says_why",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "-held_on"], name="meeting_by_unit")]

    def __str__(self) -> str:
        return self.title

    @property
    def place_in_time(self) -> tuple[date, int]:
        """What orders a unit's meetings, two on one day by when they were called."""
        return self.held_on, self.pk

    @property
    def is_called(self) -> bool:
        """Whether it is still to be held."""
        return self.state == MeetingState.CALLED

    @property
    def is_held(self) -> bool:
        """Whether it counts in the ledgers, and corrections of it are kept."""
        return self.state == MeetingState.HELD

    @property
    def takes_outcomes(self) -> bool:
        """While it is held and ever after; not before its day, and not once cancelled."""
        return self.is_held or (self.is_called and self.held_on <= today())


class MeetingChange(models.Model):
    """The minutes of a meeting that was held said something else before: what, and why changed."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="changes")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    before: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    after: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    reason = models.CharField(_("reason"), max_length=500)

    class Meta:
        ordering: ClassVar = ["meeting", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.at:%Y-%m-%d %H:%M}"
