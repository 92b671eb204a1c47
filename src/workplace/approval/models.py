"""Signatures: who let a return pass, or gave it back, and why; and what was doubted in it."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workplace.accounts.models import User
from workplace.rounds.models import Return
from workplace.units.models import Unit


class Decision(models.TextChoices):
    SIGNED = "signed", _("signed")
    RETURNED = "returned", _("returned for correction")
    ACCEPTED = "accepted", _("accepted")
    UNLOCKED = "unlocked", _("opened again")


class Signature(models.Model):
    """One decision on a return at one of the steps that the pack asks for.

    `content` is the SHA-256 of what was decided upon, so that it can be told what a signature
    covers.
    """

    answer = models.ForeignKey(Return, models.PROTECT, related_name="signatures")
    step = models.CharField(max_length=10)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    decision = models.CharField(max_length=10, choices=Decision.choices)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    content = models.CharField(max_length=64)
    told_at = models.DateTimeField(null=True, blank=True)  # when the unit was mailed

    class Meta:
        ordering: ClassVar = ["answer", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.decision}"


class Remark(models.Model):
    """Why a return was given back, at one field of one record or at the whole return.

    `held` is what the field held when the remark was made. `reply` is what the unit answered
    instead of changing it.
    """

    signature = models.ForeignKey(Signature, models.PROTECT, related_name="remarks")
    record = models.ForeignKey(
        "records.Record", models.PROTECT, null=True, blank=True, related_name="remarks"
    )
    column = models.CharField(max_length=100, blank=True)
    text = models.CharField(_("what to mend"), max_length=500)
    held: models.JSONField[Any] = models.JSONField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reply = models.CharField(_("reply"), max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["signature", "pk"]

    def __str__(self) -> str:
        return self.text


class FlagsFound(models.Model):
    """What the checks doubted in one sent return when they were last run over everything.

    `flags` has an entry a flag: its id, rule, record keys, and question and innocent explanation
    by language. `sent_at` is when the return was sent that was checked; of another sending nothing
    is said.
    """

    answer = models.OneToOneField(Return, models.CASCADE, related_name="flags_found")
    sent_at = models.DateTimeField()
    at = models.DateTimeField(default=timezone.now)
    flags: models.JSONField[list[dict[str, Any]]] = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.answer_id}: {len(self.flags)}"
