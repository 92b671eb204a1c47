"""The engine for what one machine is too small for: the steps of a scan, on a Spark cluster.

The ledgers are read where the edition lies; only the small tables beside them travel from here. A
step that others read more than once is written to Parquet first: Spark would else work it out anew
for each of them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Self
from uuid import uuid4

import pyarrow as pa
from sqlglot import exp

from shuzhi.engines.answers import tuples
from shuzhi.engines.plan import Cell, CellKey, Cells, Grid, Scan, Traces
from shuzhi.engines.spark_session import Cluster, open_session
from shuzhi.engines.sql.for_spark import for_spark
from shuzhi.engines.sql.nodes import LEDGER
from shuzhi.engines.sql.planning import Planning
from shuzhi.engines.sql.results import cells_of, grids_of_result, traces_of
from shuzhi.engines.sql.selection import Selection
from shuzhi.engines.sql.steps import Step
from shuzhi.engines.sql.traced import trace_steps
from shuzhi.ledgers.model import Ledgers
from shuzhi.packs.model import Pack

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


class SparkEngine:
    """Runs scans on a cluster. Use it in a `with`."""

    def __init__(self, ledgers: Ledgers, pack: Pack, cluster: Cluster) -> None:
        self._pack = pack
        self._cluster = cluster
        self._planning = Planning(ledgers.units, pack)
        self._work = f"{cluster.work.rstrip('/')}/.shuzhi-{uuid4().hex}"
        self._ledgers: dict[str, DataFrame] = {}
        self._sent: dict[tuple[int, str], DataFrame] = {}
        self._session: SparkSession | None = None
        self._is_own = False

    def __enter__(self) -> Self:
        self._session, self._is_own = open_session(self._cluster.master)
        return self

    def __exit__(self, *_: object) -> None:
        if self._session is not None:
            self._remove_work(self._session)
            if self._is_own:
                self._session.stop()
        self._session = None

    def grids(self, scan: Scan) -> Iterator[tuple[str, Grid]]:
        for part in self._planning.parts(scan):
            selection, measuring = self._planning.measuring(part, at_once=False)
            found = self._answer(selection, measuring.steps)
            yield from grids_of_result(
                part, self._planning.lookups(part), measuring.readings, found
            )

    def cells(self, scan: Scan) -> Cells:
        cells: dict[str, Mapping[CellKey, Cell]] = {}
        for part in self._planning.parts(scan):
            selection, measuring = self._planning.measuring(part, at_once=False)
            rows = tuples(self._answer(selection, measuring.steps))
            cells |= cells_of(part, self._planning.lookups(part), measuring, rows)
        return cells

    def trace(self, scan: Scan) -> Traces:
        selection = self._planning.selection(scan, by_period=True)
        rows = tuples(self._answer(selection, trace_steps(selection)))
        return traces_of(selection, self._planning.lookups(scan), rows)

    def steps(self, scan: Scan) -> tuple[str, ...]:
        return tuple(step.name for _, steps in self._planned(scan) for step in steps)

    def query(self, scan: Scan) -> str:
        return ";\n\n".join(
            f"-- {step.name}\n{for_spark(step.query, selection.table, pretty=True)}"
            for selection, steps in self._planned(scan)
            for step in steps
        )

    def _planned(self, scan: Scan) -> Iterator[tuple[Selection, tuple[Step, ...]]]:
        for part in self._planning.parts(scan):
            selection, measuring = self._planning.measuring(part, at_once=False)
            yield selection, measuring.steps

    def _answer(self, selection: Selection, steps: tuple[Step, ...]) -> pa.Table:
        """The rows of the last step."""
        assert self._session is not None
        session, table = self._session, selection.table
        self._show_tables(session, selection)
        readers = Counter(read.name for step in steps for read in step.query.find_all(exp.Table))
        *before, last = steps
        folder = f"{self._work}/{uuid4().hex}"
        for step in before:
            frame = session.sql(for_spark(step.query, table))
            if readers[step.name] > 1:
                frame = _written(session, frame, f"{folder}/{step.name}")
            frame.createOrReplaceTempView(step.name)
        return session.sql(for_spark(last.query, table)).toArrow()

    def _show_tables(self, session: "SparkSession", selection: Selection) -> None:
        table = selection.scan.table
        if table not in self._ledgers:
            path = f"{self._cluster.data.rstrip('/')}/{table}.parquet"
            self._ledgers[table] = session.read.parquet(path)
        self._ledgers[table].createOrReplaceTempView(LEDGER)
        lookups = self._planning.lookups(selection.scan)
        for name in selection.lookups:
            key = id(lookups), name
            if key not in self._sent:
                self._sent[key] = session.createDataFrame(lookups.tables[name])
            self._sent[key].hint("broadcast").createOrReplaceTempView(name)

    def _remove_work(self, session: "SparkSession") -> None:
        machine = session.sparkContext._jvm
        assert machine is not None
        path = machine.org.apache.hadoop.fs.Path(self._work)
        path.getFileSystem(session.sparkContext._jsc.hadoopConfiguration()).delete(path, True)


def _written(session: "SparkSession", frame: "DataFrame", path: str) -> "DataFrame":
    frame.write.parquet(path)
    return session.read.parquet(path)
