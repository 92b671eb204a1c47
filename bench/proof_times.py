"""How long a proof takes, from an edition that is open.

    python bench/proof_times.py EDITION [PERIOD]

Figures are drawn among those that are measured; the proof of one is its records as objects for a
unit of the lowest and of the third level, its rows as columns for the root. Milliseconds of wall
clock and of CPU, medians.
"""

import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from shuzhi.figures.proof_rows import read_proof_rows
from shuzhi.figures.trace import Proofs
from shuzhi.ledgers.edition import open_edition
from shuzhi.periods import parse_period

TIMES = 60


def main(path: Path, period_name: str) -> None:
    edition = open_edition(path)
    pack, ledgers, period = edition.pack, edition.ledgers, parse_period(period_name)
    tree, chance = ledgers.units, random.Random(1)
    by_depth: dict[int, list[str]] = {}
    for code in tree.codes:
        if tree.exists_during(code, period.start, period.end):
            depth = len(tree.ancestors(code, period.start))
            by_depth.setdefault(depth, []).append(code)
    plain = [n for n, i in pack.indicators.items() if i.measure and not i.over_units]
    with Proofs(ledgers, pack) as proofs:

        def trace(indicator: str, unit: str) -> int:
            found = proofs.trace([(indicator, unit, period)])
            return len(next(iter(found.values())).records)

        def read(indicator: str, unit: str) -> int:
            return len(read_proof_rows(ledgers, pack, indicator, unit, period))

        places = {"leaf": (max(by_depth), trace, TIMES), "third level": (3, trace, TIMES // 2)}
        for name, (depth, prove, times) in {**places, "root": (1, read, 12)}.items():
            drawn = [(chance.choice(plain), chance.choice(by_depth[depth])) for _ in range(times)]
            print(json.dumps({"unit": name, **measured(prove, drawn)}), flush=True)


def measured(prove: Callable[[str, str], int], drawn: list[tuple[str, str]]) -> dict[str, float]:
    """The first one is not counted: it looks up where units' rows lie."""
    prove(*drawn[0])
    wall, cpu, records = [], [], []
    for figure in drawn:
        began, used = time.perf_counter(), time.process_time()
        records.append(prove(*figure))
        wall.append(1000 * (time.perf_counter() - began))
        cpu.append(1000 * (time.process_time() - used))
    middle = statistics.median
    return {"proofs": len(drawn), "records": middle(records), "wall ms": round(middle(wall), 1),
            "cpu ms": round(middle(cpu), 1)}  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "2025")
