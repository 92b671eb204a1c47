"""The figures by the SQL that an expert would write by hand for PostgreSQL.

    postgresql_best.py prepare EDITION DEFINITIONS WORK     tables loaded, and the SQL as a script
    postgresql_best.py run WORK OUT                         runs it; this is what is measured

The plan is that of duckdb_fused.py, in what PostgreSQL is best at. Every table is scanned once for
all that adds up, in two workers, compiled; sums go up the tree level by level, and from months to
quarters to the year. Different persons: those seen at one node only add up as well, the others are
told apart again on each level. Medians: a pass each, all levels and periods as grouping sets; to
add up how often each value is there takes longer. A stock is what began less what ended.
"""

import argparse
import json
import shutil
import time
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import Any

from postgresql_server import run as execute
from postgresql_server import server, write

_SCHEMA = "figures"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    prepare_ = commands.add_parser("prepare")
    for name in ("edition", "definitions", "work"):
        prepare_.add_argument(name, type=Path)
    prepare_.set_defaults(job=prepare)
    run_ = commands.add_parser("run")
    for name in ("work", "out"):
        run_.add_argument(name, type=Path)
    run_.set_defaults(job=run)
    given = vars(parser.parse_args())
    given.pop("job")(**given)


def prepare(edition: Path, definitions: Path, work: Path) -> None:
    """Load the tables; write the script for the indicators and the tree of an edition."""
    import duckdb  # with the modules below needed by this step only
    from fused_tree import depths
    from postgresql_load import load_tables
    from postgresql_tables import Script
    from postgresql_tree import Calendar, load_tree

    units = edition / "units.parquet"
    found: list[dict[str, Any]] = json.loads(definitions.read_text(encoding="utf-8"))
    calendar = Calendar.of(units)
    shutil.rmtree(work / "data", ignore_errors=True)
    with server(work / "data") as connection, duckdb.connect() as reader:
        load_tree(connection, reader, edition, calendar)
        decimals = load_tables(connection, reader, edition, calendar, found)
    script = Script(calendar, depths(units), decimals)
    script.add(found)
    parts = json.dumps([asdict(each) for each in script.statements], indent=1)
    (work / "script.json").write_text(parts, encoding="utf-8")


def run(work: Path, out: Path) -> None:
    """Run the script in a schema of its own, which is dropped at the start of the next run."""
    out.mkdir(parents=True)
    statements: list[dict[str, str]] = json.loads((work / "script.json").read_text("utf-8"))
    spent: dict[str, float] = defaultdict(float)
    with server(work / "data") as connection:
        execute(
            connection,
            f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE",
            f"CREATE SCHEMA {_SCHEMA}",
            f"SET search_path = {_SCHEMA}, public",
        )
        for each in statements:
            began = time.perf_counter()
            if each["file"]:
                write(connection, each["sql"], out / each["file"])
            else:
                execute(connection, each["sql"])
            spent[each["stage"]] += time.perf_counter() - began
    print(json.dumps({stage: round(seconds, 2) for stage, seconds in spent.items()}))


if __name__ == "__main__":
    main()
