"""The default engine: every scan is one query, which DuckDB answers from Arrow tables in place.

What the pack of this installation asks is answered in this process, what a stranger's pack asks in
a confined one (`query_worker`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from shuzhi.engines.answers import Answers, AnswersConfined, AnswersHere
from shuzhi.engines.atoms import atom_groups
from shuzhi.engines.closure import reach_table
from shuzhi.engines.kernel_rule import ROWS_FROM, fits
from shuzhi.engines.plan import (
    Cell,
    CellKey,
    Cells,
    Counts,
    Exact,
    Floats,
    Grid,
    Scan,
    TracedRow,
    Traces,
    empty_grid,
)
from shuzhi.engines.slots import cut_days, versions_of
from shuzhi.engines.sql import (
    LEDGER,
    PERIODS,
    REACH,
    Selection,
    atoms_query,
    measure_query,
    selection_of,
    trace_columns,
    trace_query,
)
from shuzhi.ledgers.model import Ledgers
from shuzhi.ledgers.scanning import count_rows, scan_columns
from shuzhi.packs.model import Measure, MeasureKind, Pack, Table
from shuzhi.periods import Period

_PERIODS_SCHEMA = pa.schema(
    [("name", pa.string()), ("start", pa.date32()), ("last_day", pa.date32())]
)
_KEYS = 3  # unit, own, period


class DuckDBEngine:
    """Runs scans in DuckDB, and in the kernel where a table has `kernel_from` rows or more. Use
    it in a `with`."""

    def __init__(self, ledgers: Ledgers, pack: Pack, *, kernel_from: int = ROWS_FROM) -> None:
        self._ledgers = ledgers
        self._pack = pack
        self._kernel_from = kernel_from
        self._answers: Answers = AnswersHere() if pack.is_shipped else AnswersConfined()
        self._known_periods: dict[tuple[Period, ...], pa.Table] = {}
        self._reaches: dict[tuple[tuple[str, ...], date | None], pa.Table] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._answers.close()

    def grids(self, scan: Scan) -> Iterator[tuple[str, Grid]]:
        """By the kernel what it can take, where it pays; by one query the rest."""
        taken = set()
        for name, grid in self._through_kernel(scan):
            taken.add(name)
            yield name, grid
        rest = {name: m for name, m in scan.measures.items() if name not in taken}
        if rest:
            yield from self._by_query(replace(scan, measures=rest))

    def _through_kernel(self, scan: Scan) -> Iterator[tuple[str, Grid]]:
        """The measures of the scan that the kernel takes. Missing: those it does not."""
        measures = {name: measure for name, measure in scan.measures.items() if fits(measure)}
        if not measures or count_rows(self._ledgers, scan.table) < self._kernel_from:
            return
        # It loads a library that few sources need.
        from shuzhi.engines.forest import grow_forest
        from shuzhi.engines.kernel import Kernel
        from shuzhi.engines.masks import MaskReader
        from shuzhi.engines.placed_rows import place_rows

        table, tree = self._pack.tables[scan.table], self._ledgers.units
        chosen = measures.values()
        predicates = [p for m in chosen for p in (m.where, m.share_of) if p is not None]
        columns = [measure.column for measure in chosen if measure.column]
        groups = atom_groups(predicates, columns, table.unit_column.name)
        order = tree.in_pre_order(self._pack.collects_until)
        versions = versions_of(scan, tree)
        rows = place_rows(
            scan, tree.codes, table.unit_column.name,
            grow_forest(tree, versions, scan.units, scan.tree_as_of, order), cut_days(scan),
            MaskReader(groups, partial(self._answer_atoms, table)),
            partial(scan_columns, self._ledgers, scan.table),
        )  # fmt: skip
        yield from Kernel(replace(scan, measures=measures), table, rows).grids()

    def _answer_atoms(
        self, table: Table, words: Sequence[Sequence[exp.Expr]], rows: pa.Table
    ) -> list[Counts]:
        query = atoms_query(table, words).sql(dialect="duckdb", identify=True)
        found = self._answers.table(query, {LEDGER: rows})
        return [column.to_numpy() for column in found.columns]

    def _by_query(self, scan: Scan) -> Iterator[tuple[str, Grid]]:
        found = self._answers.table(*self._asked(scan, measure_query(self._selection(scan))))
        above, _, period, *measured = found.columns
        names = pa.array([period.name for period in scan.periods])
        place = (
            pc.index_in(above, pa.array(scan.units)).to_numpy(),
            pc.index_in(period, names).to_numpy(),
        )
        for number, (name, measure) in enumerate(scan.measures.items()):
            records = measured[2 * number + 1].to_numpy()
            grid = empty_grid(scan)
            grid.values[place] = _floats(measure, measured[2 * number], records)
            grid.records[place] = records
            yield name, grid

    def cells(self, scan: Scan) -> Cells:
        cells: dict[str, dict[CellKey, Cell]] = {name: {} for name in scan.measures}
        measures = list(enumerate(scan.measures.items()))
        for row in self._answer(scan, measure_query(self._selection(scan))):
            key = CellKey(*row[:_KEYS])
            for number, (name, measure) in measures:
                value, records = row[_KEYS + 2 * number : _KEYS + 2 * number + 2]
                if records:
                    cells[name][key] = Cell(_value(measure, value, records), records)
        return cells

    def trace(self, scan: Scan) -> Traces:
        selection = self._selection(scan)
        readers = {n: _TraceReader(selection, m) for n, m in scan.measures.items()}
        traces: dict[str, dict[CellKey, list[TracedRow]]] = {name: {} for name in scan.measures}
        for row in self._answer(scan, trace_query(selection)):
            key = CellKey(*row[:_KEYS])
            for name, reader in readers.items():
                traced = reader.read(row)
                if traced is not None:
                    traces[name].setdefault(key, []).append(traced)
        return traces

    def query(self, scan: Scan) -> str:
        return measure_query(self._selection(scan)).sql(
            dialect="duckdb", identify=True, pretty=True
        )

    def _selection(self, scan: Scan) -> Selection:
        return selection_of(scan, self._pack.tables[scan.table])

    def _answer(self, scan: Scan, query: exp.Select) -> Iterable[tuple[Any, ...]]:
        return self._answers.rows(*self._asked(scan, query))

    def _asked(self, scan: Scan, query: exp.Select) -> tuple[str, dict[str, pa.Table]]:
        tables = {
            LEDGER: self._ledgers.tables[scan.table],
            PERIODS: self._periods(scan.periods),
            REACH: self._reach(scan),
        }
        return query.sql(dialect="duckdb", identify=True), tables

    def _periods(self, periods: tuple[Period, ...]) -> pa.Table:
        if periods not in self._known_periods:
            rows = [{"name": p.name, "start": p.start, "last_day": p.last_day} for p in periods]
            self._known_periods[periods] = pa.Table.from_pylist(rows, schema=_PERIODS_SCHEMA)
        return self._known_periods[periods]

    def _reach(self, scan: Scan) -> pa.Table:
        key = scan.units, scan.tree_as_of
        if key not in self._reaches:
            self._reaches[key] = reach_table(self._ledgers.units, *key)
        return self._reaches[key]


class _TraceReader:
    """Finds one measure's part in the rows of a trace query."""

    def __init__(self, selection: Selection, measure: Measure) -> None:
        places = {name: _KEYS + n for n, name in enumerate(trace_columns(selection))}
        self._where = places[selection.answers[measure.where]] if measure.where else None
        self._base = places[selection.answers[measure.share_of]] if measure.share_of else None
        self._value = places[selection.values[measure.column]] if measure.column else None

    def read(self, row: tuple[Any, ...]) -> TracedRow | None:
        """The row as the measure takes it into account; None if it does not."""
        selected = self._where is None or row[self._where] is True
        value = None if self._value is None else row[self._value]
        if self._base is not None:
            in_account = row[self._base] is True
        else:
            in_account = selected and (self._value is None or value is not None)
        if not in_account:
            return None
        return TracedRow._make((*row[_KEYS : _KEYS + 6], selected, value))


def _value(measure: Measure, value: Any, records: int) -> Exact:
    if measure.kind is MeasureKind.AVERAGE:
        return float(value) / records
    if measure.kind is MeasureKind.SHARE:
        return float(100 * value / records)
    answer: Exact = value
    return answer


def _floats(measure: Measure, values: pa.ChunkedArray, records: Counts) -> Floats:
    """`_value` for a column. Missing: 0 where there are no records."""
    if pa.types.is_decimal(values.type):
        found = np.array([float(value or 0) for value in values.to_pylist()], dtype=np.float64)
    else:
        found = values.fill_null(0).to_numpy().astype(np.float64)
    if measure.kind is MeasureKind.AVERAGE:
        return found / np.maximum(records, 1)
    if measure.kind is MeasureKind.SHARE:
        return 100.0 * found / np.maximum(records, 1)
    return np.where(records > 0, found, 0.0)
