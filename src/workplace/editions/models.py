"""Preview editions: figures from live records, made on demand and every night."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workplace.accounts.models import User


class PreviewState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    MAKING = "making", _("being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")


class Preview(models.Model):
    """An edition of the records as they stood at a moment, never published: to look at figures.

    `folder` is its name below the folder of editions.
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
    message = models.CharField(max_length=500, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-asked_at"]
        indexes: ClassVar = [
            models.Index(fields=["pack", "period", "-asked_at"], name="preview_latest")
        ]

    def __str__(self) -> str:
        return f"{self.pack} {self.period} {self.asked_at:%Y-%m-%d %H:%M}"
