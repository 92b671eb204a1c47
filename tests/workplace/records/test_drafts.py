"""What a unit is still writing is seen by those who enter or sign for it, and by nobody else."""

import io
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
from django.urls import reverse

from made_returns import make_return, make_round
from photos_sent import upload
from workplace.evidence.store import attach, seen_by
from workplace.records.access import visible_records
from workplace.records.models import Origin, Record
from workplace.records.store import put_records, withdraw_record
from workplace.rounds.states import send
from workplace.sending.models import Upload, UploadState

TITLE = "未报送的宪法宣讲"
WRITERS = ("clerk1", "head1", "office1", "county")
ONLOOKERS = ("inspector", "auditor")


@pytest.fixture
def draft(people) -> Record:
    """A record that T1 has not sent yet."""
    return _written(people, "T1")


def _written(people, unit: str) -> Record:
    answer = make_return(make_round(), "T1")
    row = {
        "_id": "a", "activity_no": "a", "unit": unit, "held_on": "2023-09-03", "title": TITLE,
        "kind": "lecture", "places": 10, "heads": 90,
    }  # fmt: skip
    put_records(by=people["clerk1"], answer=answer, rows=[row], origin=Origin.FORM)
    return answer.records.get()


def _seers(people) -> set[str]:
    return {name for name, user in people.items() if visible_records(user).exists()}


def test_before_it_is_sent_those_who_write_or_sign_see_it(people, draft):
    assert _seers(people) == set(WRITERS)


def test_once_it_is_sent_superiors_see_it(people, draft):
    send(draft.answer, by=people["clerk1"])
    assert _seers(people) == {*WRITERS, *ONLOOKERS}


def test_a_draft_about_a_village_belongs_to_the_township_that_writes_it(people, county):
    from staffed_county import FROM

    from workplace.accounts.models import Holding, Role

    _written(people, "T1V1")
    village = people["nobody"]
    Holding.objects.create(
        user=village, role=Role.objects.get(code="clerk"), unit_id="T1V1", valid_from=FROM
    )
    assert _seers(people) == set(WRITERS)


def test_a_draft_that_was_withdrawn_stays_with_those_who_wrote_it(people, draft):
    withdraw_record(by=people["clerk1"], record=draft, version=draft.version, reason="typed twice")
    assert _seers(people) == set(WRITERS)


def test_what_was_sent_and_then_withdrawn_stays_visible(people, draft):
    answer = send(draft.answer, by=people["clerk1"])
    type(answer).objects.filter(pk=answer.pk).update(state="returned")
    record = Record.objects.get()
    withdraw_record(by=people["clerk1"], record=record, version=record.version, reason="mistake")
    assert _seers(people) == {*WRITERS, *ONLOOKERS}


def _pages(draft: Record) -> SimpleNamespace:
    answer = draft.answer_id
    return SimpleNamespace(
        own=[reverse("records:record", args=[draft.pk]),
             reverse("evidence:of_record", args=[draft.pk]),
             reverse("approval:record", args=[answer, draft.pk])],
        lists=[reverse("records:list"), reverse("records:list") + "?q=宪法",
               reverse("sending:form", args=[answer]), reverse("approval:return", args=[answer])],
    )  # fmt: skip


@pytest.mark.parametrize("name", ONLOOKERS)
def test_onlookers_find_it_on_no_page(client_of, draft, name):
    client, pages = client_of(name), _pages(draft)
    assert [client.get(page).status_code for page in pages.own] == [404] * len(pages.own)
    for page in pages.lists:
        answer = client.get(page)
        assert answer.status_code == 200
        assert TITLE not in answer.content.decode()


@pytest.mark.parametrize("name", WRITERS)
def test_writers_find_it_on_every_page(client_of, draft, name):
    client, pages = client_of(name), _pages(draft)
    for page in pages.own + pages.lists:
        if "evidence" not in page:
            assert TITLE in client.get(page).content.decode(), page


def test_it_is_in_no_export_of_an_onlooker(client_of, draft):
    assert TITLE not in _exported(client_of("auditor"))
    assert TITLE in _exported(client_of("clerk1"))


def _exported(client) -> str:
    answer = client.post(reverse("records:export"), {"format": "xlsx"})
    with ZipFile(io.BytesIO(answer.content)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def test_the_page_of_the_unit_counts_no_record_for_an_onlooker(client_of, draft):
    address = reverse("rounds:unit", args=[draft.answer.round_id, "T1"])
    counted = {
        name: client_of(name).get(address).context["tasks"][0].rows
        for name in ("clerk1", "auditor")
    }
    assert counted == {"clerk1": 1, "auditor": 0}


def test_its_photo_is_seen_with_it(people, draft):
    attach(by=people["clerk1"], upload_file=upload(), unit="T1", record=draft)
    seen = {name for name, user in people.items() if seen_by(user).exists()}
    assert seen == set(WRITERS)


def test_its_workbook_is_seen_by_onlookers_once_rows_of_it_are_sent(people, client_of, draft):
    workbook = Upload.objects.create(
        round=draft.answer.round, unit_id="T1", file_name="a.xlsx", stored_as="a", size=1,
        sha256="0" * 64, state=UploadState.TAKEN, sent_by=people["clerk1"],
    )  # fmt: skip
    Record.objects.update(upload=workbook)
    address = reverse("sending:uploaded", args=[workbook.pk])
    before = {name: client_of(name).get(address).status_code for name in (*WRITERS, *ONLOOKERS)}
    assert before == dict.fromkeys(WRITERS, 200) | dict.fromkeys(ONLOOKERS, 404)
    send(draft.answer, by=people["clerk1"])
    assert {client_of(name).get(address).status_code for name in ONLOOKERS} == {200}
