"""One act on a workplace of its own, killed with -9 at a given point.

python killed_uploads.py set-up | send POINT | work POINT | tell
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from unittest import mock

import django

django.setup()

from django.core.management import call_command  # noqa: E402 — after the set-up

from sending.sending_workbooks import GOOD, make_round, workbook  # noqa: E402
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
    call_command("migrate", verbosity=0)
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

if __name__ == "__main__":
    act, point = sys.argv[1], (sys.argv[2:] or [""])[0]
    if point:
        module, name = POINTS[point]
        with mock.patch.object(module, name, die):
            ACTS[act]()
    else:
        ACTS[act]()
