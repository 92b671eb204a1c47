"""Rounds: who is asked for what by when, and what was answered."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workplace.accounts.models import User
from workplace.units.models import Unit
from workplace.units.tree import today

# Yellow from so many days before a return is due, as offices' lamps do.
YELLOW_DAYS = 3


class RoundState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("round", "being prepared")
    OPEN = "open", pgettext_lazy("round", "open")
    CLOSED = "closed", pgettext_lazy("round", "closed")


class Round(models.Model):
    """One collection from a pack for a period: the tables in `tables`, the units by returns.

    `units` are those chosen while it is being prepared; empty, all that the pack asks. `seed` is
    what samples of evidence are drawn with, kept so that anybody can draw them again.
    """

    title = models.CharField(_("title"), max_length=200)
    pack = models.CharField(max_length=100)
    pack_version = models.CharField(max_length=50)
    period = models.CharField(_("period"), max_length=30)
    tables: models.JSONField[list[str]] = models.JSONField(_("tables"), default=list)
    units: models.JSONField[list[str]] = models.JSONField(_("units"), default=list, blank=True)
    due_on = models.DateField(_("due on"))
    state = models.CharField(max_length=10, choices=RoundState.choices, default=RoundState.DRAFT)
    note = models.TextField(_("note to the units"), blank=True)
    seed = models.CharField(max_length=64)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-opened_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class ReturnState(models.TextChoices):
    """Where a return stands. Late and silent are told by the day, not kept."""

    ASKED = "asked", pgettext_lazy("return", "asked")
    BEGUN = "begun", pgettext_lazy("return", "begun")
    SENT = "sent", pgettext_lazy("return", "sent")
    RETURNED = "returned", pgettext_lazy("return", "returned for correction")
    ACCEPTED = "accepted", pgettext_lazy("return", "accepted")


class Answer(models.TextChoices):
    """What a unit answers: rows, "nothing this period" (a true zero), or "does not apply"."""

    ROWS = "rows", pgettext_lazy("answer", "records")
    NIL = "nil", pgettext_lazy("answer", "nothing this period")
    NOT_APPLICABLE = "not_applicable", pgettext_lazy("answer", "does not apply")


class Lamp(models.TextChoices):
    """Green: sent or accepted. Yellow: due within days. Red: overdue. Grey: time enough."""

    GREEN = "green", pgettext_lazy("lamp", "in")
    GREY = "grey", pgettext_lazy("lamp", "time enough")
    YELLOW = "yellow", pgettext_lazy("lamp", "due soon")
    RED = "red", pgettext_lazy("lamp", "overdue")


class ReturnQuerySet(models.QuerySet["Return"]):
    def open(self) -> "ReturnQuerySet":
        """Those the unit still has to send."""
        return self.filter(state__in=(ReturnState.ASKED, ReturnState.BEGUN, ReturnState.RETURNED))


class Return(models.Model):
    """One unit's answer to one table for one reporting period, asked for by a round.

    `step` counts the signatures it has of those the pack asks for; `step_unit` is where the next
    one is due, empty while the unit still works on it and once it is accepted. Nothing in it
    changes while it is accepted.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="returns")
    table = models.CharField(max_length=100)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="returns")
    period = models.CharField(max_length=30)
    state = models.CharField(max_length=10, choices=ReturnState.choices, default=ReturnState.ASKED)
    answer = models.CharField(max_length=15, choices=Answer.choices, blank=True)
    reason = models.CharField(_("why it does not apply"), max_length=500, blank=True)
    due_on = models.DateField(_("due on"))
    first_due_on = models.DateField(_("first due on"))
    begun_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)  # last sent
    first_sent_at = models.DateTimeField(null=True, blank=True)  # tells whether it was late
    accepted_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    step = models.PositiveSmallIntegerField(default=0)
    step_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["unit", "table", "period"]
        constraints: ClassVar = [
            models.UniqueConstraint("round", "table", "unit", "period", name="asked_once_a_round"),
            models.CheckConstraint(
                condition=~Q(answer="not_applicable") | ~Q(reason=""),
                name="not_applicable_says_why",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("first_due_on")), name="extended_never_shortened"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "state"], name="return_by_unit_state"),
            models.Index(fields=["round", "state"], name="return_by_round_state"),
            models.Index(fields=["step_unit", "state"], name="return_by_step_unit"),
            models.Index(fields=["state", "due_on"], name="return_by_state_due"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.table} {self.period}"

    @property
    def is_open(self) -> bool:
        """Whether the unit may change it."""
        return self.state in (ReturnState.ASKED, ReturnState.BEGUN, ReturnState.RETURNED)

    @property
    def is_late(self) -> bool:
        """Whether it first came in after its day."""
        return self.first_sent_at is not None and _day(self.first_sent_at) > self.due_on

    def lamp(self, day: date | None = None) -> Lamp:
        """Its colour on a day."""
        day = day or today()
        if not self.is_open:
            return Lamp.GREEN
        if day > self.due_on:
            return Lamp.RED
        return Lamp.YELLOW if day >= self.due_on - timedelta(days=YELLOW_DAYS) else Lamp.GREY

    def is_silent(self, day: date | None = None) -> bool:
        """Overdue, and never sent."""
        return self.first_sent_at is None and (day or today()) > self.due_on


def _day(moment: Any) -> date:
    return timezone.localdate(moment)


class Extension(models.Model):
    """A unit asks for more time; the office grants it or not, on the record."""

    answer = models.ForeignKey(Return, models.PROTECT, related_name="extensions")
    until = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=500)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    is_granted = models.BooleanField(null=True)
    decision_note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["answer", "asked_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "answer", condition=Q(decided_at__isnull=True), name="one_open_extension_a_return"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} → {self.until}"


class ReminderKind(models.TextChoices):
    MANUAL = "manual", _("reminder")
    YELLOW = "yellow", pgettext_lazy("lamp", "due soon")
    RED = "red", pgettext_lazy("lamp", "overdue")
    ESCALATED = "escalated", _("told the unit above")


class Reminder(models.Model):
    """A unit was told what it, or one below it, still owes a round; on its desk until that is in.

    `about` is the unit that owes. What the clock does, it does once a day. `mailed_at` is set
    before the mails go out, so that a job that runs twice mails once.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="reminders")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reminders")
    about = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ReminderKind.choices)
    text = models.CharField(_("text"), max_length=500, blank=True)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    day = models.DateField(default=today)
    mailed_at = models.DateTimeField(null=True, blank=True)
    mails = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-sent_at"]
        indexes: ClassVar = [models.Index(fields=["unit", "-sent_at"], name="reminder_by_unit")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "round",
                "unit",
                "about",
                "kind",
                "day",
                condition=~Q(kind="manual"),
                name="reminded_by_the_clock_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind} {self.sent_at:%Y-%m-%d}"
