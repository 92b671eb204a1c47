"""Sheets into files: xlsx, xls, ods and csv, byte for byte the same for the same sheets."""

import csv
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path

import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table as OdsTable
from odf.table import TableCell, TableRow
from odf.text import P

from shuzhi.demo.book import Cell, Formula
from shuzhi.demo.sheets import Grid

_CREATED = datetime(2024, 1, 8, 9, 0, 0)
_ZIP_TIME = (2024, 1, 8, 9, 0, 0)
_DATE_FORMATS = ("yyyy-mm-dd", "yyyy/m/d", 'yyyy"年"m"月"d"日"')


def write_xlsx(path: Path, grids: Sequence[Grid]) -> None:
    """One workbook; dates are real dates, strings stay strings."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"created": _CREATED})
    number_format = _DATE_FORMATS[len(path.name) % len(_DATE_FORMATS)]
    as_date = book.add_format({"num_format": number_format})
    centred = book.add_format({"align": "center", "valign": "vcenter", "bold": True})
    for grid in grids:
        sheet = book.add_worksheet(grid.name[:31])
        sheet.set_column(0, 20, 14)
        for number, row in enumerate(grid.cells):
            for position, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, position, _midnight(cell), as_date)
                elif isinstance(cell, Formula):
                    sheet.write_formula(number, position, cell.text, None, "")
                elif isinstance(cell, str) and cell:
                    sheet.write_string(number, position, cell)
                elif isinstance(cell, int | float):
                    sheet.write_number(number, position, cell)
        for top, left, bottom, right in grid.merged:
            sheet.merge_range(top, left, bottom, right, grid.cells[top][left], centred)
        for number in sorted(grid.hidden):
            sheet.set_row(number, None, None, {"hidden": True})
    book.close()


def write_xls(path: Path, grids: Sequence[Grid]) -> None:
    """One workbook of the old format."""
    book = xlwt.Workbook(encoding="utf-8")
    as_date = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for grid in grids:
        sheet = book.add_sheet(grid.name[:31])
        covered = {
            (row, column)
            for top, left, bottom, right in grid.merged
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        }
        for top, left, bottom, right in grid.merged:
            sheet.write_merge(top, bottom, left, right, grid.cells[top][left])
        for number, row in enumerate(grid.cells):
            for position, cell in enumerate(row):
                if (number, position) in covered or cell is None or cell == "":
                    continue
                if isinstance(cell, date):
                    sheet.write(number, position, cell, as_date)
                else:
                    sheet.write(number, position, cell)
            if number in grid.hidden:
                sheet.row(number).hidden = True
    book.save(str(path))


def write_ods(path: Path, grids: Sequence[Grid]) -> None:
    """One OpenDocument workbook; nothing in it is merged."""
    _meet_namespaces()
    book = OpenDocumentSpreadsheet()
    for grid in grids:
        sheet = OdsTable(name=grid.name)
        for row in grid.cells:
            line = TableRow()
            for cell in row:
                line.addElement(_ods_cell(cell))
            sheet.addElement(line)
        book.spreadsheet.addElement(sheet)
    buffer = BytesIO()
    book.save(buffer)
    _rezip(buffer, path)


def write_csv(path: Path, grids: Sequence[Grid]) -> None:
    """One file with one table, in GB18030 as old office programmes save it."""
    text = StringIO()
    writer = csv.writer(text)
    for grid in grids:
        width = max((len(row) for row in grid.cells), default=0)
        for row in grid.cells:
            padded = [*row, *[None] * (width - len(row))]
            writer.writerow(["" if cell is None else cell for cell in padded])
    path.write_bytes(text.getvalue().encode("gb18030"))


def write_grids(path: Path, grids: Sequence[Grid]) -> None:
    """The file `path` in the format its ending names."""
    match path.suffix:
        case ".xlsx":
            write_xlsx(path, grids)
        case ".xls":
            write_xls(path, grids)
        case ".ods":
            write_ods(path, grids)
        case _:
            write_csv(path, grids)


@cache
def _meet_namespaces() -> None:
    """Save an empty workbook: odfpy declares in a file the namespaces met in those before it."""
    OpenDocumentSpreadsheet().save(BytesIO())


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def _ods_cell(cell: Cell) -> TableCell:
    if cell is None or cell == "":
        return TableCell()
    if isinstance(cell, date):
        element = TableCell(valuetype="date", datevalue=cell.isoformat())
    elif isinstance(cell, int | float):
        element = TableCell(valuetype="float", value=str(cell))
    else:
        element = TableCell(valuetype="string")
    element.addElement(P(text=str(cell)))
    return element


def _rezip(buffer: BytesIO, path: Path) -> None:
    """The same archive with one fixed time on every entry, the type first and unpacked."""
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            stored = name == "mimetype"
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
