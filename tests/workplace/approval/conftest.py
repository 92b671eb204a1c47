"""Returns of the activities of a quarter, on their way through the steps."""

from datetime import date

import pytest
from django.core.files.storage import default_storage
from django.utils import translation

from returns_made import add_record
from workplace.accounts.models import Holding, Role, User
from workplace.approval.actions import sign
from workplace.programme import pack_named
from workplace.rounds import states
from workplace.rounds.models import Return, Round, RoundState


@pytest.fixture(autouse=True)
def english():
    """Sentences of refusals as they stand in the code; pages speak the reader's language."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def storage(settings):
    kept = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": kept}
    return default_storage


@pytest.fixture
def quarter(people):
    pack = pack_named("annual-duty")
    return Round.objects.create(
        title="2023年第三季度", pack=pack.name, pack_version=pack.version, period="2023-Q3",
        tables=["activities"], due_on=date(2999, 1, 1), state=RoundState.OPEN, seed="seed",
    )  # fmt: skip


@pytest.fixture
def returned_by(quarter, people):
    """Makes a return of a unit with so many activities, sent by its clerk."""

    def make(unit="T1", clerk="clerk1", rows=2, sent=True, period="2023-Q3"):
        answer = Return.objects.create(
            round=quarter, table="activities", unit_id=unit, period=period,
            due_on=quarter.due_on, first_due_on=quarter.due_on,
        )  # fmt: skip
        for number in range(rows):
            add_record(answer, people[clerk], number)
        if sent:
            states.begin(answer, by=people[clerk])
            states.send(answer, by=people[clerk])
        return answer

    return make


@pytest.fixture
def accepted(returned_by, people):
    """T1's return after both its steps."""
    answer = returned_by()
    for name in ("head1", "county"):
        sign(by=people[name], answer=answer, version=answer.version)
        answer.refresh_from_db()
    return answer


@pytest.fixture
def hold(people):
    """Gives somebody a role more."""

    def give(name, role, unit):
        Holding.objects.create(
            user=people[name], role=Role.objects.get(code=role), unit_id=unit,
            valid_from=date(2015, 1, 1),
        )  # fmt: skip
        return User.objects.get(pk=people[name].pk)

    return give
