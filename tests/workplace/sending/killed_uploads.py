"""Acts on a workplace of its own, each in a process of its own that may be killed with -9.

Reads a line an act: set-up | send POINT | work POINT | tell. Prints what it tells, then a line with
the code that its process ended with. The processes are forks of this one, which starts once.
"""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from unittest import mock

import django

django.setup()

from sending.sending_workbooks import GOOD, make_round, workbook  # noqa: E402 — after the set-up
from shuzhi.units import UnitSpan, UnitTree  # noqa: E402
from workplace.accounts.models import User  # noqa: E402
from workplace.jobs.worker import work_off  # noqa: E402
from workplace.records.models import Record  # noqa: E402
from workplace.rounds.models import Round  # noqa: E402
from workplace.sending import reading, uploads_actions, uploads_taking  # noqa: E402
from workplace.sending.models import Upload, UploadState  # noqa: E402
from workplace.units.models import Unit  # noqa: E402
from workplace.units.tree import replace_tree  # noqa: E402

# Where the process dies: a module and the name of what is about to be called in it.
POINTS: dict[str, tuple[Any, str]] = {
    "before the row": (uploads_actions, "_enter"),
    "before the job": (uploads_actions, "enqueue"),
    "while reading": (reading, "make_plan"),
    "before it is written": (reading, "keep_rows"),
    "while taking": (uploads_taking.states, "begin"),
    "before it is taken": (uploads_taking, "hide_persons"),
}
LEASE = 0.2


def set_up() -> None:
    since = date(2015, 1, 1)
    replace_tree(
        UnitTree(
            [
                UnitSpan("C", "清河县文明办", "county", "", since),
                UnitSpan("T1", "青石镇", "township", "C", since),
            ]
        )
    )
    User.objects.create_user("clerk1", display_name="clerk1")
    make_round(tables=["study_sessions"], units=["T1"])


def send() -> None:
    by, unit = User.objects.get(), Unit.objects.get(pk="T1")
    uploads_actions.send_workbook(
        by=by, round_=Round.objects.get(), unit=unit, file=workbook(GOOD, name="学习.xlsx")
    )


def work() -> None:
    for upload in Upload.objects.filter(state=UploadState.READ):
        uploads_actions.take_over(by=User.objects.get(), upload=upload)
    work_off(timedelta(seconds=LEASE))


def tell() -> None:
    told = {
        "uploads": list(Upload.objects.values_list("state", flat=True)),
        "records": Record.objects.count(),
        "versions": sum(Record.objects.values_list("version", flat=True)),
    }
    sys.stdout.write(json.dumps(told))


def die(*args: object, **kwargs: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


ACTS: dict[str, Callable[[], None]] = {"set-up": set_up, "send": send, "work": work, "tell": tell}


def perform(act: str, point: str) -> None:
    if point:
        module, name = POINTS[point]
        with mock.patch.object(module, name, die):
            ACTS[act]()
    else:
        ACTS[act]()


def forked(act: str, point: str) -> int:
    """The code that a process of its own ended with; below 0 where a signal ended it."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        perform(act, point)
        code = 0
    finally:
        sys.stdout.flush()
        if code:
            traceback.print_exc()
        os._exit(code)


if __name__ == "__main__":
    for line in sys.stdin:
        act, _space, point = line.strip().partition(" ")
        sys.stdout.write(f"\n{forked(act, point)}\n")
        sys.stdout.flush()
