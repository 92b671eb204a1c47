"""Measure what the project promises to hold on two cores, and print it.

The example county from workbooks to documents; 100,000 rows read, checked and sealed; 1,000 unit
reports. Each command runs REPEAT times in a process of its own; medians are printed, with peak
memory and the load of the machine. On the county's truth, precision and recall of each check.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from large_workbook import write_large_source

ROOT = Path(__file__).parents[1]
PACK = ROOT / "packs" / "annual-duty"
REPEAT = int(os.environ.get("REPEAT", "3"))


def main() -> None:
    """Print one line a measurement: what, goal, median seconds, lowest, highest, peak memory."""
    print(f"load average {os.getloadavg()[0]:.2f}, {os.cpu_count()} cores, {REPEAT} runs each")
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        county, large = work / "county", work / "large"
        shuzhi("demo", county)
        write_large_source(large, PACK, rows=100_000)
        measure(
            "county, workbooks to docx, html and pdf",
            "≤ 15 s",
            work,
            ["report", county, "--pack", PACK, "--period", "2023"],
        )
        measure(
            "100,000 rows of .xlsx read, checked, sealed",
            "≤ 20 s, ≤ 1 GB",
            work,
            ["seal", large, "--pack", PACK],
        )
        shuzhi("seal", county, "--pack", PACK, "--out", work / "edition")
        measure_reports(work)
        accuracy(county)


def shuzhi(*arguments: object) -> None:
    subprocess.run(
        [sys.executable, "-m", "shuzhi", *map(str, arguments)],
        check=True,
        stderr=subprocess.DEVNULL,
    )


def measure(what: str, goal: str, work: Path, arguments: Sequence[object]) -> None:
    """Run the command REPEAT times, each into a new folder, and print its line."""
    seconds, peaks = [], []
    for number in range(REPEAT):
        out = work / f"out-{len(list(work.iterdir()))}-{number}"
        began = time.perf_counter()
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        shuzhi(*arguments, "--out", out)
        seconds.append(time.perf_counter() - began)
        peaks.append(max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
    print_line(what, goal, seconds, f"peak so far {peaks[-1] / 1024:.0f} MB")


def measure_reports(work: Path) -> None:
    """1,000 unit reports, .docx and .pdf apart, by the project's own batch function."""
    for kind, goal in (("docx", "≤ 180 s"), ("pdf", "≤ 120 s")):
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, ROOT / "bench" / "unit_reports.py", work, kind, "1000"],
            check=True,
            capture_output=True,
            text=True,
        )
        print_line(
            f"1,000 unit reports as .{kind}",
            goal,
            [float(done.stdout)],
            f"{time.perf_counter() - began:.0f} s with set-up",
        )


def print_line(what: str, goal: str, seconds: Sequence[float], rest: str) -> None:
    print(
        f"{what:<46} goal {goal:<16} median {statistics.median(seconds):7.2f} s  "
        f"({min(seconds):.2f}–{max(seconds):.2f})  {rest}",
        flush=True,
    )


def accuracy(county: Path) -> None:
    """Precision and recall of each check on the planted errors."""
    from shuzhi import pipeline
    from shuzhi.checks.accuracy import precision_recall

    source = pipeline.read(county, PACK)
    truth = json.loads((county / "truth.json").read_text(encoding="utf-8"))
    flags = pipeline.check(source)
    for row in precision_recall(flags, source.ledgers, truth["errors"]):
        print(row)


if __name__ == "__main__":
    main()
