"""Killed with -9 at any point between the file and the record: nothing answered for is lost."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from own_workplace import environment_of, make_tables

HERE = Path(__file__).parent
Run = Callable[..., tuple[str, int]]


@pytest.fixture
def run(tmp_path: Path, shared: Path) -> Iterator[Run]:
    """Does one act of killed_uploads.py on a workplace of its own: what it told, and its code."""
    make_tables(tmp_path, shared)
    with subprocess.Popen(
        [sys.executable, str(HERE / "killed_uploads.py")],
        env=environment_of(tmp_path), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as acting:  # fmt: skip
        assert acting.stdin is not None and acting.stdout is not None

        def act(*words: str) -> tuple[str, int]:
            print(*words, file=acting.stdin, flush=True)
            told = acting.stdout.readline().strip()
            return told, int(acting.stdout.readline())

        yield act
        acting.stdin.close()


def done(run: Run, *words: str) -> str:
    told, code = run(*words)
    assert code == 0
    return told


def killed(run: Run, *words: str) -> None:
    assert run(*words)[1] == -signal.SIGKILL


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
