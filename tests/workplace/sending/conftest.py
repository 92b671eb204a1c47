"""Rounds in which T1 is asked for something, and workbooks dropped for them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from made_returns import make_return, make_round
from sending.sending_workbooks import make_round as make_asking_round
from workplace.jobs.worker import work_off
from workplace.rounds.models import Return, Round
from workplace.sending.models import Upload


@pytest.fixture
def asked(people):
    """T1 is asked for the activities of the third quarter."""
    return make_return(make_round())


@pytest.fixture
def round_(people: Any) -> Round:
    return make_asking_round(tables=["study_sessions", "activities"], units=["T1", "T2"])


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
