"""The form of a table: a field a column, each with the right widget and what is said beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from shuzhi.packs.model import Column, ColumnType, Pack, Role, Table
from shuzhi.pipeline import column_uses
from workplace.records.kept import as_json
from workplace.records.shown import Shown, category_label, day_as_text
from workplace.rounds.models import Return
from workplace.sending.entry_units import own_units, some_units
from workplace.sending.widgets import (
    ChoiceWidget,
    DayWidget,
    LongTextWidget,
    SearchWidget,
    SelectWidget,
    TextWidget,
)
from workplace.web.texts import language, text_in

# So many choices can be seen at once on a phone; more are searched.
SHORT = 7
_NUMBERS = (ColumnType.INTEGER, ColumnType.NUMBER)
_MOST_USES = 3


class AsTyped(forms.Field):
    """A text as it was typed. Only the engine says what it means and whether it will do."""

    def to_python(self, value: Any) -> str:
        return str(value or "")

    def validate(self, value: Any) -> None:
        """Never refuses: see workplace.sending.entry_reading."""


@dataclass
class AskedColumn:
    """One column as a form shows it, with what is to be said about what stands in it."""

    column: Column
    bound: forms.BoundField
    uses: str
    to_confirm: str = ""  # how the engine read it, where it is not sure
    now: str = ""  # what somebody else has put there meanwhile
    remarks: list[str] = field(default_factory=list)
    on_record: str = ""  # persons: that there is one, never who

    @property
    def is_wide(self) -> bool:
        """Whether it takes the whole width of a large page."""
        return self.column.role is Role.TEXT or self.bound.use_fieldset


class EntryForm(forms.Form):
    """A record's fields as typed; `texts` are always bound, so that what was typed is shown."""

    use_required_attribute = False

    def __init__(self, pack: Pack, table: Table, answer: Return, texts: Mapping[str, str]) -> None:
        super().__init__(data=texts, auto_id="field_%s")
        self.pack, self.table = pack, table
        self.hidden_unit = ""
        for column in asked_columns(table):
            widget = _widget(column, answer)
            if widget is None:
                continue
            self.fields[column.name] = AsTyped(
                label=text_in(column.label),
                help_text=text_in(column.note) if column.note else "",
                required=column.required,
                widget=widget,
            )

    def asked(self) -> Iterator[AskedColumn]:
        """The fields in the table's order."""
        for bound in self:
            uses = column_uses(self.pack, self.table.name, bound.name, language())
            yield AskedColumn(self.table.column(bound.name), bound, _joined(uses))


def asked_columns(table: Table) -> list[Column]:
    """The columns that are typed; evidence comes as files."""
    return [column for column in table.columns if column.role is not Role.EVIDENCE]


def texts_of(table: Table, data: Mapping[str, Any], precision: str, shown: Shown) -> dict[str, str]:
    """What a record's fields hold as texts that read as the same record; nothing of persons."""
    found = {}
    for column in asked_columns(table):
        value = data.get(column.name)
        if value is not None and column.role is not Role.PERSON:
            found[column.name] = _text(column, value, precision, shown)
    return found


def _text(column: Column, value: Any, precision: str, shown: Shown) -> str:
    if column.type is ColumnType.BOOLEAN:
        return "yes" if value else "no"
    if column.role is Role.DATE and precision != "day":
        return day_as_text(shown.day.fromisoformat(value), precision)
    if len(column.categories) > SHORT:
        return category_label(column, value)
    return str(as_json(value))


def _widget(column: Column, answer: Return) -> forms.Widget | None:
    """The widget a column is typed in; None where there is nothing to choose."""
    if column.role is Role.UNIT:
        options = own_units(answer)
        if len(options) == 1:
            return None
        return ChoiceWidget(options) if len(options) <= SHORT else SelectWidget(choices=options)
    if column.role is Role.UNIT_REF:
        url = reverse("sending:units", args=[answer.pk])
        return SearchWidget(some_units(answer, ""), url)
    if column.type is ColumnType.DATE:
        is_event = column.role is Role.DATE
        return DayWidget(placeholder=_("for example 2023-09-03") if is_event else "")
    if column.type is ColumnType.BOOLEAN:
        return ChoiceWidget(_with_none(column, [("yes", _("yes")), ("no", _("no"))]), is_row=True)
    if column.categories:
        return _category_widget(column)
    if column.type in _NUMBERS:
        mode = "numeric" if column.type is ColumnType.INTEGER else "decimal"
        return TextWidget(uom=text_in(column.uom) if column.uom else "", inputmode=mode)
    return LongTextWidget() if column.role is Role.TEXT else TextWidget()


def _category_widget(column: Column) -> forms.Widget:
    labels = [(category.value, text_in(category.label)) for category in column.categories]
    if len(labels) > SHORT:
        return SearchWidget([(label, label) for _value, label in labels])
    return ChoiceWidget(_with_none(column, labels))


def _with_none(column: Column, options: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """A choice that need not be made can be taken back."""
    return options if column.required else [*options, ("", _("not filled in"))]


def _joined(uses: tuple[str, ...]) -> str:
    comma = "、" if language() == "zh" else ", "
    more = len(uses) - _MOST_USES
    text = comma.join(uses[:_MOST_USES])
    return text + (_(" and %(count)d more") % {"count": more} if more > 0 else "")
