"""Who sent a sheet, and for which period: what says so, in the order it is believed."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from shuzhi.ledgers.form_sheets import FORM_SHEET
from shuzhi.ledgers.period_words import PeriodWords, find_period, read_period_words
from shuzhi.ledgers.receipts import Receipt
from shuzhi.ledgers.unit_names import UnitNames
from shuzhi.ledgers.values import as_text
from shuzhi.ledgers.workbooks import Sheet
from shuzhi.periods import Period


@dataclass(frozen=True)
class Sender:
    """The unit that sent a sheet ('' unknown), its period (None unknown), the day of receipt."""

    unit: str
    period: Period | None
    received_on: str = ""

    @property
    def year(self) -> int | None:
        """The year of dates written without one."""
        if self.period is None:
            return None
        return self.period.start.year


def find_sender(
    file: str,
    sheet_name: str,
    titles: Sequence[str],
    receipt: Receipt,
    form: Sequence[str],
    names: UnitNames,
) -> Sender:
    """Sender and period of one sheet: the register of receipts before the form's own sheet,
    before title, sheet name, file name and folders from the innermost out.

    `form` holds unit and period as our own form states them, () for other workbooks.
    """
    path = PurePosixPath(file)
    folders = [folder.name for folder in path.parents if folder.name]
    outside = [sheet_name, path.stem, *folders]
    period = receipt.period or find_period(_period_words(titles, form, outside))
    unit = receipt.unit or names.find_sender(
        [*form, *_by_trust(titles), *outside], period.last_day if period else None
    )
    return Sender(unit, period, receipt.received_on)


def read_form(sheets: Sequence[Sheet]) -> tuple[str, ...]:
    """Unit and period as the hidden sheet of one of our own forms states them; () elsewhere."""
    for sheet in sheets:
        if sheet.name == FORM_SHEET:
            stated = {as_text(row[0]): as_text(row[1]) for row in sheet.rows if len(row) > 1}
            return stated.get("unit", ""), stated.get("period", "")
    return ()


def _by_trust(titles: Sequence[str]) -> list[str]:
    """Title cells, those that say who reports first."""
    return sorted(titles, key=lambda text: "单位" not in text)


def _period_words(
    titles: Sequence[str], form: Sequence[str], outside: Sequence[str]
) -> list[PeriodWords]:
    named = [read_period_words(text, bare_year=True) for text in form]
    named += [read_period_words(text) for text in titles]
    named += [read_period_words(text, bare_year=True) for text in outside]
    return [words for words in named if words.year or words.number]
