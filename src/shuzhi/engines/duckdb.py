"""The default engine: a scan is one query, which DuckDB answers from Arrow tables in place.

What the pack of this installation asks is answered in this process, what a stranger's pack asks in
a confined one (`query_worker`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Self

import pyarrow as pa
from sqlglot import exp

from shuzhi.engines.answers import Answers, AnswersConfined, AnswersHere
from shuzhi.engines.forest import grow_forest
from shuzhi.engines.kernel_rule import ROWS_FROM, fits
from shuzhi.engines.plan import Cell, CellKey, Cells, Counts, Grid, Scan, Traces
from shuzhi.engines.signatures import SignatureReader, atom_groups
from shuzhi.engines.slots import cut_days, versions_of
from shuzhi.engines.sql import LEDGER, atoms_query
from shuzhi.engines.sql.lookups import Lookups
from shuzhi.engines.sql.results import cells_of, grids_of_result, traces_of
from shuzhi.engines.sql.selection import Selection, selection_of
from shuzhi.engines.sql.steps import Measuring, measuring_steps, one_query
from shuzhi.engines.sql.traced import trace_steps
from shuzhi.ledgers.model import Ledgers
from shuzhi.ledgers.scanning import count_rows, scan_columns
from shuzhi.packs.model import Pack, Table
from shuzhi.periods import Period

# From so many rows on, cells are put together in steps; below, planning the steps takes longer
# than they spare (measured with 76 and with 48,000 units).
STEPS_FROM = 10_000
NEVER = 2**63


_LookedUp = tuple[bool, tuple[Period, ...], tuple[str, ...], date | None]


class DuckDBEngine:
    """Runs scans in DuckDB, and in the kernel where a table has `kernel_from` rows or more. Use
    it in a `with`."""

    def __init__(
        self, ledgers: Ledgers, pack: Pack, *, kernel_from: int = ROWS_FROM,
        steps_from: int = STEPS_FROM,
    ) -> None:  # fmt: skip
        self._ledgers = ledgers
        self._pack = pack
        self._kernel_from = kernel_from
        self._steps_from = steps_from
        self._answers: Answers = AnswersHere() if pack.is_shipped else AnswersConfined()
        self._lookups: dict[_LookedUp, Lookups] = {}

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
        from shuzhi.engines.kernel import Kernel
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
            SignatureReader(groups, partial(self._answer_atoms, table)),
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
        for part in self._parts(scan):
            selection, measuring = self._measuring(part)
            found = self._answers.table(*self._asked(part, one_query(measuring.steps), selection))
            yield from grids_of_result(part, self._looked_up(part), measuring.readings, found)

    def cells(self, scan: Scan) -> Cells:
        cells: dict[str, Mapping[CellKey, Cell]] = {}
        for part in self._parts(scan):
            selection, measuring = self._measuring(part)
            query = one_query(measuring.steps)
            found = self._answers.rows(*self._asked(part, query, selection))
            cells |= cells_of(part, self._looked_up(part), measuring, found)
        return cells

    def trace(self, scan: Scan) -> Traces:
        selection = self._selection(scan, by_period=True)
        query = one_query(trace_steps(selection))
        rows = self._answers.rows(*self._asked(scan, query, selection))
        return traces_of(selection, self._looked_up(scan), rows)

    def steps(self, scan: Scan) -> tuple[str, ...]:
        """Of what goes by queries; as if nothing went through the kernel."""
        return tuple(
            step.name for part in self._parts(scan) for step in self._measuring(part)[1].steps
        )

    def query(self, scan: Scan) -> str:
        return ";\n\n".join(
            one_query(self._measuring(part)[1].steps).sql(
                dialect="duckdb", identify=True, pretty=True
            )
            for part in self._parts(scan)
        )

    def _parts(self, scan: Scan) -> Iterator[Scan]:
        """The scan in one; of many rows, what asks for the days of a period is apart, as only that
        must go through every row once a period."""
        apart = {n: m for n, m in scan.measures.items() if not fits(m)}
        others = {n: m for n, m in scan.measures.items() if n not in apart}
        if self._in_steps(scan) and apart and others:
            yield replace(scan, measures=others)
            yield replace(scan, measures=apart)
        else:
            yield scan

    def _in_steps(self, scan: Scan) -> bool:
        return count_rows(self._ledgers, scan.table) >= self._steps_from

    def _measuring(self, scan: Scan) -> tuple[Selection, Measuring]:
        selection = self._selection(scan, by_period=not all(map(fits, scan.measures.values())))
        return selection, measuring_steps(selection, at_once=not self._in_steps(scan))

    def _selection(self, scan: Scan, *, by_period: bool) -> Selection:
        lookups = self._looked_up(scan)
        return selection_of(
            scan, self._pack.tables[scan.table], by_period=by_period,
            with_versions=lookups.with_versions, calendar_from=lookups.calendar_from,
        )  # fmt: skip

    def _looked_up(self, scan: Scan) -> Lookups:
        key = bool(scan.ends), scan.periods, scan.units, scan.tree_as_of
        if key not in self._lookups:
            self._lookups[key] = Lookups(scan, self._ledgers.units)
        return self._lookups[key]

    def _asked(
        self, scan: Scan, query: exp.Query, selection: Selection
    ) -> tuple[str, Mapping[str, pa.Table]]:
        """The text of a query, and the tables it reads."""
        lookups = self._looked_up(scan).tables
        tables = {name: lookups[name] for name in selection.lookups}
        tables[LEDGER] = self._ledgers.tables[scan.table]
        return query.sql(dialect="duckdb", identify=True), tables
