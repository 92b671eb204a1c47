"""Several processes that write records at the same time: how long each write waits, none lost."""

import subprocess
import sys
import time
from statistics import median

_WRITER = """
import sys, time, django; django.setup()
from workplace.accounts.models import User
from workplace.records.models import Origin
from workplace.records.store import put_records
from workplace.rounds.models import Return
by, answer = User.objects.get(username="clerk"), Return.objects.get(pk=int(sys.argv[1]))
for number in range(int(sys.argv[2])):
    began = time.perf_counter()
    row = {"_id": f"w-{sys.argv[3]}-{number}", "unit": answer.unit_id, "held_on": "2023-11-01"}
    put_records(by=by, answer=answer, rows=[row], origin=Origin.FORM)
    print(time.perf_counter() - began)
"""


def write_at_once(writers: int, each: int) -> None:
    """Print how many a second were written and how long one waited. Raises: AssertionError where a
    writer failed or a record is missing."""
    from workplace.records.models import Record
    from workplace.rounds.models import Return, ReturnState

    asked = Return.objects.filter(table="activities", state=ReturnState.ASKED, period="2023-Q4")
    answers = list(asked.values_list("pk", flat=True)[:writers])
    began = time.perf_counter()
    started = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(pk), str(each), str(n)],
            stdout=subprocess.PIPE, text=True,
        )
        for n, pk in enumerate(answers)
    ]  # fmt: skip
    waited = [float(line) for one in started for line in one.communicate()[0].split()]
    assert [one.returncode for one in started] == [0] * writers
    seconds = time.perf_counter() - began
    written = Record.objects.filter(key__startswith="w-").count()
    assert written == writers * each == len(waited), f"{written} of {writers * each} are there"
    print(
        f"{writers} writers, {each} records each: none lost; one waits {1_000 * median(waited):.0f}"
        f" ms, at most {1_000 * max(waited):.0f} ms; {seconds:.1f} s with starting"
    )
