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
from shuzhi.engines.row_values import numbered_by_parts
from shuzhi.engines.slots import NO_SLOT, Slots

# Some columns of all rows of the ledger, part after part.
Reading = Callable[[Sequence[str]], Iterator[pa.Table]]
NO_DAY = np.iinfo(np.int32).min
_DAYS_AT_ONCE = 1 << 20
_ROWS_AT_ONCE = 1 << 22
_NARROW = np.iinfo(np.int32).max
Days = npt.NDArray[np.int32]
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

    def numbers(self, column: str) -> Numbers:
        """The column as whole numbers, of decimals in units of their last place; 32 bits wide
        where that holds them all. Missing: 0."""
        chunks = (chunk for part in self.read([column]) for chunk in part[column].chunks)
        return self._ordered(np.concatenate([_NONE, *(_narrowed(_whole(c)) for c in chunks)]))

    def value_numbers(self, column: str) -> tuple[npt.NDArray[np.int32], int]:
        """The values of the column by number, and how many there are. Missing: any number."""
        chunks = (chunk for part in self.read([column]) for chunk in part[column].chunks)
        count, places = numbered_by_parts(chunks, self.masks.rows)
        return self._ordered(places), count + 1

    def days(self, column: str) -> Days:
        """The days of the column, of 1970 on. Missing: `NO_DAY`."""
        parts = (_days(part[column]) for part in self.read([column]))
        return self._ordered(np.concatenate([_NO_DAYS, *parts]))

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


_NONE = np.zeros(0, dtype=np.int32)
_NO_DAYS = np.zeros(0, dtype=np.int32)


def add_up(rows: Bytes, starts: Numbers, masks: int, numbers: Numbers | None) -> Numbers:
    """For each run of rows and each mask in their bytes, what the rows add up to. Shape: runs,
    masks."""
    kind = np.dtype(np.int32) if numbers is None else numbers.dtype
    kinds = bits_of_bytes(masks).astype(kind)
    found = np.empty((len(starts) - 1, masks), dtype=kind)
    for first, last in _runs_at_once(starts):
        begin, end = starts[first], starts[last]
        weights = np.ones(end - begin, dtype=kind) if numbers is None else numbers[begin:end]
        which, within = rows[begin:end].astype(np.int32), starts[first : last + 1] - begin
        matrix = sparse.csr_array((weights, which, within), shape=(last - first, len(kinds)))
        found[first:last] = matrix @ kinds
    return found


def _runs_at_once(starts: Numbers) -> Iterator[tuple[int, int]]:
    """The runs from one to before another that together have about so many rows."""
    cuts = np.searchsorted(starts, np.arange(_ROWS_AT_ONCE, starts[-1], _ROWS_AT_ONCE))
    bounds = [0, *np.unique(cuts[cuts > 0]).tolist()]
    if bounds[-1] < len(starts) - 1:
        bounds.append(len(starts) - 1)
    return zip(bounds, bounds[1:], strict=False)


def place_rows(
    scan: Scan, tree: Sequence[str], unit_column: str, forest: Forest, slots: Slots,
    masks: MaskReader, read: Reading,
) -> PlacedRows:  # fmt: skip
    """The rows of the ledger, placed. `tree` holds the codes of all units, by number."""
    codes = pa.array(tree, pa.string())
    columns = [unit_column, scan.date, scan.ends, *masks.columns]
    parts, ends = [np.zeros(0, dtype=np.int32)], [_NO_DAYS]
    for part in read([column for column in dict.fromkeys(columns) if column]):
        days = _days(part[scan.date])
        nodes = forest.nodes_of(_units(part[unit_column], codes), by_day(forest.versions_of, days))
        slot = by_day(slots.of_days, days)
        kept = (nodes != NOBODY) & (slot != NO_SLOT)
        if scan.ends:
            ended = _days(part[scan.ends])
            kept &= (ended == NO_DAY) | (ended > days)
            ends.append(ended)
        nodes *= np.int32(slots.length)
        nodes += slot
        nodes[~kept] = NO_CELL
        parts.append(nodes)
        masks.read(part)
    cells, ended = np.concatenate(parts), np.concatenate(ends)
    del parts, ends
    length = forest.length * slots.length
    assert length <= np.iinfo(np.int32).max
    kept = cells != NO_CELL
    ending = _ending(cells, ended, slots, length) if scan.ends else None
    order, of_rows = _in_order(cells, kept)
    return PlacedRows(
        forest, slots, masks.masks(), np.packbits(kept), of_rows, _starts(of_rows, length), order,
        ending, scan.date, read,
    )  # fmt: skip


