"""What stands on a meeting's agenda, and what came of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workplace.accounts.models import User
from workplace.meetings.models.action import Action
from workplace.meetings.models.meeting import Meeting
from workplace.units.models import Unit


class Off(models.TextChoices):
    """Why an item is no longer on an agenda that it stood on."""

    ON = "", pgettext_lazy("agenda", "on the agenda")
    POSTPONED = "postponed", pgettext_lazy("agenda", "postponed")
    WITHDRAWN = "withdrawn", pgettext_lazy("agenda", "withdrawn")
    CLOSED = "closed", pgettext_lazy("agenda", "closed before the meeting")


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def on(self) -> "AgendaItemQuerySet":
        """Those that are on the agenda still."""
        return self.filter(off=Off.ON)


class AgendaItem(models.Model):
    """One thing a meeting speaks about: a topic, or an open action that was carried over.

    `earlier` is the item of an earlier meeting that this one takes up again. `carried` counts the
    meetings to which it has been taken after the first, this one included. An item that is taken
    off keeps its row: who took it off and why is on record.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    order = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=500)
    minutes = models.PositiveSmallIntegerField(_("planned minutes"), null=True, blank=True)
    presenter = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("presented by"),
    )  # fmt: skip
    action = models.ForeignKey(
        Action, models.PROTECT, null=True, blank=True, related_name="agenda_items"
    )
    earlier = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later")
    carried = models.PositiveIntegerField(default=0)
    off = models.CharField(max_length=10, choices=Off.choices, default=Off.ON, blank=True)
    off_why = models.CharField(_("reason"), max_length=500, blank=True)
    off_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    off_at = models.DateTimeField(null=True, blank=True)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["meeting", "order", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint("meeting", "action", name="action_once_on_an_agenda"),
            models.CheckConstraint(
                condition=~Q(off__in=("postponed", "withdrawn")) | ~Q(off_why=""),
                name="item_taken_off_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class OutcomeKind(models.TextChoices):
    INFORMATION = "information", pgettext_lazy("outcome", "information")
    DECISION = "decision", pgettext_lazy("outcome", "decision")
    ACTION = "action", pgettext_lazy("outcome", "action")


class Outcome(models.Model):
    """What a meeting took note of or decided under one item; an action has an owner and a day."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="outcomes")
    kind = models.CharField(_("kind"), max_length=15, choices=OutcomeKind.choices)
    text = models.CharField(_("text"), max_length=500)
    action = models.OneToOneField(
        Action, models.PROTECT, null=True, blank=True, related_name="outcome"
    )
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["item", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="action", action__isnull=False)
                | (~Q(kind="action") & Q(action__isnull=True)),
                name="outcome_is_an_action_or_has_none",
            ),
        ]

    def __str__(self) -> str:
        return self.text
