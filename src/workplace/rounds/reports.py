"""What a round tells afterwards: how punctual each unit was, and the register of receipts."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from xlsxwriter import Workbook

from workplace.records.sent_files import FileNames
from workplace.rounds.models import Return, Round
from workplace.units.tree import current_tree, today
from workplace.web.spreadsheets import for_csv

# How much of what fell due came in on time. Bands, not ranks: units are listed by the tree.
BANDS: Sequence[tuple[float, Promise]] = (
    (1.0, gettext_lazy("all on time")),
    (0.8, gettext_lazy("most on time")),
    (0.5, gettext_lazy("half or more on time")),
    (0.0, gettext_lazy("less than half on time")),
)
NOT_DUE = gettext_lazy("nothing due yet")


@dataclass(frozen=True)
class Punctuality:
    """One unit in a round: its returns by how they came in. `waiting` are not due yet."""

    unit: str
    name: str
    asked: int
    on_time: int
    late: int
    silent: int
    waiting: int

    @property
    def band(self) -> Promise:
        """How much of what fell due came in on time, in words."""
        due = self.on_time + self.late + self.silent
        if not due:
            return NOT_DUE
        return next(word for least, word in BANDS if self.on_time / due >= least)


def punctuality(returns: QuerySet[Return], day: date | None = None) -> list[Punctuality]:
    """One entry a unit, in the order of the tree. One query."""
    tree, day = current_tree(), day or today()
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for answer in returns:
        found[answer.unit_id][_how(answer, day)] += 1
    return [
        Punctuality(code, tree.name(code, day), found[code].total(), *(
            found[code][how] for how in ("on_time", "late", "silent", "waiting")
        ))
        for code in tree.in_pre_order(day) if code in found
    ]  # fmt: skip


def punctuality_workbook(round_: Round, rows: Sequence[Punctuality]) -> bytes:
    """The table as .xlsx; names are texts, never formulas."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet(_("Punctuality"))
        bold = workbook.add_format({"bold": True})
        sheet.write_string(0, 0, f"{round_.title} · {today():%Y-%m-%d}", bold)
        for column, word in enumerate(headings()):
            sheet.write_string(2, column, word, bold)
        for line, row in enumerate(rows, start=3):
            sheet.write_string(line, 0, row.unit)
            sheet.write_string(line, 1, row.name)
            numbers = (row.asked, row.on_time, row.late, row.silent, row.waiting)
            for column, number in enumerate(numbers, start=2):
                sheet.write_number(line, column, number)
            sheet.write_string(line, 7, str(row.band))
        sheet.set_column(1, 1, 28)
        sheet.set_column(7, 7, 22)
        sheet.freeze_panes(3, 2)
    return out.getvalue()


def headings() -> list[str]:
    """What stands above the columns of the table."""
    return [_("Code"), _("Unit"), _("Asked"), _("On time"), _("Late"), _("Silent"),
            _("Not due yet"), _("How punctual")]  # fmt: skip


def receipts_csv(round_: Round, returns: QuerySet[Return]) -> str:
    """The register of receipts, as the engine reads it beside the files of the round: `file`,
    `unit`, `period`, `received_on`, then what is for people.

    Workbooks come first, in the order received, where several have one name with their numbers as
    folders. What was answered on the web has no file; the engine passes such lines over.
    """
    out = io.StringIO()
    # People open it with Excel or WPS, which take a file without the mark for GB18030.
    out.write("\ufeff")
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(["file", "unit", "period", "received_on", "table", "answer"])
    for line in _uploaded(round_, set(returns.values_list("unit_id", flat=True))):
        lines.writerow(map(for_csv, line))
    sent = returns.filter(first_sent_at__isnull=False).order_by("first_sent_at", "pk")
    for answer in sent:
        lines.writerow(["", answer.unit_id, answer.period, _day(answer.first_sent_at),
                        answer.table, answer.answer])  # fmt: skip
    return out.getvalue()


def _uploaded(round_: Round, units: set[str]) -> Iterator[list[str]]:
    """A line a workbook, under the name that it has in the ledgers."""
    uploads = list(
        round_.uploads.filter(unit__in=units)
        .exclude(state__in=("dropped", "refused"))
        .order_by("received_at", "pk")
    )
    names = FileNames(uploads)
    for upload in uploads:
        yield [names.of(upload.pk, ""), upload.unit_id, round_.period,
               _day(upload.received_at), "", ""]  # fmt: skip


def _how(answer: Return, day: date) -> str:
    if answer.first_sent_at is not None:
        return "late" if answer.is_late else "on_time"
    return "silent" if answer.due_on < day else "waiting"


def _day(moment: object) -> str:
    return timezone.localdate(moment).isoformat()  # type: ignore[arg-type]