def by_day(answer: Callable[[Counts], Counts], days: Days) -> npt.NDArray[np.int32]:
    """What is answered for each day; each day from the first to the last is asked for once.
    Missing: -1, there is no day."""
    there = days[days != NO_DAY]
    if not len(there):
        return np.full(len(days), -1, dtype=np.int32)
    first, last = int(there.min()), int(there.max())
    if last - first > _DAYS_AT_ONCE:
        return np.where(days == NO_DAY, -1, answer(days.astype(np.int64))).astype(np.int32)
    table = np.append(answer(np.arange(first, last + 1)), -1).astype(np.int32)
    found: npt.NDArray[np.int32] = table[np.where(days == NO_DAY, last + 1, days) - first]
    return found


def _in_order(cells: Numbers, kept: npt.NDArray[np.bool_]) -> tuple[Counts | None, Numbers]:
    """The order of the rows, and their cells in it. Where the rows that count stand in order, all
    stay, and one that counts nowhere is put to the cell before it."""
    filled = np.maximum.accumulate(np.maximum(cells, 0)) if len(cells) else cells
    if not (kept & (filled != cells)).any():
        return None, filled
    rows = np.flatnonzero(kept)
    order = rows[np.argsort(cells[rows], kind="stable")]
    return order, cells[order]


def _ending(cells: Numbers, ended: Days, slots: Slots, length: int) -> Ending:
    slot = by_day(slots.of_days, ended)
    rows = np.flatnonzero((cells != NO_CELL) & (slot != NO_SLOT))
    there = cells[rows] // slots.length * slots.length + slot[rows]
    by_cell = np.argsort(there, kind="stable")
    return Ending(rows[by_cell], _starts(there[by_cell], length))


def _starts(cells: Numbers, length: int) -> Numbers:
    """Where each cell begins, among rows in the order of their cells."""
    starts = np.zeros(length + 1, dtype=np.int32)
    np.cumsum(tally(cells, length), out=starts[1:])
    return starts


def tally(numbers: Numbers, length: int) -> Counts:
    """How often each number below `length` is there, without a wider copy of them all."""
    found = np.zeros(length, dtype=np.int64)
    for begin in range(0, len(numbers), _ROWS_AT_ONCE):
        some = np.bincount(numbers[begin : begin + _ROWS_AT_ONCE])
        found[: len(some)] += some
    return found


def _units(units: pa.ChunkedArray, codes: pa.Array) -> npt.NDArray[np.int32]:
    """The unit of each row by number. Missing: `NOBODY`, it is none of the tree."""
    named = [chunk.dictionary for chunk in units.chunks]
    if not named:
        return np.zeros(0, dtype=np.int32)
    # All at once: each time the codes of all units would be hashed anew.
    numbers = pc.index_in(pa.chunked_array(named), codes).fill_null(NOBODY).to_numpy()
    found, begin = [], 0
    for chunk, names in zip(units.chunks, named, strict=True):
        of_chunk = np.append(numbers[begin : begin + len(names)], NOBODY).astype(np.int32)
        found.append(of_chunk[chunk.indices.fill_null(len(names)).to_numpy()])
        begin += len(names)
    return np.concatenate(found)


def _days(days: pa.ChunkedArray) -> Days:
    numbers = pc.cast(days, pa.int32())
    found: Days = (numbers.fill_null(NO_DAY) if numbers.null_count else numbers).to_numpy()
    return found


def _narrowed(numbers: Counts) -> Numbers:
    """The numbers in half the width, where each of them and its opposite goes into it."""
    fits = numbers.min(initial=0) >= -_NARROW and numbers.max(initial=0) <= _NARROW
    return numbers.astype(np.int32) if fits else numbers


def _whole(values: pa.Array) -> Counts:
    if not pa.types.is_decimal(values.type):
        found: Counts = values.fill_null(0).cast(pa.int64()).to_numpy()
        return found
    # 18 digits stand in the lower of the two words of a 128-bit number
    words = np.frombuffer(values.buffers()[1], dtype=np.int64)
    lower = words[2 * values.offset : 2 * (values.offset + len(values)) : 2]
    return np.where(values.is_valid().to_numpy(zero_copy_only=False), lower, 0)
