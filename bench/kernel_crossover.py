"""From how many rows on the kernel is faster than the query: kernel_rule.ROWS_FROM.

    python bench/kernel_crossover.py EDITION [ROWS ...]

Rows of the edition's largest tables are drawn with replacement until there are ROWS of them. All
indicators on a table that the kernel takes are counted for every unit, the months, quarters and
the year, by the kernel and by the query, in turns. Seconds of CPU, medians of five; the answers
must be equal.
"""

import json
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from shuzhi.engines.duckdb import DuckDBEngine
from shuzhi.engines.kernel_rule import fits
from shuzhi.figures.operands import plan_scans
from shuzhi.ledgers.edition import open_edition
from shuzhi.periods import PeriodKind, calendar_periods, parse_period

TABLES = ("study_sessions", "activities", "publications")
REPEAT = 5


def main(path: Path, sizes: list[int]) -> None:
    edition = open_edition(path)
    pack, ledgers = edition.pack, edition.ledgers
    year = parse_period("2023")
    kinds = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR)
    periods = [p for kind in kinds for p in calendar_periods(kind, year.start, year.end)]
    wanted = [(name, period) for name in pack.indicators for period in periods]
    scans = [
        replace(scan, measures={name: m for name, m in scan.measures.items() if fits(m)})
        for scan in plan_scans(pack, wanted, ledgers.units.codes, None)
        if scan.table in TABLES and not scan.by_own_unit
    ]
    chance = np.random.default_rng(2023)
    for rows in sizes:
        tables = dict(ledgers.tables)
        for name in TABLES:
            places = np.sort(chance.integers(0, len(tables[name]), rows))
            tables[name] = tables[name].take(places)
        large = replace(ledgers, tables=tables)
        seconds: dict[str, list[float]] = {"kernel": [], "query": []}
        with (
            DuckDBEngine(large, pack, kernel_from=0) as kernel,
            DuckDBEngine(large, pack, kernel_from=sys.maxsize) as query,
        ):
            for _ in range(REPEAT):
                answers = []
                for name, engine in (("kernel", kernel), ("query", query)):
                    began = time.process_time()
                    answers.append([dict(engine.grids(scan)) for scan in scans])
                    seconds[name].append(time.process_time() - began)
                for ours, theirs in zip(*answers, strict=True):
                    assert all((ours[n].records == theirs[n].records).all() for n in theirs)
                    assert all((ours[n].values == theirs[n].values).all() for n in theirs)
        medians = {name: statistics.median(found) for name, found in seconds.items()}
        ratio = medians["kernel"] / medians["query"]
        print(json.dumps({"rows": rows, **medians, "kernel ÷ query": round(ratio, 2)},
                         ensure_ascii=False), flush=True)  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(n) for n in sys.argv[2:]] or [1000, 10_000, 50_000, 200_000])
