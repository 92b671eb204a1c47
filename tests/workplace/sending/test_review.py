"""Looking a return over, explaining its doubts, sending it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from shuzhi.checks.outcomes import Outcome
from workplace.events.models import Event
from workplace.programme import pack_named
from workplace.records.models import Origin, Record, RecordState
from workplace.records.store import change_record, put_records
from workplace.rounds.models import Return
from workplace.rounds.refusals import Refused
from workplace.rounds.states import give_back
from workplace.sending.entry_models import FlagAnswer
from workplace.sending.review import content_of, receipt_number, with_flags
from workplace.sending.review_flags import explain_flag, flag_answers, flags_of

GOOD = {
    "_id": "A-1", "activity_no": "A-1", "unit": "T1", "held_on": "2023-09-03", "title": "宪法宣讲",
    "kind": "lecture", "places": 40, "heads": 32,
}  # fmt: skip
DOUBTFUL = {**GOOD, "_id": "A-2", "activity_no": "A-2", "title": "文艺汇演", "heads": 90}


@pytest.fixture
def filled(asked, people):
    """One record without and one with a doubt: more heads than places."""
    rows = [GOOD, DOUBTFUL]
    put_records(by=people["clerk1"], answer=asked, rows=rows, origin=Origin.WORKBOOK)
    return asked


def review(answer):
    return with_flags(answer.pk)


def send(client, answer, **more):
    return client.post(review(answer), {"content": content_of(answer), **more})


def test_doubts_are_shown_before_sending(filled, client_of):
    page = client_of("clerk1").get(review(filled)).content.decode()
    [shown] = flags_of(filled, pack_named("annual-duty"))
    assert shown.flag.check == "over_capacity"
    assert shown.flag.question in page
    assert shown.flag.explanation in page
    assert "文艺汇演" in page


def test_the_page_is_there_before_its_doubts(filled, client_of):
    """It fetches them; whoever has no scripts follows a link."""
    client, address = client_of("clerk1"), reverse("sending:review", args=[filled.pk])
    page = client.get(address).content.decode()
    assert f'hx-get="{address}?flags=1"' in page and 'href="?flags=1#flags"' in page
    assert 'name="content"' not in page
    part = client.get(review(filled), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and 'name="content"' in part and "文艺汇演" in part


def test_a_doubt_is_explained_in_the_form_the_engine_reads(filled, client_of, people):
    [shown] = flags_of(filled, pack_named("annual-duty"))
    url = reverse("sending:flag", args=[filled.pk, shown.flag.flag_id])
    client = client_of("clerk1")
    client.post(url, {"reason": " "})
    assert not FlagAnswer.objects.exists()
    client.post(url, {"reason": "室外加座"})
    said = flag_answers("annual-duty")[shown.flag.flag_id]
    assert (said.outcome, said.reason, said.by) == (Outcome.EXPLAINED, "室外加座", "clerk1")
    assert "室外加座" in client.get(review(filled)).content.decode()
    assert Event.objects.filter(action="sending.flag_explained", by=people["clerk1"]).exists()


def test_unexplained_doubts_are_not_sent_by_chance(filled, client_of):
    client = client_of("clerk1")
    assert send(client, filled).url == review(filled)
    filled.refresh_from_db()
    assert filled.is_open
    assert send(client, filled, with_flags="1").url == reverse("sending:receipt", args=[filled.pk])
    filled.refresh_from_db()
    assert filled.state == "sent"


def test_sending_moves_records_and_gives_a_receipt(filled, client_of):
    client = client_of("clerk1")
    page = client.get(send(client, filled, with_flags="1").url).content.decode()
    filled.refresh_from_db()
    received = set(Record.objects.values_list("state", "received_at"))
    assert received == {(RecordState.SENT, filled.sent_at)}
    assert f"{filled.round_id}-{filled.pk}-" in page
    assert client.get(review(filled)).status_code == 200


def test_what_was_not_looked_at_is_not_sent(filled, client_of, people):
    seen = content_of(filled)
    put_records(
        by=people["office1"], answer=filled, rows=[{**GOOD, "_id": "A-3", "activity_no": "A-3"}],
        origin=Origin.FORM,
    )  # fmt: skip
    client_of("clerk1").post(review(filled), {"content": seen, "with_flags": "1"})
    filled.refresh_from_db()
    assert filled.is_open


def test_what_changed_since_it_was_sent_is_shown(filled, client_of, people):
    client = client_of("clerk1")
    send(client, filled, with_flags="1")
    filled.refresh_from_db()
    give_back(filled, by=people["head1"], reason="人数不对")
    record = Record.objects.get(key="A-2")
    change_record(
        by=people["clerk1"], record=record, version=record.version, values={**DOUBTFUL, "heads": 39}
    )
    page = client.get(review(filled)).content.decode()
    assert '<span class="was">90 人次</span> <span class="became">39 人次</span>' in page


def test_sums_stand_beside_the_last_periods(filled, client_of, people):
    before = Return.objects.create(
        round=filled.round, table="activities", unit_id="T1", period="2023-Q2", state="accepted",
        answer="rows", due_on=date(2023, 7, 10), first_due_on=date(2023, 7, 10),
    )  # fmt: skip
    put_records(
        by=None, answer=before, rows=[{**GOOD, "held_on": "2023-05-03", "heads": 77}],
        origin=Origin.IMPORT, state=RecordState.ACCEPTED,
    )  # fmt: skip
    page = client_of("clerk1").get(review(filled)).content.decode()
    assert '<td class="is-number">122</td><td class="is-number">77</td>' in page


def test_records_drawn_without_evidence_are_named(filled, client_of):
    assert pack_named("annual-duty").tables["activities"].evidence is not None
    page = client_of("clerk1").get(review(filled)).content.decode()
    assert "抽" in page or "by lot" in page


@pytest.mark.parametrize("name", ["clerk2", "head1", "auditor", "nobody"])
def test_those_who_may_not_enter_send_nothing(filled, client_of, name):
    client = client_of(name)
    assert client.get(review(filled)).status_code == 404
    assert send(client, filled, with_flags="1").status_code == 404
    url = reverse("sending:flag", args=[filled.pk, "abc"])
    assert client.post(url, {"reason": "x"}).status_code == 404


def test_a_receipt_is_no_strangers(filled, client_of):
    send(client_of("clerk1"), filled, with_flags="1")
    url = reverse("sending:receipt", args=[filled.pk])
    assert client_of("head1").get(url).status_code == 200
    assert client_of("clerk2").get(url).status_code == 404


def test_the_page_asks_little_of_the_database(filled, client_of, django_assert_max_num_queries):
    client = client_of("clerk1")
    with django_assert_max_num_queries(45):
        client.get(review(filled))


def test_a_register_is_one_archive_on_record(filled, client_of, people):
    send(client_of("clerk1"), filled, with_flags="1")
    url = reverse("sending:register", args=["T1"])
    answered = client_of("head1").post(url, {"pack": "annual-duty"})
    assert answered.headers["Content-Type"] == "application/zip"
    assert answered.content.startswith(b"PK")
    assert Event.objects.get(action="records.register_exported").unit_id == "T1"
    assert client_of("head2").post(url, {"pack": "annual-duty"}).status_code == 404
    assert client_of("inspector").post(url, {"pack": "annual-duty"}).status_code == 404


def test_what_is_written_while_the_flags_are_looked_for_is_not_sent_unseen(
    filled, client_of, people, monkeypatch
):
    """The checks take seconds; meanwhile a colleague adds a record."""

    def look(answer, pack):
        more = {**GOOD, "_id": "A-3", "activity_no": "A-3", "title": "加演"}
        put_records(by=people["clerk1"], answer=answer, rows=[more], origin=Origin.FORM)
        return []

    monkeypatch.setattr("workplace.sending.review.flags_of", look)
    assert send(client_of("clerk1"), filled).url == review(filled)
    filled.refresh_from_db()
    assert filled.is_open


def test_a_receipts_number_has_the_offices_time(filled):
    filled.sent_at = datetime(2024, 1, 1, 7, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    filled.save()
    filled.refresh_from_db()
    assert receipt_number(filled) == f"{filled.round_id}-{filled.pk}-20240101073000"


def test_a_flag_is_not_explained_once_the_return_is_on_its_way(filled, people):
    """Whoever looked at the page while a colleague sent it comes too late."""
    [shown] = flags_of(filled, pack_named("annual-duty"))
    stale = Return.objects.get(pk=filled.pk)
    Return.objects.filter(pk=filled.pk).update(state="sent")
    with pytest.raises(Refused):
        explain_flag(by=people["clerk1"], answer=stale, flag=shown.flag, reason="室外加座")
