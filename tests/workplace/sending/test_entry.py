"""The form of one record, made from the pack's table."""

import uuid
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from made_returns import make_return, make_round
from workplace.events.models import Event
from workplace.records.models import Record, RecordChange, RecordState
from workplace.sending.entry_models import EntryDraft

GOOD = {
    "held_on": "9月3日", "title": "宪法宣讲", "kind": "lecture", "heads": "32人", "unit": "T1",
}  # fmt: skip


def new(answer):
    return reverse("sending:entry", args=[answer.pk])


def change(record):
    return reverse("sending:entry_change", args=[record.answer_id, record.pk])


def post(client, url, texts=GOOD, **more):
    data = {"once": str(uuid.uuid4()), "based_on": "0", "draft_version": "0", **texts, **more}
    return client.post(url, data)


@pytest.fixture
def record(asked, client_of):
    post(client_of("clerk1"), new(asked))
    return Record.objects.get()


def test_each_column_has_its_widget(asked, client_of):
    page = client_of("clerk1").get(new(asked)).content.decode()
    assert 'name="held_on__picked"' in page
    assert '<input type="radio" name="kind" value="lecture"' in page
    assert 'inputmode="numeric"' in page
    assert "人次" in page
    assert '<input type="radio" name="unit" value="T1V1"' in page
    assert '<textarea name="summary"' in page
    assert 'capture="environment"' in page
    assert "用于" in page or "Used for" in page


def test_what_is_typed_becomes_a_record_read_by_the_engine(asked, client_of, people):
    answered = post(client_of("clerk1"), new(asked))
    assert answered.url == reverse("sending:form", args=[asked.pk])
    record = Record.objects.get()
    assert record.data == {
        "unit": "T1", "held_on": "2023-09-03", "title": "宪法宣讲", "kind": "lecture", "heads": 32,
    }  # fmt: skip
    assert record.entered_by == people["clerk1"]
    asked.refresh_from_db()
    assert asked.state == "begun"


def test_a_mistake_is_said_at_its_field_and_nothing_is_lost(asked, client_of):
    answered = post(client_of("clerk1"), new(asked), {**GOOD, "heads": "很多", "kind": ""})
    page = answered.content.decode()
    assert answered.status_code == 422
    assert 'id="field_heads_error"' in page
    assert 'id="field_kind_error"' in page
    assert "很多" in page
    assert not Record.objects.exists()
    assert EntryDraft.objects.get().texts["heads"] == "很多"


def test_a_day_known_to_ten_days_is_confirmed_first(asked, client_of):
    client = client_of("clerk1")
    texts = {**GOOD, "held_on": "2023年9月中旬"}
    answered = post(client, new(asked), texts)
    assert answered.status_code == 422
    assert 'name="confirm__held_on" value="2023年9月中旬"' in answered.content.decode()
    post(client, new(asked), texts, confirm__held_on="2023年9月中旬")
    assert Record.objects.get().precision == "ten_days"


def test_confirming_one_text_confirms_no_other(asked, client_of):
    texts = {**GOOD, "held_on": "2023年9月"}
    answered = post(client_of("clerk1"), new(asked), texts, confirm__held_on="2023年9月中旬")
    assert answered.status_code == 422


def test_an_imprecise_day_stays_so_when_the_record_is_changed(asked, client_of):
    client = client_of("clerk1")
    texts = {**GOOD, "held_on": "2023年9月中旬"}
    post(client, new(asked), texts, confirm__held_on=texts["held_on"])
    record = Record.objects.get()
    assert "2023年9月中旬" in client.get(change(record)).content.decode()


def test_a_day_picked_from_the_calendar_is_taken_without_scripts(asked, client_of):
    post(client_of("clerk1"), new(asked), {**GOOD, "held_on": "", "held_on__picked": "2023-09-05"})
    assert str(Record.objects.get().event_date) == "2023-09-05"


def test_the_same_form_sent_twice_is_one_record(asked, client_of):
    client, once = client_of("clerk1"), str(uuid.uuid4())
    post(client, new(asked), once=once)
    post(client, new(asked), once=once)
    assert Record.objects.count() == 1


def test_two_forms_with_the_same_values_are_two_records(asked, client_of):
    client = client_of("clerk1")
    post(client, new(asked))
    post(client, new(asked))
    assert sorted(Record.objects.values_list("key", flat=True))[1].endswith("-2")


def test_a_change_keeps_the_history(record, client_of):
    post(client_of("clerk1"), change(record), {**GOOD, "heads": "40"}, based_on="1")
    record.refresh_from_db()
    assert record.data["heads"] == 40
    assert RecordChange.objects.get().before["heads"] == 32


