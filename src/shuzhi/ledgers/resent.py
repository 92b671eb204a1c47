"""What was sent again, held against the ledgers that an edition holds.

A return that is sent again takes the place of the earlier one: its records go, those sent again
come. What is the same in both stays where it is.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shuzhi.errors import InputRefused
from shuzhi.ledgers.amended_tables import AmendedTables, RowChanges
from shuzhi.ledgers.model import FILE, RECORD_ID, SHEET, Ledgers, arrow_schema
from shuzhi.ledgers.sealed_order import order_of_rows, places_among, sealed_units
from shuzhi.ledgers.sealed_tables import Places, StoredTables, are_among
from shuzhi.packs.model import Pack, Table

Sheet = tuple[str, str]  # file, name
_NAMED = 5  # how many returns one message names


def amend_ledgers(earlier: Ledgers, resent: Ledgers, pack: Pack) -> Ledgers:
    """The ledgers of an edition with the returns of `resent` in the place of the earlier ones.

    Its tables are `AmendedTables`. Persons in `resent` have the edition's numbers. Records keep
    their ids; one that another return holds as well is told apart by a number behind its id, as
    in every reading.

    Raises: InputRefused where it cannot be told what is replaced by what: a sheet of units, a
    sheet without a known return, a workbook or a sheet that came with less than before; and where
    nothing was sent.
    """
    assert isinstance(earlier.tables, StoredTables)
    replaced = replaced_sheets(earlier, resent, pack)
    changes = {}
    units = sealed_units(earlier.units, pack)
    for table in pack.tables.values():
        found = change_rows(table, earlier.tables, resent.tables[table.name], replaced, units)
        if len(found.gone) or len(found.came):
            changes[table.name] = found
    files = {source.path for source in resent.sources}
    files |= _emptied_files(earlier, replaced)

    def stays(file: str, sheet: str) -> bool:
        return file not in files and (file, sheet) not in replaced

    sheets = [s for s in earlier.sheets if stays(s.file, s.sheet)] + list(resent.sheets)
    return replace(
        earlier,
        tables=AmendedTables(earlier.tables, changes),
        returns=tuple(
            sorted([r for r in earlier.returns if stays(r.file, r.sheet)] + list(resent.returns))
        ),
        sources=tuple(
            sorted(
                [s for s in earlier.sources if s.path not in files] + list(resent.sources),
                key=lambda source: source.path,
            )
        ),
        sheets=tuple(sorted(sheets, key=lambda sheet: sheet.file)),
        problems=tuple(
            sorted([p for p in earlier.problems if stays(p.file, p.sheet)] + list(resent.problems))
        ),
    )


def replaced_sheets(earlier: Ledgers, resent: Ledgers, pack: Pack) -> frozenset[Sheet]:
    """The sheets of the earlier ledgers whose records and returns were sent again."""
    sent = {(s.file, s.sheet): s.table for s in resent.sheets if s.table}
    if not sent:
        raise InputRefused(
            "nothing was sent again that can be read: no sheet holds a table of the pack"
        )
    keys = {(r.table, r.unit, r.period) for r in resent.returns}
    known = {(s.file, s.sheet) for s in earlier.sheets if s.table}
    answered = {(r.file, r.sheet) for r in resent.returns}
    for sheet, table in sent.items():
        if pack.tables[table].is_units:
            raise InputRefused(
                f"{_text(sheet)} holds units: an amendment leaves the tree as it is; "
                "seal the whole source anew with --supersedes"
            )
        if sheet not in known and sheet not in answered:
            raise InputRefused(
                f"{_text(sheet)}: whose return it is, or for which period, is not known, and "
                "the edition has no such sheet; name unit and period in its title or in "
                "receipts.csv, or send it under the name it had"
            )
    replaced = set(sent) & known
    replaced |= {(r.file, r.sheet) for r in earlier.returns if (r.table, r.unit, r.period) in keys}
    _refuse_less(earlier, resent, replaced, keys, known)
    return frozenset(replaced)


def _refuse_less(
    earlier: Ledgers, resent: Ledgers, replaced: Collection[Sheet],
    keys: Collection[tuple[str, str, str]], known: Collection[Sheet],
) -> None:  # fmt: skip
    files = {source.path for source in resent.sources}
    missing = sorted(sheet for sheet in known if sheet[0] in files and sheet not in replaced)
    if missing:
        raise InputRefused(
            f"{missing[0][0]} was sent again without {_list([name for _, name in missing])}; "
            "send the whole workbook, or what is new under another name"
        )
    left = sorted(
        f"{r.table} of {r.unit} for {r.period} ({_text((r.file, r.sheet))})"
        for r in earlier.returns
        if (r.file, r.sheet) in replaced and (r.table, r.unit, r.period) not in keys
    )
    if left:
        raise InputRefused(
            f"what was sent again replaces a sheet that also holds {_list(left)}; send these "
            "again too, as 无 where there is none"
        )


def _emptied_files(earlier: Ledgers, replaced: Collection[Sheet]) -> set[str]:
    """The files of which nothing stands any more."""
    standing = {s.file for s in earlier.sheets if s.table and (s.file, s.sheet) not in replaced}
    standing |= {r.file for r in earlier.returns if (r.file, r.sheet) not in replaced}
    return {file for file, _ in replaced} - standing


def change_rows(
    table: Table, earlier: StoredTables, sent: pa.Table, replaced: Collection[Sheet],
    units: pa.Array,
) -> RowChanges:  # fmt: skip
    """What becomes of the rows of one table as those of `sent` take the place of all that were
    written in the sheets replaced. `units` as in `sealed_units`."""
    schema = arrow_schema(table)
    sent = sent.select(schema.names).cast(schema)
    gone = _rows_of_sheets(table.name, earlier, replaced) if replaced else _NONE
    before = earlier.at(table.name, gone, schema.names)
    sent = _told_apart(table.name, earlier, gone, sent)
    is_same_before, is_same = _unchanged(before, sent)
    gone, came = gone[~is_same_before], sent.filter(pa.array(~is_same))
    came = came.take(pa.array(order_of_rows(table, came, units))).combine_chunks()
    if not len(came):
        return RowChanges(gone, came, _NONE)
    return RowChanges(gone, came, places_among(table, earlier, came, units))


_NONE = np.zeros(0, dtype=np.int64)


def _rows_of_sheets(name: str, earlier: StoredTables, sheets: Collection[Sheet]) -> Places:
    wanted = [pa.array(sorted(set(part)), pa.string()) for part in zip(*sheets, strict=True)]
    found, begin = [_NONE], 0
    for part in earlier.batches(name, [FILE, SHEET]):
        places = np.flatnonzero(_is_in(part[FILE], wanted[0]) & _is_in(part[SHEET], wanted[1]))
        some = part.take(pa.array(places))
        pairs = zip(some[FILE].to_pylist(), some[SHEET].to_pylist(), strict=True)
        of_sheets = np.array([pair in sheets for pair in pairs], dtype=np.bool_)
        found.append(begin + places[of_sheets])
        begin += len(part)
    return np.concatenate(found).astype(np.int64)


def _is_in(column: pa.ChunkedArray, wanted: pa.Array) -> npt.NDArray[np.bool_]:
    flags = [are_among(chunk, wanted) for chunk in column.chunks]
    return np.concatenate([np.zeros(0, dtype=np.bool_), *flags])


def _told_apart(name: str, earlier: StoredTables, gone: Places, sent: pa.Table) -> pa.Table:
    """The rows sent, with a number behind an id that a row which stays has already."""
    ids = sent[RECORD_ID].to_pylist()
    taken = set(_standing(name, earlier, gone, pa.array(ids, pa.string())))
    if not taken:
        return sent
    used = set(ids)
    found = []
    for record in ids:
        number, free = 1, record
        while free in taken or (free != record and free in used):
            number += 1
            free = f"{record}-{number}"
            if any(_standing(name, earlier, gone, pa.array([free]))):
                taken.add(free)
        used.add(free)
        found.append(free)
    place = sent.schema.get_field_index(RECORD_ID)
    return sent.set_column(place, sent.schema.field(place), pa.array(found, pa.string()))


def _standing(name: str, earlier: StoredTables, gone: Places, ids: pa.Array) -> Iterator[str]:
    """Which of the ids rows have that stay."""
    begin = 0
    for part in earlier.batches(name, [RECORD_ID]) if len(ids) else ():
        places = np.flatnonzero(_is_in(part[RECORD_ID], ids))
        places = places[~np.isin(begin + places, gone)]
        yield from part[RECORD_ID].take(pa.array(places)).to_pylist()
        begin += len(part)


def _unchanged(
    before: pa.Table, sent: pa.Table
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which rows are in both, cell by cell."""
    known = {row[RECORD_ID]: row for row in before.to_pylist()}
    same = {row[RECORD_ID] for row in sent.to_pylist() if known.get(row[RECORD_ID]) == row}
    of_tables = (
        np.array([record in same for record in rows[RECORD_ID].to_pylist()], dtype=np.bool_)
        for rows in (before, sent)
    )
    return next(of_tables), next(of_tables)


def _text(sheet: Sheet) -> str:
    return " / ".join(sheet)


def _list(names: Sequence[str]) -> str:
    rest = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
