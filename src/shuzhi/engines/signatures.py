"""What all predicates of a scan say of a row, as one small number.

A predicate is taken apart into its atoms: what stands between `and`, `or` and `not`. The answers
to all atoms of a row, each true, false or unknown, are its signature. Many rows share one, and
each predicate is worked out once a signature. Whether a measured column is filled in is an atom
too.

An atom that reads one column is answered once for every value that the column has.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sqlglot import exp

from shuzhi.engines.plan import Counts
from shuzhi.packs.predicates import Predicate

Truths = npt.NDArray[np.int8]
# The words of atoms for the rows of a table. Shape: one array a word, one number a row.
Answering = Callable[[Sequence[Sequence[exp.Expr]], pa.Table], Sequence[Counts]]
FALSE, TRUE, UNKNOWN = 0, 1, 2
_STATES = 3
_ATOMS_A_WORD = 39  # 3 to the power of 39 is the last that a signed number of 64 bits holds
_FITS_A_TABLE = 1 << 22
_LARGEST = 1 << 62


@dataclass(frozen=True)
class AtomGroup:
    """Atoms that read the same columns, by their text."""

    columns: tuple[str, ...]
    by_text: Mapping[str, exp.Expr]

    @property
    def words(self) -> list[list[exp.Expr]]:
        """The atoms as they share numbers of 64 bits."""
        atoms = list(self.by_text.values())
        return [atoms[n : n + _ATOMS_A_WORD] for n in range(0, len(atoms), _ATOMS_A_WORD)]

    def truths(self, words: Sequence[Counts]) -> dict[str, Truths]:
        """The answers to each atom, from its words. Shape: one per place in the words."""
        return {
            text: (words[n // _ATOMS_A_WORD] // _STATES ** (n % _ATOMS_A_WORD) % _STATES).astype(
                np.int8
            )
            for n, text in enumerate(self.by_text)
        }


@dataclass(frozen=True)
class Signatures:
    """The signature of each row by number, and what each signature answers to every atom."""

    codes: npt.NDArray[np.int32]
    truths: Mapping[str, Truths]
    length: int

    def hold(self, predicate: Predicate | None) -> npt.NDArray[np.bool_]:
        """Where the predicate is true. Shape: one per signature."""
        if predicate is None:
            return np.ones(self.length, dtype=np.bool_)
        answer: npt.NDArray[np.bool_] = _truth(predicate.tree, self.truths) == TRUE
        return answer

    def filled(self, column: str) -> npt.NDArray[np.bool_]:
        """Where the column, one of those named to `atom_groups`, is filled in."""
        answer: npt.NDArray[np.bool_] = self.truths[_missing(column).sql()] == FALSE
        return answer


def atom_groups(
    predicates: Iterable[Predicate], columns: Iterable[str], unit_column: str
) -> list[AtomGroup]:
    """The atoms of the predicates, and whether the columns are filled in, by what they read.

    One that reads nothing goes with those on the column of units.
    """
    atoms: dict[str, exp.Expr] = {}
    for predicate in predicates:
        _gather(predicate.tree, atoms)
    for column in columns:
        atoms.setdefault(_missing(column).sql(), _missing(column))
    groups: dict[tuple[str, ...], dict[str, exp.Expr]] = {}
    for text, atom in atoms.items():
        read = tuple(sorted({column.name for column in atom.find_all(exp.Column)}))
        groups.setdefault(read or (unit_column,), {})[text] = atom
    return [AtomGroup(read, by_text) for read, by_text in groups.items()]


def word_of(atoms: Sequence[exp.Expr]) -> exp.Expr:
    """A number whose digits to the base of 3 are the answers to the atoms, the first one last."""
    digits: list[exp.Expr] = [
        exp.Mul(this=_digit(atom), expression=exp.cast(exp.Literal.number(_STATES**n), "BIGINT"))
        for n, atom in enumerate(atoms)
    ]
    return reduce(lambda left, right: exp.Add(this=left, expression=right), digits)


class SignatureReader:
    """Reads the signatures of rows, part after part."""

    def __init__(self, groups: Sequence[AtomGroup], answer: Answering) -> None:
        self._groups = groups
        self._answer = answer
        self._words: list[dict[tuple[int, ...], int]] = [{} for _ in groups]
        self._found: list[Counts] = []  # a part's signatures: one row each, its groups across

    @property
    def columns(self) -> list[str]:
        """The columns that the atoms read."""
        return list(dict.fromkeys(name for group in self._groups for name in group.columns))

    def read(self, rows: pa.Table) -> npt.NDArray[np.int32]:
        """The signatures of a part's rows, as numbers of that part alone."""
        numbers = [self._numbers(place, rows) for place in range(len(self._groups))]
        codes, found = _combined(numbers, [len(words) for words in self._words], len(rows))
        self._found.append(found)
        return codes

    def all(self, parts: Sequence[npt.NDArray[np.int32]]) -> Signatures:
        """The signatures of all parts, which come as `read` gave them."""
        if not parts:
            return Signatures(np.zeros(0, dtype=np.int32), self._truths(self._none), 0)
        together = np.concatenate(self._found)
        kinds, place = np.unique(together, axis=0, return_inverse=True)
        ends = np.cumsum([len(found) for found in self._found])[:-1]
        numbers = np.split(place.reshape(-1).astype(np.int32), ends)
        codes = np.concatenate([of[codes] for of, codes in zip(numbers, parts, strict=True)])
        return Signatures(codes, self._truths(kinds), len(kinds))

    @property
    def _none(self) -> Counts:
        return np.zeros((0, len(self._groups)), dtype=np.int64)

    def _truths(self, kinds: Counts) -> dict[str, Truths]:
        truths: dict[str, Truths] = {}
        for place, group in enumerate(self._groups):
            known = np.array(list(self._words[place]), dtype=np.int64).reshape(-1, len(group.words))
            truths |= group.truths(list(known[kinds[:, place]].T))
        return truths

    def _numbers(self, place: int, rows: pa.Table) -> Counts:
        """For each row the number of what it answers to the atoms of a group."""
        group = self._groups[place]
        if len(group.columns) > 1:
            return self._known(place, self._answer(group.words, _plain(rows, group.columns)))
        values = rows[group.columns[0]].unify_dictionaries().combine_chunks()
        if not pa.types.is_dictionary(values.type):
            values = values.dictionary_encode()
        distinct = pa.concat_arrays([values.dictionary, pa.nulls(1, values.dictionary.type)])
        table = pa.table({group.columns[0]: distinct})
        of_values = self._known(place, self._answer(group.words, table))
        found: Counts = of_values[values.indices.fill_null(len(distinct) - 1).to_numpy()]
        return found

    def _known(self, place: int, words: Sequence[Counts]) -> Counts:
        """The words as numbers of the group, given out in the order in which they are met."""
        if len(words) == 1:
            kinds, where = _distinct(words[0])
            rows = [(word,) for word in kinds.tolist()]
        else:
            kinds, where = np.unique(np.stack(words, axis=1), axis=0, return_inverse=True)
            rows = [tuple(row) for row in kinds.tolist()]
        known = self._words[place]
        numbers = [known.setdefault(row, len(known)) for row in rows]
        return np.array(numbers, dtype=np.int64)[where.reshape(-1)]


