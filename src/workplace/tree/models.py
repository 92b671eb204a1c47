"""A tree that waits to be taken over."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils import timezone

from shuzhi.units import UnitSpan, UnitTree
from workplace.accounts.models import User


class TreeDraft(models.Model):
    """The tree of a file that somebody has read and looks at before it is taken over."""

    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    file_name = models.CharField(max_length=255)
    spans = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return self.file_name

    @staticmethod
    def rows_of(tree: UnitTree) -> list[list[object]]:
        """The spans as JSON holds them."""
        return [
            [s.code, s.name, s.level, s.parent, s.valid_from.isoformat(), s.valid_to.isoformat(),
             s.successor, list(s.aliases)]
            for s in tree.spans
        ]  # fmt: skip

    def tree(self) -> UnitTree:
        """The tree that the file holds."""
        return UnitTree(
            UnitSpan(code, name, level, parent, date.fromisoformat(first), date.fromisoformat(end),
                     successor, tuple(aliases))
            for code, name, level, parent, first, end, successor, aliases in self.spans
        )  # fmt: skip
