"""A round of the annual-duty pack, with a return for each unit that the tests speak of."""

from datetime import date

import pytest

from workplace.programme import pack_named
from workplace.rounds.models import Return, Round, RoundState


def make_round(**more):
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
    return make_return(make_round())
