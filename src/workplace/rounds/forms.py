"""What is typed in to open a round, to remind, to say that a table does not apply, to get time."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuzhi.packs.model import Pack, Table
from shuzhi.periods import Period, PeriodKind, calendar_periods
from shuzhi.pipeline import say_period
from workplace.units.tree import today
from workplace.web.texts import language, text_in

_ALL, _SOME = "all", "some"


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day, chosen in the browser's own calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


class RoundForm(forms.Form):
    """A round of some tables, asked of some units."""

    title = forms.CharField(label=_("Title"), max_length=200)
    due_on = day_field(_("Due on"))
    note = forms.CharField(
        label=_("Note to the units"), required=False, max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    tables = forms.MultipleChoiceField(
        label=_("Tables"), error_messages={"required": _("Choose at least one table.")}
    )
    whom = forms.ChoiceField(
        label=_("Units"), choices=[(_ALL, _("All units that the pack asks")),
                                   (_SOME, _("Only the units chosen below"))],
    )  # fmt: skip
    units = forms.MultipleChoiceField(label=_("Units"), required=False)

    def __init__(
        self, *args: Any, tables: Sequence[Table], units: Collection[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tables"].choices = [(each.name, text_in(each.label)) for each in tables]  # type: ignore[attr-defined]
        self.fields["units"].choices = [(code, code) for code in units]  # type: ignore[attr-defined]

    def clean_due_on(self) -> date:
        """Not in the past: units could not keep it."""
        day: date = self.cleaned_data["due_on"]
        if day < today():
            raise forms.ValidationError(_("Choose a day that has not passed."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("whom") == _SOME and not cleaned.get("units"):
            self.add_error("whom", _("Choose at least one unit, or ask all of them."))
        return cleaned

    def chosen_units(self) -> list[str]:
        """The units chosen; none where all are asked."""
        return self.cleaned_data["units"] if self.cleaned_data.get("whom") == _SOME else []


class ReasonForm(forms.Form):
    """Why a table does not apply to a unit."""

    reason = forms.CharField(
        label=_("This table does not apply to us, because"), max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class TimeForm(forms.Form):
    """More time, until when and why."""

    until = day_field(_("Until"))
    reason = forms.CharField(
        label=_("Why more time is needed"), max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    is_for_all = forms.BooleanField(
        label=_("For everything that we still have to send in this round"), required=False
    )


class DecisionForm(forms.Form):
    """What whoever decides on more time says to it."""

    note = forms.CharField(
        label=_("Note to the unit"), required=False, max_length=500,
        help_text=_("Needed where you refuse."),
    )  # fmt: skip


class ReminderForm(forms.Form):
    """A few words of one's own to a reminder, and whether to remind twice on a day."""

    text = forms.CharField(
        label=_("A few words of your own"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


def period_choices(pack: Pack) -> list[tuple[str, str]]:
    """The periods that a round of the pack can be about, the latest first."""
    every = {table.asked.every for table in pack.tables.values() if table.asked.levels}
    kinds = [PeriodKind.YEAR, PeriodKind.HALF, PeriodKind.QUARTER, PeriodKind.MONTH]
    shortest = max((kinds.index(kind) for kind in every), default=0)
    periods = [
        period
        for kind in kinds[: shortest + 1]
        for period in calendar_periods(kind, pack.collects_from, pack.collects_until)
        if pack.collects_from <= period.start and period.end <= pack.collects_until
    ]
    periods.sort(key=lambda period: (period.end, period.start), reverse=True)
    return [(period.name, say_period(period, language())) for period in periods]


def usual_due_day(tables: Collection[Table], period: Period) -> date:
    """The day by which all of these tables are in: so many days after the period's end as the
    pack says, or from today where that has passed."""
    days = timedelta(days=max((table.asked.due_days for table in tables), default=0))
    usual = period.last_day + days
    return usual if usual >= today() else today() + days
