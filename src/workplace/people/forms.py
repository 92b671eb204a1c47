"""What is typed about people."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shuzhi.units import FOREVER
from workplace.accounts.models import Role, User
from workplace.accounts.permissions import Permission
from workplace.units.fields import SuggestingInput, UnitField
from workplace.units.models import Unit
from workplace.units.tree import today


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AccountForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("display_name", "email", "language")

    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("As the browser asks")), *settings.LANGUAGES],
        required=False,
    )  # fmt: skip


class HoldingForm(forms.Form):
    """A role at a unit, from a day; with a last day where it is known."""

    role = forms.ModelChoiceField(Role.objects.all(), label=_("Role"))
    unit = UnitField(label=_("Unit"))
    valid_from = forms.DateField(label=_("From"), widget=DayInput, initial=today)
    last_day = forms.DateField(label=_("Last day"), widget=DayInput, required=False)

    def __init__(self, *arguments: Any, units: QuerySet[Unit], **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["unit"]
        assert isinstance(field, UnitField)
        field.among = units
        field.widget = SuggestingInput(field.suggestions())

    def days(self) -> tuple[date, date]:
        """From the first day up to but not including the second."""
        return self.cleaned_data["valid_from"], _day_after(self.cleaned_data["last_day"])


class NewAccountForm(HoldingForm):
    username = forms.CharField(
        label=_("User name"), max_length=150,
        validators=[RegexValidator(r"^[\w.@+-]+$", _("Letters, digits and . @ + - _ only."))],
    )  # fmt: skip
    display_name = forms.CharField(label=_("Full name"), max_length=100)
    email = forms.EmailField(label=_("E-mail"), required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("As the browser asks")), *settings.LANGUAGES],
        required=False,
    )  # fmt: skip
    field_order = ("username", "display_name", "email", "language", "role", "unit")

    def clean_username(self) -> str:
        """No two names that differ in capitals only."""
        name: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError(_("This user name is taken."))
        return name


class DeputyForm(forms.Form):
    """Who stands in, and for which days; both days belong to them."""

    username = forms.CharField(label=_("User name of the deputy"), max_length=150)
    valid_from = forms.DateField(label=_("From"), widget=DayInput, initial=today)
    last_day = forms.DateField(label=_("Last day"), widget=DayInput)

    def __init__(self, *arguments: Any, candidates: QuerySet[User], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.candidates = candidates
        listed = list(candidates.values_list("username", "display_name")[:100])
        self.fields["username"].widget = SuggestingInput(listed)

    def clean_username(self) -> User:
        """The account itself. Who is hidden and who is not there are refused alike."""
        found = self.candidates.filter(username__iexact=self.cleaned_data["username"]).first()
        if found is None:
            raise forms.ValidationError(_("Nobody of this user name can be chosen here."))
        return found

    def days(self) -> tuple[date, date]:
        """From the first day up to but not including the second."""
        return self.cleaned_data["valid_from"], _day_after(self.cleaned_data["last_day"])


class EndForm(forms.Form):
    last_day = forms.DateField(
        label=_("Last day"), widget=DayInput, required=False,
        help_text=_("Left empty: it ends at once."),
    )  # fmt: skip

    def first_day_without(self) -> date:
        last = self.cleaned_data["last_day"]
        return _day_after(last) if last else today()


class RoleForm(forms.Form):
    permissions = forms.MultipleChoiceField(
        label=_("What holders may do"), choices=Permission.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


class NewRoleForm(forms.ModelForm):
    class Meta:
        model = Role
        fields = ("code", "label_zh", "label_en")


def _day_after(last_day: date | None) -> date:
    return last_day + timedelta(days=1) if last_day and last_day < FOREVER else FOREVER
