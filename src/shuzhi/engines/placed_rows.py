"""The rows of a scan where they count: in cells, each a node of the forest and a slot of time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from shuzhi.engines.forest import Forest
from shuzhi.engines.plan import Counts, Scan
from shuzhi.engines.roll_up import NOBODY
from shuzhi.engines.signatures import SignatureReader, Signatures
from shuzhi.engines.slots import NO_SLOT, Slots

# Some columns of all rows of the ledger, part after part.
Reading = Callable[[Sequence[str]], Iterator[pa.Table]]
NO_DAY = np.iinfo(np.int64).min
Numbers = npt.NDArray[Any]  # whole numbers of any width


@dataclass(frozen=True)
class Cells:
    """Rows in the order of their cells (`node × slots + slot`): the cell and the signature of
    each, and where each cell begins; at the end stands how many rows there are."""

    cells: npt.NDArray[np.int32]
    codes: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int32]


@dataclass(frozen=True)
class PlacedRows:
    """The rows that count, and of a stock once more those that end, where they end.

    `order` holds for each row its place in the ledger. Missing: None, every row of the ledger
    counts and stands in its order. `date` is the column that placed them.
    """

    forest: Forest
    slots: Slots
    signatures: Signatures
    rows: Cells
    ended: Cells | None
    order: Counts | None
    date: str
    read: Reading

    def numbers(self, column: str) -> Counts:
        """The column as whole numbers, of decimals in units of their last place. Missing: 0."""
        parts = [_whole(chunk) for part in self.read([column]) for chunk in part[column].chunks]
        return self._ordered(np.concatenate([_NONE, *parts]))

    def value_numbers(self, column: str) -> tuple[npt.NDArray[np.int32], int]:
        """The values of the column by number, and how many there are. Missing: any number."""
        chunks = [chunk for part in self.read([column]) for chunk in part[column].chunks]
        if chunks and not pa.types.is_dictionary(chunks[0].type):
            chunks = pa.chunked_array(chunks).dictionary_encode().chunks
        if not chunks:
            return np.zeros(0, dtype=np.int32), 0
        values = pa.chunked_array(chunks).unify_dictionaries()
        numbers = [
            chunk.indices.fill_null(0).to_numpy().astype(np.int32) for chunk in values.chunks
        ]
        return self._ordered(np.concatenate(numbers)), len(values.chunk(0).dictionary)

    def days(self, column: str) -> Counts:
        parts = (days_of(part[column]) for part in self.read([column]))
        return self._ordered(np.concatenate([_NONE, *parts]))

    def texts(self, column: str, rows: Counts) -> pa.ChunkedArray:
        """The texts of a few rows."""
        places = rows if self.order is None else self.order[rows]
        parts, begin = [], 0
        by_place = np.argsort(places, kind="stable")
        wanted = places[by_place]
        for part in self.read([column]):
            first, last = np.searchsorted(wanted, (begin, begin + len(part)))
            parts.append(part[column].take(pa.array(wanted[first:last] - begin)))
            begin += len(part)
        plain = [c.dictionary_decode() for part in parts for c in part.chunks if len(c)]
        back = np.empty_like(by_place)
        back[by_place] = np.arange(len(by_place))
        return pa.chunked_array(plain, pa.string()).take(pa.array(back))

    def _ordered(self, values: Numbers) -> Numbers:
        return values if self.order is None else values[self.order]


_NONE = np.zeros(0, dtype=np.int64)
_NO_CELLS = np.zeros(0, dtype=np.int32)


def place_rows(
    scan: Scan, tree: Sequence[str], unit_column: str, forest: Forest, slots: Slots,
    signatures: SignatureReader, read: Reading,
) -> PlacedRows:  # fmt: skip
    """All rows that count in any period. `tree` holds the codes of all units, by number."""
    codes = pa.array(tree, pa.string())
    columns = [unit_column, scan.date, scan.ends, *signatures.columns]
    cells, signs, placed, ends = [_NO_CELLS], [], [_NONE], [_NONE]
    begin, is_whole = 0, True
    for part in read([column for column in dict.fromkeys(columns) if column]):
        days = days_of(part[scan.date])
        nodes = _nodes(part[unit_column], days, codes, forest)
        slot = slots.of_days(days)
        kept = (nodes != NOBODY) & (days != NO_DAY) & (slot != NO_SLOT)
        if scan.ends:
            ended = days_of(part[scan.ends])
            kept &= (ended == NO_DAY) | (ended > days)
            ends.append(ended[kept])
        cells.append((nodes * slots.length + slot)[kept].astype(np.int32))
        signs.append(signatures.read(part)[kept])
        placed.append(np.flatnonzero(kept) + begin)
        begin += len(part)
        is_whole = is_whole and bool(kept.all())
    of_rows, found, places = np.concatenate(cells), signatures.all(signs), np.concatenate(placed)
    ended = np.concatenate(ends)
    del cells, signs, placed, ends
    if (np.diff(of_rows) < 0).any():
        by_cell, is_whole = np.argsort(of_rows, kind="stable"), False
        of_rows, places = of_rows[by_cell], places[by_cell]
        found = replace(found, codes=found.codes[by_cell])
        ended = ended[by_cell] if scan.ends else ended
    length = forest.length * slots.length
    rows = _in_cells(of_rows, found.codes, length)
    closed = _closing(rows, ended, slots) if scan.ends else None
    order = None if is_whole else places
    return PlacedRows(forest, slots, found, rows, closed, order, scan.date, read)


def _nodes(units: pa.ChunkedArray, days: Counts, codes: pa.Array, forest: Forest) -> Counts:
    """The node of each row. Missing: `NOBODY`, its unit is none of the tree, or not asked for."""
    found, begin = np.full(len(units), NOBODY, dtype=np.int64), 0
    for chunk in units.chunks:
        numbers = pc.index_in(chunk.dictionary, codes).fill_null(NOBODY).to_numpy()
        numbers = np.append(numbers, NOBODY)[chunk.indices.fill_null(len(numbers)).to_numpy()]
        is_there = np.flatnonzero(numbers != NOBODY)
        of_chunk = days[begin : begin + len(chunk)]
        found[begin + is_there] = forest.nodes_of(numbers[is_there], of_chunk[is_there])
        begin += len(chunk)
    return found


def _in_cells(cells: Numbers, codes: Numbers, length: int) -> Cells:
    starts = np.zeros(length + 1, dtype=np.int32)
    np.cumsum(np.bincount(cells, minlength=length), out=starts[1:])
    return Cells(cells, codes, starts)


def _closing(rows: Cells, ended: Counts, slots: Slots) -> Cells:
    """The rows that end in a slot, in the order of the cells where they do."""
    slot = slots.of_days(ended)
    closing = np.flatnonzero((ended != NO_DAY) & (slot != NO_SLOT))
    cells = rows.cells[closing] // slots.length * slots.length + slot[closing]
    by_cell = np.argsort(cells, kind="stable")
    codes = rows.codes[closing[by_cell]]
    return _in_cells(cells[by_cell].astype(np.int32), codes, len(rows.starts) - 1)


def days_of(days: pa.ChunkedArray) -> Counts:
    """Days since 1970. Missing: `NO_DAY`."""
    found: Counts = pc.cast(pc.cast(days, pa.int32()), pa.int64()).fill_null(NO_DAY).to_numpy()
    return found


def _whole(values: pa.Array) -> Counts:
    if not pa.types.is_decimal(values.type):
        found: Counts = values.fill_null(0).cast(pa.int64()).to_numpy()
        return found
    # 18 digits stand in the lower of the two words of a 128-bit number
    words = np.frombuffer(values.buffers()[1], dtype=np.int64)
    lower = words[2 * values.offset : 2 * (values.offset + len(values)) : 2]
    return np.where(values.is_valid().to_numpy(zero_copy_only=False), lower, 0)