def _combined(
    numbers: Sequence[Counts], sizes: Sequence[int], length: int
) -> tuple[npt.NDArray[np.int32], Counts]:
    """A number for each row, and what it stands for: one row each, the groups across."""
    codes = np.zeros(length, dtype=np.int64)
    size, kinds = 1, np.zeros((1, 0), dtype=np.int64)
    waiting: list[int] = []
    for number, own in zip(numbers, sizes, strict=True):
        if size * own > _LARGEST:
            codes, kinds = _compacted(codes, kinds, waiting)
            size, waiting = len(kinds), []
        codes = codes * own + number
        size *= own
        waiting.append(own)
    codes, kinds = _compacted(codes, kinds, waiting)
    return codes.astype(np.int32), kinds


def _compacted(codes: Counts, kinds: Counts, sizes: Sequence[int]) -> tuple[Counts, Counts]:
    """The codes without gaps, and what they stand for once the groups of `sizes` are taken off."""
    size = len(kinds) * math.prod(sizes)
    if size <= _FITS_A_TABLE:
        seen = np.zeros(size, dtype=np.bool_)
        seen[codes] = True
        met = np.flatnonzero(seen)
        number = np.zeros(size, dtype=np.int64)
        number[met] = np.arange(len(met))
        codes = number[codes]
    else:
        met, codes = _distinct(codes)
    groups: list[Counts] = []
    for own in reversed(sizes):
        groups.insert(0, met % own)
        met = met // own
    return codes, np.column_stack([kinds[met], *groups])


def _distinct(numbers: Counts) -> tuple[Counts, Counts]:
    """Each number once, and the place of each in there."""
    found = pa.array(numbers).dictionary_encode()
    return found.dictionary.to_numpy(), found.indices.to_numpy()


def _plain(rows: pa.Table, columns: Sequence[str]) -> pa.Table:
    def plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
        kind = column.type
        return column.cast(kind.value_type) if pa.types.is_dictionary(kind) else column

    return pa.table({name: plain(rows[name]) for name in columns})


def _missing(column: str) -> exp.Expr:
    return exp.Is(this=exp.column(column, quoted=True), expression=exp.Null())


def _digit(atom: exp.Expr) -> exp.Expr:
    return exp.Case(
        ifs=[
            exp.If(this=atom.copy(), true=exp.Literal.number(TRUE)),
            exp.If(this=exp.Is(this=atom.copy(), expression=exp.Null()),
                   true=exp.Literal.number(UNKNOWN)),
        ],
        default=exp.Literal.number(FALSE),
    )  # fmt: skip


def _gather(node: exp.Expr, found: dict[str, exp.Expr]) -> None:
    if isinstance(node, (exp.Connector, exp.Not, exp.Paren)):
        for part in _parts(node):
            _gather(part, found)
    else:
        found.setdefault(node.sql(), node)


def _parts(node: exp.Expr) -> list[exp.Expr]:
    return list(node.flatten()) if isinstance(node, exp.Connector) else [node.this]


def _truth(node: exp.Expr, truths: Mapping[str, Truths]) -> Truths:
    if isinstance(node, exp.Paren):
        return _truth(node.this, truths)
    if isinstance(node, exp.Not):
        return _NEGATED[_truth(node.this, truths)]
    if isinstance(node, exp.Connector):
        decisive = TRUE if isinstance(node, exp.Or) else FALSE
        return reduce(
            lambda left, right: _connected(left, right, decisive),
            (_truth(part, truths) for part in _parts(node)),
        )
    return truths[node.sql()]


def _connected(left: Truths, right: Truths, decisive: int) -> Truths:
    decided = (left == decisive) | (right == decisive)
    unknown = (left == UNKNOWN) | (right == UNKNOWN)
    answer = np.where(decided, decisive, np.where(unknown, UNKNOWN, 1 - decisive))
    return answer.astype(np.int8)


_NEGATED: Truths = np.array([TRUE, FALSE, UNKNOWN], dtype=np.int8)
