"""python writers_at_once.py WRITERS EACH

So many processes that write so many records each at the same time, one a transaction, on a
workplace of their own. Each begins when the last one is ready. Ends with the number of those that
failed.
"""

import os
import sys
import traceback
from datetime import date

import django

django.setup()

from django.db import connections  # noqa: E402 — after the set-up

from made_returns import make_return, make_round  # noqa: E402
from shuzhi.units import UnitSpan, UnitTree  # noqa: E402
from workplace.accounts.models import User  # noqa: E402
from workplace.records.models import Origin  # noqa: E402
from workplace.records.store import put_records  # noqa: E402
from workplace.rounds.models import Return  # noqa: E402
from workplace.units.tree import replace_tree  # noqa: E402

SINCE = date(2015, 1, 1)


def set_up(writers: int) -> None:
    """One user; a county with a township a writer; each asked for its activities, and they share
    the county's return."""
    towns = [UnitSpan(f"T{n}", f"{n}镇", "township", "C", SINCE) for n in range(writers)]
    replace_tree(UnitTree([UnitSpan("C", "县", "county", "", SINCE), *towns]))
    User.objects.create_user("writer")
    round_ = make_round()
    for unit in ("C", *(town.code for town in towns)):
        make_return(round_, unit)


def write(writer: int, each: int) -> None:
    """By turns into a return that all write into, and into one of its own."""
    by = User.objects.get()
    answers = [Return.objects.get(unit=unit) for unit in ("C", f"T{writer}")]
    for number in range(each):
        row = {
            "_id": f"{writer}-{number}", "unit": f"T{writer}", "held_on": "2023-09-01",
            "title": f"{number}", "kind": "lecture",
        }  # fmt: skip
        put_records(by=by, answer=answers[number % 2], rows=[row], origin=Origin.FORM)


def fork(writer: int, each: int, gate: tuple[int, int]) -> int:
    """The process that writes once the gate is shut."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        os.close(gate[1])
        os.read(gate[0], 1)
        write(writer, each)
        code = 0
    finally:
        if code:
            traceback.print_exc()
        os._exit(code)


if __name__ == "__main__":
    writers, each = map(int, sys.argv[1:])
    set_up(writers)
    connections.close_all()  # no two processes share one
    gate = os.pipe()
    children = [fork(writer, each, gate) for writer in range(writers)]
    os.close(gate[1])
    sys.exit(sum(os.waitpid(child, 0)[1] != 0 for child in children))
