"""What predicates say of the rows of a ledger: a bit a row.

The answers to each atom are kept as bits, those that are true and those that are unknown; a
predicate is then a handful of operations on bits, eight rows a byte. An atom that reads one column
is answered once for every value that the column has.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sqlglot import exp

from shuzhi.engines.atoms import TRUE, UNKNOWN, AtomGroup, missing, parts_of
from shuzhi.engines.plan import Counts, Numbers
from shuzhi.packs.predicates import Predicate

# A bit a row, the first row in the highest bit of the first byte; what follows the last row means
# nothing.
Mask = npt.NDArray[np.uint8]
Bytes = npt.NDArray[np.uint8]
# The words of atoms for the rows of a table. Shape: one array a word, one number a row.
Answering = Callable[[Sequence[Sequence[exp.Expr]], pa.Table], Sequence[Counts]]
MASKS_A_BYTE = 8
_FITS_A_TABLE = 1 << 20


@dataclass(frozen=True)
class Masks:
    """The answers to atoms for all rows of a ledger: where each is true, and where it is unknown.
    Missing: None, it is never unknown."""

    rows: int
    by_text: Mapping[str, tuple[Mask, Mask | None]]

    def hold(self, predicate: Predicate | None) -> Mask:
        """Where the predicate is true."""
        if predicate is None:
            return np.full(-(-self.rows // 8), 255, dtype=np.uint8)
        return self._answer(predicate.tree)[0]

    def filled(self, column: str) -> Mask:
        """Where the column, one of those named to `atom_groups`, is filled in."""
        return self._answer(missing(column))[1]

    def _answer(self, node: exp.Expr) -> tuple[Mask, Mask]:
        """Where it is true, and where it is false."""
        parts = [self._answer(part) for part in parts_of(node)]
        match node:
            case exp.Paren():
                return parts[0]
            case exp.Not():
                return parts[0][1], parts[0][0]
            case exp.Or():
                return _either(parts)
            case exp.Connector():
                is_false, is_true = _either([(no, yes) for yes, no in parts])
                return is_true, is_false
        is_true, is_unknown = self.by_text[node.sql()]
        return is_true, ~is_true if is_unknown is None else ~(is_true | is_unknown)


def _either(parts: Sequence[tuple[Mask, Mask]]) -> tuple[Mask, Mask]:
    return (
        reduce(np.bitwise_or, (yes for yes, _ in parts)),
        reduce(np.bitwise_and, (no for _, no in parts)),
    )


class MaskReader:
    """Reads the answers to atoms, part after part. Every part but the last has a whole number of
    bytes of rows."""

    def __init__(self, groups: Sequence[AtomGroup], answer: Answering) -> None:
        self._groups = groups
        self._answer = answer
        self._rows = 0
        self._true: dict[str, list[Mask]] = {text: [] for g in groups for text in g.by_text}
        self._unknown: dict[str, list[Mask]] = {text: [] for text in self._true}

    @property
    def columns(self) -> list[str]:
        """The columns that the atoms read."""
        return list(dict.fromkeys(name for group in self._groups for name in group.columns))

    def read(self, rows: pa.Table) -> None:
        assert self._rows % 8 == 0
        self._rows += len(rows)
        values = _Values(rows)
        for group in self._groups:
            distinct, place = values.combined(group.columns)
            truths = group.truths(self._answer(group.words, distinct))
            for text, of_values in truths.items():
                is_true, is_unknown = of_values == TRUE, of_values == UNKNOWN
                self._true[text].append(_packed(is_true, place))
                self._unknown[text].append(_packed(is_unknown, place))

    def masks(self) -> Masks:
        """All parts together."""
        found: dict[str, tuple[Mask, Mask | None]] = {}
        for text in self._true:
            is_true, is_unknown = _joined(self._true[text]), _joined(self._unknown[text])
            found[text] = is_true, is_unknown if is_unknown.any() else None
        self._true.clear()
        self._unknown.clear()
        return Masks(self._rows, found)


class _Values:
    """The values of some rows, each once."""

    def __init__(self, rows: pa.Table) -> None:
        self._rows = rows
        self._known: dict[str, tuple[pa.Array, Numbers]] = {}

    def combined(self, columns: Sequence[str]) -> tuple[pa.Table, Numbers | None]:
        """The combinations of values of the columns, and where each row's own stands among them.
        Missing: None, these are the rows themselves, as there are too many combinations."""
        each = [self._of(column) for column in columns]
        size = math.prod(len(distinct) for distinct, _ in each)
        if len(each) == 1:
            return pa.table({columns[0]: each[0][0]}), each[0][1]
        if size > _FITS_A_TABLE:
            return _plain(self._rows, columns), None
        codes = np.zeros(len(self._rows), dtype=np.int32)
        for distinct, place in each:
            codes *= np.int32(len(distinct))
            codes += place
        seen = np.zeros(size, dtype=np.bool_)
        seen[codes] = True
        met = np.flatnonzero(seen)
        number = np.zeros(size, dtype=np.int32)
        number[met] = np.arange(len(met), dtype=np.int32)
        found, left = {}, met
        for column, (distinct, _) in reversed([*zip(columns, each, strict=True)]):
            left, of_column = np.divmod(left, len(distinct))
            found[column] = distinct.take(pa.array(of_column))
        return pa.table(found), number[codes]

    def _of(self, column: str) -> tuple[pa.Array, Numbers]:
        """The values of a column, the last of them missing, and where each row's own stands."""
        if column not in self._known:
            values = self._rows[column].unify_dictionaries().combine_chunks()
            if not pa.types.is_dictionary(values.type):
                values = values.dictionary_encode()
            empty = pa.nulls(1, values.dictionary.type)
            place = values.indices.fill_null(len(values.dictionary)).to_numpy()
            self._known[column] = pa.concat_arrays([values.dictionary, empty]), place
        return self._known[column]


