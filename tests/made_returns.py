"""Rounds and returns of the annual-duty pack, for tests that need one to write into."""

from datetime import date

from workplace.programme import pack_named
from workplace.rounds.models import Return, Round, RoundState


def make_round(**more):
    """An open round for the third quarter."""
    pack = pack_named("annual-duty")
    facts = {
        "title": "三季度", "pack": pack.name, "pack_version": pack.version, "period": "2023-Q3",
        "tables": ["activities", "meetings"], "due_on": date(2999, 1, 1),
        "state": RoundState.OPEN, "seed": "seed",
    }  # fmt: skip
    return Round.objects.create(**facts | more)


def make_return(of, unit="T1", table="activities", **more):
    """What `unit` is asked for in a round."""
    facts = {"period": of.period, "due_on": of.due_on, "first_due_on": of.due_on}
    return Return.objects.create(round=of, table=table, unit_id=unit, **facts | more)
