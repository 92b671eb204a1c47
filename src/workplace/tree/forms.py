"""What is typed about a change of the tree."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from workplace.programme import packs
from workplace.tree.changes import Change, End, Merge, Move, NewUnit, Rename
from workplace.units.fields import SuggestingInput, UnitField
from workplace.units.models import Unit
from workplace.units.tree import today
from workplace.web.texts import text_in


def levels() -> dict[str, str]:
    """The levels of all packs by code, in the reader's language."""
    return {level.code: text_in(level.label) for pack in packs().values() for level in pack.levels}


class DayForm(forms.Form):
    """A day; today's where none was asked for."""

    day = forms.DateField(
        label=_("The tree of this day"), required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )  # fmt: skip

    def asked(self) -> date:
        return (self.cleaned_data.get("day") if self.is_valid() else None) or today()


class ChangeForm(forms.Form):
    """A change from a day on. `units` are those that the person may change."""

    title: ClassVar[Any]
    on = forms.DateField(
        label=_("From this day on"), initial=today,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )  # fmt: skip

    def __init__(self, *arguments: Any, units: QuerySet[Unit], **options: Any) -> None:
        super().__init__(*arguments, **options)
        suggestions = None
        for field in self.fields.values():
            if isinstance(field, UnitField):
                field.among = units
                suggestions = field.suggestions() if suggestions is None else suggestions
                field.widget = SuggestingInput(suggestions)

    def change(self) -> Change:
        raise NotImplementedError


class NewUnitForm(ChangeForm):
    title = _("New unit")
    code = forms.CharField(
        label=_("Code"), max_length=50, validators=[RegexValidator(r"^[A-Za-z0-9._-]+$")],
        help_text=_("Letters, digits, . _ and -; it never changes."),
    )  # fmt: skip
    name = forms.CharField(label=_("Name"), max_length=200)
    level = forms.ChoiceField(label=_("Level"))
    parent = UnitField(label=_("Stands under"))
    field_order = ("code", "name", "level", "parent", "on")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["level"].choices = list(levels().items())  # type: ignore[attr-defined]

    def change(self) -> Change:
        return NewUnit(**self.cleaned_data)


class RenameForm(ChangeForm):
    title = _("Rename a unit")
    code = UnitField(label=_("Unit"))
    name = forms.CharField(label=_("New name"), max_length=200)
    field_order = ("code", "name", "on")

    def change(self) -> Change:
        return Rename(**self.cleaned_data)


class MoveForm(ChangeForm):
    title = _("Move a unit")
    code = UnitField(label=_("Unit"))
    parent = UnitField(label=_("Stands under"))
    field_order = ("code", "parent", "on")

    def change(self) -> Change:
        return Move(**self.cleaned_data)


class MergeForm(ChangeForm):
    title = _("Merge units")
    codes = forms.CharField(
        label=_("Units that end"), max_length=2_000,
        help_text=_("Codes or names, with a comma between them"),
    )  # fmt: skip
    into = UnitField(label=_("Become part of"))
    field_order = ("codes", "into", "on")

    def clean_codes(self) -> tuple[str, ...]:
        """Each is looked up like any other unit."""
        one = UnitField(among=self.fields["into"].among)  # type: ignore[attr-defined]
        parts = [part.strip() for part in self.cleaned_data["codes"].replace("，", ",").split(",")]
        return tuple(dict.fromkeys(one.clean(part) for part in parts if part))

    def change(self) -> Change:
        return Merge(**self.cleaned_data)


class EndForm(ChangeForm):
    title = _("End a unit")
    code = UnitField(label=_("Unit"))
    successor = UnitField(
        label=_("Successor"), required=False,
        help_text=_(
            "Code or name of the unit that answers for it from then on. Where a unit splits, add "
            "its parts as new units first."
        ),
    )  # fmt: skip
    field_order = ("code", "successor", "on")

    def change(self) -> Change:
        return End(**self.cleaned_data)


FORMS: Mapping[str, type[ChangeForm]] = {
    "new": NewUnitForm, "rename": RenameForm, "move": MoveForm, "merge": MergeForm, "end": EndForm,
}  # fmt: skip


class TreeFileForm(forms.Form):
    file = forms.FileField(
        label=_("Workbook or .csv file with the tree"),
        help_text=_("As the pack's table of units has it: code, name, level, parent, days."),
    )
