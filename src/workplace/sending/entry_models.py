"""What is typed into forms before it is a record, and what is said to doubts before sending."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workplace.accounts.models import User
from workplace.records.models import Record
from workplace.rounds.models import Return


class EntryDraft(models.Model):
    """What one person has typed for one record of a return and not yet saved as a record.

    `texts` holds the fields as typed, `tokens` what the engine made of names of persons: the names
    themselves are kept nowhere. `based_on` is the record's version when the typing began; `once`
    goes into the form so that the same form sent twice makes one record. `version` tells apart
    what two devices have saved.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    answer = models.ForeignKey(Return, models.CASCADE, related_name="drafts")
    record = models.ForeignKey(Record, models.CASCADE, null=True, related_name="drafts")
    once = models.UUIDField(default=uuid.uuid4)
    texts: models.JSONField[dict[str, str]] = models.JSONField(default=dict)
    tokens: models.JSONField[dict[str, str]] = models.JSONField(default=dict)
    based_on = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-saved_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "user", "answer", "record", condition=Q(record__isnull=False),
                name="one_draft_a_record",
            ),
            models.UniqueConstraint(
                "user", "answer", condition=Q(record__isnull=True), name="one_draft_of_a_new_record"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user_id} {self.answer_id} {self.record_id or ''}"


class SavedEntry(models.Model):
    """A form that has become a record: sent again, it is the same record."""

    once = models.UUIDField(primary_key=True)
    record = models.ForeignKey(Record, models.CASCADE, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.once)


class FlagAnswer(models.Model):
    """What a unit says to a flag: why the records are right as they are.

    `question` is the flag's, as it stood when it was answered.
    """

    pack = models.CharField(max_length=100)
    flag_id = models.CharField(max_length=64)
    rule = models.CharField(max_length=100)
    answer = models.ForeignKey(Return, models.PROTECT, related_name="flag_answers")
    question = models.TextField()
    reason = models.CharField(_("explanation"), max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-at"]
        constraints: ClassVar = [
            models.UniqueConstraint("pack", "flag_id", name="one_answer_a_flag"),
            models.CheckConstraint(condition=~Q(reason=""), name="flag_answer_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.flag_id}"
