"""The rows of a ledger, whether it lies in memory or in an edition's file: some columns of all of
them, or all columns of those of some units."""

from collections.abc import Collection, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shuzhi.ledgers.model import Ledgers
from shuzhi.ledgers.sealed_tables import ROWS_A_GROUP, SealedTables

_ROWS_AT_ONCE = 1 << 20


def count_rows(ledgers: Ledgers, table: str) -> int:
    tables = ledgers.tables
    return tables.rows(table) if isinstance(tables, SealedTables) else len(tables[table])


def scan_columns(ledgers: Ledgers, table: str, columns: Sequence[str]) -> Iterator[pa.Table]:
    """Some columns, part after part, in the order of the ledger's rows; texts as dictionaries."""
    tables = ledgers.tables
    if isinstance(tables, SealedTables):
        yield from tables.batches(table, columns)
        return
    whole = tables[table].select(list(columns))
    for begin in range(0, len(whole), _ROWS_AT_ONCE):
        yield _with_dictionaries(whole.slice(begin, _ROWS_AT_ONCE))


def rows_of_units(
    ledgers: Ledgers, table: str, unit_column: str, units: Collection[str]
) -> pa.Table:
    """The rows that name one of the units. Of an edition, only the groups of rows are read that
    hold any: its rows lie in the order of the tree."""
    tables = ledgers.tables
    wanted = pa.array(sorted(units), pa.string())
    if not isinstance(tables, SealedTables):
        whole = tables[table]
        return whole.filter(pc.is_in(whole[unit_column], wanted))
    found = tables.groups(table, _groups_with(tables, table, unit_column, wanted))
    return found.filter(pc.is_in(found[unit_column], wanted))


def _groups_with(
    tables: SealedTables, table: str, unit_column: str, wanted: pa.Array
) -> Sequence[int]:
    begins: dict[int, None] = {}
    first = 0
    for batch in tables.batches(table, [unit_column]):
        is_wanted = pc.is_in(batch[unit_column], wanted).to_numpy()
        begins |= dict.fromkeys(((first + np.flatnonzero(is_wanted)) // ROWS_A_GROUP).tolist())
        first += len(batch)
    return list(begins)


def _with_dictionaries(table: pa.Table) -> pa.Table:
    columns = [
        column.dictionary_encode() if pa.types.is_string(column.type) else column
        for column in table.columns
    ]
    return pa.table(columns, names=table.column_names)
