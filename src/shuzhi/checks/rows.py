"""Ledger columns as Python values, one tuple a record."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from shuzhi.ledgers.model import RECORD_ID
from shuzhi.packs.model import Table


def values_of(ledger: pa.Table, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Shape: one tuple a record, in the order of `columns`. Missing: None."""
    return zip(*(ledger.column(name).to_pylist() for name in columns), strict=True)


def key_columns(table: Table) -> tuple[str, str, str]:
    """The names of a record's id, unit and event day."""
    return RECORD_ID, table.unit_column.name, table.date_column.name


def written(number: int | Decimal) -> str:
    """A number as people write it, without trailing zeros: 12.5, 1200."""
    return f"{Decimal(number).normalize():f}"
