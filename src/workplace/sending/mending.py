"""Cells put right on the page: checked at once by the reader's rules; the file stays as it was."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shuzhi.packs.model import Role
from shuzhi.periods import parse_period
from shuzhi.pipeline import read_many_values
from workplace.accounts.models import User
from workplace.events.record import record_event
from workplace.programme import pack_named
from workplace.records.persons import person_key
from workplace.sending.aliases import engine_aliases
from workplace.sending.mending_rows import problem_as_json, state_of, text_of
from workplace.sending.models import Mend, ProblemRow, Upload, UploadState
from workplace.sending.reading import read_anew
from workplace.units.tree import current_tree

# A row with nothing else is no record: a total that is not the sum of its rows.
TOTAL = "total_disagrees"
# Seen in the file only: the row's other cells do not tell.
_OF_THE_FILE = frozenset({TOTAL, "formula_without_value"})


class NotMendedError(Exception):
    """Nothing was written; `str()` says why."""


@transaction.atomic
def mend_row(*, by: User, row: ProblemRow, texts: Mapping[str, str]) -> ProblemRow:
    """The row with these texts in its cells, checked; the whole workbook is read again after it.

    What was mended is kept: who, when, what stood there. Texts equal to what stands there already
    are passed over. Raises: NotMendedError where the upload was taken over or set aside.
    """
    upload = Upload.objects.select_for_update(of=("self",)).get(pk=row.upload_id)
    if upload.state != UploadState.READ:
        raise NotMendedError(_("This workbook can no longer be mended here. Send a new one."))
    row = ProblemRow.objects.select_related("upload__round").get(pk=row.pk)
    standing = row.values | current_texts(row)
    changes = {
        column: text.strip().replace("\x00", "")
        for column, text in texts.items()
        if column in row.cells and text.strip() != text_of(standing.get(column))
    }
    if not changes:
        return row
    Mend.objects.bulk_create(
        Mend(
            row=row, column=column, cell=row.cells[column], before=text_of(standing.get(column)),
            after=text, by=by,
        )
        for column, text in changes.items()
    )  # fmt: skip
    row.problems = check_row(row, current_texts(row))
    row.state = state_of(row.problems, is_mended=True)
    row.save(update_fields=["problems", "state"])
    record_event(
        "sending.row_mended", by=by, unit=upload.unit_id, about=upload, sheet=row.sheet,
        row=row.row, columns=sorted(changes), state=row.state,
    )  # fmt: skip
    read_anew(upload)
    return row


def current_texts(row: ProblemRow) -> dict[str, str]:
    """Column → what was mended in its cell; of several the latest."""
    return dict(row.mends.order_by("pk").values_list("column", "after"))


def check_row(row: ProblemRow, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """The problems that the row has with these texts in its cells."""
    left = [
        problem for problem in row.problems
        if problem["code"] in _OF_THE_FILE and problem["column"] not in texts
    ]  # fmt: skip
    if is_total(row):
        return left
    upload = row.upload
    (read,) = read_many_values(
        pack_named(upload.round.pack),
        row.table,
        [row.values | texts],
        current_tree(),
        unit=upload.unit_id,
        period=parse_period(upload.round.period),
        aliases=engine_aliases().units,
        person_key=person_key(),
        lang=upload.language,
    )
    found = [
        problem_as_json(problem, column, row.cells.get(column, ""))
        for column, problems in read.problems.items()
        for problem in problems
    ]
    said = {problem["column"] for problem in left}
    return left + [problem for problem in found if problem["column"] not in said]


def is_total(row: ProblemRow) -> bool:
    """Whether the row is a total, which is compared with others and is no record."""
    codes = {problem["code"] for problem in row.problems}
    return codes == {TOTAL}


def hide_persons(upload: Upload) -> None:
    """Forget the names typed into mended cells, once the workbook was taken over."""
    for table in pack_named(upload.round.pack).tables.values():
        persons = [column.name for column in table.columns if column.role is Role.PERSON]
        found = Mend.objects.filter(row__upload=upload, row__table=table.name, column__in=persons)
        found.exclude(after="").update(after="●")
