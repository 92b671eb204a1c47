"""Who was asked for a table and who answered: what tells a zero from silence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from shuzhi.engines.plan import Counts
from shuzhi.figures.model import STATES, FigureState
from shuzhi.figures.senders import Senders, SendersOnDays
from shuzhi.ledgers.edition_tables import RETURNS
from shuzhi.ledgers.model import Ledgers, Return, ReturnState
from shuzhi.ledgers.sealed_parts import as_columns
from shuzhi.packs.model import Pack
from shuzhi.periods import Period

_Flags = npt.NDArray[np.bool_]
_NONE = np.zeros(0, dtype=np.int64)
_NO_FLAGS = np.zeros(0, dtype=np.bool_)


@dataclass(frozen=True)
class AnswerColumns:
    """For several units: how many senders were asked, how many of them have reported in full, and
    how many more said that the table is not applicable to them.

    Shape: a place per unit in each column.
    """

    asked: Counts
    reported: Counts
    excused: Counts

    def take(self, places: Counts) -> "AnswerColumns":
        return AnswerColumns(self.asked[places], self.reported[places], self.excused[places])


class Reporting:
    """Answers for every table, unit and period, on the tree as it was or as of a day."""

    def __init__(self, ledgers: Ledgers, pack: Pack, tree_as_of: date | None = None) -> None:
        self._pack = pack
        self._ledgers = ledgers
        self._senders = SendersOnDays(ledgers.units, tree_as_of)
        self._answers: dict[tuple[str, tuple[str, ...]], AnswerColumns] = {}
        self._asked_last: tuple[tuple[str, ...], Counts] = (), _NONE

    def is_asked(self, table: str) -> bool:
        """Whether anybody is ever asked for the table."""
        return bool(self._pack.tables[table].asked.levels)

    def answers(self, table: str, period: Period, units: Sequence[str]) -> AnswerColumns:
        """The answers for `units`, in their order."""
        parts = self.parts(table, period)
        key = table, tuple(part.name for part in parts)
        if key not in self._answers:
            self._answers[key] = self._answers_in(table, parts)
        return self._answers[key].take(self._places_of(tuple(units)))

    def _places_of(self, units: tuple[str, ...]) -> Counts:
        if self._asked_last[0] is not units:
            places = (self._places[unit] for unit in units)
            self._asked_last = units, np.fromiter(places, dtype=np.int64, count=len(units))
        return self._asked_last[1]

    def parts(self, table: str, period: Period) -> list[Period]:
        """The table's reporting periods that overlap `period` and lie inside the collection."""
        if not self.is_asked(table):
            return []
        return self._pack.reporting_periods(table, period.start, period.end)

    def senders(self, table: str, part: Period, unit: str) -> list[str]:
        """The senders asked in one reporting period that answer for a unit, by code."""
        found = self._senders_in(table, part)
        codes = self._ledgers.units.codes
        return sorted(codes[n] for n in found.senders[found.units == self._places[unit]].tolist())

    @cached_property
    def returns(self) -> Mapping[tuple[str, str, str], tuple[Return, ...]]:
        """The returns by table, reporting period and sender."""
        found: dict[tuple[str, str, str], list[Return]] = {}
        for answer in self._ledgers.returns:
            found.setdefault((answer.table, answer.period, answer.unit), []).append(answer)
        return {key: tuple(sorted(answers)) for key, answers in found.items()}

    def _senders_in(self, table: str, part: Period) -> Senders:
        return self._senders.on(self._pack.tables[table].asked.levels, part.last_day)

    def _answers_in(self, table: str, parts: Sequence[Period]) -> AnswerColumns:
        """For every unit of the tree: a sender that was asked several times has reported when it
        was never silent and once said more than "not applicable"."""
        length = len(self._ledgers.units.codes)
        pairs, silent, substantial = [_NONE], [_NO_FLAGS], [_NO_FLAGS]
        for part in parts:
            found = self._senders_in(table, part)
            anything, substance = self._heard(table, part)
            pairs.append(found.units * length + found.senders)
            silent.append(~anything[found.senders])
            substantial.append(substance[found.senders])
        asked, place = np.unique(np.concatenate(pairs), return_inverse=True)
        is_silent = _any(np.concatenate(silent), place, len(asked))
        has_substance = _any(np.concatenate(substantial), place, len(asked))
        units = asked // length
        excused = np.bincount(units[~is_silent & ~has_substance], minlength=length)
        reported = np.bincount(units[~is_silent & has_substance], minlength=length)
        return AnswerColumns(np.bincount(units, minlength=length) - excused, reported, excused)

    def _heard(self, table: str, part: Period) -> tuple[_Flags, _Flags]:
        """For every unit: whether it sent anything, and whether more than "not applicable"."""
        returns = self._return_columns
        is_to = pc.and_(pc.equal(returns["table"], table), pc.equal(returns["period"], part.name))
        found = returns.filter(pc.and_(is_to, pc.is_valid(returns["place"])))
        places = found["place"].to_numpy()
        anything = np.zeros(len(self._ledgers.units.codes), dtype=np.bool_)
        substance = anything.copy()
        anything[places] = True
        is_applicable = pc.not_equal(found["state"], ReturnState.NOT_APPLICABLE.value)
        substance[places[is_applicable.to_numpy()]] = True
        return anything, substance

    @cached_property
    def _return_columns(self) -> pa.Table:
        """The returns, each with the place of its unit. Missing: it is none of the tree."""
        returns = as_columns(self._ledgers.returns, RETURNS)
        codes = pa.array(self._ledgers.units.codes, pa.string())
        return returns.append_column("place", pc.index_in(returns["unit"], codes))

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {code: place for place, code in enumerate(self._ledgers.units.codes)}


def _any(flags: _Flags, place: Counts, length: int) -> _Flags:
    """Where any of the flags that belong to a place is set."""
    found = np.zeros(length, dtype=np.bool_)
    found[place[flags]] = True
    return found


def states_without_records(
    answers: AnswerColumns, *, is_asked: bool, has_zero: bool
) -> npt.NDArray[np.int8]:
    """What stands where no record does, as places in `STATES`. `has_zero` where the measure of no
    rows is 0."""
    nothing_found = FigureState.VALUE if has_zero else FigureState.NOT_APPLICABLE
    conditions = [np.full(len(answers.asked), not is_asked), answers.reported > 0,
                  answers.asked > 0, answers.excused > 0]  # fmt: skip
    states = [nothing_found, nothing_found, FigureState.NOT_REPORTED, FigureState.NOT_APPLICABLE]
    codes = [np.int8(STATES.index(state)) for state in states]
    default = np.int8(STATES.index(FigureState.NOT_ASKED))
    return np.select(conditions, codes, default)
