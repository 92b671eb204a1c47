"""What is wrong with one value, said to those who wrote it: in a sheet or in a form on a page."""

from dataclasses import dataclass

from shuzhi.ledgers.messages import NO_SUGGESTION, make_problem
from shuzhi.ledgers.model import Problem
from shuzhi.ledgers.typed_rows import BadCell
from shuzhi.ledgers.unit_names import UnitNames
from shuzhi.ledgers.values import as_text
from shuzhi.packs.model import Column, Role


@dataclass(frozen=True)
class CellPlace:
    """Where a value stands: `row` counts from 1, `column` is the header as written. Missing: ''
    and 0, it was typed into a form."""

    column: str
    file: str = ""
    sheet: str = ""
    row: int = 0
    cell: str = ""


def cell_problem(
    bad: BadCell, column: Column, place: CellPlace, names: UnitNames | None, lang: str,
    error: str = "",
) -> Problem:  # fmt: skip
    """The problem of a bad cell. `error` is what the cell shows where its formula failed; what
    stands in a column of persons is not repeated."""
    value = "" if column.role is Role.PERSON else as_text(bad.raw) if bad.raw is not None else ""
    if bad.code == "error_value":
        value = error or value
    suggestion = NO_SUGGESTION
    if bad.code == "unknown_unit" and names is not None:
        suggestion = names.suggest(value)
    return make_problem(
        bad.code, lang, place.file, place.sheet, place.row, place.column,
        cell=place.cell, value=value, suggestion=suggestion,
        facts={
            "options": "、".join(category.label[lang] for category in column.categories),
            "range": _range(column),
            "read": "" if bad.read is None else str(bad.read),
        },
    )  # fmt: skip


def _range(column: Column) -> str:
    ends = (column.minimum, column.maximum)
    low, high = ("" if end is None else f"{end:g}" for end in ends)
    return f"{low} … {high}".strip()
