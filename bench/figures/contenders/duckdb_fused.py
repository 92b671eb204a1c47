"""The figures by the SQL that an expert would write by hand for DuckDB.

    duckdb_fused.py prepare EDITION DEFINITIONS SCRIPT     the SQL, as a script to read and run
    duckdb_fused.py run EDITION SCRIPT OUT [--stages]      runs it; this is what is measured

Every table is scanned once for all that adds up: conditions as whole numbers, sums by node and
month, up the tree level by level, months to quarters to the year. Different persons: those seen at
one node only add up as well, the others are told apart again on each level. Medians: a pass each,
all levels and periods as grouping sets. A stock is what began less what ended.
"""

import argparse
import json
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb

_STAGE = "-- stage: "


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    prepare_ = commands.add_parser("prepare")
    prepare_.add_argument("edition", type=Path)
    prepare_.add_argument("definitions", type=Path)
    prepare_.add_argument("script", type=Path)
    prepare_.set_defaults(job=prepare)
    run_ = commands.add_parser("run")
    run_.add_argument("edition", type=Path)
    run_.add_argument("script", type=Path)
    run_.add_argument("out", type=Path)
    run_.add_argument("--stages", action="store_true")
    run_.set_defaults(job=run)
    given = vars(parser.parse_args())
    given.pop("job")(**given)


def run(edition: Path, script: Path, out: Path, *, stages: bool) -> None:
    """Run the script: {edition} and {out} in it are the two folders."""
    out.mkdir(parents=True)
    text = script.read_text(encoding="utf-8")
    text = text.replace("{edition}", str(edition)).replace("{out}", str(out))
    spent: dict[str, float] = defaultdict(float)
    with duckdb.connect() as connection:
        for part in text.split(_STAGE)[1:]:
            stage, _, statements = part.partition("\n")
            began = time.process_time()
            connection.execute(statements)
            spent[stage] += time.process_time() - began
    if stages:
        print(json.dumps({stage: round(seconds, 2) for stage, seconds in spent.items()}))


def prepare(edition: Path, definitions: Path, script: Path) -> None:
    """Write the script for the indicators and the tree of an edition."""
    from fused_tables import Script  # loads a library that only this step needs

    found: list[dict[str, Any]] = json.loads(definitions.read_text(encoding="utf-8"))
    written = Script(edition / "units.parquet", edition / "tables")
    written.add(found)
    parts = [f"{_STAGE}{stage}\n{sql};\n" for stage, sql in written.statements]
    script.write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
