"""The rows of a scan where they count: in cells, each a node of the forest and a slot of time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from shuzhi.engines.forest import Forest
from shuzhi.engines.masks import (
    Bytes,
    Mask,
    MaskReader,
    Masks,
    Places,
    bits_of_bytes,
    bytes_of,
    places_between,
    rank_bits,
)
from shuzhi.engines.plan import Counts, Numbers, Scan
from shuzhi.engines.roll_up import NOBODY
from shuzhi.engines.slots import NO_SLOT, Slots

# Some columns of all rows of the ledger, part after part.
Reading = Callable[[Sequence[str]], Iterator[pa.Table]]
NO_DAY = np.iinfo(np.int64).min
NO_CELL = -1


@dataclass(frozen=True)
class Ending:
    """The rows of a stock that end in a slot, in the order of the cells where they do: the place
    of each in the ledger, and where each cell begins among them."""

    order: Counts
    starts: Numbers


@dataclass(frozen=True)
class PlacedRows:
    """The rows of a ledger in the order of their cells (`node × slots + slot`).

    `cells` has the cell of each row, `starts` says where each cell begins, and at its end how many
    rows there are. `order` holds the place of each row in the ledger. Missing: None, they stand
    there in the order of their cells; then rows that count nowhere lie between them, and `kept` is
    set for those that count. Masks are in the order of the ledger. `date` is the column that
    placed the rows.
    """

    forest: Forest
    slots: Slots
    masks: Masks
    kept: Mask
    cells: Numbers
    starts: Numbers
    order: Counts | None
    ending: Ending | None
    date: str
    read: Reading

    def bytes_of(self, masks: Sequence[Mask]) -> Bytes:
        """For each row a byte, the first mask its lowest bit; 0 for rows that count nowhere."""
        found = bytes_of([mask & self.kept for mask in masks], self.masks.rows)
        return found if self.order is None else found[self.order]

    def that_count(self, mask: Mask) -> Counts:
        """The rows, by place, that count and for which the mask is set."""
        return np.flatnonzero(self.bytes_of([mask]))

    def counts(self, masks: Sequence[Mask]) -> Numbers:
        """How many rows of each cell each mask is set for. Shape: masks, cells."""
        if self.order is None:
            ranks = (rank_bits(mask & self.kept, self._between) for mask in masks)
            found = np.stack([np.diff(rank) for rank in ranks])
        else:
            found = self.sums(masks, None)
        return found if self.ending is None else found - self._ended(masks, self.ending)

    def sums(self, masks: Sequence[Mask], numbers: Numbers | None) -> Numbers:
        """What the numbers of the rows of each cell add up to, in their own width; without
        numbers, how many rows there are. Shape: masks, cells."""
        found = add_up(self.bytes_of(masks), self.starts, len(masks), numbers)
        return np.ascontiguousarray(found.T)

    def _ended(self, masks: Sequence[Mask], ending: Ending) -> Numbers:
        found = bytes_of([mask & self.kept for mask in masks], self.masks.rows)
        return add_up(found[ending.order], ending.starts, len(masks), None).T

    @cached_property
    def _between(self) -> Places:
        return places_between(self.starts)

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


def add_up(rows: Bytes, starts: Numbers, masks: int, numbers: Numbers | None) -> Numbers:
    """For each run of rows and each mask in their bytes, what the rows add up to. Shape: runs,
    masks."""
    weights = np.ones(len(rows), dtype=np.int32) if numbers is None else numbers
    kinds = bits_of_bytes(masks).astype(weights.dtype)
    shape = len(starts) - 1, len(kinds)
    matrix = sparse.csr_array((weights, rows.astype(np.int32), starts), shape=shape)
    found: Numbers = matrix @ kinds
    return found


def place_rows(
    scan: Scan, tree: Sequence[str], unit_column: str, forest: Forest, slots: Slots,
    masks: MaskReader, read: Reading,
) -> PlacedRows:  # fmt: skip
    """The rows of the ledger, placed. `tree` holds the codes of all units, by number."""
    codes = pa.array(tree, pa.string())
    columns = [unit_column, scan.date, scan.ends, *masks.columns]
    parts, ends = [np.zeros(0, dtype=np.int32)], [_NONE]
    for part in read([column for column in dict.fromkeys(columns) if column]):
        days = days_of(part[scan.date])
        nodes = _nodes(part[unit_column], days, codes, forest)
        slot = slots.of_days(days)
        kept = (nodes != NOBODY) & (days != NO_DAY) & (slot != NO_SLOT)
        if scan.ends:
            ended = days_of(part[scan.ends])
            kept &= (ended == NO_DAY) | (ended > days)
            ends.append(ended)
        cells = nodes * slots.length + slot
        parts.append(np.where(kept, cells, NO_CELL).astype(np.int32))
        masks.read(part)
    cells, ended = np.concatenate(parts), np.concatenate(ends)
    del parts, ends
    length = forest.length * slots.length
    kept = cells != NO_CELL
    ending = _ending(cells, ended, slots, length) if scan.ends else None
    order, of_rows = _in_order(cells, kept)
    return PlacedRows(
        forest, slots, masks.masks(), np.packbits(kept), of_rows, _starts(of_rows, length), order,
        ending, scan.date, read,
    )  # fmt: skip


def _in_order(cells: Numbers, kept: npt.NDArray[np.bool_]) -> tuple[Counts | None, Numbers]:
    """The order of the rows, and their cells in it. Where the rows that count stand in order, all
    stay, and one that counts nowhere is put to the cell before it."""
    filled = np.maximum.accumulate(np.maximum(cells, 0)) if len(cells) else cells
    if np.array_equal(filled[kept], cells[kept]):
        return None, filled
    rows = np.flatnonzero(kept)
    order = rows[np.argsort(cells[rows], kind="stable")]
    return order, cells[order]


def _ending(cells: Numbers, ended: Counts, slots: Slots, length: int) -> Ending:
    slot = slots.of_days(ended)
    rows = np.flatnonzero((cells != NO_CELL) & (ended != NO_DAY) & (slot != NO_SLOT))
    there = cells[rows] // slots.length * slots.length + slot[rows]
    by_cell = np.argsort(there, kind="stable")
    return Ending(rows[by_cell], _starts(there[by_cell], length))


def _starts(cells: Numbers, length: int) -> Numbers:
    """Where each cell begins, among rows in the order of their cells."""
    starts = np.zeros(length + 1, dtype=np.int32)
    np.cumsum(np.bincount(cells, minlength=length), out=starts[1:])
    return starts


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
