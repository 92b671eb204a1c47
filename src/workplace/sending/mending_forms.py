"""The cells of one row that can be put right on the page, each with the widget of its type."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuzhi.packs.model import Column, ColumnType, Role, Table
from workplace.sending.mending_rows import text_of
from workplace.sending.models import ProblemRow
from workplace.web.texts import text_in

UNITS_LIST = "known-units"  # the page's list of units, which a field for a unit points to
_LONGEST = 2_000


class MendForm(forms.Form):
    """A field for each column that has a problem or was mended; the reader judges what is typed."""

    def __init__(self, row: ProblemRow, table: Table, mended: dict[str, str], *args: Any) -> None:
        super().__init__(*args, prefix=f"r{row.pk}")
        wanted = {problem["column"] for problem in row.problems} | mended.keys()
        for column in table.columns:
            if column.name in wanted and column.name in row.cells:
                standing = mended.get(column.name, row.values.get(column.name))
                self.fields[column.name] = _field(column, standing)


def _field(column: Column, standing: object) -> forms.Field:
    label = text_in(column.label)
    if column.type is ColumnType.BOOLEAN:
        # the words that the reader knows, whatever language the page is in
        choices = [("", ""), ("是", _("yes")), ("否", _("no"))]
        return _choice(label, choices, standing)
    if column.categories:
        known = [(each.label["zh"], text_in(each.label)) for each in column.categories]
        return _choice(label, [("", ""), *known], standing)
    text = "" if column.role is Role.PERSON or standing is None else text_of(standing)
    return forms.CharField(
        label=label, initial=text, required=False, max_length=_LONGEST, widget=_widget(column)
    )


def _choice(label: str, choices: list[tuple[str, Any]], standing: object) -> forms.Field:
    """What stands there is chosen already where it is one of the choices."""
    initial = standing if standing in dict(choices) else ""
    return forms.ChoiceField(label=label, choices=choices, initial=initial, required=False)


def _widget(column: Column) -> forms.Widget:
    if column.type is ColumnType.DATE:
        return forms.TextInput({"placeholder": "2023-09-03", "inputmode": "numeric"})
    if column.type in (ColumnType.INTEGER, ColumnType.NUMBER):
        return forms.TextInput({"inputmode": "decimal"})
    if column.role in (Role.UNIT, Role.UNIT_REF):
        return forms.TextInput({"list": UNITS_LIST})
    if column.role is Role.TEXT:
        return forms.Textarea({"rows": 3})
    return forms.TextInput()
