"""Child processes for what strangers wrote: little memory, little time, no files, no network.

A worker is a module that calls `serve`. After start-up it can open no file and no socket (its limit
on descriptors is 0), write no file (its limit on file size is 0) and take no more memory and time
than it was allowed; where the kernel allows it, it also sits in a network namespace of its own. The
parent kills a worker that does not answer in time.

A request and an answer are bytes behind their length, 8 bytes, the lowest first.
"""

import ctypes
import resource
import selectors
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from shuzhi.errors import UserError

# Bytes of address space beyond what the libraries take; the child then stays under 1 GB.
MEMORY = 800_000_000
CPU_SECONDS = 10  # for one request
WALL_SECONDS = 15.0  # for one request
MAX_ANSWER = 64_000_000  # bytes
_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000  # CLONE_NEWNET, CLONE_NEWUSER of <sched.h>
_LENGTH = struct.Struct("<Q")
_CHUNK = 1 << 20


class OverLimit(Exception):
    """The worker took more time or memory than it may, or died; it has been killed."""


class ConfinedWorker:
    """A confined child that answers requests. After `OverLimit` the next request starts another.

    `memory` is the address space its requests may take, in bytes; `wall_seconds` what one request
    may take; `max_answer` the bytes of an answer.
    """

    def __init__(
        self,
        module: str,
        *,
        memory: int = MEMORY,
        wall_seconds: float = WALL_SECONDS,
        max_answer: int = MAX_ANSWER,
    ) -> None:
        self.wall_seconds = wall_seconds
        self._command = [sys.executable, "-I", "-m", module, str(memory)]
        self._max_answer = max_answer
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        return self._child is not None

    def ask(self, *pieces: bytes | memoryview) -> bytes:
        """The answer to a request, which is sent piece by piece.

        Raises: OverLimit.
        """
        child = self._child or self._start()
        assert child.stdin is not None and child.stdout is not None
        try:
            child.stdin.write(_LENGTH.pack(sum(len(piece) for piece in pieces)))
            for piece in pieces:
                child.stdin.write(piece)
            child.stdin.flush()
        except BrokenPipeError:
            raise self._killed() from None
        return self._receive(child.stdout)

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None

    def _start(self) -> "subprocess.Popen[bytes]":
        # The environment is empty and Python isolated: no setting and no secret is in it, and no
        # module is taken from the folder that happens to be the current one.
        self._child = subprocess.Popen(  # noqa: S603 our own interpreter and module
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
        )
        return self._child

    def _killed(self) -> OverLimit:
        self.close()
        return OverLimit()

    def _receive(self, stream: IO[bytes]) -> bytes:
        deadline = time.monotonic() + self.wall_seconds
        received, wanted = bytearray(), _LENGTH.size
        with selectors.DefaultSelector() as selector:
            selector.register(stream, selectors.EVENT_READ)
            while len(received) < wanted:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise self._killed()
                chunk = stream.read1(_CHUNK)  # type: ignore[attr-defined]
                received += chunk
                if wanted == _LENGTH.size and len(received) >= wanted:
                    wanted += _LENGTH.unpack_from(received)[0]
                if not chunk or wanted > self._max_answer:
                    raise self._killed()
        return bytes(received[_LENGTH.size :])


def serve(answer: Callable[[bytes], bytes]) -> None:
    """Confine this process and answer requests from standard input until it ends.

    Whatever `answer` needs must have been imported before: no file can be opened any more.
    """
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    confine(int(sys.argv[1]))
    while head := requests.read(_LENGTH.size):
        _allow_seconds()
        answered = answer(requests.read(_LENGTH.unpack(head)[0]))
        answers.write(_LENGTH.pack(len(answered)) + answered)
        answers.flush()


def confine(memory: int = MEMORY) -> None:
    """From here on this process opens nothing, writes no file and takes `memory` bytes at most.

    Raises: UserError on a system that cannot limit a process.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "unshare"):
        raise UserError("what strangers wrote can only be run on Linux, where it can be confined")
    if libc.unshare(_NEW_NETWORK) != 0:
        libc.unshare(_NEW_USER | _NEW_NETWORK)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    _limit(resource.RLIMIT_AS, pages * resource.getpagesize() + memory)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, 0)


def _limit(what: int, value: int) -> None:
    resource.setrlimit(what, (value, value))


def _allow_seconds() -> None:
    used: Any = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
