"""The names of the sheets in our own workbooks that hold no table.

The reader passes over OWN_SHEETS without a problem. A workbook with a sheet FORM_SHEET is one of
our prefilled forms, and the reader may take the sender and the period from it: two columns, key
and value, with the keys FORM_KEYS in this order.
"""

from collections.abc import Mapping

FORM_SHEET = "_shuzhi"
LISTS_SHEET = "_lists"
INSTRUCTIONS: Mapping[str, str] = {"zh": "填表说明", "en": "Instructions"}
PROBLEM_LIST: Mapping[str, str] = {"zh": "问题清单", "en": "Problems"}
OWN_SHEETS = frozenset({
    FORM_SHEET, LISTS_SHEET, *INSTRUCTIONS.values(), *PROBLEM_LIST.values(),
})  # fmt: skip

FORM_KEYS = ("pack", "version", "unit", "period")
