"""The prefilled workbook of a round as a clerk fills it in; the command line reads the same."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import xlsxwriter

from shuzhi import pipeline
from shuzhi.figures.model import Figure
from shuzhi.ledgers.workbooks import read_workbook
from shuzhi.periods import parse_period
from workplace.editions.models import Preview
from workplace.editions.opened import opened
from workplace.programme import pack_named
from workplace.units.tree import engine_spans

QUARTER = "2023-Q3"
PACK = "annual-duty"
_HEADER_AT = 1  # below the title
_UNITS_HEADER = ["单位代码", "单位全称", "层级", "上级代码", "启用日期"]

Rows = Sequence[Sequence[object]]


def fill_in(form: Path, out: Path, rows: Mapping[str, Rows]) -> Path:
    """The form with rows below the header of the sheets named; its other sheets stay as they
    are."""
    book = _book(out)
    for sheet in read_workbook(form):
        cells = sheet.rows
        if sheet.name in rows:
            cells = [*cells[: _HEADER_AT + 1], *map(list, rows[sheet.name])]
        _write(book, sheet.name, cells, is_visible=sheet.is_visible)
    book.close()
    return out


def figures_by_command_line(folder: Path) -> dict[str, tuple[object, ...]]:
    """What a folder with workbooks of T1 comes to, read and counted without the workplace."""
    folder.mkdir(exist_ok=True)
    book = _book(folder / "单位名册.xlsx")
    _write(book, "单位名册", [_UNITS_HEADER, *_units()])
    book.close()
    pack = pack_named(PACK)
    return _of_t1(pipeline.read(folder, pack.path))


def figures_of_preview(preview: Preview) -> dict[str, tuple[object, ...]]:
    """The same from the edition that a preview is."""
    return _of_t1(opened(preview.folder))


def _of_t1(source: pipeline.Source) -> dict[str, tuple[object, ...]]:
    found: list[Figure] = pipeline.figures(source, periods=[parse_period(QUARTER)], units=["T1"])
    return {
        figure.indicator: (figure.value, figure.state, figure.records, figure.reported)
        for figure in found if figure.reported
    }  # fmt: skip


def _units() -> Rows:
    levels = {level.code: level.label["zh"] for level in pack_named(PACK).levels}
    return [
        [span.code, span.name, levels[span.level], span.parent, span.valid_from]
        for span in engine_spans()
    ]


def _book(path: Path) -> xlsxwriter.Workbook:
    return xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})


def _write(book: xlsxwriter.Workbook, name: str, rows: Rows, *, is_visible: bool = True) -> None:
    sheet = book.add_worksheet(name)
    for number, row in enumerate(rows):
        for position, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, position, cell)
            elif isinstance(cell, date):
                sheet.write_datetime(number, position, cell)
            elif cell is not None:
                sheet.write(number, position, cell)
    if not is_visible:
        sheet.hide()
