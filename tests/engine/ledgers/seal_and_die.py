"""A script that seals one edition again and again, killed at another point each time.

    python seal_and_die.py PACK OUT events      before each file operation of the sealing
    python seal_and_die.py PACK OUT moments N   at N moments spread over the time it takes

Prints, per kill, whether OUT was then absent, whole or (never) broken.
"""

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from sealed_county import small_extras, small_ledgers

from shuzhi.errors import InputRefused
from shuzhi.ledgers.edition import open_edition, seal_edition
from shuzhi.packs.load import load_pack

FILE_EVENTS = frozenset({"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "fcntl.flock"})


def die_before_event(number: int) -> None:
    """From now on, kill -9 this process before its `number`-th file operation."""
    seen = count(1)

    def watch(event: str, _: tuple[object, ...]) -> None:
        if event in FILE_EVENTS and next(seen) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def die_after(seconds: float) -> None:
    """An alarm nobody handles ends the process as abruptly as kill -9."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def seal_in_child(arm: Callable[[], None], seal: Callable[[], None]) -> bool:
    """Whether the child was killed before it had done."""
    child = os.fork()
    if child == 0:
        arm()
        seal()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def state_of(out: Path) -> str:
    if not os.path.lexists(out):
        return "absent"
    try:
        open_edition(out)
    except InputRefused:
        return "broken"
    return "whole"


def main() -> None:
    pack, out = load_pack(Path(sys.argv[1])), Path(sys.argv[2])
    ledgers, extras = small_ledgers(pack), small_extras()
    began = time.perf_counter()
    seal_edition(out.with_name("unharmed"), pack, ledgers, extras)
    duration = time.perf_counter() - began
    draw = random.Random(7)  # noqa: S311 moments, not secrets
    points = count(1) if sys.argv[3] == "events" else range(int(sys.argv[4]))
    for point in points:
        if sys.argv[3] == "events":
            killed = seal_in_child(
                lambda point=point: die_before_event(point),
                lambda: seal_edition(out, pack, ledgers, extras),
            )
        else:
            delay = draw.uniform(0.0001, 1.2 * duration)
            killed = seal_in_child(
                lambda delay=delay: die_after(delay),
                lambda: seal_edition(out, pack, ledgers, extras),
            )
        sys.stdout.write(f"{'killed' if killed else 'done'} {state_of(out)}\n")
        if os.path.lexists(out):
            out.rename(out.with_name(f"taken-{point}"))
        if sys.argv[3] == "events" and not killed:
            return


if __name__ == "__main__":
    main()
