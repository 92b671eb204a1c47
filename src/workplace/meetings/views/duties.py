"""Duties: the list, setting out, changing, withdrawing, breaking down to posts."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from workplace.accounts.access import (
    may_anywhere,
    person,
    require_anywhere,
    units_for,
)
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.meetings.duties import break_down, change_duty, set_out_duty, withdraw_duty
from workplace.meetings.fields import DateInput, PostsField, UnitField, UnitsField, names_of
from workplace.meetings.forms import ReasonForm
from workplace.meetings.models import Duty, DutyPart, Part, Tier
from workplace.meetings.rights import duties_to_see, duty_to_keep, own_units, part_to_keep
from workplace.meetings.views.acting import Act
from workplace.units.models import Unit
from workplace.units.tree import today

PER_PAGE = 25
_TIERS = [("", _("not said")), *Tier.choices]


class DutyForm(forms.Form):
    """A duty: who sets it out, who leads, who assists."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Set out by"), empty_label=None)
    title = forms.CharField(label=_("Duty"), max_length=300)
    assigned_on = forms.DateField(label=_("Assigned on"), widget=DateInput)
    lead = UnitField(label=_("Lead unit"))
    tier = forms.ChoiceField(label=_("Tier of the lead unit"), choices=_TIERS, required=False)
    assisting = UnitsField(
        label=_("Assisting units"), required=False,
        help_text=_("Names of units, a line each or with commas between them."),
    )  # fmt: skip

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class BreakDownForm(forms.Form):
    """The posts to which a unit gives its part of a duty."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    tier = forms.ChoiceField(label=_("Tier"), choices=_TIERS, required=False)
    posts = PostsField(
        label=_("Posts"), required=False,
        help_text=_("Names of posts, a line each. No names of persons."),
    )  # fmt: skip


class DutyList(View):
    """The duties one may see, with every unit's part."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = person(request)
        require_anywhere(user, Permission.VIEW)
        duties = duties_to_see(user).prefetch_related("parts")
        page = Paginator(duties, PER_PAGE).get_page(request.GET.get("page"))
        kept = set(units_for(user, Permission.KEEP_MEETINGS).values_list("code", flat=True))
        return render(
            request,
            "meetings/duties.html",
            {
                "page": page, "names": names_of(today()), "kept": kept,
                "may_keep": may_anywhere(user, Permission.KEEP_MEETINGS),
            },
        )  # fmt: skip


class _OnDuty(Act):
    def after(self, found: Any, made: Any) -> str:
        return reverse("meetings:duties")


class SetOutDuty(_OnDuty):
    """A new duty."""

    title, button, done = _("Set out a duty"), _("Set out the duty"), _("The duty is set out.")

    def load(self, user: User) -> None:
        require_anywhere(user, Permission.KEEP_MEETINGS)

    def form(self, user: User, found: None, data: Any = None) -> DutyForm:
        units = units_for(user, Permission.KEEP_MEETINGS)
        own = sorted(own_units(user) & set(units.values_list("code", flat=True)))
        initial = {"unit": own[0] if own else None, "assigned_on": today()}
        return DutyForm(data, units=units, initial=initial)

    def act(self, user: User, found: None, values: dict[str, Any]) -> Duty:
        values.pop("version")
        return set_out_duty(by=user, **{**values, "unit": values["unit"].pk})


class ChangeDuty(_OnDuty):
    """Other words or other units."""

    title, button, done = _("Change the duty"), _("Save"), _("The change has been saved.")

    def load(self, user: User, pk: int) -> Duty:
        return duty_to_keep(user, pk)

    def form(self, user: User, found: Duty, data: Any = None) -> DutyForm:
        names = names_of(today())
        parts = list(found.parts.all())
        lead = next((part for part in parts if part.part == Part.LEAD), None)
        assisting = [names.get(p.unit_id, p.unit_id) for p in parts if p.part == Part.ASSIST]
        initial = {
            "version": found.version, "unit": found.unit_id, "title": found.title,
            "assigned_on": found.assigned_on, "lead": lead.unit_id if lead else "",
            "tier": lead.tier if lead else "", "assisting": "\n".join(assisting),
        }  # fmt: skip
        form = DutyForm(data, units=Unit.objects.filter(pk=found.unit_id), initial=initial)
        form.fields["unit"].disabled = True
        return form

    def act(self, user: User, found: Duty, values: dict[str, Any]) -> Duty:
        values.pop("unit")
        return change_duty(by=user, duty=found, **values)

    def now(self, found: Duty) -> dict[str, Any]:
        return {"title": found.title, "assigned_on": found.assigned_on}


class WithdrawDuty(_OnDuty):
    """No unit answers for it any more."""

    title, button = _("Withdraw the duty"), _("Withdraw the duty")
    done = _("The duty has been withdrawn; the reason stays on record.")
    is_drastic = True

    def load(self, user: User, pk: int) -> Duty:
        return duty_to_keep(user, pk)

    def form(self, user: User, found: Duty, data: Any = None) -> ReasonForm:
        return ReasonForm(data, initial={"version": found.version})

    def act(self, user: User, found: Duty, values: dict[str, Any]) -> None:
        withdraw_duty(by=user, duty=found, **values)


class BreakDown(_OnDuty):
    """A unit gives its part to posts."""

    title, button = _("Break the duty down to posts"), _("Save the posts")
    done = _("The posts have been saved.")

    def load(self, user: User, pk: int) -> DutyPart:
        return part_to_keep(user, pk)

    def form(self, user: User, found: DutyPart, data: Any = None) -> BreakDownForm:
        initial = {
            "version": found.duty.version, "tier": found.tier, "posts": "\n".join(found.posts),
        }  # fmt: skip
        return BreakDownForm(data, initial=initial)

    def version(self, found: DutyPart) -> int:
        return found.duty.version

    def now(self, found: DutyPart) -> dict[str, Any]:
        return {"posts": found.posts, "tier": found.tier}

    def act(self, user: User, found: DutyPart, values: dict[str, Any]) -> DutyPart:
        return break_down(by=user, part=found, **values)
