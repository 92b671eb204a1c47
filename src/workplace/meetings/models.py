"""Meetings, what they decided, and the actions that follow."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workplace.accounts.models import User
from workplace.units.models import Unit


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
    minutes_text = models.TextField(_("minutes"), blank=True)
    state = models.CharField(
        max_length=10,
        choices=[("called", _("called")), ("held", _("held")), ("cancelled", _("cancelled"))],
        default="called",
    )
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
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "-held_on"], name="meeting_by_unit")]

    def __str__(self) -> str:
        return self.title


class Action(models.Model):
    """Something a meeting decided that has an owner unit and a day it is due.

    `done_on` is the day the owner says it was done; it counts as done once the office of the
    chair has closed it (`closed_at`). `carried_over` counts the later meetings it was taken to.
    """

    number = models.CharField(_("number"), max_length=50, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assigned_actions")
    owner = models.ForeignKey(Unit, models.PROTECT, related_name="actions")
    title = models.CharField(_("what is to be done"), max_length=500)
    assigned_on = models.DateField(_("assigned on"))
    due_on = models.DateField(_("due on"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    progress = models.PositiveSmallIntegerField(_("progress in percent"), default=0)
    carried_over = models.PositiveIntegerField(_("times carried over"), default=0)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["due_on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("assigned_on")), name="action_due_after_assigned"
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="progress_in_percent"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "closed_at", "due_on"], name="action_by_owner"),
            models.Index(fields=["unit", "closed_at", "due_on"], name="action_by_unit"),
        ]

    def __str__(self) -> str:
        return self.title
