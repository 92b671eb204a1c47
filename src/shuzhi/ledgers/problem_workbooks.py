"""What could not be read, sent back: problems.xlsx for the office, a workbook for each sender."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePath, PurePosixPath

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_cell_to_rowcol
from xlsxwriter.worksheet import Worksheet

from shuzhi.ledgers.form_sheets import PROBLEM_LIST
from shuzhi.ledgers.limits import FileRefused
from shuzhi.ledgers.marked_sheets import LONGEST_SHEET, Styles, write_marked_sheet
from shuzhi.ledgers.mended_sheets import NO_MENDS, Mends, with_mends
from shuzhi.ledgers.model import Ledgers, Problem, Severity
from shuzhi.ledgers.safe_workbook import (
    RULE,
    Cell,
    new_format,
    new_workbook,
    sheet_name,
    write_table,
)
from shuzhi.ledgers.workbooks import Sheet, read_workbook
from shuzhi.packs.model import Pack, Role

_MOST_LINKS = 60_000  # Excel allows 65,530 in a sheet
_CELL_COLUMN = 4  # of the list of problems, from 0: it holds the links
_LIST: Mapping[str, Mapping[str, float]] = {
    "zh": {"序号": 6, "程度": 9, "文件": 30, "工作表": 18, "单元格": 9, "列": 16, "原值": 18,
           "问题": 34, "怎么改": 36, "代码": 18},
    "en": {"No.": 6, "Severity": 10, "File": 30, "Sheet": 18, "Cell": 9, "Column": 16,
           "As found": 18, "What is wrong": 34, "What to do": 36, "Code": 18},
}  # fmt: skip
_ACCOUNT: Mapping[str, Mapping[str, float]] = {
    "zh": {"文件": 40, "工作表": 20, "表": 20, "读到行数": 10, "采用": 10, "未采用": 10,
           "表头、合计、说明等": 18, "须确认": 10},
    "en": {"File": 40, "Sheet": 20, "Table": 20, "Rows read": 10, "Kept": 10, "Refused": 10,
           "Headers, totals, notes": 22, "To confirm": 11},
}  # fmt: skip
_ACCOUNT_NAME = {"zh": "行数核对", "en": "Rows"}
_SEVERITY = {
    "zh": {Severity.REFUSED: "未采用", Severity.NOTICE: "请确认", Severity.FILE: "整表未读"},
    "en": {Severity.REFUSED: "refused", Severity.NOTICE: "to confirm", Severity.FILE: "file"},
}
_LONG = {
    "zh": "（该表超过{n}行，只退回表头和有问题的行）",
    "en": " (over {n} rows: only the top and the marked rows are shown)",
}
_FILLS = {Severity.REFUSED: "#FFC7CE", Severity.NOTICE: "#FFEB9C", Severity.FILE: "#F4B6BD"}

_DOT = "●"

Links = dict[tuple[str, str], str]  # file and sheet → the name of the sheet sent back


def write_problem_workbooks(
    out: Path, source: Path | None, ledgers: Ledgers, pack: Pack, *, lang: str = "zh"
) -> list[Path]:
    """The workbooks written below `out`: problems.xlsx, and problems/FILE.xlsx for each sender.

    problems.xlsx lists every problem with a link to its cell, and holds each sheet that has some,
    with a dot for each person named in a column of persons.
    A sender's workbook holds all sheets of its file, to be mended and sent again. Cells stand at
    their own addresses. Without `source`, or where a file cannot be opened, there is the list
    alone.
    """
    by_file = _group_by_file(ledgers.problems)
    overview = out / "problems.xlsx"
    with new_workbook(overview) as office:
        listing = office.add_worksheet(PROBLEM_LIST[lang])
        _write_accounts(office, ledgers, lang)
        styles, written = Styles(office), [overview]
        links: Links = {}
        for file, problems in by_file.items():
            sheets = _read_again(source, file)
            path = out / "problems" / _name_for(file, by_file)
            _write_for_sender(path, file, sheets, problems, ledgers, lang)
            written.append(path)
            shown = [_without_persons(file, sheet, ledgers, pack) for sheet in sheets]
            links |= _add_sheets(office, styles, file, shown, problems, ledgers)
        _write_list(office, listing, ledgers.problems, links, lang)
    return written


def mark_sent(
    path: Path,
    ledgers: Ledgers,
    pack: Pack,
    out: Path,
    *,
    file: str,
    lang: str = "zh",
    dot_persons: bool = False,
    mends: Mends = NO_MENDS,
) -> None:
    """Nothing; `out` is the workbook to be sent back for the one that was sent as `file`.

    Shape: the list of its problems, then all its sheets, each cell at its own address. `path` is
    where it lies; where it cannot be opened there is the list alone. `dot_persons` shows a dot for
    each person named, for those who did not send it. With `mends` it holds them in their cells,
    and `ledgers` is the reading with them.
    """
    sheets = with_mends(_sheets_or_none(path, PurePosixPath(file)), mends)
    if dot_persons:
        sheets = [_without_persons(file, sheet, ledgers, pack) for sheet in sheets]
    problems = [problem for problem in ledgers.problems if problem.file == file]
    # what is to be sent in the place of the file has all its rows
    _write_for_sender(out, file, sheets, problems, ledgers, lang, is_whole=bool(mends))


def _group_by_file(problems: Sequence[Problem]) -> dict[str, list[Problem]]:
    grouped: dict[str, list[Problem]] = defaultdict(list)
    for problem in sorted(problems):
        grouped[problem.file].append(problem)
    return grouped


def _read_again(source: Path | None, file: str) -> list[Sheet]:
    """The sheets of a file as sent; none where it cannot be opened."""
    if source is None:
        return []
    path = (source / file).resolve()
    return _sheets_or_none(path, path) if path.is_relative_to(source.resolve()) else []


def _sheets_or_none(path: Path, name: PurePath) -> list[Sheet]:
    if not path.is_file():
        return []
    try:
        return read_workbook(path, name)
    except FileRefused:
        return []


def _without_persons(file: str, sheet: Sheet, ledgers: Ledgers, pack: Pack) -> Sheet:
    """The sheet with its columns of persons dotted below the header. Its own sender, who has to
    send them again, gets them as they were."""
    account = next((a for a in ledgers.sheets if (a.file, a.sheet) == (file, sheet.name)), None)
    if account is None or account.table not in pack.tables:
        return sheet
    hidden = {
        xl_cell_to_rowcol(f"{account.columns[column.name]}1")[1]
        for column in pack.tables[account.table].columns
        if column.role is Role.PERSON and column.name in account.columns
    }
    if not hidden:
        return sheet
    below = max(account.header_rows, default=0)
    return replace(
        sheet,
        rows=[
            [_DOT if at in hidden and cell not in ("", None) else cell
             for at, cell in enumerate(row)] if number >= below else row
            for number, row in enumerate(sheet.rows)
        ],
    )  # fmt: skip


def _write_for_sender(
    path: Path, file: str, sheets: Sequence[Sheet], problems: Sequence[Problem],
    ledgers: Ledgers, lang: str, *, is_whole: bool = False,
) -> None:  # fmt: skip
    with new_workbook(path) as workbook:
        listing = workbook.add_worksheet(PROBLEM_LIST[lang])
        styles = Styles(workbook)
        links: Links = {}
        for sheet in sheets:
            name = sheet_name(sheet.name, [s.get_name() for s in workbook.worksheets()])
            links[file, sheet.name] = name
            target = workbook.add_worksheet(name)
            _write_sheet(target, styles, file, sheet, problems, ledgers, is_whole=is_whole)
        _write_list(workbook, listing, problems, links, lang)


def _name_for(file: str, files: Collection[str]) -> PurePosixPath:
    """Where a sender's workbook goes: the file's own path, as .xlsx, and never above `out`. One
    of another format makes way for the others of `files`."""
    parts = [part for part in PurePosixPath(file).parts if part not in ("..", "/")]
    name = str(PurePosixPath(*parts))
    if not name.lower().endswith(".xlsx"):
        name += ".xlsx"
        while name in files:
            name += ".xlsx"
    return PurePosixPath(name)


def _add_sheets(
    workbook: Workbook, styles: Styles, file: str, sheets: Sequence[Sheet],
    problems: Sequence[Problem], ledgers: Ledgers,
) -> Links:  # fmt: skip
    """The names given to those of `sheets` that have problems, by file and sheet."""
    names: Links = {}
    for sheet in sheets:
        if not any(problem.sheet == sheet.name for problem in problems):
            continue
        number = len(workbook.worksheets()) - 1
        taken = [s.get_name() for s in workbook.worksheets()]
        names[file, sheet.name] = name = sheet_name(f"{number} {sheet.name}", taken)
        _write_sheet(workbook.add_worksheet(name), styles, file, sheet, problems, ledgers)
    return names


def _write_sheet(
    target: Worksheet, styles: Styles, file: str, sheet: Sheet, problems: Sequence[Problem],
    ledgers: Ledgers, *, is_whole: bool = False,
) -> None:  # fmt: skip
    own = [problem for problem in problems if problem.sheet == sheet.name]
    headers = (
        row for account in ledgers.sheets
        if (account.file, account.sheet) == (file, sheet.name) for row in account.header_rows
    )  # fmt: skip
    write_marked_sheet(target, styles, sheet, own, headers, is_whole=is_whole)


def _write_list(
    workbook: Workbook, listing: Worksheet, problems: Sequence[Problem],
    links: Links, lang: str,
) -> None:  # fmt: skip
    ordered = sorted(problems)
    rows: list[list[Cell]] = [
        [number, _SEVERITY[lang][p.severity], p.file, p.sheet, p.cell or _row_text(p), p.column,
         p.value, p.message, p.remedy, p.code]
        for number, p in enumerate(ordered, start=1)
    ]  # fmt: skip
    write_table(workbook, listing, _LIST[lang], rows)
    link = new_format(
        workbook, border=1, border_color=RULE, font_color="#1D4ED8", underline=1, valign="top"
    )
    fills = {
        severity: new_format(workbook, border=1, border_color=RULE, bg_color=fill, valign="top")
        for severity, fill in _FILLS.items()
    }
    for row, problem in enumerate(ordered, start=1):
        listing.write_string(row, 1, _SEVERITY[lang][problem.severity], fills[problem.severity])
        name = links.get((problem.file, problem.sheet))
        if name is not None and row <= _MOST_LINKS:
            cell = problem.cell or f"A{max(problem.row, 1)}"
            target = f"internal:'{name.replace(chr(39), chr(39) * 2)}'!{cell}"
            listing.write_url(row, _CELL_COLUMN, target, link, string=cell)


def _row_text(problem: Problem) -> str:
    return str(problem.row) if problem.row else ""


def _write_accounts(workbook: Workbook, ledgers: Ledgers, lang: str) -> None:
    """Read = kept + refused + recognised, for every sheet."""
    confirm: dict[tuple[str, str], int] = defaultdict(int)
    for problem in ledgers.problems:
        confirm[problem.file, problem.sheet] += problem.severity is Severity.NOTICE
    rows: list[list[Cell]] = [
        [s.file, s.sheet + _remark(s.read, lang), s.table, s.read, s.kept, s.refused,
         s.recognised, confirm[s.file, s.sheet]]
        for s in ledgers.sheets
    ]  # fmt: skip
    write_table(workbook, workbook.add_worksheet(_ACCOUNT_NAME[lang]), _ACCOUNT[lang], rows)


def _remark(rows: int, lang: str) -> str:
    return _LONG[lang].format(n=LONGEST_SHEET) if rows > LONGEST_SHEET else ""
