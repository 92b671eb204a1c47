"""Measure contenders on the same figures of the same edition, in turns, and compare every cell.

    run.py --rows 10M --figures 200 --units 50000 --repeat 3 [--contenders ours,duckdb_fused]

The edition is drawn and sealed once. Each run is a process of its own, measured from outside; a run
whose checksums are not those of the first contender that ended well is void. Printed: medians,
ratios to the first contender, the load of the machine. All of it is in build/bench as JSON.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from checksum import Checksum, Difference, checksums, differences, differing, read_units
from contender import THREADS, Stand, UnavailableError, contender_names, read_contender
from generate import generate, parse_number
from measuring import Run, measure

BUILD = Path(__file__).parents[2] / "build" / "bench"
# As for anybody who has run the program once before: compiled modules are kept.
_ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {
    name: str(THREADS) for name in ("OMP_NUM_THREADS", "POLARS_MAX_THREADS", "ARROW_NUM_THREADS")
}


@dataclass
class Record:
    """What is known of one contender. `void` says why a run does not count, by its number."""

    title: str
    figures: int
    of: int
    runs: list[Run] = field(default_factory=list)
    void: dict[int, str] = field(default_factory=dict)
    differing: list[Difference] = field(default_factory=list)
    checksums: dict[str, Checksum] = field(default_factory=dict)

    @property
    def scale(self) -> float:
        """What one figure of a part stands for, where only a part was run."""
        return self.of / self.figures

    def median(self, what: str) -> float:
        """Of the runs that count, as measured. Missing: NaN where none does."""
        found = [getattr(run, what) for n, run in enumerate(self.runs) if n not in self.void]
        return statistics.median(found) if found else float("nan")


def main() -> None:
    """Print one line a contender."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("rows", "10M"), ("figures", "200"), ("units", "50000"), ("repeat", "3")):
        parser.add_argument(f"--{name}", type=parse_number, default=parse_number(default))
    parser.add_argument("--contenders", default="", help="by name, with commas; all if left out")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    names = [n for n in given.contenders.replace(",", " ").split() if n] or contender_names()
    size = {"rows": given.rows, "figures": given.figures, "units": given.units}
    edition = generate(BUILD, **size, seed=given.seed)
    work = edition.parent / "contenders"
    definitions = edition.parent / "definitions.json"
    stands, skipped = prepare_all(names, edition, definitions, work)
    before = os.getloadavg()
    records = measure_all(stands, edition, given.repeat)
    after = os.getloadavg()
    print_table(size, stands, records, before, after)
    label = "-".join(f"{name}{count}" for name, count in size.items())
    path = BUILD / f"figures-{label}.json"
    found = _as_json(size, records, before, after) | {"skipped": skipped}
    path.write_text(json.dumps(found, indent=1), encoding="utf-8")
    print(f"→ {path.relative_to(BUILD.parents[1])}")
    sys.exit(any(record.void for record in records.values()))


def prepare_all(
    names: Sequence[str], edition: Path, definitions: Path, work: Path
) -> tuple[list[Stand], dict[str, str]]:
    """The contenders made ready, and those that are left out with the reason."""
    stands, skipped = [], {}
    for name in names:
        contender = read_contender(name)
        try:
            stands.append(Stand(contender, edition, definitions, work))
        except subprocess.CalledProcessError:
            skipped[name] = f"{contender.requirements} cannot be installed"
            continue
        try:
            stands[-1].prepare()
        except UnavailableError as error:
            stands.pop()
            skipped[name] = str(error)
    for name, reason in skipped.items():
        print(f"{name}: skipped, {reason}", flush=True)
    return stands, skipped


def measure_all(stands: Sequence[Stand], edition: Path, repeat: int) -> dict[str, Record]:
    """All contenders, in turns: A B C A B C …"""
    records = {
        stand.contender.name: Record(stand.contender.title, stand.figures, stand.of)
        for stand in stands
    }
    units = read_units(edition / "units.parquet")
    for number in range(repeat):
        reference: Stand | None = None
        for stand in stands:
            record, out = records[stand.contender.name], stand.folder / "result"
            shutil.rmtree(out, ignore_errors=True)
            try:
                run = measure(stand.command(out), stand.folder / "log.txt", _ENVIRONMENT)
            except subprocess.CalledProcessError as error:
                record.runs.append(Run(0, 0, 0, 0, {}))
                record.void[number] = f"it ended with {error.returncode}"
                print(f"{stand.contender.name}: VOID, see {stand.folder / 'log.txt'}", flush=True)
                continue
            record.runs.append(run)
            print(f"{stand.contender.name}: CPU {run.cpu:.2f} s, wall {run.wall:.2f} s", flush=True)
            record.checksums = checksums(out, units)
            reference = reference or stand
            _compare(stand, reference, records, number, units)
    return records


def _compare(
    stand: Stand, reference: Stand, records: dict[str, Record], number: int, units: list[str]
) -> None:
    """Make the run void where its cells are not those of the reference, or an indicator lacks."""
    record, expected = (records[each.contender.name] for each in (stand, reference))
    missing = stand.names - record.checksums.keys()
    names = differing(expected.checksums, record.checksums, stand.names & reference.names)
    if not names and not missing:
        return
    record.void[number] = f"differing: {', '.join(names)}; without cells: {', '.join(missing)}"
    for name in names[:3]:
        count, some = differences(name, reference.folder / "result", stand.folder / "result", units)
        record.differing += some
        print(f"    VOID: {name} differs in {count} cells")
        for each in some:
            print(f"      {each.unit} {each.period}: {each.first}, here {each.second}")


def print_table(
    size: dict[str, int], stands: Sequence[Stand], records: dict[str, Record],
    before: Sequence[float], after: Sequence[float],
) -> None:  # fmt: skip
    """Medians and ratios to the first contender, per figure where only a part was run."""
    first = records[stands[0].contender.name]
    print(", ".join(f"{count:,} {name}" for name, count in size.items()), end="; ")
    print(f"load average {before[0]:.2f} before, {after[0]:.2f} after, {os.cpu_count()} cores")
    print(f"{'':<34}{'figures':>8}{'CPU s':>10}{'wall s':>10}{'peak MB':>10}{'÷ first':>10}")
    for record in records.values():
        cpu, wall, peak = (record.median(what) for what in ("cpu", "wall", "peak"))
        ratio = cpu * record.scale / (first.median("cpu") * first.scale)
        scaled = "" if record.scale == 1 else f"  per figure, of {record.figures}"
        void = f"  VOID: {len(record.void)} of {len(record.runs)}" if record.void else ""
        print(
            f"{record.title:<34}{record.figures:>8}{cpu:>10.2f}{wall:>10.2f}{peak:>10.0f}"
            f"{ratio:>10.2f}{scaled}{void}"
        )


def _as_json(
    size: dict[str, int], records: dict[str, Record], before: Sequence[float],
    after: Sequence[float],
) -> dict[str, object]:  # fmt: skip
    return {
        "size": size,
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "load_average": {"before": before, "after": after},
        "contenders": {
            name: {
                "title": record.title,
                "figures": record.figures,
                "scaled_per_figure": record.scale != 1,
                "medians": {w: record.median(w) for w in ("cpu", "wall", "peak") if record.runs},
                "runs": [asdict(run) for run in record.runs],
                "void": record.void,
                "differing": [each._asdict() for each in record.differing],
                "checksums": {n: sum_._asdict() for n, sum_ in record.checksums.items()},
            }
            for name, record in records.items()
        },
    }


if __name__ == "__main__":
    main()
