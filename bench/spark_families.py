"""What a kind of measure costs on Spark and on DuckDB: the ratio that says when a cluster pays.

    python bench/spark_families.py EDITION [--measures N] [--memory 3g] [FAMILY ...]

The measures of a family on the edition's largest table (N at most) are counted for every unit, the
months, quarters and the year: by Spark on a cluster of its own (a master and two workers of a core
each), by DuckDB with the same steps in SQL, and by Shuzhi's kernel, from the same Parquet files.
Each is run twice, in turns; the second run counts, so that Spark's processes are warm. Seconds of
wall clock until every figure is in this process. All three must agree in every cell.
"""

import argparse
import json
import os
import tempfile
import time
import zlib
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from shuzhi.engines.answers import AnswersHere
from shuzhi.engines.duckdb import NEVER, DuckDBEngine
from shuzhi.engines.kernel_rule import fits
from shuzhi.engines.plan import Engine, Scan
from shuzhi.engines.spark import SparkEngine
from shuzhi.engines.spark_session import Cluster, open_session
from shuzhi.figures.operands import plan_scans
from shuzhi.ledgers.edition import open_edition
from shuzhi.ledgers.scanning import count_rows
from shuzhi.packs.model import MeasureKind
from shuzhi.periods import PeriodKind, calendar_periods, parse_period
from shuzhi.prove.spark_cluster import standalone_cluster

FAMILIES = {
    "additive": {MeasureKind.COUNT, MeasureKind.SUM, MeasureKind.AVERAGE, MeasureKind.SHARE},
    "median": {MeasureKind.MEDIAN},
    "distinct": {MeasureKind.DISTINCT},
}
RUNS = 2


def main(path: Path, families: list[str], measures: int, memory: str, year_name: str) -> None:
    edition = open_edition(path)
    pack, ledgers = edition.pack, edition.ledgers
    year = parse_period(year_name)
    kinds = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR)
    periods = [p for kind in kinds for p in calendar_periods(kind, year.start, year.end)]
    wanted = [(name, period) for name in pack.indicators for period in periods]
    scans = [s for s in plan_scans(pack, wanted, ledgers.units.codes, None) if not s.by_own_unit]
    with tempfile.TemporaryDirectory() as name, ExitStack() as opened:
        folder = Path(name)
        master = opened.enter_context(standalone_cluster(folder / "cluster", memory=memory))
        session, _ = open_session(master)
        opened.callback(session.stop)
        cluster = Cluster(master, (path / "tables").absolute().as_uri(), folder.as_uri())
        engines: Mapping[str, Engine] = {
            "spark": opened.enter_context(SparkEngine(ledgers, pack, cluster)),
            "duckdb": opened.enter_context(
                DuckDBEngine(ledgers, pack, kernel_from=NEVER, answers=AnswersHere())
            ),
            "kernel": opened.enter_context(
                DuckDBEngine(ledgers, pack, kernel_from=0, answers=AnswersHere())
            ),
        }
        for family in families:
            scan = largest(scans, FAMILIES[family], measures, lambda t: count_rows(ledgers, t))
            print(json.dumps({
                "family": family, "table": scan.table, "rows": count_rows(ledgers, scan.table),
                "units": len(scan.units), "measures": len(scan.measures),
                **compared(engines, scan), "load": os.getloadavg()[0],
            }), flush=True)  # fmt: skip


def largest(scans: list[Scan], kinds: set[MeasureKind], measures: int, rows) -> Scan:
    """The scan of a family over the table with the most rows."""
    chosen = []
    for scan in scans:
        some = [(n, m) for n, m in scan.measures.items() if m.kind in kinds and fits(m)]
        if some:
            chosen.append(replace(scan, measures=dict(some[:measures])))
    return max(chosen, key=lambda scan: rows(scan.table))


def compared(engines: Mapping[str, Engine], scan: Scan) -> dict[str, float]:
    """Seconds of each engine's last run, and what Spark's is of the others'."""
    seconds, sums = {}, {}
    for _ in range(RUNS):
        for name, engine in engines.items():
            began = time.perf_counter()
            grids = list(engine.grids(scan))
            seconds[name] = time.perf_counter() - began
            sums[name] = {
                measure: zlib.crc32(grid.values[grid.records > 0], zlib.crc32(grid.records))
                for measure, grid in grids
            }
            del grids
    assert sums["spark"] == sums["duckdb"] == sums["kernel"], "the engines do not agree"
    return {name: round(took, 2) for name, took in seconds.items()} | {
        f"spark ÷ {name}": round(seconds["spark"] / seconds[name], 1)
        for name in ("duckdb", "kernel")
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("edition", type=Path)
    parser.add_argument("families", nargs="*", default=list(FAMILIES))
    parser.add_argument("--measures", type=int, default=56)
    parser.add_argument("--memory", default="3g")
    parser.add_argument("--period", default="2025")
    given = parser.parse_args()
    main(given.edition, given.families, given.measures, given.memory, given.period)
