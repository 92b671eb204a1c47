"""Choosing a unit by code or name, among those a person may choose."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from workplace.units.models import Unit, UnitSpan
from workplace.units.tree import current_tree, today

# More than so many are typed, not picked from a list.
LISTED = 300


class UnitField(forms.CharField):
    """A unit's code, found by its code or by its name; suggestions where there are few.

    What may not be chosen and what is not there are refused alike.
    """

    default_error_messages = {  # noqa: RUF012 — Django's own way to say it
        "unknown": _("No unit of this code or name can be chosen here."),
        "several": _("Several units have this name; write the code: %(codes)s"),
    }

    def __init__(self, *, among: QuerySet[Unit] | None = None, **options: Any) -> None:
        super().__init__(max_length=200, **options)
        self.help_text = self.help_text or _("Code or full name of the unit")
        self.among = Unit.objects.none() if among is None else among

    def suggestions(self) -> list[tuple[str, str]]:
        """Code and name of those that can be chosen; none where they are too many to list."""
        codes = list(self.among.values_list("code", flat=True)[: LISTED + 1])
        tree = current_tree()
        return [(code, tree.name(code, today())) for code in codes if len(codes) <= LISTED]

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        if self.among.filter(code=text).exists():
            return text
        day = today()
        spans = UnitSpan.objects.filter(name=text, valid_from__lte=day, valid_to__gt=day)
        codes = sorted(
            self.among.filter(code__in=spans.values("unit")).values_list("code", flat=True)
        )
        if len(codes) > 1:
            raise forms.ValidationError(
                self.error_messages["several"], "several", {"codes": ", ".join(codes)}
            )
        if not codes:
            raise forms.ValidationError(self.error_messages["unknown"], "unknown")
        return codes[0]


class SuggestingInput(forms.TextInput):
    """A text field with a list of suggestions below it."""

    template_name = "units/suggesting_input.html"

    def __init__(self, suggestions: list[tuple[str, str]], attrs: dict[str, str] | None = None):
        super().__init__(attrs)
        self.suggestions = suggestions

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs']['id']}_list"
        return {**context, "suggestions": self.suggestions}
