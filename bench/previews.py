"""How long a preview of the example county takes, step by step: medians of several runs.

    SHUZHI_DATA=FOLDER SHUZHI_SECRET_KEY=x python bench/previews.py [--repeat 5]

FOLDER is a workplace into which the example county was taken over (`make demo` makes one in
build/demo). Nothing is written there.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workplace.settings")


def main() -> None:
    """Print a line a step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5)
    repeat = parser.parse_args().repeat
    django.setup()
    from shuzhi import pipeline
    from workplace.editions.previews import as_preview
    from workplace.programme import packs
    from workplace.records.ledgers import live_ledgers

    pack = next(iter(packs().values()))
    period = pipeline.last_year_collected(pack)
    with tempfile.TemporaryDirectory() as folder:
        source = pipeline.Source(Path(folder), as_preview(pack), live_ledgers(pack), None)
        rows = sum(len(table) for table in source.ledgers.tables.values())
        print(f"{len(source.ledgers.units.codes)} units, {rows} rows, {period.name}")
        outs = (Path(folder) / f"edition-{number}" for number in range(1_000))
        steps: dict[str, Callable[[], object]] = {
            "live ledgers": lambda: live_ledgers(pack),
            "count": lambda: pipeline.count(source, period),
            "count and seal": lambda: pipeline.seal_source(source, next(outs), period=period),
        }
        for name, step in steps.items():
            print(f"{name:<16} {median(_seconds(step) for _ in range(repeat)):.2f} s")


def _seconds(step: Callable[[], object]) -> float:
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
