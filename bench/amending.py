"""What fifty records of one village sent again cost: the figures that they move.

    amending.py FOLDER --rows 1M --figures 200 --units 5000 [--seed 1] [--repeat 3] [--check]

Draws and seals an edition as bench/figures/generate.py does (or uses the one that is there), writes
its balances, and seals an amendment that replaces fifty attendance records of a village. Prints
seconds of CPU: `warm` with both editions opened, `command` for `shuzhi figures --changed` from its
start. `--check` compares with a count of all records.
"""

import argparse
import cProfile
import json
import pstats
import resource
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

sys.path.insert(0, str(Path(__file__).parent / "figures"))

from generate import generate, parse_number  # noqa: E402 the benchmark is no package

from shuzhi.figures.amending import AmendedFigures, amended_figures  # noqa: E402
from shuzhi.figures.balances import balances_path, read_balances, write_balances  # noqa: E402
from shuzhi.figures.compute import compute_columns  # noqa: E402
from shuzhi.figures.touched import units_of_rows  # noqa: E402
from shuzhi.ledgers.amended_tables import AmendedTables, RowChanges  # noqa: E402
from shuzhi.ledgers.amendment import seal_amendment  # noqa: E402
from shuzhi.ledgers.edition import Edition, SealTerms, open_edition  # noqa: E402
from shuzhi.ledgers.manifest import Supersession  # noqa: E402
from shuzhi.ledgers.sealed_order import order_of_rows, places_among, sealed_units  # noqa: E402
from shuzhi.packs.model import MeasureKind, Pack  # noqa: E402
from shuzhi.periods import parse_period  # noqa: E402

PERIODS = [
    parse_period(name)
    for name in ("2025", *(f"2025-Q{n}" for n in range(1, 5)),
                 *(f"2025-{n:02}" for n in range(1, 13)))
]  # fmt: skip
TABLE = "attendance"
ADDITIVE = frozenset(
    {MeasureKind.COUNT, MeasureKind.SHARE, MeasureKind.SUM, MeasureKind.AVERAGE, MeasureKind.STOCK}
)
RECORDS = 50


def amend(earlier: Edition, out: Path, seed: int) -> None:
    """Fifty records of a village, each with another number of minutes and person."""
    tables, table = earlier.ledgers.tables, earlier.pack.tables[TABLE]
    chance = np.random.default_rng(seed)
    villages = [span.code for span in earlier.ledgers.units.spans if span.level == "village"]
    rows = pa.table({})
    while len(rows) < RECORDS:
        village = villages[int(chance.integers(len(villages)))]
        rows = tables.of_units(TABLE, "unit", [village], tables[TABLE].column_names)
    gone_ids = rows["_id"].slice(0, RECORDS)
    changed = rows.slice(0, RECORDS)
    persons = rows["person"].take(pa.array(chance.integers(0, len(rows), RECORDS)))
    minutes = pc.add(pc.coalesce(changed["minutes"], 60), pa.array(chance.integers(1, 30, RECORDS)))
    for name, values in (("person", persons), ("minutes", minutes)):
        changed = changed.set_column(
            changed.schema.get_field_index(name), changed.schema.field(name), values
        )
    units = sealed_units(earlier.ledgers.units, earlier.pack)
    changed = changed.take(pa.array(order_of_rows(table, changed, units))).combine_chunks()
    gone = np.flatnonzero(pc.is_in(tables[TABLE]["_id"], gone_ids.combine_chunks()).to_numpy())
    changes = RowChanges(gone, changed, places_among(table, tables, changed, units))
    ledgers = replace(earlier.ledgers, tables=AmendedTables(tables, {TABLE: changes}))
    terms = SealTerms(Supersession(earlier.manifest.root, "fifty records sent again"))
    seal_amendment(out, earlier, ledgers, {}, terms)


def count(path: Path, pack: Pack, names: list[str]) -> tuple[AmendedFigures, float, float]:
    """The figures, and the seconds of CPU they took: as first counted, and once more."""
    taken = []
    opened = open_edition(path)
    earlier = opened.earlier
    assert earlier is not None
    for _ in range(2):
        began = time.process_time()
        touched = units_of_rows(opened.ledgers, pack, None)
        kept = read_balances(earlier.path, earlier.manifest.root, touched)
        found = amended_figures(
            earlier.ledgers, opened.ledgers, pack, periods=PERIODS, indicators=names,
            balances=kept,
        )  # fmt: skip
        taken.append(time.process_time() - began)
    return found, *taken


def command(path: Path, names: list[str]) -> float:
    """Seconds of CPU of the command, from its start."""
    words = [sys.executable, "-m", "shuzhi", "figures", str(path), "--changed", "--format", "json"]
    words += [word for period in PERIODS for word in ("--period", period.name)]
    words += [word for name in names for word in ("--indicator", name)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print a line a case as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    for name in ("rows", "figures", "units"):
        parser.add_argument(f"--{name}", type=parse_number, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    path = generate(
        given.folder, rows=given.rows, figures=given.figures, units=given.units, seed=given.seed
    )
    edition = open_edition(path)
    if not balances_path(path).exists():
        began = time.process_time()
        large = write_balances(path, edition.manifest.root, edition.ledgers, edition.pack, PERIODS)
        print(json.dumps({"balances": large, "cpu": round(time.process_time() - began, 2)}))
    out = path.with_name("amendment")
    shutil.rmtree(out, ignore_errors=True)
    amend(edition, out, given.seed)
    pack = edition.pack
    cases = {
        "additive": [n for n, i in pack.indicators.items() if i.measure.kind in ADDITIVE],
        "everything": list(pack.indicators),
    }
    for case, names in cases.items():
        if given.profile:
            with cProfile.Profile() as profile:
                count(out, pack, names)
            pstats.Stats(profile).sort_stats("cumulative").print_stats(45)
        runs = [count(out, pack, names) for _ in range(given.repeat)]
        found = runs[0][0]
        print(
            json.dumps(
                {
                    "case": case,
                    "first": round(statistics.median(run[1] for run in runs), 3),
                    "warm": round(statistics.median(run[2] for run in runs), 3),
                    "command": round(
                        statistics.median(command(out, names) for _ in range(given.repeat)), 2
                    ),
                    "figures": len(found.after),
                    "moved": len(found.moved()[0]),
                    "anew": len(found.anew),
                }
            ),
            flush=True,
        )
        if given.check:
            check(out, pack, names, found)


def check(path: Path, pack: Pack, names: list[str], found: AmendedFigures) -> None:
    """Nothing, where every figure is that of all records."""
    ledgers = open_edition(path).ledgers
    units = pc.unique(found.after["unit"]).to_pylist()
    whole = compute_columns(ledgers, pack, periods=PERIODS, units=units)
    keys = [(name, "ascending") for name in ("indicator", "unit", "period")]
    asked = sorted(set(found.after["indicator"].to_pylist()) & set(names))
    whole = whole.filter(pc.is_in(whole["indicator"], pa.array(asked)))
    if not whole.sort_by(keys).equals(found.after.sort_by(keys)):
        raise SystemExit("figures differ from those of all records")
    print(f"{len(whole)} figures are those of all records")


if __name__ == "__main__":
    main()
