"""The figures by Shuzhi's own command, as people call it.

    ours.py EDITION OUT [--engine ENGINE]

Where the command knows --recorded, only figures with records are written.
"""

import argparse
import runpy
import sys
from pathlib import Path

PERIODS = (
    *(f"2025-{month:02}" for month in range(1, 13)), *(f"2025-Q{n}" for n in range(1, 5)), "2025",
)  # fmt: skip


def main() -> None:
    """Run the command in this process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("edition", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--engine", default="duckdb")
    given = parser.parse_args()
    given.out.mkdir(parents=True)
    words = ["shuzhi", "figures", str(given.edition), "--format", "parquet"]
    words += ["--engine", given.engine, "--out", str(given.out / "figures.parquet")]
    words += [word for period in PERIODS for word in ("--period", period)]
    if _knows("--recorded"):
        words.append("--recorded")
    sys.argv = words
    runpy.run_module("shuzhi", run_name="__main__")


def _knows(option: str) -> bool:
    from shuzhi.cli.figures import figures

    return any(option in parameter.opts for parameter in figures.params)


if __name__ == "__main__":
    main()
