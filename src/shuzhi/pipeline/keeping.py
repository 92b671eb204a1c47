"""Records that are kept elsewhere, a database say, as ledgers and back."""

from shuzhi.ledgers.kept_records import json_rows, ledgers_of

__all__ = ["json_rows", "ledgers_of"]
