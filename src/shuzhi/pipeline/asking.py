"""What a page that asks for records shows and decides beside them, as the pack says."""

from shuzhi.ledgers.evidence_sample import draw_sample
from shuzhi.ledgers.form_texts import column_uses, say_period
from shuzhi.ledgers.forms import write_form
from shuzhi.packs.approval import approval_units
from shuzhi.packs.uses import form_minutes

__all__ = [
    "approval_units",
    "column_uses",
    "draw_sample",
    "form_minutes",
    "say_period",
    "write_form",
]