def test_somebody_else_was_faster_and_nothing_is_lost(record, client_of):
    post(client_of("office1"), change(record), {**GOOD, "heads": "40"}, based_on="1")
    answered = post(client_of("clerk1"), change(record), {**GOOD, "heads": "50"}, based_on="1")
    page = answered.content.decode()
    assert answered.status_code == 422
    assert "40 人次" in page
    assert 'value="50"' in page
    assert 'name="based_on" value="2"' in page
    post(client_of("clerk1"), change(record), {**GOOD, "heads": "50"}, based_on="2")
    record.refresh_from_db()
    assert record.data["heads"] == 50


def test_a_photo_is_attached_to_the_record(asked, client_of):
    picture = BytesIO()
    Image.new("RGB", (20, 20), "red").save(picture, "JPEG")
    photo = SimpleUploadedFile("活动.jpg", picture.getvalue(), "image/jpeg")
    post(client_of("clerk1"), new(asked), photos=photo)
    assert Record.objects.get().evidence.get().name == "活动.jpg"


def test_a_file_that_is_not_taken_does_not_lose_the_record(asked, client_of):
    client = client_of("clerk1")
    program = SimpleUploadedFile("a.exe", b"MZ" + b"\0" * 200, "image/jpeg")
    page = client.get(post(client, new(asked), files=program).url).content.decode()
    assert Record.objects.count() == 1
    assert "a.exe" in page


def test_attached_evidence_survives_a_change_in_the_form(record, client_of):
    record.data["photos"] = "一.jpg"
    record.save(update_fields=["data"])
    post(client_of("clerk1"), change(record), {**GOOD, "heads": "40"}, based_on="1")
    record.refresh_from_db()
    assert record.data["photos"] == "一.jpg"


def test_a_record_of_a_foreign_unit_is_refused_at_its_field(asked, client_of):
    answered = post(client_of("clerk1"), new(asked), {**GOOD, "unit": "T2"})
    assert 'id="field_unit_error"' in answered.content.decode()
    assert not Record.objects.exists()


def test_a_record_is_withdrawn_after_a_question(record, client_of):
    client = client_of("clerk1")
    url = reverse("sending:entry_withdraw", args=[record.answer_id, record.pk])
    assert "宪法宣讲" in client.get(url).content.decode()
    client.post(url, {"version": "1", "reason": "重复"})
    record.refresh_from_db()
    assert record.state == RecordState.WITHDRAWN
    assert Event.objects.get(action="records.withdrawn").facts["reason"] == "重复"
    assert client.get(change(record)).status_code == 404


@pytest.mark.parametrize("name", ["clerk2", "head2", "nobody", "head1", "auditor"])
def test_those_who_may_not_enter_find_no_form(record, client_of, name):
    client = client_of(name)
    for url in (
        new(record.answer),
        change(record),
        reverse("sending:entry_withdraw", args=[record.answer_id, record.pk]),
        reverse("sending:units", args=[record.answer_id]),
    ):
        assert client.get(url).status_code == 404
    assert post(client, new(record.answer)).status_code == 404
    assert Record.objects.count() == 1


def test_a_closed_return_takes_nothing_and_says_so(record, client_of):
    record.answer.state = "sent"
    record.answer.save(update_fields=["state"])
    answered = post(client_of("clerk1"), new(record.answer))
    assert answered.status_code == 422
    assert Record.objects.count() == 1


def test_the_form_asks_little_of_the_database(asked, client_of, django_assert_max_num_queries):
    client = client_of("clerk1")
    with django_assert_max_num_queries(20):
        client.get(new(asked))


def test_units_are_offered_of_the_own_line_only(asked, client_of):
    url = reverse("sending:units", args=[asked.pk])
    page = client_of("clerk1").get(url, {"for": "owner", "owner": "村"}).content.decode()
    assert "上坪村" in page
    assert "沙头村" not in page
    page = client_of("clerk1").get(url, {"for": "owner", "owner": ""}).content.decode()
    assert "清河县文明办" in page
    assert "白沙镇" not in page


def test_another_unit_may_be_referred_to_by_its_name(people, client_of):
    answer = make_return(make_round(), "T1", "actions")
    texts = {"title": "修路", "assigned_on": "9月3日", "owner": "白沙镇", "unit": "T1"}
    post(client_of("clerk1"), new(answer), texts)
    assert Record.objects.get().data["owner"] == "T2"
