"""The auditor's pages: finding events, reading them as sentences, taking them along."""

import csv
import io
import zipfile
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from workplace.accounts.models import Holding, Role
from workplace.events.actions import register_actions
from workplace.events.models import Event
from workplace.events.record import record_event, row_hash
from workplace.events.searching import A_PAGE
from workplace.events.telling import tell_all
from workplace.rounds.models import Return, Round, RoundState

LIST = reverse("events:list")


@pytest.fixture
def said(people):
    """Puts acts on record."""

    def say(action: str, **what) -> Event:
        with transaction.atomic():
            return record_event(action, **{"by": people["clerk1"], "unit": "T1", **what})

    return say


def _many(people, number: int) -> None:
    start = timezone.make_aware(datetime(2020, 1, 1))
    events = [
        Event(
            at=start + timedelta(minutes=i), by=people["clerk1"], action="test.done",
            unit_id="T1" if i % 2 else "T2", facts={"number": i}, row_hash="x",
        )
        for i in range(number)
    ]  # fmt: skip
    Event.objects.bulk_create(events, batch_size=5_000)


def test_only_the_auditor_sees_what_is_on_record(client_of, said):
    said("accounts.closed", about=None)
    assert client_of("auditor").get(LIST).status_code == 200
    for name in ("administrator", "county", "head1", "nobody"):
        assert client_of(name).get(LIST).status_code == 404


def test_at_a_township_events_of_the_own_units_are_seen(client_of, people, said):
    Holding.objects.filter(user=people["auditor"]).update(unit_id="T1")
    said("test.done", mark="ours")
    said("test.done", unit="T2", mark="theirs")
    said("test.done", unit=None, mark="of no unit")
    page = client_of("auditor").get(LIST).content.decode()
    assert "ours" in page
    assert "theirs" not in page
    assert "of no unit" not in page


def test_an_event_is_a_sentence_with_names(people, said):
    register_actions({"test.moved": "moved %(about)s by 100 % to %(unit)s"})
    event = said("test.moved", about=people["head1"], reason="because")
    with translation.override("en"):
        told = tell_all([event], people["auditor"])[0]
    assert told.what == "moved head1 (head1) by 100 % to 青石镇 (T1)"
    assert told.who == "clerk1 (clerk1)"
    assert told.facts == (("reason", "because"),)


def test_what_the_program_did_on_its_own_says_so(people, said):
    with translation.override("en"):
        told = tell_all([said("test.done", by=None)], people["auditor"])[0]
    assert told.who == "The program"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"action": "accounts.closed"}, {"a"}),
        ({"unit": "T1"}, {"a", "b"}),
        ({"by": "HEAD2"}, {"c"}),
        ({"about": "accounts.user {pk}"}, {"a"}),
        ({"unit": "C"}, {"a", "b", "c"}),
        ({"last": "2020-01-01"}, set()),
        ({"first": "2020-01-01"}, {"a", "b", "c"}),
    ],
)
def test_events_are_found_by_what_is_asked(client_of, people, said, asked, found):
    said("accounts.closed", about=people["clerk1"], mark="mark-a")
    said("accounts.opened", unit="T1V1", mark="mark-b")
    said("accounts.opened", unit="T2", by=people["head2"], mark="mark-c")
    asked = {name: text.format(pk=people["clerk1"].pk) for name, text in asked.items()}
    page = client_of("auditor").get(LIST, asked).content.decode()
    assert {name for name in "abc" if f"mark-{name}" in page} == found


def test_pages_follow_each_other_without_gap_or_repeat(client_of, people):
    _many(people, 2 * A_PAGE + 3)
    client, seen, address = client_of("auditor"), [], LIST
    while address:
        answer = client.get(address)
        seen += [told.event.facts["number"] for told in answer.context["told"]]
        older = answer.context["older"]
        address = f"{LIST}?after={older.replace('+', '%2B')}" if older else ""
    assert seen == list(range(2 * A_PAGE + 3))[::-1]


def test_nonsense_for_a_place_shows_the_newest(client_of, said):
    said("test.done", mark="here")
    for place in ("x", "2020-01-01_1", "2020-13-45T00:00+00:00_1", "_"):
        assert "here" in client_of("auditor").get(LIST, {"after": place}).content.decode()


