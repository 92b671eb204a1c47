"""Whether Spark counts what DuckDB counts, on a cluster of its own: all that the figures of an
edition are made from, and of many such counties under a province."""

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shuzhi.engines.duckdb import DuckDBEngine
from shuzhi.engines.plan import Cell, CellKey, Engine, Grid, Scan
from shuzhi.engines.spark import SparkEngine
from shuzhi.engines.spark_session import Cluster, open_session
from shuzhi.figures.operands import plan_scans
from shuzhi.ledgers.edition import open_edition
from shuzhi.ledgers.edition_files import packing
from shuzhi.ledgers.model import Ledgers
from shuzhi.packs.model import Pack
from shuzhi.periods import Period, PeriodKind, calendar_periods
from shuzhi.prove.many_counties import many_counties
from shuzhi.prove.spark_cluster import standalone_cluster

# measure → the cells with records, as columns
Measured = Mapping[str, pa.Table]
ROWS_A_GROUP = 65_536


@dataclass(frozen=True)
class Comparison:
    """One source on both engines. `cells` are those with records, `differing` those of them that
    are not the same. Units: seconds of wall clock; Spark's session has been started before."""

    source: str
    rows: int
    units: int
    measures: int
    cells: int
    differing: int
    duckdb: float
    spark: float


def prove_spark(
    edition: Path, *, rows: int, memory: str, progress: Callable[[int, int], None]
) -> Iterator[Comparison]:
    """The edition's own measures, and where `rows` are asked for, those of so many.

    Raises: UserError where there is no cluster to be had.
    """
    opened = open_edition(edition)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (
            standalone_cluster(folder / "cluster", memory=memory) as master,
            _one_session(master),
        ):
            yield _compared("the edition", opened.ledgers, opened.pack, master, folder / "own")
            progress(1, 2)
            if rows:
                larger = many_counties(opened.ledgers, opened.pack, rows)
                yield _compared("many counties", larger, opened.pack, master, folder / "many")
            progress(2, 2)


@contextmanager
def _one_session(master: str) -> Iterator[None]:
    """A session for all that is computed within, so that it starts once."""
    session, _ = open_session(master)
    try:
        yield
    finally:
        session.stop()


def _compared(source: str, ledgers: Ledgers, pack: Pack, master: str, folder: Path) -> Comparison:
    write_tables(ledgers, folder / "tables")
    cluster = Cluster(master, (folder / "tables").as_uri(), folder.as_uri())
    wanted = [(name, period) for name in pack.indicators for period in _periods(pack)]
    scans = plan_scans(pack, wanted, ledgers.units.codes, None)
    cells = differing = 0
    seconds = [0.0, 0.0]
    with DuckDBEngine(ledgers, pack) as duckdb, SparkEngine(ledgers, pack, cluster) as spark:
        for scan in scans:
            expected = _measured(duckdb, scan, seconds, 0)
            found = _measured(spark, scan, seconds, 1)
            cells += sum(map(len, expected.values()))
            differing += count_differing(expected, found)
    return Comparison(
        source, sum(len(table) for table in ledgers.tables.values()), len(ledgers.units.codes),
        sum(len(scan.measures) for scan in scans), cells, differing, *seconds,
    )  # fmt: skip


def _measured(engine: Engine, scan: Scan, seconds: list[float], place: int) -> Measured:
    """What the engine finds, as columns; its seconds are added at the place."""
    began = time.perf_counter()
    if scan.by_own_unit:
        cells = engine.cells(scan)
        seconds[place] += time.perf_counter() - began
        return {name: pa.table(_sorted_columns(found)) for name, found in cells.items()}
    grids = dict(engine.grids(scan))
    seconds[place] += time.perf_counter() - began
    return {name: _with_records(grid) for name, grid in grids.items()}


def _with_records(grid: Grid) -> pa.Table:
    unit, period = grid.records.nonzero()
    values, records = (found[unit, period] for found in (grid.values, grid.records))
    return pa.table({"unit": unit, "period": period, "value": values, "records": records})


def _sorted_columns(cells: Mapping[CellKey, Cell]) -> dict[str, list[Any]]:
    found = sorted(cells.items())
    return {
        "key": ["|".join(key) for key, _ in found],
        "value": [repr(cell.value) for _, cell in found],
        "records": [cell.records for _, cell in found],
    }


def write_tables(ledgers: Ledgers, folder: Path) -> None:
    """The ledgers as an edition has them."""
    folder.mkdir(parents=True)
    for name, table in ledgers.tables.items():
        path = folder / f"{name}.parquet"
        pq.write_table(table, path, row_group_size=ROWS_A_GROUP, **packing(table.schema))


def count_differing(expected: Measured, found: Measured) -> int:
    """How many cells are not the same, measure by measure."""
    return sum(_differing(table, found[name]) for name, table in expected.items())


def _differing(left: pa.Table, right: pa.Table) -> int:
    if len(left) != len(right):
        return max(len(left), len(right))
    same = np.ones(len(left), dtype=np.bool_)
    for name in left.column_names:
        same &= pc.equal(left[name], right[name]).to_numpy()
    return int((~same).sum())


def _periods(pack: Pack) -> list[Period]:
    """The last year collected, its quarters and months."""
    *_, year = calendar_periods(PeriodKind.YEAR, pack.collects_from, pack.collects_until)
    kinds = (PeriodKind.QUARTER, PeriodKind.MONTH)
    return [year, *(p for kind in kinds for p in calendar_periods(kind, year.start, year.end))]
