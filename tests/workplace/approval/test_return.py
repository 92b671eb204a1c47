"""The page of one return: reading it, signing it, giving it back, opening it again."""

import pytest
from django.urls import reverse

from photos_sent import upload
from returns_made import add_record, with_flags, without_flags
from workplace.approval.actions import give_back
from workplace.approval.models import Signature
from workplace.approval.remarks import NewRemark
from workplace.evidence.store import attach
from workplace.records.models import Record
from workplace.records.store import change_record, withdraw_record
from workplace.rounds import states
from workplace.rounds.models import Return, ReturnState
from workplace.sending.models import Upload

READERS = ("clerk1", "head1", "office1", "county", "inspector", "auditor")
STRANGERS = ("clerk2", "head2", "office2", "administrator", "nobody")


def _url(name, answer, *more):
    return reverse(f"approval:{name}", args=[answer.pk, *more])


def _sign(client, answer, **more):
    facts = {"version": answer.version, **more}
    return client.post(_url("sign", answer), facts, follow=True)


def test_everybody_of_the_unit_and_above_reads_and_only_the_next_decides(client_of, returned_by):
    answer = returned_by()
    for name in READERS:
        page = client_of(name).get(_url("return", answer))
        assert page.status_code == 200 and "第1场宣讲" in page.text
        assert page.context["may_decide"] == (name == "head1")


@pytest.mark.parametrize("name", STRANGERS)
def test_strangers_find_nothing(client_of, returned_by, name):
    answer, client = returned_by(), client_of(name)
    record = answer.records.first()
    for page in (_url("return", answer), _url("record", answer, record.pk),
                 _url("remarks", answer)):  # fmt: skip
        assert client.get(page).status_code == 404
    for act in ("sign", "give_back", "unlock"):
        assert client.post(_url(act, answer), {"version": answer.version}).status_code == 404
    assert not Signature.objects.exists()


def test_who_is_not_next_cannot_decide(client_of, returned_by):
    answer = returned_by()
    for name in ("clerk1", "office1", "county", "inspector", "auditor"):
        client = client_of(name)
        for act in ("sign", "give_back"):
            assert client.post(_url(act, answer), {"version": answer.version}).status_code == 404


def test_signing_with_nothing_doubted(client_of, returned_by):
    answer = returned_by()
    without_flags(answer)
    page = _sign(client_of("head1"), answer)
    assert Return.objects.get().step == 1
    assert [bool(step.signature) for step in page.context["steps"]] == [True, False]


def test_why_it_came_back_stands_first(client_of, people, returned_by):
    answer = returned_by()
    assert client_of("clerk1").get(_url("return", answer)).context["given_back"] is None
    reason = "有两条记录的日期请再核对一下。"
    give_back(by=people["head1"], answer=answer, version=answer.version, reason=reason)
    page = client_of("clerk1").get(_url("return", answer)).content.decode()
    assert 0 < page.index(reason) < page.index('class="facts"')
    assert _url("remarks", answer) in page


def test_flags_must_be_looked_at_first(client_of, returned_by):
    answer = returned_by()
    with_flags(answer, ["T1-1"])
    client = client_of("head1")
    page = client.get(_url("return", answer))
    assert "两场活动人数相同" in page.text
    assert [row["is_doubted"] for row in page.context["rows"]] == [False, True]
    only = client.get(_url("return", answer), {"doubted": "1"})
    assert [row["record"].key for row in only.context["rows"]] == ["T1-1"]
    _sign(client, answer)
    assert Return.objects.get().step == 0
    _sign(client, answer, seen="1")
    assert Return.objects.get().step == 1


def test_whoever_sent_it_is_told_why_he_does_not_sign(client_of, returned_by, hold):
    hold("clerk1", "head", "T1")
    answer = returned_by()
    without_flags(answer)
    page = client_of("clerk1").get(_url("return", answer))
    assert page.context["why_not"]
    page = _sign(client_of("clerk1"), answer)
    assert "toast-error" in page.text and Return.objects.get().step == 0


def test_remarks_noted_at_fields_go_back_together(client_of, returned_by):
    answer, client = returned_by(), client_of("head1")
    first, second = answer.records.order_by("key")
    client.post(_url("record", answer, first.pk), {"remark-heads": "请核对人数", "remark-": ""})
    client.post(_url("record", answer, second.pk), {"remark-": "与上一条重复"})
    client.post(_url("record", answer, second.pk), {"remark-": "与第一条重复"})
    page = client.get(_url("return", answer))
    assert [one["text"] for one in page.context["noted"]] == ["请核对人数", "与第一条重复"]
    assert 'value="请核对人数"' in client.get(_url("record", answer, first.pk)).text
    client.post(_url("give_back", answer), {"version": answer.version, "reason": "两处"})
    answer.refresh_from_db()
    assert answer.state == ReturnState.RETURNED
    remarks = client_of("clerk1").get(_url("remarks", answer))
    for said in ("两处", "请核对人数", "与第一条重复"):
        assert said in remarks.text
    assert not client.get(_url("return", answer)).context["noted"]


