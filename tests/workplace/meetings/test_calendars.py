"""Calendars by address: what they tell, to whom, and when no longer."""

from datetime import time

import icalendar
import pytest
from django.test import Client
from django.urls import reverse

from workplace.accounts.models import Holding
from workplace.events.models import Event
from workplace.meetings.calendars import make_calendar, revoke_calendar
from workplace.meetings.calling import cancel_meeting
from workplace.meetings.models import Calendar
from workplace.meetings.progress import report_done
from workplace.units.tree import today

PAGE = reverse("meetings:calendars")


@pytest.fixture
def address(people):
    """Makes a calendar's address."""

    def make(name="clerk1", unit=None):
        return reverse("meetings:calendar", args=[make_calendar(by=people[name], unit=unit)[1]])

    return make


def entries(answer):
    calendar = icalendar.Calendar.from_ical(answer.content)
    return {str(event["summary"]): event for event in calendar.walk("VEVENT")}


def test_meetings_and_due_days_stand_in_it(address, call, assign):
    meeting = call(0, title="例会", begins_at=time(9, 30), place="二楼会议室")
    action = assign(meeting)
    found = entries(Client().get(address()))
    event = found["例会"]
    assert event.decoded("dtstart").isoformat() == f"{today()}T01:30:00+00:00"
    assert str(event["location"]) == "二楼会议室"
    due = next(event for title, event in found.items() if action.title in title)
    assert due.decoded("dtstart") == action.due_on


def test_a_unit_has_what_it_assigned_a_person_what_is_to_do(address, call, assign):
    action = assign(call(0), owner="D1")
    assert any(action.title in title for title in entries(Client().get(address(unit="T1"))))
    assert not any(action.title in title for title in entries(Client().get(address())))


def test_strangers_meetings_are_not_in_it(address, call):
    call(1, unit="T2", by="clerk2", title="别镇的会")
    assert entries(Client().get(address())) == {}


def test_a_cancelled_meeting_is_told_and_what_is_done_is_gone(address, call, assign, people):
    meeting, off = call(0), call(3, title="取消的会")
    action = assign(meeting)
    where = address()
    cancel_meeting(by=people["clerk1"], meeting=off, version=1, reason="停电")
    report_done(by=people["clerk1"], action=action, version=1, done_on=today(), text="好了")
    found = entries(Client().get(where))
    assert str(found["取消的会"]["status"]) == "CANCELLED"
    assert not any(action.title in title for title in found)


def test_it_is_sent_once_while_nothing_changes(address, call):
    call(1)
    where = address()
    first = Client().get(where)
    again = Client().get(where, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    call(2)
    assert Client().get(where, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_token_opens_nothing_else(address):
    client = Client()
    answer = client.get(address())
    assert (answer.status_code, list(answer.cookies)) == (200, [])
    assert client.get(PAGE).status_code == 302


def test_a_revoked_address_answers_no_longer(client_of, people):
    calendar, token = make_calendar(by=people["clerk1"], unit=None)
    where = reverse("meetings:calendar", args=[token])
    client_of("clerk1").post(reverse("meetings:revoke_calendar", args=[calendar.pk]))
    assert Client().get(where).status_code == 404
    assert Event.objects.filter(action="meetings.calendar_revoked").count() == 1


def test_nobody_revokes_what_is_anothers(client_of, people):
    calendar, _token = make_calendar(by=people["clerk1"], unit=None)
    where = reverse("meetings:revoke_calendar", args=[calendar.pk])
    assert client_of("head1").post(where).status_code == 404


@pytest.mark.parametrize("how", ["gone", "no role"])
def test_rights_that_end_close_it(address, people, how):
    where = address(unit="T1")
    if how == "gone":
        type(people["clerk1"]).objects.filter(username="clerk1").update(is_active=False)
    else:
        Holding.objects.filter(user=people["clerk1"]).update(valid_to=today())
    assert Client().get(where).status_code == 404


def test_the_token_is_shown_once_and_not_kept(client_of):
    client = client_of("clerk1")
    page = client.post(PAGE, {"unit": "T1"})
    token = page.context["address"].split("/")[-1].removesuffix(".ics")
    assert token in page.content.decode()
    assert token not in client.get(PAGE).content.decode()
    assert token not in str(Calendar.objects.values())
    assert token not in str(Event.objects.values())


def test_nobody_makes_one_of_a_unit_he_may_not_see(client_of):
    assert client_of("clerk1").post(PAGE, {"unit": "T2"}).status_code == 404
    assert client_of("nobody").get(PAGE).status_code == 404


def test_it_asks_little(address, call, assign, django_assert_max_num_queries):
    meeting = call(0)
    for _ in range(6):
        assign(meeting)
    where = address()
    with django_assert_max_num_queries(8):
        Client().get(where)


def test_a_calendar_says_whose_it_is(people):
    calendar, _token = make_calendar(by=people["clerk1"], unit="T1")
    revoke_calendar(by=people["clerk1"], calendar=calendar)
    assert str(calendar) == "青石镇"
