"""A round of the small county, and a way to drop workbooks on it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from sending_workbooks import make_round

from workplace.jobs.worker import work_off
from workplace.programme import pack_named
from workplace.rounds.models import Return, Round, RoundState
from workplace.sending.models import Upload


@pytest.fixture
def round_(people: Any) -> Round:
    return make_round(tables=["study_sessions", "activities"], units=["T1", "T2"])


@pytest.fixture
def answer(round_: Round) -> Return:
    """T1's return of study sessions."""
    return Return.objects.get(round=round_, unit="T1", table="study_sessions")


@pytest.fixture
def send(client_of: Callable[[str], Any], round_: Round) -> Callable[..., Upload]:
    """Drops files on T1's page as clerk1, has them read, and gives the last upload."""

    def drop(*files: Any) -> Upload:
        answer = client_of("clerk1").post(
            reverse("sending:upload", args=[round_.pk, "T1"]), {"files": list(files)}
        )
        assert answer.status_code == 302, answer.content.decode()
        work_off()
        return Upload.objects.latest("pk")

    return drop


def round_of_quarter(**more):
    pack = pack_named("annual-duty")
    facts = {
        "title": "三季度", "pack": pack.name, "pack_version": pack.version, "period": "2023-Q3",
        "tables": ["activities", "meetings"], "due_on": date(2999, 1, 1),
        "state": RoundState.OPEN, "seed": "seed",
    }  # fmt: skip
    return Round.objects.create(**facts | more)


def make_return(of, unit="T1", table="activities", **more):
    facts = {"period": of.period, "due_on": of.due_on, "first_due_on": of.due_on}
    return Return.objects.create(round=of, table=table, unit_id=unit, **facts | more)


@pytest.fixture
def asked(people):
    """T1 is asked for the activities of the third quarter."""
    return make_return(round_of_quarter())
