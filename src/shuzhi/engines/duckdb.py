"""The default engine: a scan is one query, which DuckDB answers from Arrow tables in place.

What the pack of this installation asks is answered in this process, what a stranger's pack asks in
a confined one (`query_worker`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Self

import pyarrow as pa
from sqlglot import exp

from shuzhi.engines.answers import Answers, answers_to
from shuzhi.engines.atoms import atom_groups
from shuzhi.engines.kernel_rule import FEW, ROWS_FROM, ROWS_ONCE_LOADED, fits
from shuzhi.engines.plan import Cell, CellKey, Cells, Counts, Grid, Scan, Traces
from shuzhi.engines.slots import cut_days, versions_of
from shuzhi.engines.sql import LEDGER, atoms_query
from shuzhi.engines.sql.planning import Planning
from shuzhi.engines.sql.results import cells_of, grids_of_result, traces_of
from shuzhi.engines.sql.selection import Selection
from shuzhi.engines.sql.steps import Measuring, Step, one_query
from shuzhi.engines.sql.traced import trace_steps
from shuzhi.ledgers.model import Ledgers
from shuzhi.ledgers.scanning import count_rows, scan_columns
from shuzhi.packs.model import Pack, Table

if TYPE_CHECKING:
    from shuzhi.engines.placed_rows import PlacedRows

# From so many rows on, cells are put together in steps; below, planning the steps takes longer
# than they spare: at 2,000 rows twice the time, at 20,000 a little less (measured).
STEPS_FROM = 10_000
NEVER = 2**63


class DuckDBEngine:
    """Runs scans in DuckDB, and in the kernel where a table has `kernel_from` rows or more. Use
    it in a `with`."""

    def __init__(
        self, ledgers: Ledgers, pack: Pack, *, kernel_from: int = ROWS_FROM,
        steps_from: int = STEPS_FROM, answers: Answers | None = None, one_by_one: int = FEW,
    ) -> None:  # fmt: skip
        """`answers` are shared with other engines of the pack, and stay when this one is closed.
        `one_by_one` is up to how many values of a column the kernel asks about each by itself."""
        self._ledgers = ledgers
        self._pack = pack
        self._kernel_from = kernel_from
        self._steps_from = steps_from
        self._one_by_one = one_by_one
        self._answers = answers or answers_to(pack)
        self._closes = answers is None
        self._planning = Planning(ledgers.units, pack)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._closes:
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
        if not measures or not self._pays(scan.table):
            return
        from shuzhi.engines.kernel import Kernel  # it loads a library that few sources need

        scan = replace(scan, measures=measures)
        yield from Kernel(scan, self._pack.tables[scan.table], self.place(scan)).grids()

    def _pays(self, table: str) -> bool:
        """Whether a table goes through the kernel. The others are looked at only if it may."""
        rows = count_rows(self._ledgers, table)
        if rows < min(self._kernel_from, ROWS_ONCE_LOADED):
            return False
        return rows >= self._kernel_from or any(
            count_rows(self._ledgers, other) >= self._kernel_from for other in self._ledgers.tables
        )

    def place(self, scan: Scan) -> "PlacedRows":
        """The rows of a scan, all of whose measures fit the kernel, where they count."""
        from shuzhi.engines.forest import grow_forest
        from shuzhi.engines.masks import MaskReader
        from shuzhi.engines.placed_rows import place_rows
        from shuzhi.engines.span_columns import span_columns

        table, tree = self._pack.tables[scan.table], self._ledgers.units
        chosen = scan.measures.values()
        predicates = [p for m in chosen for p in (m.where, m.share_of) if p is not None]
        columns = [measure.column for measure in chosen if measure.column]
        groups = atom_groups(predicates, columns, table.unit_column.name)
        order = span_columns(tree).hierarchy_on(self._pack.collects_until).ranks
        versions = versions_of(scan, tree)
        return place_rows(
            scan, tree.codes, table.unit_column.name,
            grow_forest(tree, versions, scan.units, scan.tree_as_of, order), cut_days(scan),
            MaskReader(groups, partial(self._answer_atoms, table), self._one_by_one),
            partial(scan_columns, self._ledgers, scan.table),
        )  # fmt: skip

    def _answer_atoms(
        self, table: Table, words: Sequence[Sequence[exp.Expr]], rows: pa.Table
    ) -> list[Counts]:
        query = atoms_query(table, words).sql(dialect="duckdb", identify=True)
        found = self._answers.table(query, {LEDGER: rows})
        return [column.to_numpy() for column in found.columns]

    def _by_query(self, scan: Scan) -> Iterator[tuple[str, Grid]]:
        for part, selection, measuring in self._planned(scan):
            found = self._answers.table(*self._asked(selection, measuring.steps))
            yield from grids_of_result(
                part, self._planning.lookups(part), measuring.readings, found
            )

    def cells(self, scan: Scan) -> Cells:
        cells: dict[str, Mapping[CellKey, Cell]] = {}
        for part, selection, measuring in self._planned(scan):
            rows = self._answers.rows(*self._asked(selection, measuring.steps))
            cells |= cells_of(part, self._planning.lookups(part), measuring, rows)
        return cells

    def trace(self, scan: Scan) -> Traces:
        selection = self._planning.selection(scan, by_period=True)
        rows = self._answers.rows(*self._asked(selection, trace_steps(selection)))
        return traces_of(selection, self._planning.lookups(scan), rows)

    def steps(self, scan: Scan) -> tuple[str, ...]:
        """Of what goes by queries; as if nothing went through the kernel."""
        return tuple(step.name for *_, plan in self._planned(scan) for step in plan.steps)

    def query(self, scan: Scan) -> str:
        return ";\n\n".join(
            one_query(measuring.steps).sql(dialect="duckdb", identify=True, pretty=True)
            for *_, measuring in self._planned(scan)
        )

    def _planned(self, scan: Scan) -> Iterator[tuple[Scan, Selection, Measuring]]:
        """Few rows in one query."""
        at_once = count_rows(self._ledgers, scan.table) < self._steps_from
        for part in [scan] if at_once else self._planning.parts(scan):
            yield part, *self._planning.measuring(part, at_once=at_once)

    def _asked(
        self, selection: Selection, steps: Sequence[Step]
    ) -> tuple[str, Mapping[str, pa.Table]]:
        """The text of a query, and the tables it reads."""
        lookups = self._planning.lookups(selection.scan).tables
        tables = {name: lookups[name] for name in selection.lookups}
        tables[LEDGER] = self._ledgers.tables[selection.scan.table]
        return one_query(steps).sql(dialect="duckdb", identify=True), tables
