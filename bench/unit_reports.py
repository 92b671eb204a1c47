"""Write COUNT unit reports from a sealed edition on two processes, and print the seconds it took.

    unit_reports.py WORK docx|pdf COUNT

The edition is WORK/edition; the units are those of its tree, taken again and again until COUNT.
"docx" counts everything from opening the edition: figures, proofs, template, annexes. "pdf" is the
further step from those files to .pdf, and is timed on the .docx that "docx" left in WORK.
"""

import multiprocessing
import sys
import time
from itertools import cycle, islice
from pathlib import Path

from shuzhi import pipeline
from shuzhi.reports.pdf import write_pdf
from shuzhi.reports.readback import read_docx

PROCESSES = 2


def main() -> None:
    """Print seconds."""
    work, kind, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    job = {"docx": write_docx_share, "pdf": write_pdf_share}[kind]
    began = time.perf_counter()
    shares = [(work, count, place) for place in range(PROCESSES)]
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        written = sum(pool.starmap(job, shares))
    if written != count:
        raise SystemExit(f"{written} of {count} reports were written")
    print(f"{time.perf_counter() - began:.2f}")


def write_docx_share(work: Path, count: int, place: int) -> int:
    """Every second report; each process opens the edition and counts for itself."""
    source = pipeline.read(work / "edition", None)
    period = pipeline.last_year_collected(source.pack)
    counted = pipeline.count(source, period)
    codes = [
        code
        for code in source.ledgers.units.codes
        if source.ledgers.units.exists_during(code, period.start, period.end)
    ]
    numbered = list(enumerate(islice(cycle(codes), count)))[place::PROCESSES]
    (work / "unit-reports").mkdir(exist_ok=True)
    with pipeline.press_for(source, counted, codes, lang="zh") as press:
        for number, code in numbered:
            press.write_docx(code, work / "unit-reports" / f"{number:04}-{code}.docx")
    return len(numbered)


def write_pdf_share(work: Path, count: int, place: int) -> int:
    """Every second of the .docx that stand there."""
    mine = sorted((work / "unit-reports").glob("*.docx"))[:count][place::PROCESSES]
    for path in mine:
        write_pdf(read_docx(path), path.with_suffix(".pdf"))
    return len(mine)


if __name__ == "__main__":
    main()
