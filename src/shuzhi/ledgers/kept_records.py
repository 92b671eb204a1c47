"""Ledgers made of records that are kept elsewhere, and taken apart into them again.

A kept record is a mapping that JSON can hold: a value by column (days as ISO texts, decimals as
texts or numbers), and beside them the PROVENANCE columns, of which only the id is needed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from shuzhi.errors import InputRefused, UserError
from shuzhi.ledgers.dates import DAY
from shuzhi.ledgers.joining import join_parts
from shuzhi.ledgers.model import (
    FILE,
    PRECISION,
    RECORD_ID,
    ROW,
    SHEET,
    Ledgers,
    Problem,
    Return,
    SheetAccount,
    SourceFile,
    arrow_schema,
)
from shuzhi.packs.model import Pack, Table
from shuzhi.packs.suggestions import suggest
from shuzhi.units import UnitTree

KeptRecord = Mapping[str, Any]

_AT_ONCE = 65_536
# What a record that was typed into a form need not say.
_TYPED: Mapping[str, object] = {PRECISION: DAY, FILE: "", SHEET: "", ROW: 0}
_ZEROS = r"\.?0+$"


def ledgers_of(
    pack: Pack,
    units: UnitTree,
    tables: Mapping[str, Iterable[KeptRecord]],
    returns: Iterable[Return],
    sources: Iterable[SourceFile] = (),
    sheets: Iterable[SheetAccount] = (),
    problems: Iterable[Problem] = (),
) -> Ledgers:
    """The ledgers that hold the kept records, as a reading of workbooks would hand them on.

    Shape: one row per record, in the order given; repeated ids get -2, -3 and so on. Persons, kept
    as tokens, become numbers anew in each column, so that no token gets into an edition. Missing:
    a column that a record does not name is null; without provenance it was typed into a form, and
    known to the day. What a record names beyond the table's columns is left out.

    Raises: UserError where the pack has no such table; InputRefused where a value is not of its
    column's type.
    """
    for name in tables:
        if name not in pack.tables:
            raise UserError(f"the pack has no table {name!r}; {suggest(name, pack.tables)}")
    return Ledgers(
        {
            table.name: join_parts(
                table, _parts(table, tables.get(table.name, ())), number_persons=True
            )
            for table in pack.tables.values()
        },
        units,
        tuple(sorted(returns)),
        tuple(sources),
        tuple(sheets),
        tuple(sorted(problems)),
    )


def json_rows(table: Table, ledger: pa.Table) -> Iterator[dict[str, Any]]:
    """The records of a ledger as they are kept elsewhere; `ledgers_of` makes the same of them.

    Shape: one mapping per row, in the ledger's order, with every column of the table and of
    PROVENANCE. Days are ISO texts, decimals texts without surplus zeros. Missing: None.
    """
    schema = arrow_schema(table)
    for batch in ledger.select(schema.names).to_batches(max_chunksize=_AT_ONCE):
        columns = [_plain(column).to_pylist() for column in batch.columns]
        for values in zip(*columns, strict=True):
            yield dict(zip(schema.names, values, strict=True))


def _plain(column: pa.Array) -> pa.Array:
    if pa.types.is_date(column.type):
        return column.cast(pa.string())
    if pa.types.is_decimal(column.type):
        return pc.replace_substring_regex(column.cast(pa.string()), _ZEROS, "")
    return column


def _parts(table: Table, records: Iterable[KeptRecord]) -> Iterator[pa.Table]:
    """The records as columns, some at a time: those of a database need not lie in memory whole."""
    schema = arrow_schema(table)
    waiting = iter(records)
    while some := list(islice(waiting, _AT_ONCE)):
        columns = [_column(table, field, some) for field in schema]
        yield pa.Table.from_arrays(columns, schema=schema)


def _column(table: Table, field: pa.Field, records: Sequence[KeptRecord]) -> pa.Array:
    name, default = field.name, _TYPED.get(field.name)
    values = (
        [record[name] for record in records]
        if name == RECORD_ID
        else [record.get(name, default) for record in records]
    )
    try:
        if pa.types.is_decimal(field.type):
            values = [v if v is None or type(v) is str else str(v) for v in values]
        if pa.types.is_decimal(field.type) or pa.types.is_date(field.type):
            return pa.array(values, pa.string()).cast(field.type)
        if pa.types.is_integer(field.type) and float in set(map(type, values)):
            return pa.array(values, pa.float64()).cast(field.type)  # which refuses to cut 3.5 to 3
        return pa.array(values, field.type)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise InputRefused(
            f"{table.name}.{name}: a kept record holds what is no {field.type}: {error}"
        ) from error
