"""Files that show what was done: stored once by content, attached to whatever they show."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workplace.accounts.models import User
from workplace.units.models import Unit


class File(models.Model):
    """The bytes with one SHA-256, stored once whoever brings them.

    `kind` is what they are by content (a MIME type), whatever the name says.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    stored_as = models.CharField(max_length=200)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    first_stored_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.sha256[:12]


class Evidence(models.Model):
    """A unit attached a file to a record or an action, under a name of its own.

    `shown` is the file others see where faces or numbers were covered; empty where nothing was.
    Removed evidence keeps its row: who removed it and why is on record.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="evidence")
    record = models.ForeignKey(
        "records.Record", models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    action = models.ForeignKey(
        "meetings.Action", models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    file = models.ForeignKey(File, models.PROTECT, related_name="attached")
    shown = models.ForeignKey(File, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=255)
    note = models.CharField(_("what it shows"), max_length=500, blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["added_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(record__isnull=False) ^ models.Q(action__isnull=False),
                name="evidence_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.name