def test_giving_back_without_a_word_is_refused(client_of, returned_by):
    answer = returned_by()
    page = client_of("head1").post(
        _url("give_back", answer), {"version": answer.version, "reason": ""}
    )
    assert page.status_code == 200 and page.context["form"].errors
    assert Return.objects.get().state == ReturnState.SENT


def test_readers_note_nothing(client_of, returned_by):
    answer = returned_by()
    page = _url("record", answer, answer.records.first().pk)
    for name in ("clerk1", "auditor"):
        client = client_of(name)
        assert 'name="remark-heads"' not in client.get(page).text
        assert client.post(page, {"remark-heads": "?"}).status_code == 404


def test_a_record_of_another_return_is_not_found_through_this_one(client_of, returned_by):
    here, there = returned_by(), returned_by("T2", "clerk2")
    page = _url("record", here, there.records.first().pk)
    assert client_of("county").get(page).status_code == 404


def test_the_difference_shows_old_and_new_beside_the_remark(client_of, people, returned_by):
    answer = returned_by(rows=3)
    first, second, third = answer.records.order_by("key")
    give_back(
        by=people["head1"], answer=answer, version=answer.version,
        remarks=[NewRemark("请核对人数", first.pk, "heads")],
    )  # fmt: skip
    answer.refresh_from_db()
    clerk = people["clerk1"]
    values = {**first.data, "_id": first.key}
    change_record(by=clerk, record=first, version=first.version, values={**values, "heads": 28},
                  reason="按签到表改")  # fmt: skip
    withdraw_record(by=clerk, record=second, version=second.version)
    change_record(by=clerk, record=third, version=third.version,
                  values={**third.data, "_id": third.key, "heads": 1})  # fmt: skip
    third.refresh_from_db()
    change_record(by=clerk, record=third, version=third.version,
                  values={**third.data, "_id": third.key, "heads": 32})  # fmt: skip
    new = add_record(answer, clerk, 7)
    states.send(answer, by=clerk)
    page = client_of("head1").get(_url("return", answer))
    changed = {one.record.pk: one for one in page.context["difference"].changed}
    assert set(changed) == {first.pk, second.pk, new.pk}
    ((cell, remark),) = changed[first.pk].rows
    assert (cell.column.name, remark) == ("heads", "请核对人数")
    assert cell.was.startswith("30") and cell.text.startswith("28")
    assert changed[second.pk].kind == "withdrawn" and changed[new.pk].kind == "new"
    for shown in ("按签到表改", 'class="was"', 'class="became"'):
        assert shown in page.text


def test_a_first_sending_has_no_difference(client_of, returned_by):
    assert client_of("head1").get(_url("return", returned_by())).context["difference"] is None


def test_three_times_stand_apart_and_late_ones_are_marked(client_of, returned_by):
    answer = returned_by()
    Return.objects.update(due_on="2023-10-10", first_due_on="2023-10-10")
    page = client_of("head1").get(_url("return", answer))
    times = page.context["rows"][0]["times"]
    assert times.happened.isoformat() == "2023-09-03"
    assert times.entered <= times.received and times.is_late
    assert "2023-09-03" in page.text and "state-red" in page.text


def test_the_page_says_which_records_still_need_evidence(client_of, people, returned_by):
    answer = returned_by(rows=4, sent=False)
    states.begin(answer, by=people["clerk1"])
    client = client_of("clerk1")
    (wanted,) = client.get(_url("return", answer)).context["coverage"].wanting
    attach(by=people["clerk1"], upload_file=upload(), unit="T1", record=wanted)
    assert client.get(_url("return", answer)).context["coverage"].is_whole


def test_it_is_seen_when_a_signature_no_longer_covers_what_is_there(client_of, people, accepted):
    client = client_of("auditor")
    page = client.get(_url("return", accepted))
    assert [one["still"] for one in page.context["history"]] == [True, True]
    Record.objects.filter(answer=accepted).update(data={"heads": 1})
    page = client.get(_url("return", accepted))
    assert [one["still"] for one in page.context["history"]] == [False, False]


def test_a_large_return_is_counted_only_when_asked(client_of, accepted, monkeypatch):
    monkeypatch.setattr("workplace.approval.return_page._AT_ONCE", 1)
    client = client_of("auditor")
    page = client.get(_url("return", accepted))
    assert [one["still"] for one in page.context["history"]] == [None, None]
    page = client.get(_url("return", accepted), {"check": "1"})
    assert [one["still"] for one in page.context["history"]] == [True, True]


