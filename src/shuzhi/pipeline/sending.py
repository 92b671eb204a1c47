"""What a unit sends on a page, a workbook or values typed into a form, and what goes back."""

from shuzhi.ledgers.mended_sheets import RowAsFound, rows_in_doubt
from shuzhi.ledgers.problem_workbooks import mark_sent
from shuzhi.ledgers.receipts import Aliases, read_aliases
from shuzhi.ledgers.sent_files import read_sent
from shuzhi.ledgers.typed_values import ReadValues, read_many_values, read_values

__all__ = [
    "Aliases",
    "ReadValues",
    "RowAsFound",
    "mark_sent",
    "read_aliases",
    "read_many_values",
    "read_sent",
    "read_values",
    "rows_in_doubt",
]
