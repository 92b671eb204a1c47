"""One meeting: calling, agenda, holding, correcting, printing."""

from datetime import timedelta

import pytest
from django.urls import reverse

from workplace.events.models import Event
from workplace.meetings.agenda import add_item
from workplace.meetings.calling import cancel_meeting, change_meeting
from workplace.meetings.models import Action, Meeting, Outcome
from workplace.meetings.outcomes import Assignment, correct_outcome, write_outcome
from workplace.rounds.refusals import ChangedMeanwhile, Refused
from workplace.units.tree import today


def url(name, row):
    return reverse(f"meetings:{name}", args=[row.pk])


def facts(**more):
    return {"title": "例会", "kind": "work", "held_on": today().isoformat()} | more


@pytest.mark.parametrize("name", ["clerk2", "head2", "nobody"])
@pytest.mark.parametrize("page", ["meeting", "print"])
def test_strangers_find_nothing(client_of, call, name, page):
    assert client_of(name).get(url(page, call(1))).status_code == 404


def test_a_clerk_calls_a_meeting(client_of, people):
    client_of("clerk1").post(reverse("meetings:call"), facts(unit="T1", place="二楼"))
    meeting = Meeting.objects.get()
    assert (meeting.number, meeting.place) == (f"T1-{today().year}-01", "二楼")
    event = Event.objects.get(action="meetings.meeting_called")
    assert (event.by, event.unit_id) == (people["clerk1"], "T1")


def test_numbers_go_on(call):
    assert [call(0).number[-2:], call(0).number[-2:]] == ["01", "02"]


def test_nobody_calls_a_meeting_of_another_unit(client_of, people):
    answer = client_of("clerk1").post(reverse("meetings:call"), facts(unit="T2"))
    assert answer.status_code == 200
    assert not Meeting.objects.exists()


def test_the_page_asks_little(client_of, call, hold, assign, django_assert_max_num_queries):
    first = call(-9)
    for _ in range(8):
        assign(first)
    hold(first)
    meeting = call(0)
    client = client_of("clerk1")
    with django_assert_max_num_queries(22):
        page = client.get(url("meeting", meeting)).content.decode()
    assert page.count("修好村口的路灯") >= 8


def test_items_go_up_and_down_by_buttons(client_of, call, people):
    meeting = call(1)
    for title in "甲乙丙":
        last = add_item(by=people["clerk1"], meeting=meeting, title=title)
    client = client_of("clerk1")
    client.post(url("move_item", last), {"to": "up"})
    assert [item.title for item in meeting.items.all()] == ["甲", "丙", "乙"]
    client.post(url("move_item", last), {"to": "up"})
    client.post(url("move_item", last), {"to": "up"})  # it is the first already
    assert [item.title for item in meeting.items.all()] == ["丙", "甲", "乙"]
    client.post(url("move_item", last), {"to": "down"})
    assert [item.title for item in meeting.items.all()] == ["甲", "丙", "乙"]


def test_an_action_needs_owner_and_day(client_of, call, people):
    item = add_item(by=people["clerk1"], meeting=call(0), title="路灯")
    client = client_of("clerk1")
    answer = client.post(url("write_outcome", item), {"kind": "action", "text": "修路灯"})
    assert set(answer.context["form"].errors) == {"owner", "due_on"}
    due = today() + timedelta(days=5)
    wanted = {"kind": "action", "text": "修路灯", "owner": "清河县教育局", "due_on": due}
    assert client.post(url("write_outcome", item), wanted).status_code == 302
    action = Action.objects.get()
    assert (action.owner_id, action.unit_id, action.due_on) == ("D1", "T1", due)


def test_a_unit_that_is_none_is_said(client_of, call, people):
    item = add_item(by=people["clerk1"], meeting=call(0), title="路灯")
    wanted = {"kind": "action", "text": "修", "owner": "没有此单位", "due_on": today()}
    answer = client_of("clerk1").post(url("write_outcome", item), wanted)
    assert "owner" in answer.context["form"].errors


def test_units_that_one_may_not_see_are_not_offered(client_of, call, people):
    item = add_item(by=people["clerk1"], meeting=call(0), title="路灯")
    page = client_of("clerk1").get(url("write_outcome", item)).content.decode()
    assert "上坪村" in page
    assert "沙头村" not in page


def test_outcomes_wait_for_the_day(call, people):
    item = add_item(by=people["clerk1"], meeting=call(1), title="路灯")
    with pytest.raises(Refused):
        write_outcome(by=people["clerk1"], item=item, kind="decision", text="同意")


