"""Reads .xls files in a confined process, which is kept for the next one."""

import atexit
import json
from functools import cache
from threading import Lock

from shuzhi.confined import WALL_SECONDS, ConfinedWorker, OverLimit
from shuzhi.ledgers.limits import FileRefused
from shuzhi.ledgers.raw_sheets import RawSheet, sheets_from_json
from shuzhi.ledgers.sheet_worker import GOOD

_MAX_ANSWER = 2**30
_one_at_a_time = Lock()


def confined_sheets(content: bytes) -> list[RawSheet]:
    """The worksheets of an .xls.

    Raises: FileRefused where it cannot be read, or not within the limits of the child.
    """
    try:
        with _one_at_a_time:
            answer = _worker().ask(content)
    except OverLimit:
        reason = f"it takes more memory, or more than {WALL_SECONDS:g} s"
        raise FileRefused("file_unreadable", reason=reason) from None
    if not answer.startswith(GOOD):
        code, facts = json.loads(answer[1:])
        raise FileRefused(code, **facts)
    return sheets_from_json(answer[1:])


@cache
def _worker() -> ConfinedWorker:
    worker = ConfinedWorker("shuzhi.ledgers.sheet_worker", max_answer=_MAX_ANSWER)
    atexit.register(worker.close)
    return worker
