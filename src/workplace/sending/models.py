"""Workbooks as they were sent, and the spellings that a person has confirmed."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workplace.accounts.models import User
from workplace.rounds.models import Round
from workplace.units.models import Unit


class UploadState(models.TextChoices):
    WAITING = "waiting", _("waiting to be read")
    READING = "reading", _("being read")
    READ = "read", _("read")
    TAKEN = "taken", _("taken over")
    REFUSED = "refused", _("cannot be read")
    DROPPED = "dropped", _("set aside")


class Upload(models.Model):
    """One workbook that a unit dropped on the page for a round.

    The file itself is kept by its SHA-256, whatever becomes of it. `problems` are the engine's,
    as it found them; `account` is what became of the rows, a sheet an entry.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="uploads")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="uploads")
    file_name = models.CharField(max_length=255)
    stored_as = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    state = models.CharField(
        max_length=10, choices=UploadState.choices, default=UploadState.WAITING
    )
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    problems: models.JSONField[list[dict[str, Any]]] = models.JSONField(default=list)
    account: models.JSONField[list[dict[str, Any]]] = models.JSONField(default=list)
    message = models.CharField(max_length=500, blank=True)
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-received_at"]
        indexes: ClassVar = [
            models.Index(fields=["unit", "round", "-received_at"], name="upload_by_unit"),
            models.Index(fields=["sha256"], name="upload_by_hash"),
        ]

    def __str__(self) -> str:
        return self.file_name


class AliasKind(models.TextChoices):
    HEADER = "header", _("column header")
    UNIT = "unit", _("unit name")


class Alias(models.Model):
    """What a spelling means, confirmed once by a person: a header → "table.column", or a unit."""

    kind = models.CharField(max_length=10, choices=AliasKind.choices)
    spelling = models.CharField(max_length=200)
    target = models.CharField(max_length=200)
    confirmed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["kind", "spelling"]
        constraints: ClassVar = [
            models.UniqueConstraint("kind", "spelling", name="one_meaning_a_spelling"),
        ]

    def __str__(self) -> str:
        return f"{self.spelling} = {self.target}"


# Django finds an app's models by this module.
from workplace.sending.entry_models import EntryDraft, FlagAnswer, SavedEntry  # noqa: E402, F401
