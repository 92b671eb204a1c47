"""Deciding on returns: who may, who may not, and what stays on record."""

import pytest

from returns_made import add_record
from workplace.approval.actions import give_back, reply, sign, sign_many, unlock
from workplace.approval.content import content_hash
from workplace.approval.models import Decision, Remark, Signature
from workplace.approval.remarks import NewRemark, remarks_of
from workplace.events.models import Event
from workplace.records.errors import ReturnClosedError
from workplace.records.models import Origin, Record, RecordState
from workplace.records.store import change_record, put_records, withdraw_record
from workplace.rounds import states
from workplace.rounds.models import ReturnState
from workplace.rounds.refusals import ChangedMeanwhile, Refused


def _sign(people, name, answer):
    answer.refresh_from_db()
    signature = sign(by=people[name], answer=answer, version=answer.version)
    answer.refresh_from_db()
    return signature


def _change(people, record, **values):
    record.refresh_from_db()
    return change_record(
        by=people["clerk1"], record=record, version=record.version,
        values={**record.data, "_id": record.key, **values},
    )  # fmt: skip


def test_a_return_is_accepted_after_every_step_and_locked(people, returned_by):
    answer = returned_by()
    assert _sign(people, "head1", answer).decision == Decision.SIGNED
    assert (answer.state, answer.step_unit_id) == (ReturnState.SENT, "C")
    assert _sign(people, "county", answer).decision == Decision.ACCEPTED
    assert answer.state == ReturnState.ACCEPTED
    assert set(answer.records.values_list("state", flat=True)) == {RecordState.ACCEPTED}
    assert list(Event.objects.filter(action__startswith="approval.").values_list("action")) == [
        ("approval.accepted",),
        ("approval.signed",),
    ]


@pytest.mark.parametrize("name", ["clerk1", "office1", "county", "head2", "auditor", "nobody"])
def test_only_the_units_head_signs_first(people, returned_by, name):
    answer = returned_by()
    with pytest.raises(Refused, match="does not wait"):
        _sign(people, name, answer)
    assert not Signature.objects.exists()


def test_nobody_signs_what_he_sent(people, returned_by, hold):
    answer = returned_by()
    clerk = hold("clerk1", "head", "T1")
    with pytest.raises(Refused, match="himself"):
        sign(by=clerk, answer=answer, version=answer.version)


def test_nobody_signs_where_he_changed_a_record(people, returned_by, hold):
    answer = returned_by(sent=False)
    head = hold("head1", "clerk", "T1")
    record = answer.records.first()
    change_record(
        by=head, record=record, version=record.version,
        values={**record.data, "_id": record.key, "heads": 99},
    )  # fmt: skip
    states.send(answer, by=people["clerk1"])
    with pytest.raises(Refused, match="himself"):
        sign(by=head, answer=answer, version=answer.version)


def test_one_person_does_not_sign_two_steps(people, returned_by, hold):
    answer = returned_by()
    head = hold("head1", "county_office", "C")
    sign(by=head, answer=answer, version=answer.version)
    answer.refresh_from_db()
    with pytest.raises(Refused, match="earlier step"):
        sign(by=head, answer=answer, version=answer.version)


def test_after_it_was_sent_again_he_signs_the_first_step_again(people, returned_by):
    answer = returned_by()
    _sign(people, "head1", answer)
    give_back(by=people["county"], answer=answer, version=answer.version, reason="人数不符")
    answer.refresh_from_db()
    states.send(answer, by=people["clerk1"])
    assert _sign(people, "head1", answer).decision == Decision.SIGNED


def test_what_was_not_looked_at_is_not_signed(people, returned_by):
    answer = returned_by()
    with pytest.raises(ChangedMeanwhile):
        sign(by=people["head1"], answer=answer, version=answer.version - 1)


def test_a_return_goes_back_with_remarks_at_fields(people, returned_by):
    answer = returned_by()
    first, second = answer.records.order_by("key")
    remarks = [
        NewRemark("请核对人数", first.pk, "heads"),
        NewRemark("重复", second.pk),
        NewRemark("别处的", record=10**6),
    ]
    give_back(by=people["head1"], answer=answer, version=answer.version, remarks=remarks)
    answer.refresh_from_db()
    assert (answer.state, answer.step) == (ReturnState.RETURNED, 0)
    found = remarks_of(answer)
    assert [(one.record, one.column, one.held) for one in found] == [
        (first.pk, "heads", 30),
        (second.pk, "", None),
    ]
    assert not any(one.is_settled for one in found)


