"""A sheet as it was sent, cell for cell at its own address, with the doubtful cells marked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_cell_to_rowcol
from xlsxwriter.worksheet import Worksheet

from shuzhi.ledgers.model import Problem, Severity
from shuzhi.ledgers.safe_workbook import (
    RULE,
    SHADE,
    new_format,
    print_as_a4_landscape,
    width_of,
    write_cell,
)
from shuzhi.ledgers.workbooks import Sheet

LONGEST_SHEET = 20_000  # rows; of a longer sheet only its top and its marked rows are sent back
_TOP = 20
_WIDEST, _NARROWEST, _NOTE_WIDTH = 36.0, 8.0, 60
_WIDTH_ROWS = 200  # how many rows a column's width is taken from
_FILLS = {Severity.REFUSED: "#FFC7CE", Severity.NOTICE: "#FFEB9C", Severity.FILE: "#FFC7CE"}
_INKS = {Severity.REFUSED: "#9C0006", Severity.NOTICE: "#7F6000", Severity.FILE: "#9C0006"}
_ORDER = [Severity.FILE, Severity.REFUSED, Severity.NOTICE]

Place = tuple[int, int]  # row and column, from 0


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, str, str], Format] = {}

    def of_cell(self, value: object, severity: Severity | None, *, is_header: bool) -> Format:
        fill = _FILLS[severity] if severity else SHADE if is_header else ""
        shape = ""
        if isinstance(value, datetime) and (value.hour or value.minute or value.second):
            shape = "yyyy-mm-dd hh:mm:ss"
        elif isinstance(value, date):
            shape = "yyyy-mm-dd"
        return self._make(fill, "", shape)

    def of_note(self, severity: Severity) -> Format:
        return self._make("", _INKS[severity], "")

    def _make(self, fill: str, ink: str, shape: str) -> Format:
        key = fill, ink, shape
        if key not in self._made:
            properties: dict[str, object] = {"border": 0 if ink else 1, "border_color": RULE}
            properties |= {"bg_color": fill} if fill else {}
            properties |= {"font_color": ink} if ink else {}
            properties["text_wrap"] = True
            properties |= {"num_format": shape, "align": "left"} if shape else {}
            self._made[key] = new_format(self._workbook, **properties)
        return self._made[key]


@dataclass(frozen=True)
class Marks:
    """Where the problems of one sheet stand. Rows and columns count from 0."""

    cells: Mapping[Place, list[Problem]]
    rows: Mapping[int, list[Problem]]  # problems of a row as a whole
    sheet: Sequence[Problem]

    def severity(self, place: Place) -> Severity | None:
        found = [*self.cells.get(place, []), *self.rows.get(place[0], [])]
        return worst(found)


def mark(problems: Iterable[Problem]) -> Marks:
    """The problems of one sheet, by where they stand."""
    cells: dict[Place, list[Problem]] = defaultdict(list)
    rows: dict[int, list[Problem]] = defaultdict(list)
    sheet = []
    for problem in problems:
        if problem.cell:
            cells[xl_cell_to_rowcol(problem.cell)].append(problem)
        elif problem.row:
            rows[problem.row - 1].append(problem)
        else:
            sheet.append(problem)
    return Marks(cells, rows, sheet)


def worst(problems: Iterable[Problem]) -> Severity | None:
    """The gravest severity among `problems`; None where there are none."""
    found = {problem.severity for problem in problems}
    return next((severity for severity in _ORDER if severity in found), None)


def describe(problem: Problem) -> str:
    """What is wrong and what to do, for a note beside the cell."""
    return "\n".join(text for text in (problem.message, problem.remedy) if text)


def write_marked_sheet(
    target: Worksheet, styles: Styles, sheet: Sheet, problems: Iterable[Problem],
    header_rows: Iterable[int], *, is_whole: bool = False,
) -> None:  # fmt: skip
    """Nothing; `target` holds the cells of `sheet`, marked, with a note at each mark.

    What is wrong in a row is said once more to the right of the table, in a column without a
    header, which the reader passes over when the sheet is sent again. `header_rows` count from 1.
    Of a sheet over LONGEST_SHEET only top and marked rows are there, unless it `is_whole`.
    """
    marks, headers = mark(problems), {row - 1 for row in header_rows}
    covered = _write_merged(target, sheet)
    width = max((len(row) for row in sheet.rows), default=0)
    for number in _rows_to_send(sheet, marks, is_whole=is_whole):
        for column, value in enumerate(sheet.rows[number]):
            first = covered.get((number, column), (number, column))
            if first != (number, column):
                continue
            style = styles.of_cell(
                value, marks.severity((number, column)), is_header=number in headers
            )
            write_cell(target, number, column, value, style)  # type: ignore[arg-type]  # raw cell
        if number in sheet.hidden_rows:
            target.set_row(number, None, None, {"hidden": True})
    _write_notes(target, styles, marks, covered, note_column=width + 1)
    _lay_out(target, sheet, marks, max(headers, default=-1) + 1)


def _rows_to_send(sheet: Sheet, marks: Marks, *, is_whole: bool) -> Iterable[int]:
    if is_whole or len(sheet.rows) <= LONGEST_SHEET:
        return range(len(sheet.rows))
    marked = {*marks.rows, *(row for row, _ in marks.cells), *range(_TOP)}
    return sorted(row for row in marked if row < len(sheet.rows))


def _write_merged(target: Worksheet, sheet: Sheet) -> dict[Place, Place]:
    """Every cell of a merged range, with the range's first cell. Overlapping ranges are left."""
    covered: dict[Place, Place] = {}
    if len(sheet.rows) > LONGEST_SHEET:
        return covered
    width = max((len(row) for row in sheet.rows), default=0)
    for (top, left), (bottom, right) in sheet.merged:
        bottom, right = min(bottom, len(sheet.rows) - 1), min(right, width - 1)
        places = [(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)]
        if len(places) < 2 or any(place in covered for place in places):
            continue
        target.merge_range(top, left, bottom, right, "")
        covered |= dict.fromkeys(places, (top, left))
    return covered


