"""The names of the sheets in a prefilled form that hold no table.

A workbook with a sheet FORM_SHEET is one of our forms. The reader passes over OWN_SHEETS without
a problem and may take the sender and the period from FORM_SHEET: two columns, key and value, with
the keys FORM_KEYS in this order.
"""

from collections.abc import Mapping

FORM_SHEET = "_shuzhi"
LISTS_SHEET = "_lists"
INSTRUCTIONS: Mapping[str, str] = {"zh": "填表说明", "en": "Instructions"}
OWN_SHEETS = frozenset({FORM_SHEET, LISTS_SHEET, *INSTRUCTIONS.values()})

FORM_KEYS = ("pack", "version", "unit", "period")
