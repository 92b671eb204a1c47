"""A workplace of a test's own, on a database file of its own, for tests that start processes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from made_once import made_once

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FILE = "workplace.sqlite3"


def environment_of(folder: Path) -> dict[str, str]:
    """What a process must be started with to work there, and to find the modules of tests."""
    return {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": "workplace.settings",
        "SHUZHI_SECRET_KEY": "only for tests",
        "SHUZHI_DATA": str(folder),
        "PYTHONPATH": os.pathsep.join(map(str, (ROOT / "src", HERE, HERE.parent))),
    }


def make_tables(folder: Path, shared: Path) -> None:
    """The database with its tables and nothing else; migrated once for all processes."""
    shutil.copy(made_once(shared / "migrated", _migrate) / FILE, folder / FILE)


def _migrate(folder: Path) -> None:
    folder.mkdir()
    command = [sys.executable, "-m", "workplace", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=environment_of(folder), check=True)
