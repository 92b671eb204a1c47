"""Meetings, actions, duties and calendars of T1; and those of T2 with the canary in every text."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from access.examples import CANARY, People, canary, example
from workplace.meetings.agenda import add_item
from workplace.meetings.calendars import make_calendar
from workplace.meetings.calling import call_meeting, hold_meeting
from workplace.meetings.duties import break_down, set_out_duty
from workplace.meetings.keeping import keep_here
from workplace.meetings.models import Action, Meeting
from workplace.meetings.outcomes import Assignment, write_outcome
from workplace.meetings.progress import report_done, report_progress
from workplace.units.tree import today


def _called(people: People, by: str, unit: str, text: str) -> Meeting:
    return call_meeting(
        by=people[by], unit=unit, title=text, kind="work", held_on=today(), place=text
    )


def _assigned(people: People, by: str, unit: str, text: str) -> Action:
    meeting = _called(people, by, unit, text)
    item = add_item(by=people[by], meeting=meeting, title=text)
    write_outcome(by=people[by], item=item, kind="decision", text=text)
    outcome = write_outcome(
        by=people[by], item=item, kind="action", text=text,
        assignment=Assignment(unit, today() + timedelta(days=2)),
    )  # fmt: skip
    assert outcome.action is not None
    return outcome.action


@example
def meeting_of_t1(people: People) -> Mapping[str, Any]:
    return {"pk": _called(people, "clerk1", "T1", "例会").pk}


@example
def item_of_t1(people: People) -> Mapping[str, Any]:
    meeting = _called(people, "clerk1", "T1", "例会")
    return {"pk": add_item(by=people["clerk1"], meeting=meeting, title="议题").pk}


@example
def outcome_of_t1(people: People) -> Mapping[str, Any]:
    meeting = _called(people, "clerk1", "T1", "例会")
    item = add_item(by=people["clerk1"], meeting=meeting, title="议题")
    return {"pk": write_outcome(by=people["clerk1"], item=item, kind="decision", text="同意").pk}


@example
def action_of_t1(people: People) -> Mapping[str, Any]:
    action = _assigned(people, "clerk1", "T1", "办事")
    Action.objects.filter(pk=action.pk).update(assigned_on=date(2024, 1, 1))
    return {"pk": action.pk}


@example
def action_of_t1_done(people: People) -> Mapping[str, Any]:
    """Reported done by the county office, so that anybody of T1 may close it."""
    action = _assigned(people, "clerk1", "T1", "办事")
    report_done(by=people["county"], action=action, version=1, done_on=today(), text="好了")
    return {"pk": action.pk}


@example
def calendar_of_clerk1(people: People) -> Mapping[str, Any]:
    return {"pk": make_calendar(by=people["clerk1"], unit="T1")[0].pk}


@example
def token_of_clerk1(people: People) -> Mapping[str, Any]:
    _assigned(people, "clerk1", "T1", "办事")
    return {"token": make_calendar(by=people["clerk1"], unit=None)[1]}


@example
def feed_of_t1(people: People) -> Mapping[str, Any]:
    feed = keep_here(
        by=people["county"], unit="T1", pack="annual-duty", table="meetings", since=date(2999, 1, 1)
    )
    return {"pk": feed.pk}


@example
def duty_of_t1(people: People) -> Mapping[str, Any]:
    duty = set_out_duty(
        by=people["clerk1"], unit="T1", title="责任事项", assigned_on=today(), lead="T1"
    )
    return {"pk": duty.pk}


@example
def part_of_t1(people: People) -> Mapping[str, Any]:
    duty = set_out_duty(
        by=people["clerk1"], unit="T1", title="责任事项", assigned_on=today(), lead="T1"
    )
    return {"pk": duty.parts.get().pk}


@canary
def meetings_of_t2(people: People) -> None:
    by = people["clerk2"]
    action = _assigned(people, "clerk2", "T2", CANARY)
    report_progress(by=by, action=action, version=1, percent=10, text=CANARY)
    assert action.meeting is not None
    hold_meeting(
        by=by, meeting=action.meeting, version=1, held_on=today(), chaired_by_head=True,
        minutes_text=CANARY,
    )  # fmt: skip
    _called(people, "clerk2", "T2", CANARY)
    late = _assigned(people, "clerk2", "T2", CANARY)
    Action.objects.filter(pk=late.pk).update(
        assigned_on=today() - timedelta(days=9), due_on=today() - timedelta(days=1)
    )
    make_calendar(by=by, unit="T2")
    keep_here(
        by=people["county"], unit="T2", pack="annual-duty", table="duties", since=date(2999, 1, 1)
    )
    duty = set_out_duty(by=by, unit="T2", title=CANARY, assigned_on=today(), lead="T2")
    break_down(by=by, part=duty.parts.get(), version=1, posts=[CANARY], tier="post")