def test_outcomes_can_be_written_after_the_meeting(call, hold, people):
    meeting = hold(call(-3))
    item = add_item(by=people["clerk1"], meeting=meeting, title="路灯")
    write_outcome(by=people["clerk1"], item=item, kind="information", text="已知悉")
    assert Outcome.objects.get().item == item


def test_minutes_are_taken_and_corrections_kept(client_of, call, people):
    meeting = call(-1)
    client = client_of("clerk1")
    held = {"version": 1, "held_on": meeting.held_on, "chaired_by_head": "true",
            "expected": 10, "attended": 9, "minutes_text": "原文"}  # fmt: skip
    assert client.post(url("hold", meeting), held).status_code == 302
    corrected = facts(
        version=2, held_on=meeting.held_on, chaired_by_head="true", expected=10, attended=8,
        minutes_text="改后", reason="误记一人",
    )  # fmt: skip
    assert client.post(url("change", meeting), corrected).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.attended, meeting.minutes_text) == (8, "改后")
    change = meeting.changes.get()
    assert change.before["attended"] == 9
    assert (change.after["minutes_text"], change.reason) == ("改后", "误记一人")
    assert "误记一人" in client.get(url("meeting", meeting)).content.decode()


def test_a_correction_says_why(call, hold, people):
    meeting = hold(call(-1))
    with pytest.raises(Refused):
        change_meeting(
            by=people["clerk1"], meeting=meeting, version=meeting.version, minutes_text="改"
        )
    assert not meeting.changes.exists()


def test_no_more_attend_than_are_expected(client_of, call):
    meeting = call(-1)
    held = {"version": 1, "held_on": meeting.held_on, "expected": 3, "attended": 4}
    answer = client_of("clerk1").post(url("hold", meeting), held)
    assert "attended" in answer.context["form"].errors


def test_a_meeting_is_not_held_before_its_day(client_of, call):
    meeting = call(3)
    held = {"version": 1, "held_on": meeting.held_on}
    client_of("clerk1").post(url("hold", meeting), held)
    meeting.refresh_from_db()
    assert meeting.state == "called"


def test_whoever_is_slower_loses_nothing(client_of, call, people):
    meeting = call(1)
    change_meeting(by=people["office1"], meeting=meeting, version=1, place="三楼")
    client = client_of("clerk1")
    mine = facts(version=1, held_on=meeting.held_on, title=meeting.title, place="二楼")
    answer = client.post(url("change", meeting), mine)
    page = answer.content.decode()
    assert "二楼" in page  # what was typed
    assert "三楼" in page  # what it says now
    assert client.post(url("change", meeting), mine | {"version": 2}).status_code == 302
    meeting.refresh_from_db()
    assert meeting.place == "二楼"


def test_a_cancelled_meeting_says_why_and_takes_nothing_more(call, people):
    meeting = cancel_meeting(by=people["clerk1"], meeting=call(1), version=1, reason="停电")
    assert meeting.cancelled_why == "停电"
    with pytest.raises(Refused):
        add_item(by=people["clerk1"], meeting=meeting, title="甲")


def test_a_meeting_with_outcomes_is_not_cancelled(call, assign, people):
    meeting = call(0)
    assign(meeting)
    with pytest.raises(Refused):
        cancel_meeting(by=people["clerk1"], meeting=meeting, version=1, reason="停电")


def test_another_owner_is_kept_as_a_correction(call, hold, assign, people):
    action = assign(hold(call(-1)))
    outcome = action.outcome
    due = action.due_on
    corrected = correct_outcome(
        by=people["clerk1"], outcome=outcome, version=1, text="修好两盏路灯", reason="少记一盏",
        assignment=Assignment("T1V1", due),
    )  # fmt: skip
    action.refresh_from_db()
    assert (action.title, action.owner_id) == ("修好两盏路灯", "T1V1")
    assert action.meeting.changes.get().before["owner"] == "T1"
    with pytest.raises(ChangedMeanwhile):
        correct_outcome(by=people["clerk1"], outcome=corrected, version=1, text="又改", reason="x")


def test_the_paper_is_numbered_and_names_owner_and_day(client_of, call, hold, assign):
    action = assign(hold(call(-1)), owner="D1")
    page = client_of("head1").get(url("print", action.meeting)).content.decode()
    assert "1.1" in page
    assert "清河县教育局" in page
    assert action.due_on.isoformat() in page
