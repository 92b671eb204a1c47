"""Several people write at the same time: nobody is told that the database is locked, and nothing is
lost. `make bench-workplace` does it for longer, and on PostgreSQL."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from own_workplace import FILE, environment_of, make_tables

WRITERS, EACH = 8, 6


def test_eight_processes_write_at_once(tmp_path: Path, shared: Path) -> None:
    make_tables(tmp_path, shared)
    program = Path(__file__).with_name("writers_at_once.py")
    done = subprocess.run(
        [sys.executable, program, str(WRITERS), str(EACH)], env=environment_of(tmp_path), text=True,
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "locked" not in done.stderr
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        ((kept,),) = database.execute("SELECT COUNT(DISTINCT key) FROM records_record")
        ((told,),) = database.execute(
            "SELECT COUNT(*) FROM events_event WHERE action = 'records.put'"
        )
    assert kept == told == WRITERS * EACH