def test_only_who_may_opens_an_accepted_return_again(client_of, accepted):
    facts = {"version": accepted.version, "reason": "补报两场"}
    for name in ("clerk1", "head1", "office1", "auditor", "inspector"):
        assert client_of(name).post(_url("unlock", accepted), facts).status_code == 404
    county = client_of("county")
    page = county.post(_url("unlock", accepted), facts | {"reason": ""})
    assert page.context["opening"].errors
    county.post(_url("unlock", accepted), facts)
    assert Return.objects.get().state == ReturnState.RETURNED
    assert "补报两场" in client_of("clerk1").get(_url("remarks", accepted)).text


def test_a_nil_return_is_read_and_signed_too(client_of, people, returned_by):
    answer = returned_by(rows=0, sent=False)
    states.answer_nil(answer, by=people["clerk1"])
    without_flags(answer)
    client = client_of("head1")
    assert client.get(_url("return", answer)).status_code == 200
    _sign(client, answer)
    assert Return.objects.get().step == 1


def test_answering_a_remark(client_of, people, returned_by):
    answer = returned_by()
    record = answer.records.first()
    give_back(
        by=people["head1"], answer=answer, version=answer.version,
        remarks=[NewRemark("请核对人数", record.pk, "heads")],
    )  # fmt: skip
    remark = record.remarks.get()
    reply = reverse("approval:reply", args=[remark.pk])
    for name in ("head1", "auditor", *STRANGERS):
        assert client_of(name).post(reply, {"text": "x"}).status_code == 404
    client = client_of("clerk1")
    assert "toast-error" in client.post(reply, {"text": " "}, follow=True).text
    assert "签到表为证" in client.post(reply, {"text": "签到表为证"}, follow=True).text
    answer.refresh_from_db()
    states.send(answer, by=people["clerk1"])
    assert "签到表为证" in client_of("head1").get(_url("return", answer)).text


def test_many_records_cost_no_more_questions(
    client_of, people, returned_by, django_assert_max_num_queries
):
    answer = returned_by(rows=40)
    with_flags(answer, [f"T1-{number}" for number in range(9)])
    pages = [
        ("head1", 24, _url("return", answer)),
        ("head1", 14, _url("record", answer, answer.records.first().pk)),
        ("county", 24, _url("return", answer)),
        ("clerk1", 14, _url("remarks", answer)),
    ]
    for name, most, page in pages:
        client = client_of(name)
        with django_assert_max_num_queries(most):
            client.get(page)


def test_those_above_read_no_draft_in_the_remarks(client_of, people, returned_by):
    """What the unit writes in answer to a remark is theirs to see once it is sent."""
    answer = returned_by()
    record = answer.records.first()
    give_back(
        by=people["head1"], answer=answer, version=answer.version,
        remarks=[NewRemark("标题不清", record.pk, "title")],
    )  # fmt: skip
    record.refresh_from_db()
    change_record(
        by=people["clerk1"], record=record, version=record.version,
        values={**record.data, "_id": record.key, "title": "尚未报送的新标题"},
    )  # fmt: skip
    page = reverse("approval:remarks", args=[answer.pk])
    assert "尚未报送的新标题" in client_of("clerk1").get(page).content.decode()
    for name in ("inspector", "auditor"):
        shown = client_of(name).get(page).content.decode()
        assert "标题不清" in shown
        assert "尚未报送的新标题" not in shown


def test_those_above_see_that_a_record_is_being_mended(client_of, people, returned_by):
    answer = returned_by()
    record = answer.records.first()
    give_back(by=people["head1"], answer=answer, version=answer.version, reason="核对")
    said = "有 1 条已报送的记录正在修改"
    assert said not in client_of("inspector").get(_url("return", answer)).content.decode()
    record.refresh_from_db()
    change_record(
        by=people["clerk1"], record=record, version=record.version,
        values={**record.data, "_id": record.key, "title": "尚未报送的新标题"},
    )  # fmt: skip
    for name, is_told in (("inspector", True), ("clerk1", False), ("head1", False)):
        page = client_of(name).get(_url("return", answer)).content.decode()
        assert (said in page) is is_told
        assert ("尚未报送的新标题" in page) is not is_told


def test_a_workbook_is_named_to_those_above_once_its_rows_were_sent(client_of, people, returned_by):
    answer = returned_by(sent=False)
    upload_ = Upload.objects.create(
        round=answer.round, unit_id="T1", file_name="草稿台账.xlsx", stored_as="x", sha256="x",
        size=1, sent_by=people["clerk1"],
    )  # fmt: skip
    answer.records.update(upload=upload_)
    for sent in (False, True):
        if sent:
            states.send(answer, by=people["clerk1"])
        for name in ("clerk1", "inspector"):
            page = client_of(name).get(_url("return", answer)).content.decode()
            assert ("草稿台账.xlsx" in page) is (sent or name == "clerk1")