def test_nothing_goes_back_without_a_word(people, returned_by):
    answer = returned_by()
    with pytest.raises(Refused, match="to be mended"):
        give_back(by=people["head1"], answer=answer, version=answer.version, reason=" ")


def test_a_remark_is_settled_by_changing_the_field_withdrawing_or_answering(people, returned_by):
    answer = returned_by(rows=3)
    records = list(answer.records.order_by("key"))
    remarks = [NewRemark("?", record.pk, "heads") for record in records]
    give_back(by=people["head1"], answer=answer, version=answer.version, remarks=remarks)
    _change(people, records[0], heads=12)
    records[1].refresh_from_db()
    withdraw_record(by=people["clerk1"], record=records[1], version=records[1].version)
    assert [one.is_settled for one in remarks_of(answer)] == [True, True, False]
    remark = Remark.objects.get(record=records[2])
    reply(by=people["clerk1"], remark=remark, text="签到表为证")
    assert all(one.is_settled for one in remarks_of(answer))
    assert remarks_of(answer)[2].reply == "签到表为证"


def test_what_is_sent_takes_no_answers(people, returned_by):
    answer = returned_by()
    give_back(
        by=people["head1"], answer=answer, version=answer.version,
        remarks=[NewRemark("?", answer.records.first().pk, "heads")],
    )  # fmt: skip
    answer.refresh_from_db()
    states.send(answer, by=people["clerk1"])
    with pytest.raises(Refused, match="has been sent"):
        reply(by=people["clerk1"], remark=Remark.objects.get(), text="签到表为证")


def test_nothing_in_an_accepted_return_changes(people, accepted):
    record = accepted.records.first()
    with pytest.raises(ReturnClosedError):
        _change(people, record, heads=1)
    with pytest.raises(ReturnClosedError):
        withdraw_record(by=people["clerk1"], record=record, version=record.version)
    with pytest.raises(ReturnClosedError):
        add_record(accepted, people["clerk1"], 9)
    for origin in (Origin.WORKBOOK, Origin.IMPORT):
        with pytest.raises(ReturnClosedError):
            put_records(
                by=people["clerk1"], answer=accepted, origin=origin,
                rows=[{**record.data, "_id": record.key, "heads": 1}],
            )  # fmt: skip
    assert Record.objects.get(pk=record.pk).data == record.data


def test_it_is_opened_again_on_the_record_and_signed_anew(people, accepted):
    with pytest.raises(Refused, match="may not"):
        unlock(by=people["head1"], answer=accepted, version=accepted.version, reason="x")
    with pytest.raises(Refused, match="why"):
        unlock(by=people["county"], answer=accepted, version=accepted.version, reason="")
    unlock(by=people["county"], answer=accepted, version=accepted.version, reason="补报两场")
    accepted.refresh_from_db()
    assert accepted.state == ReturnState.RETURNED
    assert Event.objects.get(action="approval.unlocked").facts["reason"] == "补报两场"
    _change(people, accepted.records.first(), heads=31)
    states.send(accepted, by=people["clerk1"])
    _sign(people, "head1", accepted)
    assert accepted.state == ReturnState.SENT


def test_a_signature_says_what_it_covers(people, returned_by):
    answer = returned_by()
    before = content_hash(answer)
    signature = _sign(people, "head1", answer)
    assert signature.content == before == content_hash(answer)
    Record.objects.filter(answer=answer).update(data={"heads": 1})
    assert content_hash(answer) != before


def test_each_of_several_stands_for_itself(people, returned_by, hold):
    one, two = returned_by(), returned_by("T2", "clerk2")
    sign(by=people["head1"], answer=one, version=one.version)
    sign(by=people["head2"], answer=two, version=two.version)
    one.refresh_from_db()
    stale = two.version
    two.refresh_from_db()
    outcomes = sign_many(by=people["county"], looked_at=[(two, stale), (one, one.version)])
    assert [bool(outcome.signature) for outcome in outcomes] == [False, True]
    assert "meantime" in outcomes[0].refusal


def test_of_two_who_answer_a_remark_the_second_is_told(people, returned_by):
    answer = returned_by()
    remarks = [NewRemark("?", answer.records.first().pk, "heads")]
    give_back(by=people["head1"], answer=answer, version=answer.version, remarks=remarks)
    one, other = Remark.objects.get(), Remark.objects.get()
    reply(by=people["clerk1"], remark=one, text="签到表为证")
    with pytest.raises(Refused, match="settled already"):
        reply(by=people["office1"], remark=other, text="照片为证")
    assert Remark.objects.get().reply == "签到表为证"