def bytes_of(masks: Sequence[Mask], rows: int) -> Bytes:
    """For each row a byte: the first mask is its lowest bit. At most `MASKS_A_BYTE` masks."""
    found = np.unpackbits(masks[0], count=rows)
    for place, mask in enumerate(masks[1:], start=1):
        found |= np.unpackbits(mask, count=rows) << np.uint8(place)
    return found


def bits_of_bytes(masks: int) -> npt.NDArray[np.int32]:
    """Which masks each possible byte of `bytes_of` stands for. Shape: bytes, masks."""
    numbers = np.arange(1 << masks, dtype=np.int32)
    return numbers[:, None] >> np.arange(masks, dtype=np.int32) & 1


def rank_bits(mask: Mask, places: "Places") -> npt.NDArray[np.int32]:
    """How many bits are set before each of the places."""
    padded = np.append(mask, np.uint8(0))
    before = np.zeros(len(padded), dtype=np.int32)
    np.cumsum(np.bitwise_count(mask), out=before[1:])
    found: npt.NDArray[np.int32] = before[places.bytes]
    found += np.bitwise_count(padded[places.bytes] & places.heads)
    return found


@dataclass(frozen=True)
class Places:
    """Places between rows, as the byte each lies in and the bits of it that come before."""

    bytes: Counts
    heads: Bytes


def places_between(rows: Counts) -> Places:
    return Places(rows >> 3, (0xFF00 >> (rows & 7) & 0xFF).astype(np.uint8))


def _packed(flags: npt.NDArray[np.bool_], place: Numbers | None) -> Mask:
    """The flags of the rows. One that holds for all values or for none needs no look-up."""
    if place is None:
        return np.packbits(flags)
    if not flags.any():
        return np.zeros(-(-len(place) // 8), dtype=np.uint8)
    return np.packbits(flags[place])


def _joined(parts: Sequence[Mask]) -> Mask:
    return np.concatenate([np.zeros(0, dtype=np.uint8), *parts])


def _plain(rows: pa.Table, columns: Sequence[str]) -> pa.Table:
    def plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
        kind = column.type
        return column.cast(kind.value_type) if pa.types.is_dictionary(kind) else column

    return pa.table({name: plain(rows[name]) for name in columns})
