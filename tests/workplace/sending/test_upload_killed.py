"""Killed with -9 at any point between the file and the record: nothing answered for is lost."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Does one act of killed_uploads.py on a workplace of its own."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": "workplace.settings",
        "SHUZHI_SECRET_KEY": "only for tests",
        "SHUZHI_DATA": str(tmp_path),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(HERE.parent)]),
    }

    def act(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, str(HERE / "killed_uploads.py"), *arguments]
        return subprocess.run(
            command, env=environment, text=True, capture_output=True, check=False, timeout=120
        )

    return act


def done(run: Run, *arguments: str) -> str:
    finished = run(*arguments)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def killed(run: Run, *arguments: str) -> None:
    finished = run(*arguments)
    assert finished.returncode == -signal.SIGKILL, finished.stderr


def state(run: Run) -> dict[str, Any]:
    return json.loads(done(run, "tell"))


def test_killed_at_every_point(run: Run, tmp_path: Path) -> None:
    done(run, "set-up")
    # before it was answered for: nothing is half there, and the file can be sent again
    for point in ("before the row", "before the job"):
        killed(run, "send", point)
        assert state(run) == {"uploads": [], "records": 0, "versions": 0}
        assert len(list((tmp_path / "files").rglob("[0-9a-f]*"))) >= 1
    done(run, "send")
    assert state(run)["uploads"] == ["waiting"]
    # afterwards: the next worker reads it, whatever became of the last one
    for point in ("while reading", "before it is written"):
        killed(run, "work", point)
        time.sleep(0.3)
    done(run, "work")
    assert state(run) == {"uploads": ["read"], "records": 0, "versions": 0}
    # taking over is all or nothing, and done once
    for point in ("while taking", "before it is taken"):
        killed(run, "work", point)
        assert state(run) == {"uploads": ["taking"], "records": 0, "versions": 0}
        time.sleep(0.3)
    done(run, "work")
    assert state(run) == {"uploads": ["taken"], "records": 1, "versions": 1}
    done(run, "work")
    assert state(run) == {"uploads": ["taken"], "records": 1, "versions": 1}
