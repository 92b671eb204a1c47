"""A forked child under strace: its system calls, and how it ends when one of them fails."""

import os
import re
import select
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from shuzhi.errors import UserError

_CALL = re.compile(r"(\w+)\(")
_ATTACHED = b"attached"
_WALL = 30.0  # seconds after which a child counts as hung and is killed


class Fault(StrEnum):
    """What is done to a system call, as strace writes it."""

    KILL = "signal=KILL"
    NO_SPACE = "error=ENOSPC"
    IO_ERROR = "error=EIO"


@dataclass(frozen=True, order=True)
class CallFault:
    """One fault at the `when`-th call of `name`, counted from 1."""

    name: str
    when: int
    fault: Fault


@dataclass(frozen=True)
class ChildEnd:
    """How a child ended: its exit code (None where a signal ended it) and what it said."""

    code: int | None
    said: str
    hung: bool


def refuse_without_strace() -> None:
    """Raises: UserError where strace is not there."""
    if shutil.which("strace") is None:
        raise UserError("strace is needed and is not here; run: sudo apt-get install strace")


def count_calls(action: Callable[[], None], log: Path) -> Counter[str]:
    """How often the child calls each system call while it runs `action`; `log` receives them.

    Raises: UserError where strace may not watch a process.
    """
    _run(action, ["-o", str(log)])
    found = (_CALL.match(line) for line in log.read_text("utf-8", errors="replace").splitlines())
    return Counter(match[1] for match in found if match)


def run_with_fault(action: Callable[[], None], fault: CallFault) -> ChildEnd:
    """How a child ends that runs `action` while one of its system calls is made to fail."""
    inject = f"inject={fault.name}:{fault.fault}:when={fault.when}"
    return _run(action, ["-o", os.devnull, "-e", f"trace={fault.name}", "-e", inject])


def _run(action: Callable[[], None], options: list[str]) -> ChildEnd:
    """The child waits until strace watches it; only the action's calls are counted."""
    begin_read, begin_write = os.pipe()
    said_read, said_write = os.pipe()
    child = os.fork()
    if child == 0:
        _in_child(action, begin_read, said_write, (begin_write, said_read))
    os.close(begin_read)
    os.close(said_write)
    try:
        with _watched(child, options):
            os.write(begin_write, b"\n")
            return _wait(child, said_read)
    finally:
        os.close(begin_write)
        os.close(said_read)


def _in_child(action: Callable[[], None], begin: int, said: int, others: tuple[int, int]) -> None:
    code = 1
    try:
        for descriptor in others:
            os.close(descriptor)
        os.read(begin, 1)
        action()
        code = 0
    except UserError as error:
        code = error.exit_code
        os.write(said, str(error).encode())
    except BaseException as error:  # noqa: BLE001 whatever it is, the parent shall hear of it
        os.write(said, repr(error).encode())
    finally:
        os._exit(code)


@contextmanager
def _watched(child: int, options: list[str]) -> Iterator[None]:
    watcher = subprocess.Popen(  # noqa: S603 our own words and numbers
        ["strace", "-p", str(child), *options],  # noqa: S607 found by refuse_without_strace
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert watcher.stderr is not None
    first = watcher.stderr.readline()
    if _ATTACHED not in first:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        watcher.wait()
        raise UserError(
            f"strace may not watch a process here ({first.decode(errors='replace').strip()}); "
            "run as root, or set kernel.yama.ptrace_scope to 0"
        )
    try:
        yield
    finally:
        watcher.wait()
        watcher.stderr.close()


def _wait(child: int, said: int) -> ChildEnd:
    deadline, hung = time.monotonic() + _WALL, False
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            break
        if time.monotonic() > deadline and not hung:
            hung = True
            os.kill(child, signal.SIGKILL)
        time.sleep(0.002)
    code = None if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    ready, _, _ = select.select([said], [], [], 0)
    return ChildEnd(code, os.read(said, 4096).decode(errors="replace") if ready else "", hung)
