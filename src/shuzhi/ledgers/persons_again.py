"""Persons named in what was sent again, under the numbers that an edition has for them.

An edition numbers persons and keeps no name. Who of those sent again is whom can only be told by
the workbooks that the edition was sealed from; they are read once more, both times with the same
key that nobody keeps.
"""

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from shuzhi.errors import InputRefused
from shuzhi.ledgers.model import RECORD_ID, Ledgers
from shuzhi.packs.model import Column, Pack, Role, Table


def names_persons(resent: Ledgers, pack: Pack) -> str:
    """The first table and column in which a person is named. Missing: ''."""
    for table, column in _person_columns(pack):
        rows = resent.tables[table.name]
        if rows[column.name].null_count < len(rows):
            return f"{table.name}.{column.name}"
    return ""


def number_as_before(earlier: Ledgers, before: Ledgers, resent: Ledgers, pack: Pack) -> Ledgers:
    """`resent` with the earlier edition's numbers for persons; who is new gets a new one.

    `before` is what the edition was sealed from, read with the key that `resent` was read with.
    Raises: InputRefused where that is not what the edition was sealed from.
    """
    known, found = ({s.path: s.sha256 for s in ledgers.sources} for ledgers in (earlier, before))
    for path in sorted(known.keys() | found.keys()):
        if known.get(path) != found.get(path):
            raise InputRefused(
                f"{path} is not the file that the edition was sealed from; "
                "name the folder of workbooks as they were"
            )
    tables = dict(resent.tables)
    for table, column in _person_columns(pack):
        rows = tables[table.name]
        if rows[column.name].null_count == len(rows):
            continue
        numbers = _numbers(earlier.tables[table.name], before.tables[table.name], column.name)
        place = rows.schema.get_field_index(column.name)
        numbered = _numbered(rows[column.name], earlier.tables[table.name][column.name], numbers)
        tables[table.name] = rows.set_column(place, rows.schema.field(place), numbered)
    return replace(resent, tables=tables)


def _person_columns(pack: Pack) -> list[tuple[Table, Column]]:
    return [
        (table, column)
        for table in pack.tables.values()
        for column in table.columns
        if column.role is Role.PERSON
    ]


def _numbers(earlier: pa.Table, before: pa.Table, column: str) -> Mapping[str, str]:
    """The edition's number for each person of the reading before, by the records of both."""
    sealed = dict(zip(earlier[RECORD_ID].to_pylist(), earlier[column].to_pylist(), strict=True))
    pairs = {
        (person, sealed.get(record))
        for record, person in zip(
            before[RECORD_ID].to_pylist(), before[column].to_pylist(), strict=True
        )
        if person is not None
    }
    numbers = {person: number for person, number in pairs if number is not None}
    if len(numbers) != len(pairs):
        raise InputRefused(
            f"{column}: the workbooks name other persons than the edition counts; "
            "seal the whole source anew with --supersedes"
        )
    return numbers


def _numbered(
    persons: pa.ChunkedArray, sealed: pa.ChunkedArray, numbers: Mapping[str, str]
) -> pa.Array:
    known = dict(numbers)
    given = {
        int(number) for number in pc.unique(sealed).drop_null().to_pylist() if number.isdecimal()
    }
    following = max(given, default=0) + 1
    for person in pc.unique(persons).drop_null().to_pylist():
        if person not in known:
            known[person] = str(following)
            following += 1
    return pa.array([known.get(person) for person in persons.to_pylist()], pa.string())
