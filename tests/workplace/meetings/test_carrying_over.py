"""An open action is on every later meeting's agenda until it is closed, and counted each time."""

from collections import defaultdict
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from workplace.accounts.models import User
from workplace.meetings.agenda import add_item, move_item, postpone_item, withdraw_item
from workplace.meetings.calling import call_meeting, cancel_meeting, change_meeting, hold_meeting
from workplace.meetings.carrying import follows
from workplace.meetings.models import Action, AgendaItem, Meeting, Off
from workplace.meetings.outcomes import Assignment, write_outcome
from workplace.meetings.progress import (
    close_action,
    report_done,
    send_back_action,
    withdraw_action,
)
from workplace.rounds.refusals import Refused
from workplace.units.tree import today

MONTH = st.integers(-30, 30)


class Office(RuleBasedStateMachine):
    """A unit whose clerk and head do whatever they may, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.clerk = User.objects.get(username="clerk1")
        self.head = User.objects.get(username="head1")
        # what must stand on the agenda of a meeting, and to which meetings an action was taken
        self.expected: dict[int, set[int]] = defaultdict(set)
        self.taken: dict[int, set[int]] = defaultdict(set)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def _called(self) -> list[Meeting]:
        return list(Meeting.objects.filter(state="called").order_by("pk"))

    def _expect(self, meeting: Meeting) -> None:
        for action in Action.objects.open().select_related("meeting"):
            if follows(meeting, action):
                self.expected[meeting.pk].add(action.pk)

    def _pick(self, data: st.DataObject, rows: list) -> object:
        return rows[data.draw(st.integers(0, len(rows) - 1))]

    @rule(days=MONTH)
    def call(self, days: int) -> None:
        meeting = call_meeting(
            by=self.clerk, unit="T1", title="例会", kind="work",
            held_on=today() + timedelta(days=days),
        )  # fmt: skip
        self._expect(meeting)

    @precondition(lambda self: Meeting.objects.exclude(state="cancelled").exists())
    @rule(data=st.data(), days=st.integers(0, 60))
    def assign(self, data: st.DataObject, days: int) -> None:
        meeting = self._pick(data, list(Meeting.objects.exclude(state="cancelled")))
        if not meeting.takes_outcomes:
            return
        item = add_item(by=self.clerk, meeting=meeting, title="议题")
        due = meeting.held_on + timedelta(days=days)
        write_outcome(
            by=self.clerk, item=item, kind="action", text="办事", assignment=Assignment("D1", due)
        )
        for later in self._called():
            self._expect(later)

    @precondition(lambda self: self._called())
    @rule(data=st.data())
    def hold(self, data: st.DataObject) -> None:
        meeting = self._pick(data, self._called())
        day = min(meeting.held_on, today())
        if Action.objects.filter(meeting=meeting, due_on__lt=day).exists():
            return
        hold_meeting(
            by=self.clerk, meeting=meeting, version=meeting.version, held_on=day,
            chaired_by_head=True,
        )  # fmt: skip
        for action in self.expected[meeting.pk]:
            self.taken[action].add(meeting.pk)

    @precondition(lambda self: self._called())
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        meeting = self._pick(data, self._called())
        try:
            cancel_meeting(by=self.clerk, meeting=meeting, version=meeting.version, reason="改期")
        except Refused:
            assert Action.objects.filter(meeting=meeting).exists()
        else:
            self.expected.pop(meeting.pk, None)

    @precondition(lambda self: self._called())
    @rule(data=st.data(), days=MONTH)
    def put_off(self, data: st.DataObject, days: int) -> None:
        """To another day; what the meeting has already assigned may not be due before."""
        meeting = self._pick(data, self._called())
        day = today() + timedelta(days=days)
        if Action.objects.filter(meeting=meeting).exists():
            return
        meeting = change_meeting(
            by=self.clerk, meeting=meeting, version=meeting.version, held_on=day
        )
        kept = AgendaItem.objects.filter(meeting=meeting, action__closed_at__isnull=False) | (
            AgendaItem.objects.filter(meeting=meeting, off=Off.POSTPONED)
        )
        self.expected[meeting.pk] &= set(kept.values_list("action", flat=True))
        self._expect(meeting)

    @precondition(lambda self: AgendaItem.objects.on().filter(action__isnull=False).exists())
    @rule(data=st.data(), up=st.booleans())
    def postpone_or_move(self, data: st.DataObject, up: bool) -> None:
        items = AgendaItem.objects.on().filter(action__isnull=False, meeting__state="called")
        if not items:
            return
        item = self._pick(data, list(items.order_by("pk")))
        if data.draw(st.booleans()):
            move_item(by=self.clerk, item=item, up=up)
        else:
            postpone_item(by=self.clerk, item=item, reason="材料未齐")

    @precondition(lambda self: Action.objects.open().exists())
    @rule(data=st.data(), how=st.sampled_from(["close", "send back", "withdraw", "drop"]))
    def decide(self, data: st.DataObject, how: str) -> None:
        action = self._pick(data, list(Action.objects.open().order_by("pk")))
        if how == "withdraw":
            withdraw_action(by=self.clerk, action=action, version=action.version, reason="不再需要")
        elif how == "drop":
            item = AgendaItem.objects.on().filter(action=action, outcomes=None).first()
            if item is None:
                return
            withdraw_item(by=self.clerk, item=item, reason="不再需要")
        else:
            if action.assigned_on > today():
                return
            done = report_done(
                by=self.clerk, action=action, version=action.version, done_on=today(), text="好了"
            )
            if how == "send back":
                send_back_action(by=self.head, action=done, version=done.version, reason="没好")
                return
            close_action(by=self.head, action=done, version=done.version)
        for meeting in self._called():
            if how != "close" or meeting.held_on > today():
                self.expected[meeting.pk].discard(action.pk)

    @invariant()
    def what_is_open_is_on_every_later_agenda(self) -> None:
        there: dict[int, set[int]] = defaultdict(set)
        for item in AgendaItem.objects.filter(action__isnull=False):
            if item.off not in (Off.CLOSED, Off.WITHDRAWN):
                there[item.meeting_id].add(item.action_id)
        for meeting in Meeting.objects.exclude(state="cancelled"):
            assert there[meeting.pk] == self.expected[meeting.pk], meeting.state

    @invariant()
    def each_time_is_counted(self) -> None:
        for action in Action.objects.all():
            assert action.carried_over == len(self.taken[action.pk])
            items = AgendaItem.objects.filter(action=action).exclude(
                off__in=(Off.CLOSED, Off.WITHDRAWN)
            )
            in_order = items.exclude(meeting__state="cancelled").order_by(
                "meeting__held_on", "meeting_id"
            )
            carried = [item.carried for item in in_order]
            assert carried == list(range(1, len(carried) + 1))


def test_an_open_action_is_on_every_later_agenda_until_it_is_closed(people):
    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=15, stateful_step_count=20, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_the_count_is_printed_on_each_agenda(call, hold, assign):
    action = assign(hold(call(-20)))
    second, third = hold(call(-10)), call(5)
    counts = [meeting.items.get(action=action).carried for meeting in (second, third)]
    assert counts == [1, 2]
    action.refresh_from_db()
    assert action.carried_over == 1  # the third meeting has not been held yet


def test_an_action_taken_down_late_is_on_meetings_called_before(call, hold, assign):
    first, later = call(-3), call(4)
    action = assign(hold(first))
    assert later.items.get().action == action


def test_a_meeting_before_the_action_does_not_carry_it(call, hold, assign):
    action = assign(hold(call(-5)))
    assert not call(-9).items.filter(action=action).exists()


def test_a_closed_action_leaves_the_agendas_to_come_and_stays_on_those_held(
    call, hold, assign, people
):
    action = assign(hold(call(-20)))
    held, to_come = hold(call(-10)), call(5)
    done = report_done(
        by=people["clerk1"], action=action, version=action.version, done_on=today(), text="已修好"
    )
    close_action(by=people["head1"], action=done, version=done.version)
    assert held.items.get(action=action).off == Off.ON
    assert to_come.items.get(action=action).off == Off.CLOSED
    assert not call(8).items.exists()


def test_topics_of_a_cancelled_meeting_go_to_the_next_one(call, people):
    meeting = call(2)
    topic = add_item(by=people["clerk1"], meeting=meeting, title="年度计划")
    cancel_meeting(by=people["clerk1"], meeting=meeting, version=1, reason="停电")
    taken_up = call(9).items.get()
    assert (taken_up.title, taken_up.earlier, taken_up.carried) == ("年度计划", topic, 0)
    assert not call(12).items.exists()  # once


@pytest.mark.parametrize("times", [1, 3])
def test_a_topic_that_is_postponed_counts_how_often(call, people, times):
    item = add_item(by=people["clerk1"], meeting=call(1), title="年度计划")
    for days in range(times):
        later = call(2 + days)
        postpone_item(by=people["clerk1"], item=item, reason="材料未齐")
        item = later.items.get()
    assert item.carried == times


def test_what_is_taken_off_says_why(call, hold, assign, people):
    assign(hold(call(-20)))
    item = call(3).items.get()
    postpone_item(by=people["clerk1"], item=item, reason="材料未齐")
    item.refresh_from_db()
    assert (item.off, item.off_why, item.off_by) == (Off.POSTPONED, "材料未齐", people["clerk1"])
    assert call(4).items.get().carried == 2