def test_a_page_of_many_events_reads_few(client_of, people):
    """However deep it lies. `make bench-workplace` times it over 100,000."""
    _many(people, 2_000)
    client = client_of("auditor")
    place = f"{timezone.make_aware(datetime(2020, 1, 2)).isoformat()}_1000"
    for asked in ({}, {"after": place}, {"by": "clerk1", "after": place}):
        with CaptureQueriesContext(connection) as caught:
            assert len(client.get(LIST, asked).context["told"]) == A_PAGE
        assert len(caught) <= 11
        listed = [q["sql"] for q in caught if 'FROM "events_event"' in q["sql"]]
        assert listed and all("LIMIT" in sql and "OFFSET" not in sql for sql in listed)


def test_a_table_taken_along_holds_texts_only(client_of, said):
    said("test.done", by=None, mark="=1+1")
    register_actions({"test.formula": "=cmd()"})
    said("test.formula")
    client = client_of("auditor")
    answer = client.post(reverse("events:export", kwargs={"form": "csv"}))
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(lines) == 3
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in lines for cell in line)
    book = client.post(reverse("events:export", kwargs={"form": "xlsx"}))
    with zipfile.ZipFile(io.BytesIO(book.content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        texts = archive.read("xl/sharedStrings.xml")
    assert b"<f>" not in sheet
    assert b"=cmd()" in texts


def test_taking_events_along_is_an_event(client_of, said):
    said("test.done")
    said("test.else")
    client_of("auditor").post(
        reverse("events:export", kwargs={"form": "csv"}), {"action": "accounts.closed"}
    )
    event = Event.objects.get(action="events.exported")
    assert event.facts == {"count": 0, "format": "csv", "asked": {"action": "accounts.closed"}}
    assert event.row_hash == row_hash(event)


def test_only_the_auditor_takes_events_along(client_of):
    for name in ("county", "administrator", "nobody"):
        answer = client_of(name).post(reverse("events:export", kwargs={"form": "csv"}))
        assert answer.status_code == 404


def test_a_role_without_the_permission_sees_nothing(client_of, people):
    Role.objects.filter(code="auditor").update(permissions=["view"])
    assert client_of("auditor").get(LIST).status_code == 404


def test_what_cannot_be_read_takes_nothing_along(client_of, said):
    """Else everything would be taken along where one day was asked for."""
    said("test.done")
    address = reverse("events:export", kwargs={"form": "csv"})
    answer = client_of("auditor").post(address, {"first": "2023-02-30"})
    assert answer.status_code == 400
    assert answer.context["form"].errors["first"]
    assert not Event.objects.filter(action="events.exported").exists()


def test_objects_are_called_by_their_names_for_those_who_may_see_them(client_of, people, said):
    """A round by its title, with a way to it; of what one may not see, the number only."""
    round_ = Round.objects.create(
        title="第三季度报送", pack="annual-duty", pack_version="1", period="2023-Q3",
        tables=["meetings"], due_on=date(2023, 10, 10), state=RoundState.OPEN, seed="s",
        opened_at=timezone.now(),
    )  # fmt: skip
    facts = {"period": "2023-Q3", "tables": ["meetings"], "kind": "red"}
    event = said("rounds.unit_reminded", about=round_, **facts)
    address = reverse("rounds:board", args=[round_.pk])
    unseen = tell_all([event], people["auditor"])[0]
    assert (unseen.about, unseen.address) == (f"报送任务 {round_.pk}", "")
    Return.objects.create(
        round=round_, table="meetings", unit_id="T1", period="2023-Q3", due_on=round_.due_on,
        first_due_on=round_.due_on,
    )  # fmt: skip
    told = tell_all([event], people["auditor"])[0]
    assert (told.about, told.address) == ("第三季度报送", address)
    page = client_of("auditor").get(LIST).content.decode()
    assert f'<a href="{address}">第三季度报送</a>' in page
    for text in ("2023年第三季度", "会议", "已逾期"):
        assert text in page
    assert "red" not in dict(told.facts).values()
