"""Duties, who answers for them, and to which posts they are broken down."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workplace.units.models import Unit


class Part(models.TextChoices):
    LEAD = "lead", pgettext_lazy("duty", "lead")
    ASSIST = "assist", pgettext_lazy("duty", "assisting")


class Tier(models.TextChoices):
    HEAD = "head", _("head of unit")
    DEPUTY = "deputy", pgettext_lazy("duty", "deputy")
    MEMBER = "member", _("member of the leadership")
    POST = "post", pgettext_lazy("duty", "post")


class Duty(models.Model):
    """Something that units answer for, as set out by `unit` on a day: one leads, others assist."""

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="duties_set_out", verbose_name=_("set out by")
    )
    title = models.CharField(_("duty"), max_length=300)
    assigned_on = models.DateField(_("assigned on"))
    withdrawn_why = models.CharField(_("why it was withdrawn"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-assigned_on", "pk"]
        verbose_name = _("duty")
        verbose_name_plural = _("duties")

    def __str__(self) -> str:
        return self.title


class DutyPart(models.Model):
    """One unit's part in a duty, and the posts to which that unit has broken it down.

    `posts` are names of posts, never of persons; none: not broken down.
    """

    duty = models.ForeignKey(Duty, models.CASCADE, related_name="parts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="duties")
    part = models.CharField(pgettext_lazy("duty", "part"), max_length=10, choices=Part.choices)
    tier = models.CharField(
        pgettext_lazy("duty", "tier"), max_length=10, choices=Tier.choices, blank=True
    )
    posts: models.JSONField[list[str]] = models.JSONField(
        pgettext_lazy("duty", "posts"), default=list, blank=True
    )

    class Meta:
        ordering: ClassVar = ["duty", "-part", "unit"]
        constraints: ClassVar = [
            models.UniqueConstraint("duty", "unit", name="one_part_a_unit"),
            models.UniqueConstraint("duty", condition=Q(part="lead"), name="one_unit_leads_a_duty"),
        ]

    def __str__(self) -> str:
        return f"{self.duty} · {self.unit.name}"
