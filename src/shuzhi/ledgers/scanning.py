"""The rows of a ledger, whether it lies in memory or in an edition's file: some columns of all of
them, or all columns of those of some units."""

from collections.abc import Collection, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from shuzhi.ledgers.model import Ledgers
from shuzhi.ledgers.sealed_tables import StoredTables, with_dictionaries

_ROWS_AT_ONCE = 1 << 20


def count_rows(ledgers: Ledgers, table: str) -> int:
    tables = ledgers.tables
    return tables.rows(table) if isinstance(tables, StoredTables) else len(tables[table])


def scan_columns(
    ledgers: Ledgers, table: str, columns: Sequence[str], plain: Sequence[str] = ()
) -> Iterator[pa.Table]:
    """Some columns, part after part, in the order of the ledger's rows; texts as dictionaries, but
    for those that are to be plain."""
    tables = ledgers.tables
    if isinstance(tables, StoredTables):
        yield from tables.batches(table, columns, plain)
        return
    whole = tables[table].select(list(columns))
    for begin in range(0, max(len(whole), 1), _ROWS_AT_ONCE):  # one part, where there is no row
        yield with_dictionaries(whole.slice(begin, _ROWS_AT_ONCE), plain)


def rows_of_units(
    ledgers: Ledgers, table: str, unit_column: str, units: Collection[str], columns: Sequence[str]
) -> pa.Table:
    """Some columns, the unit's among them, of the rows that name one of the units."""
    tables = ledgers.tables
    if isinstance(tables, StoredTables):
        return tables.of_units(table, unit_column, units, columns)
    found = tables[table].select(list(columns))
    wanted = pa.array(sorted(units), pa.string())
    return found.filter(pc.is_in(found[unit_column], wanted))
