"""Fields of this app's forms: days, times, and units by name."""

import re
from collections import Counter
from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workplace.accounts.access import units_for
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.units.tree import current_tree, today

_BETWEEN = re.compile(r"[\n,，;；、]+")


class DateInput(forms.DateInput):
    """A day by the browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """A time by the browser's own clock."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class UnitInput(forms.TextInput):
    """A unit's name. Those in `offered` are offered as one types; of any other the whole name is
    typed, so that a chooser lists no unit that the person may not see."""

    offered: Collection[str] = ()
    template_name = "meetings/unit_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["names"] = sorted(
            name for code, name in names_of(today()).items() if code in self.offered
        )
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}_names"
        return context

    def format_value(self, value: Any) -> str | None:
        """A code as its name; what somebody typed as it is."""
        return names_of(today()).get(value, value)


class UnitField(forms.CharField):
    """The code of a unit that is there today, from its name or its code."""

    widget = UnitInput

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return code_of(text) if text else ""


class UnitsField(forms.CharField):
    """The codes of several units, from names a line each or with commas between them."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        names = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
        return list(dict.fromkeys(code_of(name) for name in names))


class PostsField(forms.CharField):
    """Names of posts, a line each."""

    widget = forms.Textarea(attrs={"rows": 4})

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        return [line.strip()[:100] for line in text.splitlines() if line.strip()]


def offer_units(form: forms.Form, user: User) -> forms.Form:
    """The form, whose fields of units offer those at which the person may see records."""
    inputs = [field.widget for field in form.fields.values() if isinstance(field, UnitField)]
    if inputs:
        codes = frozenset(units_for(user, Permission.VIEW).values_list("code", flat=True))
        for widget in inputs:
            widget.offered = codes
    return form


def code_of(text: str) -> str:
    """The code of a unit by its name or code. Raises: ValidationError where it means none."""
    tree, day = current_tree(), today()
    if tree.exists(text, day):
        return text
    code = unit_names(day).get(text)
    if code is None:
        raise forms.ValidationError(
            _(
                "There is no unit called %(name)s. Choose one that is offered, or type the "
                "whole name."
            ),
            params={"name": text},
        )
    return code


def unit_names(day: date) -> dict[str, str]:
    """Name → code of every unit there is; a name that two units bear stands with the code."""
    return {name: code for code, name in names_of(day).items()}


def names_of(day: date) -> dict[str, str]:
    """Code → name of every unit there is, with the code where another one is called the same."""
    tree = current_tree()
    names = {code: tree.name(code, day) for code in tree.codes if tree.exists(code, day)}
    borne = Counter(names.values())
    return {code: f"{name} ({code})" if borne[name] > 1 else name for code, name in names.items()}
