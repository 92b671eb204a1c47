"""The reference engine: row by row, slow, and plain to see. Tests hold the others to it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from statistics import median
from typing import Any, Self

from shuzhi.engines.plan import (
    ALL_UNITS,
    Cell,
    CellKey,
    Cells,
    Exact,
    Grid,
    Scan,
    TracedRow,
    Traces,
    grids_of,
)
from shuzhi.engines.three_valued import evaluate
from shuzhi.ledgers.model import FILE, RECORD_ID, ROW, SHEET, Ledgers
from shuzhi.packs.model import Measure, MeasureKind, Pack
from shuzhi.packs.predicates import Predicate
from shuzhi.periods import Period

Row = dict[str, Any]


class InMemoryEngine:
    """Runs scans in plain Python."""

    def __init__(self, ledgers: Ledgers, pack: Pack) -> None:
        self._ledgers = ledgers
        self._pack = pack

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""

    def grids(self, scan: Scan) -> Iterator[tuple[str, Grid]]:
        return grids_of(self.cells(scan), scan)

    def cells(self, scan: Scan) -> Cells:
        return {
            name: {key: _cell(scan.measures[name], traced) for key, traced in groups.items()}
            for name, groups in self.trace(scan).items()
        }

    def steps(self, scan: Scan) -> tuple[str, ...]:
        return ()

    def query(self, scan: Scan) -> str:
        return ""

    def trace(self, scan: Scan) -> Traces:
        traces: dict[str, dict[CellKey, list[TracedRow]]] = {
            name: defaultdict(list) for name in scan.measures
        }
        for key, row, period in self._placed(scan):
            for name, measure in scan.measures.items():
                traced = self._traced(measure, row, period)
                if traced is not None:
                    traces[name][key].append(traced)
        return {
            name: {key: sorted(rows, key=_by_day_and_record) for key, rows in groups.items()}
            for name, groups in traces.items()
        }

    def _placed(self, scan: Scan) -> Iterator[tuple[CellKey, Row, Period]]:
        wanted = frozenset(scan.units)
        for row in self._ledgers.tables[scan.table].to_pylist():
            for period in scan.periods:
                if _counts_in(scan, row, period):
                    path = self._path(scan, row)
                    for unit in wanted.intersection(path):
                        own = path[0] if scan.by_own_unit else ALL_UNITS
                        yield CellKey(unit, own, period.name), row, period

    def _path(self, scan: Scan, row: Row) -> tuple[str, ...]:
        """The unit the row belongs to, and everything above it."""
        units = self._ledgers.units
        unit = row[self._pack.tables[scan.table].unit_column.name]
        if unit not in units.by_code:
            return ()
        if scan.tree_as_of is None:
            return units.ancestors(unit, row[scan.date])
        return units.ancestors(units.heir(unit, scan.tree_as_of), scan.tree_as_of)

    def _traced(self, measure: Measure, row: Row, period: Period) -> TracedRow | None:
        """The row as the measure takes it into account; None if it does not."""
        selected = _holds(measure.where, row, period)
        in_base = _holds(measure.share_of, row, period)
        value = row[measure.column] if measure.column else None
        if not in_base or not (selected or measure.kind is MeasureKind.SHARE):
            return None
        if measure.column and value is None:
            return None
        unit = row[self._pack.tables[measure.table].unit_column.name]
        return TracedRow(
            row[RECORD_ID], unit, row[measure.date], row[FILE], row[SHEET], row[ROW],
            selected, value,
        )  # fmt: skip


def _counts_in(scan: Scan, row: Row, period: Period) -> bool:
    day: date | None = row[scan.date]
    if day is None:
        return False
    if not scan.ends:
        return period.contains(day)
    end: date | None = row[scan.ends]
    return day <= period.last_day and (end is None or end > period.last_day)


def _holds(predicate: Predicate | None, row: Row, period: Period) -> bool:
    if predicate is None:
        return True
    dates = {"period_start": period.start, "period_last_day": period.last_day}
    return evaluate(predicate.tree, row | dates) is True


def _by_day_and_record(row: TracedRow) -> tuple[date, str]:
    return row.day, row.record


def _cell(measure: Measure, rows: Sequence[TracedRow]) -> Cell:
    return Cell(_value(measure.kind, rows), len(rows))


def _value(kind: MeasureKind, rows: Sequence[TracedRow]) -> Exact:
    values: list[Any] = [row.value for row in rows]
    answers: Mapping[MeasureKind, Any] = {
        MeasureKind.COUNT: lambda: len(rows),
        MeasureKind.STOCK: lambda: len(rows),
        MeasureKind.SUM: lambda: sum(values),
        MeasureKind.AVERAGE: lambda: float(sum(values)) / len(values),
        MeasureKind.MEDIAN: lambda: float(median(float(value) for value in values)),
        MeasureKind.MIN: lambda: min(values),
        MeasureKind.MAX: lambda: max(values),
        MeasureKind.DISTINCT: lambda: len(set(values)),
        MeasureKind.LAST: lambda: values[-1],
        MeasureKind.SHARE: lambda: 100 * sum(row.counted for row in rows) / len(rows),
    }
    value: Exact = answers[kind]()
    return value
