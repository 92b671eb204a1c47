"""A round that asks two townships for their activities."""

from datetime import date

import pytest
from django.core.files.storage import default_storage
from django.utils import translation

from photos_sent import upload
from workplace.evidence.store import attach
from workplace.records.models import Origin, Record
from workplace.rounds.models import Answer, Return, ReturnState, Round, RoundState

DAY = date(2023, 9, 3)


@pytest.fixture(autouse=True)
def english():
    """Sentences of refusals as they stand in the code; pages speak the reader's language."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def storage(settings):
    """Files kept in memory: no test depends on what kind of storage there is."""
    kept = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": kept}
    return default_storage


@pytest.fixture
def round_of_activities(people):
    return Round.objects.create(
        title="2023年第三季度", pack="annual-duty", pack_version="1", period="2023-Q3",
        tables=["activities"], due_on=date(2023, 10, 10), state=RoundState.OPEN, seed="seed",
    )  # fmt: skip


@pytest.fixture
def activity_of(round_of_activities, people):
    """Makes a record of an activity at a unit, in that unit's return."""

    def make(unit="T1", clerk="clerk1", state=ReturnState.BEGUN):
        number = Record.objects.count() + 1
        answer, _ = Return.objects.get_or_create(
            round=round_of_activities, table="activities", unit_id=unit, period="2023-Q3",
            defaults={
                "state": state, "answer": Answer.ROWS, "due_on": date(2023, 10, 10),
                "first_due_on": date(2023, 10, 10),
            },
        )  # fmt: skip
        return Record.objects.create(
            pack="annual-duty", pack_version="1", table="activities", unit_id=unit, answer=answer,
            key=f"{unit}-{number}", event_date=DAY, origin=Origin.FORM,
            entered_by=people[clerk],
            data={"activity_no": f"A{number}", "unit": unit, "held_on": DAY.isoformat()},
        )  # fmt: skip

    return make


@pytest.fixture
def evidence_of(people, activity_of):
    """Attaches a photo to a new record of a unit."""

    def make(unit="T1", clerk="clerk1", content=None, **more):
        return attach(
            by=people[clerk], upload_file=upload(content), unit=unit,
            record=activity_of(unit, clerk), **more,
        )  # fmt: skip

    return make
