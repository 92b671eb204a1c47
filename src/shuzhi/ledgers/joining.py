"""The parts of a ledger joined to one: ids that tell records apart, numbers in place of persons."""

from collections.abc import Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from shuzhi.ledgers.model import RECORD_ID, arrow_schema
from shuzhi.packs.model import Role, Table


def join_parts(table: Table, parts: Iterable[pa.Table], *, number_persons: bool) -> pa.Table:
    """One ledger from its parts, in the order given.

    Shape: every row of every part; repeated ids get -2, -3 and so on. Persons are numbered anew
    in each column, or stay the tokens they are.
    """
    joined = pa.concat_tables([arrow_schema(table).empty_table(), *parts])
    ids = told_apart(joined.column(RECORD_ID).to_pylist())
    joined = _replace(joined, RECORD_ID, pa.array(ids, pa.string()))
    for column in table.columns:
        if column.role is Role.PERSON and number_persons:
            joined = _replace(joined, column.name, _numbers(joined.column(column.name)))
    return joined.combine_chunks()


def told_apart(ids: Sequence[str]) -> list[str]:
    """The ids, each once: the first stays as it is, the next gets the lowest free number from 2."""
    if len(set(ids)) == len(ids):
        return list(ids)
    taken = set(ids)
    last: dict[str, int] = {}
    found = []
    for record in ids:
        number = last.get(record, 0) + 1
        free = record
        while number > 1 and (free := f"{record}-{number}") in taken:
            number += 1
        last[record] = number
        taken.add(free)
        found.append(free)
    return found


def _replace(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    at = table.schema.get_field_index(name)
    return table.set_column(at, table.schema.field(at), values)


def _numbers(persons: pa.ChunkedArray) -> pa.Array:
    """1 for the first person met, 2 for the next: a token of a name could be guessed by trying
    names, a number cannot. Missing: null."""
    first_met = persons.combine_chunks().dictionary_encode().indices
    return pc.cast(pc.add(first_met, 1), pa.string())
