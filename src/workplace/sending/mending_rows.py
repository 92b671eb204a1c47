"""The rows of an upload that have problems, kept as they stand beside what was mended in them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from shuzhi.ledgers.model import Ledgers, Problem, Severity, SheetAccount
from shuzhi.pipeline import RowAsFound
from workplace.sending.models import Mend, ProblemRow, RowState, Upload

Place = tuple[str, int]  # sheet and row
_AT_ONCE = 500
_HELD = ("problems", "state", "values", "cells", "table")


def mends_of(upload: Upload) -> dict[tuple[str, str], str]:
    """Sheet and address of each mended cell → what is read there; of several the latest."""
    found = Mend.objects.filter(row__upload=upload).order_by("pk")
    return {
        (sheet, cell): after
        for sheet, cell, after in found.values_list("row__sheet", "cell", "after")
    }


def keep_rows(upload: Upload, ledgers: Ledgers, found: Iterable[RowAsFound]) -> None:
    """Make the upload's rows those of this reading; mended ones stay, whatever became of them."""
    accounts = {account.sheet: account for account in ledgers.sheets}
    problems = _by_place(ledgers.problems, accounts)
    there = {(row.sheet, row.row): row for row in upload.rows.all()}
    mended = set(Mend.objects.filter(row__upload=upload).values_list("row_id", flat=True))
    new, changed = [], []
    for line in found:
        place = line.sheet, line.row
        row = there.pop(place, None) or ProblemRow(upload=upload, sheet=place[0], row=place[1])
        row.table, row.values = line.table, dict(line.values)
        row.cells = _cells(accounts[line.sheet], line.row)
        row.problems = problems[place]
        row.state = state_of(row.problems, is_mended=row.pk in mended)
        (changed if row.pk else new).append(row)
    for row in there.values():
        if row.pk in mended:
            row.problems, row.state = [], RowState.MENDED
            changed.append(row)
    gone = [row.pk for row in there.values() if row.pk not in mended]
    ProblemRow.objects.filter(upload=upload, pk__in=gone).delete()
    ProblemRow.objects.bulk_create(new, batch_size=_AT_ONCE)
    ProblemRow.objects.bulk_update(changed, _HELD, batch_size=_AT_ONCE)


def state_of(problems: Iterable[Mapping[str, Any]], *, is_mended: bool) -> RowState:
    """Where a row with these problems stands."""
    if any(problem["severity"] == Severity.REFUSED for problem in problems):
        return RowState.REFUSED
    return RowState.MENDED if is_mended else RowState.NOTICE


def problem_as_json(problem: Problem, column: str, cell: str = "") -> dict[str, Any]:
    """One problem of a row, as it is kept."""
    return {
        "column": column,
        "header": problem.column,
        "cell": problem.cell or cell,
        "code": problem.code,
        "severity": problem.severity.value,
        "value": problem.value,
        "message": problem.message,
        "remedy": remedy_of(problem.code, problem.remedy),
        "suggestion": problem.suggestion,
        "facts": dict(problem.facts),
    }


def remedy_of(code: str, remedy: str) -> str:
    """What to do, where a page offers more than the command line: an alias is confirmed on it."""
    if code == "unknown_unit":
        return _(
            "Enter a name or code of the list of units, or confirm on the workbook’s page what is "
            "meant."
        )
    if code == "header_unknown":
        return _("Use the header prescribed, or confirm on the workbook’s page what is meant.")
    return remedy


def text_of(value: object) -> str:
    """What stands in a cell, in words: whole numbers without a point."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def is_of_a_row(problem: Problem) -> bool:
    """Whether a problem concerns one row, and not a sheet or the whole file."""
    return problem.row > 0 and problem.severity is not Severity.FILE


def _by_place(
    problems: Iterable[Problem], accounts: Mapping[str, SheetAccount]
) -> dict[Place, list[dict[str, Any]]]:
    names = {
        sheet: {letters: name for name, letters in account.columns.items()}
        for sheet, account in accounts.items()
    }
    found: dict[Place, list[dict[str, Any]]] = defaultdict(list)
    for problem in problems:
        if is_of_a_row(problem):
            letters = re.sub(r"\d", "", problem.cell)
            column = names.get(problem.sheet, {}).get(letters, "")
            found[problem.sheet, problem.row].append(problem_as_json(problem, column))
    return found


def _cells(account: SheetAccount, row: int) -> dict[str, str]:
    return {name: f"{letters}{row}" for name, letters in account.columns.items()}
