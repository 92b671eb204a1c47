"""What the page of an upload shows, put together from what is kept of its reading."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from shuzhi.packs.model import Column, Pack, Role, Table
from workplace.programme import pack_named
from workplace.rounds.models import Return
from workplace.sending.mending_forms import MendForm
from workplace.sending.mending_rows import text_of
from workplace.sending.models import Mend, ProblemRow, RowState, Upload
from workplace.sending.reading_plan import Left
from workplace.sending.said_again import problem_said
from workplace.units.tree import current_tree, today
from workplace.web.texts import text_in

ROWS_A_PAGE = 20
LEFT_BECAUSE = {
    Left.TABLE: _("this round does not ask this unit for the table"),
    Left.PERIOD: _("their day lies outside the periods asked"),
    Left.UNIT: _("they are about a unit that is not below this one"),
    Left.CLOSED: _("the return has been sent, or the round is over"),
}


@dataclass(frozen=True)
class ShownCell:
    """One cell of the line around a problem: its column's header, address and text."""

    header: str
    address: str
    text: str
    is_bad: bool
    is_mended: bool


@dataclass(frozen=True)
class ShownRow:
    """A row with problems: the line it stands in, what was mended, and a form to mend more."""

    row: ProblemRow
    table: str
    problems: list[dict[str, Any]]
    cells: list[ShownCell]
    mends: list[tuple[str, Mend]]
    form: MendForm | None


def shown_rows(
    upload: Upload, rows: Iterable[ProblemRow], *, can_mend: bool, typed: QueryDict | None = None
) -> list[ShownRow]:
    """Rows as the page shows them; `typed` is what somebody has just entered."""
    pack = pack_named(upload.round.pack)
    found = list(rows)
    mends: dict[int, list[Mend]] = {}
    for mend in Mend.objects.filter(row__in=found).select_related("by").order_by("pk"):
        mends.setdefault(mend.row_id, []).append(mend)
    return [_shown(row, pack, mends.get(row.pk, []), can_mend, typed) for row in found]


def _shown(
    row: ProblemRow, pack: Pack, mends: list[Mend], can_mend: bool, typed: QueryDict | None
) -> ShownRow:
    table = pack.tables[row.table]
    mended = {mend.column: mend.after for mend in mends}
    labels = {column.name: text_in(column.label) for column in table.columns}
    form = MendForm(row, table, mended, *([typed] if typed else [])) if can_mend else None
    return ShownRow(
        row,
        text_in(table.label),
        [problem_said(problem, table) for problem in row.problems],
        [_cell(row, column, mended) for column in table.columns if _is_shown(row, column, mended)],
        [(labels.get(mend.column, mend.column), _without_names(table, mend)) for mend in mends],
        form,
    )


def _is_shown(row: ProblemRow, column: Column, mended: Mapping[str, str]) -> bool:
    bad = {problem["column"] for problem in row.problems}
    has_text = row.values.get(column.name) is not None
    return column.name in row.cells and (has_text or column.name in bad | mended.keys())


def _cell(row: ProblemRow, column: Column, mended: Mapping[str, str]) -> ShownCell:
    value = row.values.get(column.name)
    text = mended.get(column.name, text_of(value))
    if column.role is Role.PERSON and text:
        text = "●"
    return ShownCell(
        text_in(column.label),
        row.cells[column.name],
        text,
        any(problem["column"] == column.name for problem in row.problems),
        column.name in mended,
    )


def _without_names(table: Table, mend: Mend) -> Mend:
    """A mend to be shown: of a person only that somebody is named."""
    if table.column(mend.column).role is Role.PERSON:
        mend.before, mend.after = "●" if mend.before else "", "●" if mend.after else ""
    return mend


def page_of_rows(upload: Upload, query: QueryDict) -> tuple[Page, dict[str, Any]]:
    """The rows that the filters leave, a page of them, and what there is to filter by."""
    rows = upload.rows.order_by("sheet", "row")
    counts: Counter[tuple[str, str]] = Counter()
    for sheet, state, count in (
        upload.rows.order_by().values_list("sheet", "state").annotate(Count("pk"))
    ):
        counts[sheet, state] = count
    sheet, state = query.get("sheet", ""), query.get("state", "")
    if sheet:
        rows = rows.filter(sheet=sheet)
    if state in RowState.values:
        rows = rows.filter(state=state)
    by_sheet = Counter[str]()
    by_state = Counter[str]()
    for (of_sheet, of_state), count in counts.items():
        by_sheet[of_sheet] += count
        by_state[of_state] += count
    page = Paginator(rows, ROWS_A_PAGE).get_page(query.get("page"))
    return page, {
        "sheet": sheet,
        "state": state,
        "sheets": sorted(by_sheet.items()),
        "states": [(value, label, by_state[value]) for value, label in RowState.choices],
        "refused": by_state[RowState.REFUSED],
        "all": sum(by_sheet.values()),
    }


def shown_account(upload: Upload) -> list[dict[str, Any]]:
    """The account of rows, a sheet a line, with the table's name for people."""
    tables = pack_named(upload.round.pack).tables
    return [
        {**line, "label": text_in(tables[line["table"]].label) if line["table"] in tables else ""}
        for line in upload.account
        if line["read"] or line["table"]
    ]


def shown_plan(upload: Upload) -> dict[str, Any]:
    """The plan with names for people, each part with its return."""
    tables = pack_named(upload.round.pack).tables
    parts = upload.plan.get("parts", [])
    answers = Return.objects.in_bulk([part["answer"] for part in parts])
    return {
        "parts": [
            {
                **part,
                "label": text_in(tables[part["table"]].label),
                "return": answers.get(part["answer"]),
                "changes": [_change(tables[part["table"]], each) for each in part["changes"]],
            }
            for part in parts
        ],
        "left": [
            {
                **each,
                "label": text_in(tables[each["table"]].label),
                "because": LEFT_BECAUSE[Left(each["why"])],
            }
            for each in upload.plan.get("left", [])
        ],
    }


def _change(table: Table, change: dict[str, Any]) -> dict[str, Any]:
    columns = [
        (text_in(table.column(name).label), _said(table.column(name), before),
         _said(table.column(name), after))
        for name, (before, after) in change["columns"].items()
    ]  # fmt: skip
    return {**change, "columns": columns}


def _said(column: Column, value: Any) -> str:
    """A kept value in words."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return str(_("yes")) if value else str(_("no"))
    for category in column.categories:
        if category.value == value:
            return text_in(category.label)
    if column.role in (Role.UNIT, Role.UNIT_REF):
        tree = current_tree()
        return tree.name(value, today()) if value in tree.by_code else str(value)
    return str(value)


def units_known(upload: Upload) -> list[str]:
    """The names of the sender and of all below it, for fields that ask for a unit."""
    tree, day = current_tree(), today()
    return [
        tree.name(code, day)
        for code in tree.codes
        if tree.exists(code, day) and upload.unit_id in tree.ancestors(code, day)
    ]
