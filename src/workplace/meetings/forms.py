"""The forms of meetings, agendas and outcomes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workplace.meetings.fields import DateInput, TimeInput, UnitField
from workplace.meetings.models import OutcomeKind
from workplace.meetings.tables import kinds
from workplace.units.models import Unit
from workplace.units.tree import today

_MOST = 1_000_000  # people at a meeting
_YES_NO = [("", _("not known")), ("true", _("yes")), ("false", _("no"))]


class MeetingFacts(forms.Form):
    """What a meeting is, before it is held."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("What it is called"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind of meeting"))
    held_on = forms.DateField(label=_("Day"), widget=DateInput)
    begins_at = forms.TimeField(label=_("Begins at"), widget=TimeInput, required=False)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(kinds().items())  # type: ignore[attr-defined]


class CallForm(MeetingFacts):
    """Which unit meets, and what the meeting is."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit that meets"), empty_label=None)
    field_order = ("unit", "title", "kind", "held_on", "begins_at", "place")

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class HeldFacts(forms.Form):
    """What is known once a meeting was held: who came, as numbers, and the minutes."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    held_on = forms.DateField(label=_("Held on"), widget=DateInput)
    chaired_by_head = forms.TypedChoiceField(
        label=_("Chaired by the head of the unit"), choices=_YES_NO, required=False,
        coerce=lambda text: text == "true", empty_value=None,
    )  # fmt: skip
    expected = forms.IntegerField(
        label=_("Expected (people)"), min_value=0, max_value=_MOST, required=False
    )
    attended = forms.IntegerField(
        label=_("Attended (people)"), min_value=0, max_value=_MOST, required=False
    )
    minutes_text = forms.CharField(
        label=_("Minutes of the meeting"), widget=forms.Textarea(attrs={"rows": 8}), required=False
    )

    def clean_held_on(self) -> Any:
        """A meeting is not held on a day to come."""
        day = self.cleaned_data["held_on"]
        if day > today():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        """No more attended than expected, as the database has it."""
        cleaned = super().clean() or {}
        expected, attended = cleaned.get("expected"), cleaned.get("attended")
        if expected is not None and attended is not None and attended > expected:
            self.add_error("attended", _("More attended than were expected. Correct one of them."))
        return cleaned


class CorrectForm(HeldFacts, MeetingFacts):
    """A correction of a meeting that was held; the reason stays with the minutes."""

    reason = forms.CharField(label=_("Why is this corrected?"), max_length=500)
    field_order = (
        "title", "kind", "held_on", "begins_at", "place", "chaired_by_head", "expected",
        "attended", "minutes_text", "reason",
    )  # fmt: skip


class ReasonForm(forms.Form):
    """Why something is cancelled, postponed, withdrawn or sent back."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label=_("Reason (it stays on record)"), max_length=500)


class ItemForm(forms.Form):
    """A topic of an agenda."""

    title = forms.CharField(label=_("Topic"), max_length=500)
    minutes = forms.IntegerField(
        label=_("Planned minutes"), min_value=1, max_value=600, required=False
    )
    presenter = UnitField(label=_("Presented by (unit)"), required=False)


class OutcomeForm(forms.Form):
    """What came of an item."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(
        label=_("Kind of outcome"), choices=OutcomeKind.choices, widget=forms.RadioSelect,
        initial=OutcomeKind.DECISION,
    )  # fmt: skip
    text = forms.CharField(
        label=_("What was noted or decided"), max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    owner = UnitField(
        label=_("Owner unit (of an action)"), required=False,
        help_text=_(
            "Units below you are offered as you type; of one beside you type the whole name."
        ),
    )  # fmt: skip
    due_on = forms.DateField(label=_("Due on (an action)"), widget=DateInput, required=False)

    def clean(self) -> dict[str, Any]:
        """An action needs an owner and a day."""
        cleaned = super().clean() or {}
        if cleaned.get("kind") == OutcomeKind.ACTION:
            for name in ("owner", "due_on"):
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, _("An action needs an owner unit and a day it is due."))
        return cleaned


class CorrectOutcomeForm(OutcomeForm):
    """An outcome in other words; its kind stays. `reason` once the meeting was held."""

    reason = forms.CharField(label=_("Why is this corrected?"), max_length=500)

    def __init__(self, *args: Any, kind: str, is_held: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].disabled = True
        self.fields["kind"].initial = kind
        self.fields["kind"].widget = forms.HiddenInput()
        if kind != OutcomeKind.ACTION:
            del self.fields["owner"], self.fields["due_on"]
        if not is_held:
            del self.fields["reason"]


class ProgressForm(forms.Form):
    """How far the owner has come."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    percent = forms.IntegerField(label=_("Progress in percent"), min_value=0, max_value=100)
    text = forms.CharField(
        label=_("What has been done"), widget=forms.Textarea(attrs={"rows": 3}), max_length=5_000
    )


class DoneForm(forms.Form):
    """The owner says that it is done."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    done_on = forms.DateField(label=_("Done on"), widget=DateInput)
    text = forms.CharField(
        label=_("What shows that it is done"), widget=forms.Textarea(attrs={"rows": 3}),
        max_length=5_000,
    )  # fmt: skip


class CloseForm(forms.Form):
    """The chair's office finds it done."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("Note"), max_length=500, required=False)
