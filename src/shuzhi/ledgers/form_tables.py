"""One table of a form as a sheet: title, header, drop-downs, what is known, room for more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from shuzhi.ledgers.form_texts import TEXTS, explain_column, say_period, say_type
from shuzhi.ledgers.safe_workbook import (
    FONT,
    RULE,
    new_format,
    print_as_a4_landscape,
    width_of,
    write_cell,
)
from shuzhi.packs.model import Column, ColumnType, Pack, Role, Table
from shuzhi.periods import Period, calendar_periods

HEADER_ROW = 1  # from 0, below the title
LAST_ROW = 1_999  # from 0: so far down go the drop-downs
_SPARE_ROWS = 12  # blank rows that are ruled, beyond what a return is expected to have
_DARK, _LIGHT, _KNOWN = "#1F4E79", "#DCE6F1", "#F3F7FB"
_ALLOWED = {
    "format_cells": True, "format_columns": True, "format_rows": True, "insert_rows": True,
    "delete_rows": True, "sort": True, "autofilter": True, "select_locked_cells": True,
}  # fmt: skip
_ROW_HEIGHT, _LINE_HEIGHT = 20, 15
_EARLIEST = date(1950, 1, 1)
_LONGEST_MESSAGE = 255
_LARGEST = 10**14


@dataclass
class Lists:
    """The drop-down lists, each in a column of one hidden sheet."""

    sheet: Worksheet
    ranges: dict[tuple[str, ...], str] = field(default_factory=dict)

    def range_of(self, options: Sequence[str]) -> str:
        """The reference to `options`, written there once."""
        key = tuple(options)
        if key not in self.ranges:
            column = len(self.ranges)
            for row, option in enumerate(key):
                self.sheet.write_string(row, column, option)
            letter = xl_col_to_name(column)
            name = self.sheet.get_name()
            self.ranges[key] = f"='{name}'!${letter}$1:${letter}${max(len(key), 1)}"
        return self.ranges[key]


@dataclass(frozen=True)
class Form:
    """What every sheet of one form needs. `units` maps codes to the names that stand for them,
    for the units at or below the one asked first."""

    pack: Pack
    unit_name: str
    period: Period
    lang: str
    units: Mapping[str, str]
    own_units: Sequence[str]
    lists: Lists


def write_table_sheet(
    workbook: Workbook, sheet: Worksheet, form: Form, table: Table,
    records: Sequence[Mapping[str, Any]],
) -> None:  # fmt: skip
    """Nothing; `sheet` asks for `table`, with `records` filled in. Only its data can be edited."""
    count = len(table.columns)
    _write_title(workbook, sheet, form, table)
    _write_header(workbook, sheet, form, table)
    last = HEADER_ROW + max(len(records), expected_rows(form, table)) + _SPARE_ROWS
    sheet.set_default_row(_ROW_HEIGHT)
    for position, column in enumerate(table.columns):
        _lay_column(workbook, sheet, form, table, position)
        empty = _style(workbook, column)
        known = _style(workbook, column, bg_color=_KNOWN)
        for row in range(HEADER_ROW + 1, last + 1):
            index = row - HEADER_ROW - 1
            if index < len(records):
                write_cell(sheet, row, position, _shown(records[index], column, form), known)
            else:
                write_cell(sheet, row, position, None, empty)
    for row, record in enumerate(records, start=HEADER_ROW + 1):
        sheet.set_row(row, max(_ROW_HEIGHT, _LINE_HEIGHT * _lines(record, table, form)))
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    sheet.protect("", _ALLOWED)
    sheet.hide_gridlines(2)
    sheet.print_area(0, 0, last, count - 1)
    print_as_a4_landscape(sheet, header_rows=HEADER_ROW + 1, footer=form.unit_name)


def expected_rows(form: Form, table: Table) -> int:
    """How many rows a unit is expected to fill in for the form's period."""
    parts = list(calendar_periods(table.asked.every, form.period.start, form.period.end))
    return round(table.rows_per_return * len(parts))


def _write_title(workbook: Workbook, sheet: Worksheet, form: Form, table: Table) -> None:
    style = new_format(workbook, bold=True, font_size=15, font_color=_DARK, align="left", indent=1)
    title = TEXTS[form.lang]["name"].format(
        unit=form.unit_name, period=say_period(form.period, form.lang),
        table=table.label[form.lang],
    )  # fmt: skip
    sheet.set_row(0, 32)
    if len(table.columns) > 1:
        sheet.merge_range(0, 0, 0, len(table.columns) - 1, "", style)
    write_cell(sheet, 0, 0, title, style)


