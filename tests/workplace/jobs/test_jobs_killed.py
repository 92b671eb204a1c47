"""A worker killed with -9 in the middle of a job: the next one does the job, once."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from own_workplace import environment_of, make_tables

ASK = """
import django; django.setup()
from jobs.killed_jobs import stop_in_the_middle
from workplace.jobs.queue import enqueue
assert enqueue(stop_in_the_middle, {folder!r})
"""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path, shared: Path) -> Iterator[Start]:
    """Starts a process of a workplace of its own, on a database file of its own."""
    make_tables(tmp_path, shared)
    environment = environment_of(tmp_path)
    begun: list[subprocess.Popen[str]] = []

    def run(*command: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen([sys.executable, *command], env=environment, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
        begun.append(process)
        return process

    yield run
    for process in begun:
        process.kill()
        process.communicate()


def _finish(process: "subprocess.Popen[str]") -> str:
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said
    return said


def _wait_for(file: Path) -> None:
    until = time.monotonic() + 60
    while not file.exists():
        assert time.monotonic() < until, f"{file.name} never came"
        time.sleep(0.05)


def test_killed_worker_loses_no_job_and_sigterm_ends_cleanly(start: Start, tmp_path: Path):
    _finish(start("-c", ASK.format(folder=str(tmp_path))))
    slow = tmp_path / "slow"
    slow.touch()

    first = start("-m", "workplace", "work", "--lease", "1")
    _wait_for(tmp_path / "begun")
    first.send_signal(signal.SIGKILL)
    first.wait(timeout=10)
    slow.unlink()

    time.sleep(1.2)  # the lease runs out
    assert "1 jobs done" in _finish(start("-m", "workplace", "work", "--once", "--lease", "1"))
    assert "0 jobs done" in _finish(start("-m", "workplace", "work", "--once", "--lease", "1"))
    assert (tmp_path / "begun").read_text() == "xx"
    assert len(list(tmp_path.glob("done-*"))) == 1

    # a worker told to stop finishes the job in hand
    (tmp_path / "begun").unlink()
    slow.touch()
    _finish(start("-c", ASK.format(folder=str(tmp_path))))
    second = start("-m", "workplace", "work")
    _wait_for(tmp_path / "begun")
    second.send_signal(signal.SIGTERM)
    slow.unlink()
    _finish(second)
    assert len(list(tmp_path.glob("done-*"))) == 2
