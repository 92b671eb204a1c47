"""Predicates taken apart into atoms: what stands between `and`, `or` and `not`.

Predicates share atoms, and whether a measured column is filled in is one too. Atoms that read the
same columns are answered together; their answers to a row are digits of one number, a word.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt
from sqlglot import exp

from shuzhi.engines.plan import Counts
from shuzhi.packs.predicates import Predicate

Truths = npt.NDArray[np.int8]
FALSE, TRUE, UNKNOWN = 0, 1, 2
_STATES = 3
_ATOMS_A_WORD = 39  # 3 to the power of 39 is the last that a signed number of 64 bits holds


@dataclass(frozen=True)
class AtomGroup:
    """Atoms that read the same columns, by their text."""

    columns: tuple[str, ...]
    by_text: Mapping[str, exp.Expr]

    @property
    def asks_only_whether_missing(self) -> bool:
        return len(self.columns) == 1 and set(self.by_text) == {missing(self.columns[0]).sql()}

    @property
    def words(self) -> list[list[exp.Expr]]:
        """The atoms as they share words."""
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


def atom_groups(
    predicates: Iterable[Predicate], columns: Iterable[str], unit_column: str
) -> list[AtomGroup]:
    """The atoms of the predicates, and whether the columns are missing, by what they read.

    One that reads nothing goes with those on the column of units.
    """
    atoms: dict[str, exp.Expr] = {}
    for predicate in predicates:
        _gather(predicate.tree, atoms)
    for column in columns:
        atoms.setdefault(missing(column).sql(), missing(column))
    groups: dict[tuple[str, ...], dict[str, exp.Expr]] = {}
    for text, atom in atoms.items():
        read = tuple(sorted({column.name for column in atom.find_all(exp.Column)}))
        groups.setdefault(read or (unit_column,), {})[text] = atom
    return [AtomGroup(read, by_text) for read, by_text in groups.items()]


def missing(column: str) -> exp.Expr:
    """The atom that asks whether a column is empty."""
    return exp.Is(this=exp.column(column, quoted=True), expression=exp.Null())


def parts_of(node: exp.Expr) -> list[exp.Expr]:
    """What a connector, a negation or a parenthesis is made of. Missing: empty, it is an atom."""
    if isinstance(node, exp.Connector):
        return list(node.flatten())
    return [node.this] if isinstance(node, exp.Not | exp.Paren) else []


def word_of(atoms: Sequence[exp.Expr]) -> exp.Expr:
    """A number whose digits to the base of 3 are the answers to the atoms, the first one last."""
    digits: list[exp.Expr] = [
        exp.Mul(this=_digit(atom), expression=exp.cast(exp.Literal.number(_STATES**n), "BIGINT"))
        for n, atom in enumerate(atoms)
    ]
    return reduce(lambda left, right: exp.Add(this=left, expression=right), digits)


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
    parts = parts_of(node)
    for part in parts:
        _gather(part, found)
    if not parts:
        found.setdefault(node.sql(), node)