def _write_header(workbook: Workbook, sheet: Worksheet, form: Form, table: Table) -> None:
    common = {"bold": True, "align": "center", "text_wrap": True, "border": 1}
    required = new_format(
        workbook, **common | {"bg_color": _DARK, "font_color": "#FFFFFF", "border_color": RULE}
    )
    optional = new_format(
        workbook, **common | {"bg_color": _LIGHT, "font_color": _DARK, "border_color": RULE}
    )
    lines = 1
    for position, column in enumerate(table.columns):
        label = column.label[form.lang]
        write_cell(sheet, HEADER_ROW, position, label, required if column.required else optional)
        explained = "\n".join(explain_column(column, table, form.pack, form.lang))
        sheet.write_comment(HEADER_ROW, position, explained, {
            "author": "", "font_name": FONT, "font_size": 9, "color": "#FFFBE6", "width": 230,
            "height": 24 + 15 * sum(1 + int(width_of(x) // 36) for x in explained.split("\n")),
        })  # fmt: skip
        lines = max(lines, -(-int(width_of(label)) // int(_width(column, form) - 1)))
    sheet.set_row(HEADER_ROW, 8 + 16 * lines)


def _lay_column(
    workbook: Workbook, sheet: Worksheet, form: Form, table: Table, position: int
) -> None:
    column = table.columns[position]
    unruled = new_format(workbook, locked=False, **_number_format(column))
    sheet.set_column(position, position, _width(column, form), unruled)
    rule = _validation(column, form, is_first=position == 0)
    if rule:
        sheet.data_validation(HEADER_ROW + 1, position, LAST_ROW, position, rule)


def _width(column: Column, form: Form) -> float:
    label = width_of(column.label[form.lang])
    if column.role is Role.TEXT:
        return 32
    if column.categories:
        return min(max(*(width_of(c.label[form.lang]) + 4 for c in column.categories), 10), 22)
    if column.role in (Role.UNIT, Role.UNIT_REF):
        return min(max([14, *(width_of(form.units[code]) + 4 for code in form.own_units)]), 26)
    if column.type is ColumnType.DATE:
        return 13
    if column.type is ColumnType.STRING:
        return 18 if column.role in (Role.ID, Role.PERSON) else 22
    return min(max(label / 2 + 3, 10), 14)


def _lines(record: Mapping[str, Any], table: Table, form: Form) -> int:
    """How many lines the fullest cell of a record takes in its column."""
    return max(
        1 + int(width_of(str(_shown(record, column, form) or "")) / (_width(column, form) - 1))
        for column in table.columns
    )


def _style(workbook: Workbook, column: Column, **further: Any) -> Format:
    ruled = {"border": 1, "border_color": RULE, "locked": False}
    return new_format(workbook, **ruled, **_number_format(column), **further)


def _number_format(column: Column) -> dict[str, Any]:
    match column.type:
        case ColumnType.DATE:
            return {"num_format": "yyyy-mm-dd", "align": "center"}
        case ColumnType.INTEGER:
            return {"num_format": "0", "align": "right"}
        case ColumnType.NUMBER:
            return {"num_format": "0.####", "align": "right"}
        case ColumnType.BOOLEAN:
            return {"align": "center"}
    if column.role is Role.ID:
        return {"num_format": "@", "text_wrap": True}
    return {"text_wrap": True}


def _shown(record: Mapping[str, Any], column: Column, form: Form) -> Any:
    """A record's value as a person would write it."""
    value = record[column.name]
    if value is None:
        return None
    if column.role in (Role.UNIT, Role.UNIT_REF):
        return form.units.get(value, value)
    if column.type is ColumnType.BOOLEAN:
        return TEXTS[form.lang]["yes" if value else "no"]
    labels = {category.value: category.label[form.lang] for category in column.categories}
    return labels.get(value, value)


def _validation(column: Column, form: Form, *, is_first: bool) -> dict[str, Any] | None:
    """The rule of a column's cells. Lists are binding; days and numbers only warn, since the
    reader takes 约120人 and 9月上旬 too."""
    texts = TEXTS[form.lang]
    message = say_type(column, form.lang)
    if column.note:
        message += "\n" + column.note[form.lang]
    shown = {
        "input_title": column.label[form.lang][:32], "input_message": message[:_LONGEST_MESSAGE],
        "error_title": texts["wrong"], "ignore_blank": True,
    }  # fmt: skip
    if options := _options(column, form):
        # 无 and 不适用 answer for the whole table, in its first column
        answers = [texts["nil"], texts["not_applicable"]] if is_first else []
        source = form.lists.range_of([*options, *answers])
        listed = {"validate": "list", "source": source, "error_message": texts["wrong_list"]}
        return shown | listed
    expected = texts["wrong_value"].format(x=say_type(column, form.lang))[:_LONGEST_MESSAGE]
    warned = shown | {"error_type": "warning", "error_message": expected}
    if column.type is ColumnType.DATE:
        return warned | {"validate": "date", "criteria": ">=", "value": _EARLIEST}
    if column.type in (ColumnType.INTEGER, ColumnType.NUMBER):
        kind = "integer" if column.type is ColumnType.INTEGER else "decimal"
        low = -_LARGEST if column.minimum is None else column.minimum
        high = _LARGEST if column.maximum is None else column.maximum
        between = {"criteria": "between", "minimum": low, "maximum": high}
        return warned | {"validate": kind, **between}
    return None


def _options(column: Column, form: Form) -> list[str]:
    if column.role is Role.UNIT:
        return [form.units[code] for code in form.own_units]
    if column.role is Role.UNIT_REF:
        return list(form.units.values())
    if column.type is ColumnType.BOOLEAN:
        return [TEXTS[form.lang]["yes"], TEXTS[form.lang]["no"]]
    return [category.label[form.lang] for category in column.categories]
