"""Actions: lists, progress, done, closed by somebody else, sent back, withdrawn."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from photos_sent import photo
from workplace.events.models import Event
from workplace.evidence.limits import FileNotTaken
from workplace.evidence.models import Evidence
from workplace.evidence.store import remove as remove_evidence
from workplace.meetings.models import Action, Off
from workplace.meetings.progress import close_action, report_done, report_progress
from workplace.rounds.refusals import ChangedMeanwhile, Refused
from workplace.units.tree import today

LIST = reverse("meetings:actions")


def url(name, action):
    return reverse(f"meetings:{name}", args=[action.pk])


@pytest.fixture
def given(call, hold, assign):
    """The county gave an action to T1 at a meeting two weeks ago, due in twenty days."""
    return assign(hold(call(-14, unit="C", by="county"), by="county"), owner="T1", by="county")


@pytest.fixture
def done(given, people):
    return report_done(by=people["clerk1"], action=given, version=1, done_on=today(), text="已修好")


@pytest.mark.parametrize("name", ["clerk2", "head2", "nobody"])
def test_strangers_find_nothing(client_of, given, name):
    assert client_of(name).get(url("action", given)).status_code == 404
    assert client_of(name).post(url("done", given), {}).status_code == 404


def test_it_stands_with_the_owner_and_with_whoever_assigned_it(client_of, given):
    for name, side in (("clerk1", "mine"), ("county", "ours"), ("auditor", "all")):
        page = client_of(name).get(LIST, {"side": side}).content.decode()
        assert given.title in page, name
    assert given.title not in client_of("county").get(LIST, {"side": "mine"}).content.decode()
    assert given.title not in client_of("clerk2").get(LIST, {"side": "all"}).content.decode()


@pytest.mark.parametrize(
    ("query", "is_there"),
    [
        ({"state": "open"}, True), ({"state": "to_close"}, False), ({"state": "overdue"}, False),
        ({"state": "closed"}, False), ({"state": "withdrawn"}, False), ({"state": "any"}, True),
        ({"unit": "C"}, True), ({"unit": "D1"}, False), ({"q": "路灯"}, True), ({"q": "无"}, False),
    ],
)  # fmt: skip
def test_it_is_filtered(client_of, given, query, is_there):
    page = client_of("clerk1").get(LIST, query).content.decode()
    assert (given.title in page) == is_there


def test_the_owner_does_not_see_the_meeting_of_the_unit_above(client_of, given):
    page = client_of("clerk1").get(url("action", given)).content.decode()
    assert given.meeting.title not in page
    assert given.meeting.title in client_of("county").get(url("action", given)).content.decode()


def test_the_owner_reports(client_of, given):
    said = {"version": 1, "percent": 40, "text": "材料已购"}
    client_of("clerk1").post(url("progress", given), said)
    given.refresh_from_db()
    assert (given.progress, given.is_open, given.done_on) == (40, True, None)
    assert given.history.get().text == "材料已购"
    assert Event.objects.filter(action="meetings.progress_reported").exists()


def test_done_is_not_closed(client_of, given):
    said = {"version": 1, "done_on": today(), "text": "已修好"}
    client_of("clerk1").post(url("done", given), said)
    given.refresh_from_db()
    assert given.is_open
    assert (given.done_on, given.progress, given.lamp) == (today(), 100, "blue")


def test_the_owner_cannot_close_it(client_of, done):
    assert client_of("head1").post(url("close", done), {"version": 2}).status_code == 404


def test_the_office_of_the_chair_closes_it(client_of, done):
    client_of("county").post(url("close", done), {"version": 2})
    done.refresh_from_db()
    assert (done.closed_at is not None, done.lamp) == (True, "green")


def test_whoever_reported_it_does_not_close_it(given, people, client_of):
    county = people["county"]
    done = report_done(by=county, action=given, version=1, done_on=today(), text="好了")
    with pytest.raises(Refused):
        close_action(by=county, action=done, version=2)
    client_of("county").post(url("close", done), {"version": 2})
    done.refresh_from_db()
    assert done.closed_at is None


def test_nor_whoever_reported_progress_before(given, people):
    report_progress(by=people["county"], action=given, version=1, percent=50, text="一半")
    done = report_done(by=people["clerk1"], action=given, version=2, done_on=today(), text="好了")
    with pytest.raises(Refused):
        close_action(by=people["county"], action=done, version=3)


def test_the_database_holds_the_two_apart_as_well(done):
    done.closed_by, done.closed_at = done.done_by, done.meeting.called_at
    with pytest.raises(IntegrityError), transaction.atomic():
        done.save()


def test_it_is_sent_back_with_a_reason(client_of, given, people):
    report_progress(by=people["clerk1"], action=given, version=1, percent=60, text="过半")
    report_done(by=people["clerk1"], action=given, version=2, done_on=today(), text="好了")
    client = client_of("county")
    assert client.post(url("send_back", given), {"version": 3}).status_code == 200  # no reason
    client.post(url("send_back", given), {"version": 3, "reason": "还有一盏不亮"})
    given.refresh_from_db()
    assert (given.done_on, given.progress, given.is_open) == (None, 60, True)
    assert "还有一盏不亮" in client_of("clerk1").get(url("action", given)).content.decode()


def test_it_is_withdrawn_with_a_reason(client_of, given, call):
    later = call(3, unit="C", by="county")
    client_of("county").post(url("withdraw", given), {"version": 1, "reason": "项目取消"})
    given.refresh_from_db()
    assert given.withdrawn_why == "项目取消"
    assert later.items.get().off == Off.WITHDRAWN


def test_two_at_once_are_told(given, people):
    report_progress(by=people["clerk1"], action=given, version=1, percent=10, text="始")
    with pytest.raises(ChangedMeanwhile):
        report_progress(by=people["office1"], action=given, version=1, percent=20, text="续")


@pytest.mark.parametrize(("due", "lamp"), [(20, "grey"), (3, "yellow"), (0, "yellow"), (-1, "red")])
def test_lamps_follow_the_day(given, due, lamp):
    given.due_on = today() + timedelta(days=due)
    assert given.lamp == lamp


def test_evidence_is_attached_by_the_owner(client_of, given):
    file = SimpleUploadedFile("证明.pdf", b"%PDF-1.7\n%%EOF", "application/pdf")
    client_of("clerk1").post(url("attach", given), {"file": file, "note": "路灯照片"})
    assert Evidence.objects.get().action == given
    assert client_of("clerk2").post(url("attach", given), {}).status_code == 404
    assert "证明.pdf" in client_of("county").get(url("action", given)).content.decode()


def test_pages_ask_little(client_of, given, call, assign, django_assert_max_num_queries):
    meeting = call(0)
    for _ in range(10):
        assign(meeting)
    client = client_of("clerk1")
    with django_assert_max_num_queries(16):
        client.get(LIST)
    with django_assert_max_num_queries(20):
        client.get(url("action", given))
    assert Action.objects.count() == 11


def test_what_showed_that_it_was_done_stays_once_it_is_closed(client_of, done, people):
    photo_of_it = SimpleUploadedFile("现场.jpg", photo(), "image/jpeg")
    client_of("clerk1").post(url("attach", done), {"file": photo_of_it})
    evidence = Evidence.objects.get()
    remove = reverse("evidence:remove", args=[evidence.pk])
    assert b"reason" in client_of("clerk1").get(f"/evidence/{evidence.pk}/").content
    close_action(by=people["county"], action=done, version=2)
    assert client_of("clerk1").post(remove, {"reason": "不要了"}).status_code == 404
    with pytest.raises(FileNotTaken):
        remove_evidence(by=people["clerk1"], evidence=evidence, reason="不要了")
    assert Evidence.objects.present().exists()
