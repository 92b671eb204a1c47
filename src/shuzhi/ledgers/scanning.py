"""The rows of a ledger, whether it lies in memory or in an edition's file: some columns of all of
them, or all columns of those of some units."""

from collections.abc import Collection, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from shuzhi.ledgers.model import Ledgers
from shuzhi.ledgers.sealed_tables import SealedTables

_ROWS_AT_ONCE = 1 << 20


def count_rows(ledgers: Ledgers, table: str) -> int:
    tables = ledgers.tables
    return tables.rows(table) if isinstance(tables, SealedTables) else len(tables[table])


def scan_columns(
    ledgers: Ledgers, table: str, columns: Sequence[str], plain: Sequence[str] = ()
) -> Iterator[pa.Table]:
    """Some columns, part after part, in the order of the ledger's rows; texts as dictionaries, but
    for those that are to be plain."""
    tables = ledgers.tables
    if isinstance(tables, SealedTables):
        yield from tables.batches(table, columns, plain)
        return
    whole = tables[table].select(list(columns))
    for begin in range(0, max(len(whole), 1), _ROWS_AT_ONCE):  # one part, where there is no row
        yield _with_dictionaries(whole.slice(begin, _ROWS_AT_ONCE), plain)


def rows_of_units(
    ledgers: Ledgers, table: str, unit_column: str, units: Collection[str], columns: Sequence[str]
) -> pa.Table:
    """Some columns, the unit's among them, of the rows that name one of the units.

    Of an edition only the groups of rows are read that hold any: its rows lie as its units do in
    the tree, so that those of one unit and of all below it lie together.
    """
    tables = ledgers.tables
    if isinstance(tables, SealedTables):
        places = tables.groups_of_units(table, unit_column)
        spans = [places[unit] for unit in units if unit in places]
        groups = sorted({group for first, last in spans for group in range(first, last + 1)})
        found = tables.groups(table, groups, columns)
    else:
        found = tables[table].select(list(columns))
    wanted = pa.array(sorted(units), pa.string())
    return found.filter(pc.is_in(found[unit_column], wanted))


def _with_dictionaries(table: pa.Table, plain: Sequence[str]) -> pa.Table:
    columns = {
        name: column.dictionary_encode()
        if pa.types.is_string(column.type) and name not in plain
        else column
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    return pa.table(columns)
