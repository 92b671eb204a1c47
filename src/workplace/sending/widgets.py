"""Fields of a form made from a table: one widget a kind of column, all of them plain HTML.

Everything is typed as text and read by the engine; a widget only makes the typing easy. Scripts
add to them (frontend/scripts/entry.js), none needs one.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

Options = Sequence[tuple[str, str]]


class TextWidget(forms.TextInput):
    """One line of text."""

    template_name = "sending/widgets/text.html"

    def __init__(self, *, uom: str = "", **attrs: str) -> None:
        super().__init__(attrs={"autocomplete": "off", "enterkeyhint": "next", **attrs})
        self.uom = uom

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "uom": self.uom}


class SearchWidget(TextWidget):
    """A line of text that offers what fits while it is typed."""

    template_name = "sending/widgets/search.html"

    def __init__(self, options: Options, url: str = "") -> None:
        super().__init__()
        self.options, self.url = options, url

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        return {**context, "options": self.options, "url": self.url}


class LongTextWidget(forms.Textarea):
    """A text of several lines, with a count of its characters."""

    template_name = "sending/widgets/long_text.html"

    def __init__(self) -> None:
        super().__init__(attrs={"rows": 5})


class DayWidget(TextWidget):
    """A day in any words the engine reads, and a calendar that writes one into it.

    Without scripts the calendar's day is taken where no words are typed.
    """

    template_name = "sending/widgets/day.html"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        return data.get(name) or data.get(f"{name}__picked") or ""


class ChoiceWidget(forms.Widget):
    """A few choices, each a large button; `is_row` puts them beside each other."""

    template_name = "sending/widgets/choices.html"
    use_fieldset = True
    input_type: ClassVar = "radio"

    def __init__(self, options: Options, *, is_row: bool = False) -> None:
        super().__init__()
        self.options, self.is_row = options, is_row

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = "" if value is None else str(value)
        return {**context, "options": self.options, "chosen": chosen, "is_row": self.is_row}

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else ""


class SelectWidget(forms.Select):
    """A list to choose from."""