def _write_notes(
    target: Worksheet, styles: Styles, marks: Marks, covered: Mapping[Place, Place],
    note_column: int,
) -> None:  # fmt: skip
    comments: dict[Place, list[Problem]] = defaultdict(list)
    beside: dict[int, list[Problem]] = defaultdict(list)
    for place, found in marks.cells.items():
        comments[covered.get(place, place)] += found
        beside[place[0]] += found
    for row, found in marks.rows.items():
        comments[covered.get((row, 0), (row, 0))] += found
        beside[row] += found
    if marks.sheet:
        comments[0, 0] += marks.sheet
    for (row, column), found in comments.items():
        text = "\n\n".join(dict.fromkeys(map(describe, found)))
        target.write_comment(row, column, text, _comment_options(text))
    for row, found in beside.items():
        text = " | ".join(dict.fromkeys(f"{p.cell} {describe(p)}".strip() for p in found))
        grave = worst(found) or Severity.NOTICE
        write_cell(target, row, note_column, text.replace("\n", " "), styles.of_note(grave))
    target.set_column(note_column, note_column, _NOTE_WIDTH)


def _comment_options(text: str) -> dict[str, object]:
    lines = sum(1 + int(width_of(line) // 42) for line in text.split("\n"))
    return {
        "author": "", "font_name": "微软雅黑", "font_size": 9, "color": "#FFFBE6",
        "width": 260, "height": min(20 + 16 * lines, 400),
    }  # fmt: skip


def _lay_out(target: Worksheet, sheet: Sheet, marks: Marks, frozen_rows: int) -> None:
    shown = sheet.rows[frozen_rows : frozen_rows + _WIDTH_ROWS] or sheet.rows
    for column in range(max((len(row) for row in sheet.rows), default=0)):
        texts = (str(row[column]) for row in shown if column < len(row))
        wanted = max(map(width_of, texts), default=0.0) + 2
        target.set_column(column, column, min(max(wanted, _NARROWEST), _WIDEST))
    if 0 < frozen_rows <= _TOP:
        target.freeze_panes(frozen_rows, 0)
    every = [*marks.sheet, *(p for found in marks.cells.values() for p in found)]
    every += [p for found in marks.rows.values() for p in found]
    if grave := worst(every):
        target.set_tab_color(_INKS[grave])
    if not sheet.is_visible:
        target.hide()
    print_as_a4_landscape(target, header_rows=frozen_rows, footer=target.get_name())
