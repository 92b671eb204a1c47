"""Files that show what was done: stored once by content, attached to whatever they show."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workplace.accounts.models import User
from workplace.evidence.kinds import IMAGES, ending_of
from workplace.units.models import Unit


class File(models.Model):
    """The bytes with one SHA-256, stored once whoever brings them.

    `kind` is what they are by content (a MIME type), whatever the name says. Photos are made anew
    before: nothing that the camera wrote is left in them. `deleted_at` says when the bytes went
    because their retention was over; the row stays, so that it can be told what there was.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    stored_as = models.CharField(max_length=200)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    first_stored_at = models.DateTimeField(default=timezone.now)
    thumbnail = models.CharField(max_length=200, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def is_image(self) -> bool:
        """Whether a browser may show it in a page."""
        return self.kind in IMAGES

    @property
    def ending(self) -> str:
        """How the name of such a file ends; "" for old office formats, which only a name tells."""
        return ending_of(self.kind)


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def present(self) -> "EvidenceQuerySet":
        """Those that have not been removed."""
        return self.filter(removed_at__isnull=True)


class Evidence(models.Model):
    """A unit attached a file to a record or an action, under a name of its own.

    `shown` is the file others see where faces or numbers were covered; empty where nothing was.
    Removed evidence keeps its row: who removed it and why is on record.
    `received_sha256` is of the bytes as they came in, before a photo was made anew, so that a unit
    can show that its file is the one it sent. `taken_on` is the day the camera wrote into it.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="evidence")
    record = models.ForeignKey(
        "records.Record", models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    action = models.ForeignKey(
        "meetings.Action", models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    file = models.ForeignKey(File, models.PROTECT, related_name="attached")
    shown = models.ForeignKey(File, models.PROTECT, null=True, blank=True, related_name="covers")
    name = models.CharField(_("name"), max_length=255)
    note = models.CharField(_("what it shows"), max_length=500, blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    removed_why = models.CharField(_("why it was removed"), max_length=500, blank=True)
    received_sha256 = models.CharField(max_length=64, blank=True)
    taken_on = models.DateField(_("taken on"), null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["added_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["received_sha256"], name="evidence_by_received"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(record__isnull=False) ^ models.Q(action__isnull=False),
                name="evidence_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def seen_file(self) -> File:
        """What others see: the covered file where there is one."""
        return self.shown or self.file

    @property
    def deleted(self) -> bool:
        """Whether its bytes are gone because their retention is over."""
        return self.seen_file.deleted_at is not None
