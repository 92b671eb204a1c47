"""Who was asked for a table and who answered: what tells a zero from silence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

import numpy as np

from shuzhi.engines.plan import Counts
from shuzhi.figures.model import FigureState
from shuzhi.ledgers.model import Ledgers, Return, ReturnState
from shuzhi.packs.model import Asked, Pack
from shuzhi.periods import Period
from shuzhi.units import UnitTree

_NOBODY: frozenset[str] = frozenset()


class Answers(NamedTuple):
    """How many senders were asked, how many of them have reported in full, and how many more
    said that the table is not applicable to them."""

    asked: int
    reported: int
    excused: int


@dataclass(frozen=True)
class AnswerColumns:
    """The answers for several units. Shape: a place per unit in each column."""

    asked: Counts
    reported: Counts
    excused: Counts


@dataclass(frozen=True)
class _Heard:
    """The senders of one table and reporting period: who sent anything, and who more than
    "not applicable"."""

    any: frozenset[str] = _NOBODY
    substance: frozenset[str] = _NOBODY


class Reporting:
    """Answers for every table, unit and period, on the tree as it was or as of a day."""

    def __init__(self, ledgers: Ledgers, pack: Pack, tree_as_of: date | None = None) -> None:
        self._pack = pack
        self._ledgers = ledgers
        self._paths = _Paths(ledgers.units, tree_as_of)
        self._senders: dict[tuple[Asked, str], Mapping[str, frozenset[str]]] = {}
        self._answers: dict[tuple[str, tuple[str, ...]], Mapping[str, Answers]] = {}

    def is_asked(self, table: str) -> bool:
        """Whether anybody is ever asked for the table."""
        return bool(self._pack.tables[table].asked.levels)

    def answers(self, table: str, period: Period) -> Mapping[str, Answers]:
        """The answers for every unit."""
        parts = self.parts(table, period)
        key = table, tuple(part.name for part in parts)
        if key not in self._answers:
            self._answers[key] = {
                unit: self._answers_of(table, unit, parts) for unit in self._ledgers.units.codes
            }
        return self._answers[key]

    def columns(self, table: str, period: Period, units: Sequence[str]) -> AnswerColumns:
        """The answers for `units`, in their order."""
        answers = self.answers(table, period)
        rows = np.array([answers[unit] for unit in units], dtype=np.int64).reshape(-1, 3)
        return AnswerColumns(rows[:, 0], rows[:, 1], rows[:, 2])

    def parts(self, table: str, period: Period) -> list[Period]:
        """The table's reporting periods that overlap `period` and lie inside the collection."""
        if not self.is_asked(table):
            return []
        return self._pack.reporting_periods(table, period.start, period.end)

    def senders(self, table: str, part: Period) -> Mapping[str, frozenset[str]]:
        """For every unit: the senders asked in one reporting period that answer for it."""
        asked = self._pack.tables[table].asked
        key = asked, part.name
        if key not in self._senders:
            self._senders[key] = self._paths.senders(asked.levels, part.last_day)
        return self._senders[key]

    @cached_property
    def returns(self) -> Mapping[tuple[str, str, str], tuple[Return, ...]]:
        """The returns by table, reporting period and sender."""
        found: dict[tuple[str, str, str], list[Return]] = {}
        for answer in self._ledgers.returns:
            found.setdefault((answer.table, answer.period, answer.unit), []).append(answer)
        return {key: tuple(sorted(answers)) for key, answers in found.items()}

    def _answers_of(self, table: str, unit: str, parts: list[Period]) -> Answers:
        asked, silent, reporting = set[str](), set[str](), set[str]()
        for part in parts:
            senders = self.senders(table, part)[unit]
            heard = self._heard.get((table, part.name), _Heard())
            asked |= senders
            silent |= senders - heard.any
            reporting |= senders & heard.substance
        excused = asked - silent - reporting
        return Answers(len(asked - excused), len(reporting - silent), len(excused))

    @cached_property
    def _heard(self) -> Mapping[tuple[str, str], _Heard]:
        found: dict[tuple[str, str], tuple[set[str], set[str]]] = {}
        for answer in self._ledgers.returns:
            anything, substance = found.setdefault((answer.table, answer.period), (set(), set()))
            anything.add(answer.unit)
            if answer.state is not ReturnState.NOT_APPLICABLE:
                substance.add(answer.unit)
        return {key: _Heard(frozenset(a), frozenset(s)) for key, (a, s) in found.items()}


class _Paths:
    """From every unit up to the root: as it was on a day, or as of `tree_as_of` for all days."""

    def __init__(self, tree: UnitTree, tree_as_of: date | None) -> None:
        self._tree = tree
        self._tree_as_of = tree_as_of

    def senders(self, levels: tuple[str, ...], day: date) -> Mapping[str, frozenset[str]]:
        """For every unit the senders at or below it; where there are none, its nearest superior
        that is one. A sender is a unit of `levels` that existed on `day`."""
        tree = self._tree
        below: dict[str, set[str]] = {}
        itself: dict[str, set[str]] = {}
        for code in tree.codes:
            if tree.exists(code, day) and tree.level(code, day) in levels:
                path = self._path(code, day)
                itself.setdefault(path[0], set()).add(code)
                for unit in path:
                    below.setdefault(unit, set()).add(code)
        return {
            code: frozenset(below.get(code) or self._nearest(itself, code, day))
            for code in tree.codes
        }

    def _nearest(self, senders: Mapping[str, set[str]], code: str, day: date) -> set[str]:
        above = self._path(code, day)[1:]
        return next((senders[unit] for unit in above if unit in senders), set())

    def _path(self, code: str, day: date) -> tuple[str, ...]:
        """A unit that had ended by `day` keeps the superiors of its last day."""
        if self._tree_as_of is not None:
            heir = self._tree.heir(code, self._tree_as_of)
            return self._tree.ancestors(heir, self._tree_as_of)
        ended = self._tree.by_code[code][-1].valid_to
        return self._tree.ancestors(code, min(day, ended - timedelta(days=1)))


def states_without_records(
    answers: AnswerColumns, *, is_asked: bool, has_zero: bool
) -> list[FigureState]:
    """What stands where no record does. `has_zero` where the measure of no rows is 0."""
    nothing_found = FigureState.VALUE if has_zero else FigureState.NOT_APPLICABLE
    if not is_asked:
        return [nothing_found] * len(answers.asked)
    columns = (column.tolist() for column in (answers.asked, answers.reported, answers.excused))
    return [
        nothing_found if reported
        else FigureState.NOT_REPORTED if asked
        else FigureState.NOT_APPLICABLE if excused
        else FigureState.NOT_ASKED
        for asked, reported, excused in zip(*columns, strict=True)
    ]  # fmt: skip
