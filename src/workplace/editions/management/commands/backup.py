"""`python -m workplace backup FILE`: a copy of the database that is whole, while it is in use."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

# Pages copied at a time; writers come between.
_PAGES = 1_000


class Command(BaseCommand):
    help = (
        "Copy the SQLite database into a new file by SQLite's own backup: a copy made by cp while "
        "it is in use may be corrupt. The folders files/ and editions/ are copied beside it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "sqlite":
            raise CommandError("the database is PostgreSQL: use pg_dump, or pgBackRest")
        out: Path = options["file"]
        if out.exists():
            raise CommandError(f"{out} is there already and is not changed; name another file")
        out.parent.mkdir(parents=True, exist_ok=True)
        partial = out.with_name(f".{out.name}.partial")
        partial.unlink(missing_ok=True)
        back_up(partial)
        os.replace(partial, out)
        _sync(out.parent)
        self.stdout.write(f"{out}: {out.stat().st_size} bytes, whole")


def back_up(out: Path) -> None:
    """Write the database to `out`, as it is at one moment. Raises: CommandError where the copy is
    not whole."""
    connection.ensure_connection()
    with closing(sqlite3.connect(out)) as target:
        connection.connection.backup(target, pages=_PAGES)
        found = target.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise CommandError(
            f"the copy is not whole ({found}); keep the last one, and look at the disk"
        )
    _sync(out)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
