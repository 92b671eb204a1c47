"""Which figures moved between two counts, and what moved them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from shuzhi.figures.model import Figure, FigureState, Proof, ProofRecord

RecordKey = tuple[str, str]  # table, record


class MoveCause(StrEnum):
    """What moved a figure when no record explains it all."""

    DEFINITION = "definition"  # the indicator is defined otherwise
    RETURNS = "returns"  # who was asked, or has reported, is not the same
    TREE = "tree"  # the units it is about are not the same


@dataclass(frozen=True)
class Move:
    """A figure that is not what it was.

    Missing: `old` or `new` is None where the unit or the indicator was not there. `records` are
    the keys of the records that moved it, () where the causes lie elsewhere.
    """

    old: Figure | None
    new: Figure | None
    records: tuple[RecordKey, ...] = ()
    causes: tuple[MoveCause, ...] = ()

    @property
    def figure(self) -> Figure:
        """The figure as it is now; as it was, where it is gone."""
        figure = self.new or self.old
        assert figure is not None
        return figure

    @property
    def by(self) -> float | None:
        """How far it moved. Missing: None where it had, or has, no value."""
        if self.old is None or self.new is None:
            return None
        if self.old.value is None or self.new.value is None:
            return None
        return round(self.new.value - self.old.value, 6)


def moved_figures(old: Iterable[Figure], new: Iterable[Figure]) -> tuple[Move, ...]:
    """The figures whose value or state differs, by indicator, unit and period; causes not yet
    known. One that is not asked or not applicable now and was not there before has not moved."""
    before = {figure.figure_id: figure for figure in old}
    after = {figure.figure_id: figure for figure in new}
    moves = [
        Move(before.get(figure_id), after.get(figure_id))
        for figure_id in sorted(before.keys() | after.keys())
    ]
    return tuple(move for move in moves if _stands(move.old) != _stands(move.new))


def with_causes(
    move: Move,
    old: Proof | None,
    new: Proof | None,
    *,
    redefined: Collection[str],
    moved_by_tree: Collection[RecordKey],
) -> Move:
    """The move with what caused it: the records that add to one of the two proofs only, or add
    another amount; `redefined` indicators; `moved_by_tree` records the tree took elsewhere."""
    before, after = dict(_added_by(old)), dict(_added_by(new))
    records = tuple(
        sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    )
    causes = []
    if _indicators_of(old, move) & set(redefined) or _indicators_of(new, move) & set(redefined):
        causes.append(MoveCause.DEFINITION)
    if _returns(move.old) != _returns(move.new):
        causes.append(MoveCause.RETURNS)
    if move.old is None or move.new is None or set(records) & set(moved_by_tree):
        causes.append(MoveCause.TREE)
    return Move(move.old, move.new, records, tuple(causes))


def _stands(figure: Figure | None) -> tuple[FigureState, float | None]:
    """What a figure says; one that is not there says as much as one not asked for."""
    if figure is None or figure.state is FigureState.NOT_APPLICABLE:
        return FigureState.NOT_ASKED, None
    return figure.state, figure.value


def _returns(figure: Figure | None) -> tuple[int, int]:
    return (figure.asked, figure.reported) if figure else (0, 0)


def _added_by(proof: Proof | None) -> Iterator[tuple[RecordKey, tuple[object, ...]]]:
    """Each record of the whole proof with all it adds, step by step."""
    added: dict[RecordKey, list[object]] = {}
    for number, record in _records_of(proof):
        added.setdefault((record.table, record.record), []).append((number, record.contribution))
    return iter((key, tuple(sorted(parts, key=repr))) for key, parts in added.items())


def _records_of(proof: Proof | None) -> Iterator[tuple[str, ProofRecord]]:
    """Every record of a proof and of its steps, with the indicator of the step it stands in."""
    if proof is None:
        return
    for record in proof.records:
        yield proof.figure.indicator, record
    for step in proof.steps:
        yield from _records_of(step)


def _indicators_of(proof: Proof | None, move: Move) -> set[str]:
    found = {move.figure.indicator}
    pending = [proof] if proof else []
    while pending:
        step = pending.pop()
        found.add(step.figure.indicator)
        pending += step.steps
    return found


def redefined_indicators(old: Mapping[str, object], new: Mapping[str, object]) -> frozenset[str]:
    """The names of indicators that both packs have and define otherwise."""
    return frozenset(name for name in old.keys() & new.keys() if old[name] != new[name])
