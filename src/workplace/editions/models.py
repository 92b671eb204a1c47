"""Preview editions: figures from live records, made on demand and every night."""

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workplace.accounts.models import User
from workplace.units.models import Unit


class PreviewState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    MAKING = "making", _("being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")
    REMOVED = "removed", _("removed")


UNDER_WAY = (PreviewState.WAITING, PreviewState.MAKING)


class Preview(models.Model):
    """An edition of the records as they stood at a moment, never published: to look at figures.

    `folder` is its name below the folder of editions; `done` of `of` steps are behind it while it
    is being made.
    """

    pack = models.CharField(max_length=100)
    period = models.CharField(max_length=30)
    state = models.CharField(
        max_length=10, choices=PreviewState.choices, default=PreviewState.WAITING
    )
    folder = models.CharField(max_length=200, blank=True)
    root_hash = models.CharField(max_length=64, blank=True)
    records = models.PositiveIntegerField(default=0)
    figures = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(null=True, blank=True)
    done = models.PositiveSmallIntegerField(default=0)
    of = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=500, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-asked_at"]
        indexes: ClassVar = [
            models.Index(fields=["pack", "period", "-asked_at"], name="preview_latest")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "pack", "period", condition=Q(state__in=("waiting", "making")),
                name="one_preview_under_way",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pack} {self.period} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def path(self) -> Path:
        """Where the edition lies."""
        return settings.EDITIONS / self.folder

    @property
    def is_under_way(self) -> bool:
        """Whether somebody works on it or soon will."""
        return self.state in UNDER_WAY


class Document(models.Model):
    """The report of one unit as a preview edition has it, in one language: never the final one.

    `folder` is its name below the folder of editions, with report.docx, .html and, where there are
    fonts, .pdf.
    """

    preview = models.ForeignKey(Preview, models.PROTECT, related_name="documents")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    language = models.CharField(max_length=5)
    state = models.CharField(
        max_length=10, choices=PreviewState.choices, default=PreviewState.WAITING
    )
    folder = models.CharField(max_length=200, blank=True)
    message = models.CharField(max_length=500, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-asked_at"]
        constraints: ClassVar = [
            models.UniqueConstraint("preview", "unit", "language", name="one_document_a_preview"),
        ]

    def __str__(self) -> str:
        return f"{self.preview} {self.unit_id}"

    @property
    def path(self) -> Path:
        """Where the documents lie."""
        return settings.EDITIONS / self.folder

    @property
    def is_under_way(self) -> bool:
        """Whether somebody works on it or soon will."""
        return self.state in UNDER_WAY
