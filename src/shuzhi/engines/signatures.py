"""What all predicates of a scan say of a row, as one small number.

A predicate is taken apart into its atoms: what stands between `and`, `or` and `not`. The answers
to all atoms of a row, each true, false or unknown, are its signature. Many rows share one, and
each predicate is worked out once a signature.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt
from sqlglot import exp

from shuzhi.packs.predicates import Predicate

Truths = npt.NDArray[np.int8]
FALSE, TRUE, UNKNOWN = 0, 1, 2
_STATES = 3
ATOMS_A_WORD = 39  # 3 to the power of 39 is the last that a signed number of 64 bits holds


@dataclass(frozen=True)
class Atoms:
    """The atoms of several predicates, each once, by their text."""

    by_text: Mapping[str, exp.Expr]

    @property
    def words(self) -> list[list[exp.Expr]]:
        """The atoms as they share the words of a signature."""
        atoms = list(self.by_text.values())
        return [atoms[n : n + ATOMS_A_WORD] for n in range(0, len(atoms), ATOMS_A_WORD)]

    def truths(self, words: Sequence[npt.NDArray[np.int64]]) -> dict[str, Truths]:
        """The answers to each atom, from the words of signatures. Shape: one per signature."""
        texts = list(self.by_text)
        return {
            text: (words[n // ATOMS_A_WORD] // _STATES ** (n % ATOMS_A_WORD) % _STATES).astype(
                np.int8
            )
            for n, text in enumerate(texts)
        }


def atoms_of(predicates: Iterable[Predicate]) -> Atoms:
    found: dict[str, exp.Expr] = {}
    for predicate in predicates:
        _gather(predicate.tree, found)
    return Atoms(found)


def word_of(atoms: Sequence[exp.Expr]) -> exp.Expr:
    """A number whose digits to the base of 3 are the answers to the atoms, the first one last."""
    digits: list[exp.Expr] = [
        exp.Mul(this=_digit(atom), expression=exp.cast(exp.Literal.number(_STATES**n), "BIGINT"))
        for n, atom in enumerate(atoms)
    ]
    return reduce(lambda left, right: exp.Add(this=left, expression=right), digits)


def holds(predicate: Predicate, truths: Mapping[str, Truths]) -> npt.NDArray[np.bool_]:
    """Where the predicate is true. Shape: one per signature."""
    answer: npt.NDArray[np.bool_] = _truth(predicate.tree, truths) == TRUE
    return answer


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
