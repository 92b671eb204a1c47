"""Measure what the project promises to hold on two cores, and print it.

The example county from workbooks to documents, with the seconds of each stage; 100,000 rows read,
checked and sealed; 1,000 unit reports; every unit's page, and a large one opened. Each command runs
REPEAT times in a process of its own; medians are printed, with that process's peak memory and the
load of the machine. Against the county's truth: how well the reader and each check find what was
planted.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from large_workbook import write_large_source

from shuzhi import pipeline
from shuzhi.checks.accuracy import precision_recall
from shuzhi.ledgers.messages import WORDS

BENCH = Path(__file__).parent
PACK = BENCH.parent / "packs" / "annual-duty"
REPEAT = int(os.environ.get("REPEAT", "3"))
LABELLED = int(os.environ.get("LABELLED", "50000"))
UNIT_REPORTS = int(os.environ.get("UNIT_REPORTS", "1000"))
# As for anybody who has run the program once before: compiled modules are kept.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True)
class Run:
    """One run of a command: wall-clock seconds, peak memory in MB, what it printed."""

    seconds: float
    peak: float
    printed: str


def main() -> None:
    """Print one line a measurement: what, goal, median seconds, lowest, highest, peak memory."""
    print(f"load average {os.getloadavg()[0]:.2f}, {os.cpu_count()} cores, {REPEAT} runs each")
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        county, large = work / "county", work / "large"
        run("-m", "shuzhi", "demo", county)
        write_large_source(large, county, PACK, rows=100_000)
        measure_county(work, county)
        runs = [
            run("-m", "shuzhi", "seal", large, "--pack", PACK, "--out", work / f"large-{number}")
            for number in range(REPEAT)
        ]
        print_line("100,000 rows of .xlsx read, checked, sealed", "≤ 20 s, ≤ 1 GB", runs)
        run("-m", "shuzhi", "seal", county, "--pack", PACK, "--out", work / "edition")
        for kind, goal in (("docx", "≤ 180 s"), ("pdf", "≤ 120 s")):
            done = run(BENCH / "unit_reports.py", work, kind, UNIT_REPORTS)
            print_line(f"{UNIT_REPORTS:,} unit reports as .{kind}", goal, [done])
        measure_pages(work)
        print_accuracy(county)
        print(run(BENCH / "labelled_records.py", LABELLED).printed, end="")


def run(*arguments: object) -> Run:
    """Run Python with `arguments`; its peak is its own, or that of its largest child."""
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as printed:
        child = subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            stdout=printed,
            stderr=subprocess.DEVNULL,
            env=ENVIRONMENT,
        )
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise subprocess.CalledProcessError(child.returncode, child.args)
        printed.seek(0)
        return Run(time.perf_counter() - began, usage.ru_maxrss / 1024, printed.read())


def measure_county(work: Path, county: Path) -> None:
    """The command as people call it, then the stages of the same work."""
    job = ("--pack", PACK, "--period", "2023")
    runs = [
        run("-m", "shuzhi", "report", county, *job, "--out", work / f"report-{number}")
        for number in range(REPEAT)
    ]
    print_line("county, workbooks to docx, html and pdf", "≤ 15 s", runs)
    staged = [
        run(BENCH / "stage_times.py", county, PACK, "2023", work / f"stages-{number}")
        for number in range(REPEAT)
    ]
    seconds = [json.loads(one.printed) for one in staged]
    for stage in seconds[0]:
        print(f"    {stage:<20} {statistics.median(each[stage] for each in seconds):6.2f} s")


def measure_pages(work: Path) -> None:
    """Every unit's page, for the office and for the public; and how soon the largest opens."""
    job = ("site", work / "edition", "--period", "2023")
    for name, more in (("site", ()), ("public site", ("--public",))):
        runs = [
            run("-m", "shuzhi", *job, *more, "--out", work / f"{name}-{number}")
            for number in range(REPEAT)
        ]
        print_line(f"{name} of the county, every unit's page", "–", runs)
    if shutil.which("chromium") is None:
        print("a page of 5,000 records: not measured, Chromium is not installed")
        return
    opened = json.loads(run(BENCH / "page_opening.py", work / "site-0", 5000, 5).printed)
    print_line("a page of 5,000 records open in Chromium", "≤ 2 s", [Run(s, 0, "") for s in opened])


def print_line(what: str, goal: str, runs: Sequence[Run]) -> None:
    seconds = [one.seconds for one in runs]
    print(
        f"{what:<46} goal {goal:<16} median {statistics.median(seconds):7.2f} s  "
        f"({min(seconds):.2f}–{max(seconds):.2f})  peak {max(one.peak for one in runs):.0f} MB",
        flush=True,
    )


def print_accuracy(county: Path) -> None:
    """Recall and precision, in percent, of the reader and of each check."""
    source = pipeline.read(county, PACK)
    truth = json.loads((county / "truth.json").read_text(encoding="utf-8"))["errors"]
    places = ("file", "sheet", "row", "column", "code")
    planted = Counter(tuple(e[key] for key in places) for e in truth if e["code"] in WORDS)
    found = Counter(tuple(getattr(p, key) for key in places) for p in source.ledgers.problems)
    print(
        f"reader: {planted.total()} cells, rows and files planted, "
        f"{(planted & found).total()} found, {(found - planted).total()} more reported"
    )
    print("check                    planted   found  flagged  right  recall   precision")
    for row in precision_recall(pipeline.check(source), source.ledgers, truth):
        print(
            f"{row.check:<24} {row.planted:7} {row.found:7} {row.flags:8} {row.right:6}"
            f"  {percent(row.recall):>6}  {percent(row.precision):>10}"
        )


def percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f} %"


if __name__ == "__main__":
    main()
