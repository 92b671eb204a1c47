"""Meetings of T1 on days around today, and the actions that come of them."""

from datetime import timedelta

import pytest

from workplace.meetings.agenda import add_item
from workplace.meetings.calling import call_meeting, hold_meeting
from workplace.meetings.models import Action, Meeting
from workplace.meetings.outcomes import Assignment, write_outcome
from workplace.units.tree import today


@pytest.fixture
def call(people):
    """Calls a meeting of a unit so many days from today."""

    def make(days: int = 0, unit: str = "T1", by: str = "clerk1", **facts) -> Meeting:
        known = {"title": f"{unit} 第{days}天会议", "kind": "work"}
        return call_meeting(
            by=people[by], unit=unit, held_on=today() + timedelta(days=days), **known | facts
        )

    return make


@pytest.fixture
def hold(people):
    """Holds a meeting on its day: eight of ten came, chaired by the head."""

    def make(meeting: Meeting, by: str = "clerk1", **facts) -> Meeting:
        meeting.refresh_from_db()
        known = {
            "held_on": meeting.held_on, "chaired_by_head": True, "expected": 10, "attended": 8,
            "minutes_text": "会议研究了重点工作。",
        }  # fmt: skip
        return hold_meeting(
            by=people[by], meeting=meeting, version=meeting.version, **known | facts
        )

    return make


@pytest.fixture
def assign(people):
    """Writes an action under a new item of a meeting, due so many days from today."""

    def make(
        meeting: Meeting, owner: str = "T1", due: int = 20, text: str = "修好村口的路灯",
        by: str = "clerk1",
    ) -> Action:  # fmt: skip
        item = add_item(by=people[by], meeting=meeting, title="重点工作")
        outcome = write_outcome(
            by=people[by], item=item, kind="action", text=text,
            assignment=Assignment(owner, today() + timedelta(days=due)),
        )  # fmt: skip
        assert outcome.action is not None
        return outcome.action

    return make
