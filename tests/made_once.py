"""What is dear to make: made by one of the processes that run the tests, read by all of them."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def folder_of_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The temporary folder of this run, which each of its processes knows."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def made_once(place: Path, make: Callable[[Path], None]) -> Path:
    """The path `place`, made by the first process that asks; the others wait until it is there.

    Where making fails, its test fails, and the next one that asks makes it anew.
    """
    is_made = place.with_name(f"{place.name}.made")
    with place.with_name(f"{place.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_made.exists():
            if place.is_dir():
                shutil.rmtree(place)
            make(place)
            is_made.touch()
    return place
