"""What most rules need of a record, and how they write its numbers."""

from decimal import Decimal

from shuzhi.ledgers.model import RECORD_ID
from shuzhi.packs.model import Table


def key_columns(table: Table) -> tuple[str, str, str]:
    """The names of a record's id, unit and event day."""
    return RECORD_ID, table.unit_column.name, table.date_column.name


def written(number: int | Decimal) -> str:
    """A number as people write it, without trailing zeros: 12.5, 1200."""
    return f"{Decimal(number).normalize():f}"
