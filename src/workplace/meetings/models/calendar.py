"""Calendars that a phone subscribes to."""

import hashlib
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workplace.accounts.models import User
from workplace.units.models import Unit


class Calendar(models.Model):
    """A person's address of a calendar: of one unit, or (without a unit) of all the person does.

    The address holds a token that opens this calendar and nothing else. Only its SHA-256 is kept:
    it is shown once. What the calendar tells is what its person may see on the day it is asked.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="calendars")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.unit.name if self.unit else str(self.person)

    @staticmethod
    def sha256_of(token: str) -> str:
        """What is kept of a token."""
        return hashlib.sha256(token.encode()).hexdigest()
