"""Whether Spark counts what DuckDB counts, on a cluster of its own: the figures of an edition, and
those of many such counties under a province."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shuzhi.engines.spark import SparkEngine
from shuzhi.engines.spark_session import Cluster, open_session
from shuzhi.figures.compute import Opening, compute_columns
from shuzhi.ledgers.edition import open_edition
from shuzhi.ledgers.model import Ledgers
from shuzhi.packs.model import Pack
from shuzhi.periods import Period, PeriodKind, calendar_periods
from shuzhi.prove.many_counties import many_counties
from shuzhi.prove.spark_cluster import standalone_cluster

ROWS_A_GROUP = 65_536


@dataclass(frozen=True)
class Comparison:
    """One source on both engines. Units: seconds of wall clock. `first` is Spark's first run, in
    which its processes start and its code is compiled; `spark` the second one."""

    source: str
    rows: int
    units: int
    figures: int
    differing: int
    duckdb: float
    first: float
    spark: float


def prove_spark(
    edition: Path, *, rows: int, memory: str, progress: Callable[[int, int], None]
) -> Iterator[Comparison]:
    """The edition's own figures, and where `rows` are asked for, those of so many.

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
    on_spark = partial(SparkEngine, cluster=cluster)
    periods = _periods(pack)
    expected, duckdb = _timed(ledgers, pack, periods, "duckdb")
    _, first = _timed(ledgers, pack, periods, on_spark)
    found, spark = _timed(ledgers, pack, periods, on_spark)
    return Comparison(
        source, sum(len(table) for table in ledgers.tables.values()), len(ledgers.units.codes),
        len(expected), count_differing(expected, found), duckdb, first, spark,
    )  # fmt: skip


def write_tables(ledgers: Ledgers, folder: Path) -> None:
    """The ledgers as an edition has them."""
    folder.mkdir(parents=True)
    for name, table in ledgers.tables.items():
        pq.write_table(
            table, folder / f"{name}.parquet", compression="zstd", row_group_size=ROWS_A_GROUP
        )


def count_differing(left: pa.Table, right: pa.Table) -> int:
    """How many rows differ in any cell."""
    if len(left) != len(right):
        return max(len(left), len(right))
    same = pa.chunked_array([pa.array([True] * len(left))])
    for name in left.column_names:
        equal = pc.fill_null(pc.equal(left[name], right[name]), False)
        both_null = pc.and_(pc.is_null(left[name]), pc.is_null(right[name]))
        same = pc.and_(same, pc.or_(equal, both_null))
    return len(left) - int(pc.sum(same).as_py() or 0)


def _timed(
    ledgers: Ledgers, pack: Pack, periods: list[Period], engine: str | Opening
) -> tuple[pa.Table, float]:
    began = time.perf_counter()
    found = compute_columns(ledgers, pack, periods=periods, engine=engine)
    return found, time.perf_counter() - began


def _periods(pack: Pack) -> list[Period]:
    """The last year collected, its quarters and months."""
    *_, year = calendar_periods(PeriodKind.YEAR, pack.collects_from, pack.collects_until)
    kinds = (PeriodKind.QUARTER, PeriodKind.MONTH)
    return [year, *(p for kind in kinds for p in calendar_periods(kind, year.start, year.end))]
