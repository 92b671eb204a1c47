"""Workbooks as they were sent, and the spellings that a person has confirmed."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workplace.accounts.models import User
from workplace.rounds.models import Round
from workplace.units.models import Unit


class UploadState(models.TextChoices):
    WAITING = "waiting", _("waiting to be read")
    READING = "reading", _("being read")
    READ = "read", _("read, not yet taken over")
    TAKING = "taking", _("being taken over")
    TAKEN = "taken", _("rows taken over")
    REFUSED = "refused", _("cannot be read")
    DROPPED = "dropped", _("set aside")


class Upload(models.Model):
    """One workbook that a unit dropped on the page for a round.

    The file itself is kept by its SHA-256, whatever becomes of it. `problems` are the engine's of
    the file and its sheets; those of rows stand in `ProblemRow`. `account` is what became of the
    rows, a sheet an entry. `plan` is what taking it over would do, a return an entry; `wish` what
    the person who takes it over decided. `mended_at` is later than `read_at` while the mended
    workbook still waits to be read.
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
    plan: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    wish: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    message = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=10, default="zh")
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    mended_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-received_at"]
        indexes: ClassVar = [
            models.Index(fields=["unit", "round", "-received_at"], name="upload_by_unit"),
            models.Index(fields=["sha256"], name="upload_by_hash"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "round", "unit", "sha256", condition=~Q(state="dropped"), name="sent_once_a_round"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class RowState(models.TextChoices):
    """Where a row with problems stands: a refused one is in no ledger until it is mended."""

    REFUSED = "refused", _("refused: to be mended")
    NOTICE = "notice", _("to be confirmed")
    MENDED = "mended", _("mended")


class ProblemRow(models.Model):
    """One row of an upload in which a cell cannot be read or should be confirmed.

    `values` is the row as it stands in the file, by column, with dots for names of persons; `cells`
    the address of each column's cell. `problems` are those it has with what was mended so far, each
    with column, cell, code, severity, value, message, remedy and suggestion.
    """

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=255)
    row = models.PositiveIntegerField()
    table = models.CharField(max_length=100)
    values: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    cells: models.JSONField[dict[str, str]] = models.JSONField(default=dict)
    problems: models.JSONField[list[dict[str, Any]]] = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=RowState.choices)

    class Meta:
        ordering: ClassVar = ["upload", "sheet", "row"]
        constraints: ClassVar = [
            models.UniqueConstraint("upload", "sheet", "row", name="row_once_an_upload"),
        ]
        indexes: ClassVar = [models.Index(fields=["upload", "state"], name="row_by_state")]

    def __str__(self) -> str:
        return f"{self.sheet} {self.row}"


class Mend(models.Model):
    """A cell put right on the page: what stood there, what is read in its place, who said so.

    Never changed: a cell mended again has another one, and the latest counts.
    """

    row = models.ForeignKey(ProblemRow, models.CASCADE, related_name="mends")
    column = models.CharField(max_length=100)
    cell = models.CharField(max_length=20)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["row", "pk"]

    def __str__(self) -> str:
        return f"{self.cell}: {self.before} → {self.after}"


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
