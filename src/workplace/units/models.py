"""The dated tree of units, as the engine knows it, in tables."""

from datetime import date
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shuzhi.units import FOREVER


class Unit(models.Model):
    """One organisation, known by its code whatever it is called."""

    code = models.CharField(_("code"), max_length=50, primary_key=True)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Its name today; of one that has ended, its last."""
        from workplace.units.tree import current_tree, today

        return current_tree().name(self.code, today())


class UnitSpan(models.Model):
    """One unit under one parent and one name, from a day up to but not including another."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="spans")
    name = models.CharField(_("name"), max_length=200)
    level = models.CharField(_("level"), max_length=50)
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), default=FOREVER)
    successor = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    aliases = models.JSONField(_("other names"), default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["unit", "valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint("unit", "valid_from", name="one_span_a_day"),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")), name="span_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("unit")),
                name="unit_not_under_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.unit_id})"


class Subordination(models.Model):
    """`below` stood at or under `above` from a day up to but not including another.

    Worked out from the spans whenever one changes, so that "this unit and all below it" is one
    question to the database. A unit stands at itself for ever.
    """

    above = models.ForeignKey(Unit, models.CASCADE, related_name="over")
    below = models.ForeignKey(Unit, models.CASCADE, related_name="under")
    valid_from = models.DateField()
    valid_to = models.DateField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["above", "below"], name="subordination_by_above")]


class TreeVersion(models.Model):
    """One row: how often the tree has changed. What is worked out of the tree is kept with it.

    `stamp` is new with every change and never comes again: a change that was undone leaves
    nothing behind in the memory of any process.
    """

    number = models.PositiveIntegerField(default=0)
    stamp = models.UUIDField(default=uuid4)
    changed_on = models.DateField(default=date.today)
