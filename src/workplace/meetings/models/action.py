"""Actions: what a meeting decided that has an owner and a day, and how far each has come."""

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workplace.accounts.models import User
from workplace.meetings.models.meeting import Meeting
from workplace.rounds.models import YELLOW_DAYS
from workplace.units.models import Unit
from workplace.units.tree import today


class ActionQuerySet(models.QuerySet["Action"]):
    def open(self) -> "ActionQuerySet":
        """Neither closed nor withdrawn: those that meetings carry over."""
        return self.filter(closed_at__isnull=True, withdrawn_at__isnull=True)

    def to_do(self) -> "ActionQuerySet":
        """Those the owner has yet to do."""
        return self.open().filter(done_on__isnull=True)

    def to_close(self) -> "ActionQuerySet":
        """Said to be done, and not closed yet."""
        return self.open().filter(done_on__isnull=False)

    def overdue(self, day: date | None = None) -> "ActionQuerySet":
        """To be done by a day that is over."""
        return self.to_do().filter(due_on__lt=day or today())


class Action(models.Model):
    """Something a meeting decided that has an owner unit and a day it is due.

    `unit` assigned it. `done_on` is the day the owner says it was done; it counts as done once the
    office of the chair has closed it (`closed_at`), by somebody else than reported it.
    `carried_over` counts the later meetings it was taken to.
    """

    number = models.CharField(_("number"), max_length=50, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assigned_actions")
    owner = models.ForeignKey(Unit, models.PROTECT, related_name="actions")
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="actions"
    )
    title = models.CharField(_("what is to be done"), max_length=500)
    assigned_on = models.DateField(_("assigned on"))
    due_on = models.DateField(_("due on"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    progress = models.PositiveSmallIntegerField(_("progress in percent"), default=0)
    carried_over = models.PositiveIntegerField(_("times carried over"), default=0)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(_("why it was withdrawn"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("assigned_on")), name="action_due_after_assigned"
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="progress_in_percent"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="action_closed_or_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_why=""),
                name="withdrawn_action_says_why",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True)
                | (Q(done_on__isnull=False) & ~Q(closed_by=F("done_by"))),
                name="action_closed_by_another",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "closed_at", "due_on"], name="action_by_owner"),
            models.Index(fields=["unit", "closed_at", "due_on"], name="action_by_unit"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Neither closed nor withdrawn."""
        return self.closed_at is None and self.withdrawn_at is None

    @property
    def is_overdue(self) -> bool:
        """Whether its day is over and nobody has said that it is done."""
        return self.is_open and self.done_on is None and today() > self.due_on

    @property
    def state_word(self) -> str:
        """Where it stands, in words."""
        if self.withdrawn_at is not None:
            return str(pgettext_lazy("action", "withdrawn"))
        if self.closed_at is not None:
            return str(pgettext_lazy("action", "closed"))
        if self.done_on is not None:
            return str(pgettext_lazy("action", "to be closed"))
        if today() > self.due_on:
            return str(pgettext_lazy("action", "overdue"))
        return (
            str(pgettext_lazy("action", "due soon"))
            if self.lamp == "yellow"
            else str(pgettext_lazy("action", "open"))
        )

    @property
    def lamp(self) -> str:
        """Its colour: red after its day, yellow in the last days before, blue once said done."""
        if self.withdrawn_at is not None:
            return "grey"
        if self.closed_at is not None:
            return "green"
        if self.done_on is not None:
            return "blue"
        if today() > self.due_on:
            return "red"
        return "yellow" if today() >= self.due_on - timedelta(days=YELLOW_DAYS) else "grey"


class Step(models.TextChoices):
    """What an entry in an action's history tells."""

    PROGRESS = "progress", pgettext_lazy("action", "progress")
    DONE = "done", pgettext_lazy("action", "reported done")
    SENT_BACK = "sent_back", pgettext_lazy("action", "sent back")
    CLOSED = "closed", pgettext_lazy("action", "closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("action", "withdrawn")


class ActionProgress(models.Model):
    """Somebody said how far an action has come, or the chair's office what became of it."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="history")
    step = models.CharField(max_length=10, choices=Step.choices, default=Step.PROGRESS)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    percent = models.PositiveSmallIntegerField(_("progress in percent"))
    text = models.TextField(_("what was done"), blank=True)

    class Meta:
        ordering: ClassVar = ["action", "at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="percent_of_progress"),
            models.CheckConstraint(
                condition=~Q(step="sent_back") | ~Q(text=""), name="sent_back_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action_id} {self.percent} %"
