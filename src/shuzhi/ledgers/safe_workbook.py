"""Workbooks with nothing alive in them: text stays text, and equal content gives equal bytes."""

import math
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

FONT = "微软雅黑"
INK, RULE, SHADE = "#1F2937", "#BFC5CD", "#E8EDF3"
_MADE = datetime(2000, 1, 1)  # a workbook says when it was made; ours always says the same
_LONGEST_TEXT = 32_767  # Excel's limit for a cell
_LONGEST_SHEET_NAME = 31
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "constant_memory": False,
    "default_date_format": "yyyy-mm-dd",
}

Cell = str | int | float | bool | date | datetime | time | timedelta | Decimal | None


@contextmanager
def new_workbook(path: Path) -> Iterator[xlsxwriter.Workbook]:
    """A workbook to fill; written to `path` when the block ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook = xlsxwriter.Workbook(str(path), _OPTIONS)
    workbook.set_properties({"created": _MADE})
    workbook.formats[0].set_font_name(FONT)
    workbook.formats[0].set_font_size(10)
    yield workbook
    workbook.close()


def new_format(workbook: xlsxwriter.Workbook, **properties: Any) -> Format:
    base = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"}
    return workbook.add_format({**base, **properties})


def write_cell(
    sheet: Worksheet, row: int, column: int, value: Cell, style: Format | None = None
) -> None:
    """Nothing; `value` stands in the cell as what it is, and a text never as a formula.

    Units: row and column count from 0. Missing: None leaves a blank cell with its style.
    """
    if value is None or value == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, style)
    elif isinstance(value, int | float | Decimal) and _is_exact(value):
        sheet.write_number(row, column, value, style)
    elif isinstance(value, date) and value.year >= 1900:
        sheet.write_datetime(row, column, value, style)
    else:
        sheet.write_string(row, column, str(value)[:_LONGEST_TEXT], style)


def sheet_name(wanted: str, taken: Collection[str]) -> str:
    """`wanted`, made fit for a sheet's name and unlike the names already `taken`."""
    cleaned = "".join("·" if sign in "[]:*?/\\" or sign < " " else sign for sign in wanted)
    base = cleaned.strip("' ") or "Sheet"
    used, number = {name.casefold() for name in taken}, 1
    name = base[:_LONGEST_SHEET_NAME]
    while name.casefold() in used or name.casefold() == "history":  # a name Excel keeps
        number += 1
        suffix = f"~{number}"
        name = base[: _LONGEST_SHEET_NAME - len(suffix)] + suffix
    return name


def width_of(text: str) -> float:
    """How wide a column must be for `text`, in characters of the default font."""
    return max(
        (sum(2.1 if sign > "\u2e7f" else 1.1 for sign in line) for line in text.split("\n")),
        default=0,
    )


def print_as_a4_landscape(sheet: Worksheet, *, header_rows: int, footer: str) -> None:
    """Nothing; the sheet prints as wide as the page, its first rows on every page."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    if header_rows:
        sheet.repeat_rows(0, header_rows - 1)
    sheet.set_footer(f"&L{footer.replace('&', '&&')}&R&P / &N")


def write_table(
    workbook: xlsxwriter.Workbook,
    sheet: Worksheet,
    columns: Mapping[str, float],
    rows: list[list[Cell]],
) -> None:
    """Nothing; the sheet holds `rows` under a header, with a filter and a frozen header.

    Shape: `columns` maps each header to its width.
    """
    head = new_format(
        workbook,
        bold=True,
        bg_color=SHADE,
        border=1,
        border_color=RULE,
        text_wrap=True,
        align="center",
    )
    body = new_format(workbook, border=1, border_color=RULE, text_wrap=True, valign="top")
    days = new_format(
        workbook, border=1, border_color=RULE, num_format="yyyy-mm-dd", valign="top", align="left"
    )
    for number, (header, width) in enumerate(columns.items()):
        sheet.set_column(number, number, width)
        write_cell(sheet, 0, number, header, head)
    for row_number, row in enumerate(rows, start=1):
        for number, value in enumerate(row):
            style = days if isinstance(value, date) else body
            write_cell(sheet, row_number, number, value, style)
    sheet.freeze_panes(1, 0)
    if columns:
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    print_as_a4_landscape(sheet, header_rows=1, footer=sheet.get_name())


def _is_exact(number: int | float | Decimal) -> bool:
    """Whether a spreadsheet's number (15 digits) can hold it."""
    if isinstance(number, int):
        return abs(number) < 10**15
    return math.isfinite(number)
