"""The records: one model for every table of every pack."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workplace.accounts.models import User
from workplace.units.models import Unit


class RecordState(models.TextChoices):
    """Where a record stands. Only sent and accepted ones are counted in figures."""

    DRAFT = "draft", _("draft")
    SENT = "sent", _("sent")
    ACCEPTED = "accepted", _("accepted")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Origin(models.TextChoices):
    """How a record came in."""

    FORM = "form", _("web form")
    WORKBOOK = "workbook", _("workbook")
    APP = "app", _("kept here")
    IMPORT = "import", _("taken over")


class Record(models.Model):
    """One business fact of one table, with the values that the engine has typed.

    `key` is the record id as the engine gives it, the same when the row is sent again.
    `data` holds a JSON value a column: days as ISO texts, decimals as texts, units as codes,
    persons as tokens. Three times are kept apart: `event_date` (when it happened), `entered_at`
    (when it was typed or read), `received_at` (when its return came in).
    `file_name`, `sheet` and `row` say where it was written; '' and 0 for a web form.
    """

    pack = models.CharField(max_length=100)
    pack_version = models.CharField(max_length=50)
    table = models.CharField(max_length=100)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="records")
    answer = models.ForeignKey(
        "rounds.Return", models.PROTECT, null=True, blank=True, related_name="records"
    )
    key = models.CharField(max_length=200)
    event_date = models.DateField(_("event day"), null=True, blank=True)
    precision = models.CharField(max_length=10, default="day")
    state = models.CharField(max_length=10, choices=RecordState.choices, default=RecordState.DRAFT)
    data = models.JSONField(default=dict)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    upload = models.ForeignKey(
        "sending.Upload", models.PROTECT, null=True, blank=True, related_name="records"
    )
    file_name = models.CharField(max_length=255, blank=True)
    sheet = models.CharField(max_length=100, blank=True)
    row = models.PositiveIntegerField(default=0)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(_("entered"), default=timezone.now)
    received_at = models.DateTimeField(_("received"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["table", "unit", "event_date", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["table", "unit", "event_date"], name="record_by_table_unit_day"),
            models.Index(fields=["unit", "table", "-event_date", "-id"], name="record_latest"),
            models.Index(fields=["-event_date", "-id"], name="record_by_day"),
            models.Index(fields=["table", "-event_date", "-id"], name="record_by_table_day"),
            models.Index(fields=["state", "-event_date", "-id"], name="record_by_state_day"),
            models.Index(fields=["answer", "state"], name="record_by_answer"),
            models.Index(fields=["state", "pack", "table"], name="record_by_state"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "answer", "key", condition=~Q(state="withdrawn"), name="record_once_a_return"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.key}"


class RecordWords(models.Model):
    """What a search for one record looks through: its texts and labels, in small letters.

    A table of its own, since a search reads all of it: beside the values it took ten times as long.
    """

    record = models.OneToOneField(Record, models.CASCADE, primary_key=True, related_name="searched")
    words = models.TextField(default="")

    def __str__(self) -> str:
        return f"{self.record_id}: {self.words[:40]}"


class RecordChange(models.Model):
    """What a record held before and after somebody changed it."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="changes")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    before: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    after: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["record", "at"]

    def __str__(self) -> str:
        return f"{self.record_id} {self.at:%Y-%m-%d %H:%M}"


class Feed(models.Model):
    """From a day on, a unit's rows of a pack's table come from a duty app instead of from rounds.

    A table without a feed takes its rows from rounds; never both.
    """

    pack = models.CharField(max_length=100)
    table = models.CharField(max_length=100)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="feeds")
    app = models.CharField(max_length=50)
    since = models.DateField(_("from"))
    set_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["pack", "table", "unit"]
        constraints: ClassVar = [
            models.UniqueConstraint("pack", "table", "unit", name="one_feed_a_table_and_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.unit_id} ← {self.app}"
