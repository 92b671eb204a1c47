"""What the checks doubt in what was sent."""

from returns_made import add_record
from workplace.approval.flags import check_sent, flags_of
from workplace.approval.models import FlagsFound
from workplace.rounds import states
from workplace.sending.entry_models import FlagAnswer


def test_the_same_event_in_two_records_is_doubted_once_sent(people, returned_by):
    answer = returned_by(rows=0, sent=False)
    other = returned_by("T2", "clerk2")
    same = {"title": "反诈宣讲进社区", "heads": 87, "kind": "lecture"}
    add_record(answer, people["clerk1"], 1, **same, activity_no="A1")
    add_record(answer, people["clerk1"], 2, **same, activity_no="A2")
    states.begin(answer, by=people["clerk1"])
    states.send(answer, by=people["clerk1"])
    assert flags_of([answer]) == {answer.pk: None}
    check_sent.func()
    found = flags_of([answer, other])
    (doubt,) = [one for one in found[answer.pk] if one.rule == "duplicate"]
    assert set(doubt.records) == {"T1-1", "T1-2"} and doubt.is_open
    assert "duplicate" not in {one.rule for one in found[other.pk]}
    FlagAnswer.objects.create(
        pack="annual-duty", flag_id=doubt.flag_id, rule=doubt.rule, answer=answer,
        question=doubt.question, reason="上午下午各一场", by=people["clerk1"],
    )  # fmt: skip
    again = [one for one in flags_of([answer])[answer.pk] if one.rule == "duplicate"]
    assert not again[0].is_open


def test_what_was_checked_is_checked_again_only_after_a_change(people, returned_by):
    answer = returned_by()
    check_sent.func()
    first = FlagsFound.objects.get().at
    check_sent.func()
    assert FlagsFound.objects.get().at == first
    states.give_back(answer, by=people["head1"], reason="x")
    states.send(answer, by=people["clerk1"])
    assert flags_of([answer]) == {answer.pk: None}
    check_sent.func()
    assert FlagsFound.objects.get().at > first
