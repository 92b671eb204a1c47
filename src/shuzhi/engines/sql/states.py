"""What is kept of the rows of a cell so that cells can be put together: counts, sums, extremes, and
of a last value also its day and record.

A state is taken from rows once, and merged from states as often as there are steps. Measures that
count the same rows share a state.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlglot import exp

from shuzhi.engines.sql.nodes import PLACED, column, count, number, only_where, whole_sum
from shuzhi.engines.sql.selection import Selection
from shuzhi.packs.model import Measure, MeasureKind

Columns = dict[str, exp.Expr]
# A sum of whole numbers is wider than they are.
WIDE = "INT128"


class Reading(NamedTuple):
    """In which columns of the result a measure finds its value and its number of records."""

    value: str
    records: str


@dataclass
class States:
    """The states of a selection's additive measures, by name: how each is taken from placed rows,
    and how it is merged."""

    selection: Selection
    from_rows: Columns = field(default_factory=dict)
    merged: Columns = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)
    _known: dict[tuple[str, str], str] = field(default_factory=dict)

    def records(self, conditions: list[exp.Expr]) -> str:
        """The name of the state that counts the rows for which all conditions hold."""
        taken = count(*conditions)
        if self.selection.has_signs:
            signs = only_where(column("sign", PLACED), *conditions)
            taken = whole_sum(exp.Coalesce(this=signs, expressions=[number(0)]))
        return self._add("records", conditions, "", taken, whole_sum)

    def value(self, measure: Measure, records: str) -> str:
        """The name of the state that holds the value of an additive measure."""
        conditions = self.selection.taken_into_account(measure)
        if measure.kind is MeasureKind.SHARE:
            return self.records([*conditions, *self.selection.holds(measure.where)])
        if not measure.column:
            return records
        value = self.selection.value(measure)
        if measure.kind is MeasureKind.LAST:
            return self._last(measure, value, conditions)
        taken, merge = self._taken(measure, only_where(value, *conditions[:-1]))
        kind = "sum" if measure.kind is MeasureKind.AVERAGE else measure.kind.value
        return self._add(kind, conditions, measure.column, taken, merge)

    def _taken(
        self, measure: Measure, value: exp.Expr
    ) -> tuple[exp.Expr, Callable[[exp.Expr], exp.Expr]]:
        if measure.kind is MeasureKind.MIN:
            return exp.Min(this=value), lambda state: exp.Min(this=state)
        if measure.kind is MeasureKind.MAX:
            return exp.Max(this=value), lambda state: exp.Max(this=state)
        if self.selection.is_whole(measure.column):
            value = exp.cast(value, WIDE)
        return exp.Sum(this=value), lambda state: exp.Sum(this=state)

    def _last(self, measure: Measure, value: exp.Expr, conditions: list[exp.Expr]) -> str:
        day_and_record = exp.Struct(
            expressions=[
                exp.PropertyEQ(this=exp.to_identifier(name), expression=column(name, PLACED))
                for name in ("day", "record")
            ]
        )
        newest = only_where(day_and_record, *conditions)
        key = self._add(
            "newest", conditions, measure.column, exp.Max(this=newest),
            lambda state: exp.Max(this=state),
        )  # fmt: skip
        taken = exp.ArgMax(this=value, expression=newest.copy())
        return self._add(
            "last", conditions, measure.column, taken,
            lambda state: exp.ArgMax(this=state, expression=column(key)),
        )  # fmt: skip

    def _add(
        self, kind: str, conditions: Iterable[exp.Expr], of: str, taken: exp.Expr,
        merge: Callable[[exp.Expr], exp.Expr],
    ) -> str:  # fmt: skip
        names = sorted({part.name or part.sql() for part in conditions})
        key = kind, f"{of}:{names}"
        if key not in self._known:
            self._known[key] = name = f"{kind}_{len(self._known)}"
            self.from_rows[name] = taken
            self.merged[name] = merge(column(name))
        return self._known[key]


def states_of(selection: Selection) -> States:
    """The states of all measures: of those that are not additive only how many records they have,
    as their `value` stands in a column of its own."""
    states = States(selection)
    for name, measure in selection.scan.measures.items():
        records = states.records(selection.taken_into_account(measure))
        is_additive = measure.kind not in NOT_ADDITIVE
        value = states.value(measure, records) if is_additive else apart(selection, name)
        states.readings[name] = Reading(value, records)
    return states


NOT_ADDITIVE = frozenset({MeasureKind.DISTINCT, MeasureKind.MEDIAN})


def apart(selection: Selection, name: str) -> str:
    """The column of a measure that is not additive."""
    return f"{selection.scan.measures[name].kind.value}_{list(selection.scan.measures).index(name)}"


def by_column(selection: Selection, kind: MeasureKind) -> Mapping[str, dict[str, Measure]]:
    """The measures of a kind by measured column, each under the name of its result's column."""
    found: dict[str, dict[str, Measure]] = {}
    for name, measure in selection.scan.measures.items():
        if measure.kind is kind:
            found.setdefault(measure.column, {})[apart(selection, name)] = measure
    return found
