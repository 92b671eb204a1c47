"""A command in a process of its own, measured from outside: CPU, wall clock, peak memory."""

import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_EVERY = 0.05  # seconds between two looks at the memory


@dataclass(frozen=True)
class Run:
    """What a command took, its children that it waited for included.

    Units: seconds; peak in MB, of all its processes at one moment, what they share counted once.
    `stages` is the JSON object on the last line it printed. Missing: {} where there is none.
    """

    user: float
    system: float
    wall: float
    peak: float
    stages: Mapping[str, float]

    @property
    def cpu(self) -> float:
        return self.user + self.system


def measure(command: Sequence[str], log: Path, environment: Mapping[str, str]) -> Run:
    """Run the command; what it prints is in `log`.

    Raises: subprocess.CalledProcessError where it fails.
    """
    began = time.perf_counter()
    with log.open("w+", encoding="utf-8") as printed:
        child = subprocess.Popen(
            list(command), stdout=printed, stderr=subprocess.STDOUT, env=environment
        )
        watch = _Watch(child.pid)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
        peak = watch.stop()
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise subprocess.CalledProcessError(child.returncode, child.args)
        stages = _stages(printed)
    return Run(usage.ru_utime, usage.ru_stime, wall, peak, stages)


class _Watch:
    """Looks at the memory of a process and its descendants until it is told to stop.

    Not `ru_maxrss`: it counts in what the parent had when it started the child.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """The highest memory seen, in MB."""
        self._over.set()
        self._thread.join()
        return self._peak

    def _look(self) -> None:
        while not self._over.wait(_EVERY):
            found = [m for pid in _with_descendants(self._pid) if (m := _memory(pid))]
            if found:
                own = sum(memory["RssAnon"] for memory in found)
                shared = [max(m[key] for m in found) for key in ("RssFile", "RssShmem")]
                highest = max(memory["VmHWM"] for memory in found)
                self._peak = max(self._peak, highest / 1024, (own + sum(shared)) / 1024)


def _with_descendants(pid: int) -> Iterator[int]:
    yield pid
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        texts = [(task / "children").read_text() for task in tasks]
    except OSError:  # it is over
        return
    for text in texts:
        for child in text.split():
            yield from _with_descendants(int(child))


def _memory(pid: int) -> dict[str, int]:
    """Kilobytes by kind. Missing: {} where the process is over."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:  # it is over
        return {}
    return {
        name: int(value.split()[0])
        for name, _, value in (line.partition(":") for line in lines)
        if name in ("VmHWM", "RssAnon", "RssFile", "RssShmem")
    }


def _stages(printed: IO[str]) -> Mapping[str, float]:
    printed.seek(0)
    lines = printed.read().strip().splitlines()
    try:
        found = json.loads(lines[-1]) if lines else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
