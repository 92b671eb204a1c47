"""One attack, tried in a child of its own that is watched and, when it takes too long, killed."""

import os
import select
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from shuzhi.errors import UserError

MAX_SECONDS = 15.0
MAX_BYTES = 1_000_000_000
REFUSED, HARMLESS = "refused", "harmless"


@dataclass(frozen=True)
class Trial:
    """How an attack ended: refused or harmless with what was said, or else how it got through.

    `seconds` of wall time; `peak` bytes of memory, of the child or of the largest of its own.
    """

    verdict: str
    said: str
    seconds: float
    peak: int

    @property
    def complaint(self) -> str:
        """What is wrong; '' where nothing is."""
        if self.verdict not in (REFUSED, HARMLESS):
            return f"{self.verdict}: {self.said[:300]}"
        if self.verdict == REFUSED and len(self.said) < len("too large"):
            return "refused without a message"
        if self.seconds > MAX_SECONDS:
            return f"took {self.seconds:.1f} s"
        return f"took {self.peak:,} bytes" if self.peak > MAX_BYTES else ""


def try_attack(attack: Callable[[], str]) -> Trial:
    """What came of `attack`, which returns '' where it was harmless, or what it got hold of.

    A refusal is a UserError; any other error of the child is an attack that got through.
    """
    began = time.monotonic()
    said_read, said_write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(said_read)
        _in_child(attack, said_write)
    os.close(said_write)
    try:
        said = _hear(said_read, began + 2 * MAX_SECONDS)
        if said is None:
            os.kill(child, signal.SIGKILL)
        _, status, usage = os.wait4(child, 0)
    finally:
        os.close(said_read)
    seconds, peak = time.monotonic() - began, usage.ru_maxrss * 1024
    verdict, _, words = (said or "").partition("\n")
    if said is None or os.WIFSIGNALED(status) or not verdict:
        return Trial("died", f"status {status}", seconds, peak)
    return Trial(verdict, words, seconds, peak)


def _in_child(attack: Callable[[], str], said: int) -> None:
    try:
        got = attack()
        words = f"{'got through' if got else HARMLESS}\n{got}"
    except UserError as refused:
        words = f"{REFUSED}\n{refused}"
    except BaseException as error:  # noqa: BLE001 whatever it is, it is what was to be found
        words = f"unforeseen\n{error!r}"
    os.write(said, words.encode("utf-8", "replace")[:4000])
    # The worker it started, if any, ends when its pipe closes with this process.
    os._exit(0)


def _hear(said: int, until: float) -> str | None:
    """What the child said. Missing: None where it said nothing in time."""
    ready, _, _ = select.select([said], [], [], max(0.0, until - time.monotonic()))
    return os.read(said, 8192).decode("utf-8", "replace") if ready else None
