"""What predicates say of the rows of a ledger: a bit a row.

The answers to each atom are kept as bits, those that are true and those that are unknown; a
predicate is then a handful of operations on bits, eight rows a byte. An atom that reads one column
is answered once for every value that the column has.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sqlglot import exp

from shuzhi.engines.atoms import FALSE, TRUE, UNKNOWN, AtomGroup, Truths, missing, parts_of
from shuzhi.engines.plan import Counts, Numbers
from shuzhi.engines.row_values import RowValues
from shuzhi.engines.three_valued import evaluate
from shuzhi.packs.predicates import Predicate

# A bit a row, the first row in the highest bit of the first byte; what follows the last row means
# nothing.
Mask = npt.NDArray[np.uint8]
Bytes = npt.NDArray[np.uint8]
# The words of atoms for the rows of a table. Shape: one array a word, one number a row.
Answering = Callable[[Sequence[Sequence[exp.Expr]], pa.Table], Sequence[Counts]]
MASKS_A_BYTE = 8
_STATES = {False: FALSE, True: TRUE, None: UNKNOWN}


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

    def __init__(self, groups: Sequence[AtomGroup], answer: Answering, one_by_one: int) -> None:
        self._groups = groups
        self._one_by_one = one_by_one
        self._answer = answer
        self._rows = 0
        self._known: dict[tuple[str, ...], dict[tuple[object, ...], list[int]]] = {}
        self._true: dict[str, list[Mask]] = {text: [] for g in groups for text in g.by_text}
        self._unknown: dict[str, list[Mask]] = {text: [] for text in self._true}

    @property
    def columns(self) -> list[str]:
        """The columns that the atoms read."""
        return list(dict.fromkeys(name for group in self._groups for name in group.columns))

    def read(self, rows: pa.Table) -> None:
        assert self._rows % 8 == 0
        self._rows += len(rows)
        values = RowValues(rows)
        for group in self._groups:
            if group.asks_only_whether_missing:
                is_missing = rows[group.columns[0]].is_null().to_numpy()
                for text in group.by_text:
                    self._true[text].append(np.packbits(is_missing))
                    self._unknown[text].append(np.zeros(-(-len(rows) // 8), dtype=np.uint8))
                continue
            distinct, place = values.combined(group.columns)
            truths = self._truths(group, distinct)
            for parts, state in ((self._true, TRUE), (self._unknown, UNKNOWN)):
                masks = _packed([of_values == state for of_values in truths.values()], place)
                for text, mask in zip(truths, masks, strict=True):
                    parts[text].append(mask)

    def _truths(self, group: AtomGroup, rows: pa.Table) -> dict[str, Truths]:
        """The answers to each atom of a group. Few combinations of values, which come again in
        every part, are answered one by one and remembered; many go to the engine."""
        if len(rows) > self._one_by_one:
            return group.truths(self._answer(group.words, rows))
        known = self._known.setdefault(group.columns, {})
        columns = [rows[name].to_pylist() for name in group.columns]
        combinations = list(zip(*columns, strict=True))
        for values in combinations:
            if values not in known:
                row = dict(zip(group.columns, values, strict=True))
                known[values] = [_STATES[evaluate(a, row)] for a in group.by_text.values()]
        found = np.array([known[values] for values in combinations], dtype=np.int8)
        found = found.reshape(-1, len(group.by_text))
        return dict(zip(group.by_text, found.T, strict=True))

    def masks(self) -> Masks:
        """All parts together."""
        found: dict[str, tuple[Mask, Mask | None]] = {}
        for text in [*self._true]:
            is_true, is_unknown = (_joined(of.pop(text)) for of in (self._true, self._unknown))
            found[text] = is_true, is_unknown if is_unknown.any() else None
        return Masks(self._rows, found)


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


def _packed(flags: Sequence[npt.NDArray[np.bool_]], place: Numbers | None) -> list[Mask]:
    """The flags of the rows, eight of them looked up at once. One that holds for no value needs no
    look-up. Shape: `flags` one per value; `place` has each row's own value."""
    if place is None:
        return [np.packbits(flag) for flag in flags]
    nowhere = np.zeros(-(-len(place) // 8), dtype=np.uint8)
    found = [nowhere] * len(flags)
    held = [number for number, flag in enumerate(flags) if flag.any()]
    for begin in range(0, len(held), MASKS_A_BYTE):
        some = held[begin : begin + MASKS_A_BYTE]
        of_values = np.zeros(len(flags[0]), dtype=np.uint8)
        for bit, number in enumerate(some):
            of_values |= flags[number].view(np.uint8) << np.uint8(bit)
        of_rows = of_values[place]
        for bit, number in enumerate(some):
            found[number] = np.packbits(of_rows & np.uint8(1 << bit))
    return found


def _joined(parts: Sequence[Mask]) -> Mask:
    return np.concatenate([np.zeros(0, dtype=np.uint8), *parts])
