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
    assert flags_of([answer], people["county"]) == {answer.pk: None}
    check_sent.func()
    found = flags_of([answer, other], people["county"])
    (doubt,) = [one for one in found[answer.pk] if one.rule == "duplicate"]
    assert set(doubt.records) == {"T1-1", "T1-2"} and doubt.is_open
    assert "duplicate" not in {one.rule for one in found[other.pk]}
    FlagAnswer.objects.create(
        pack="annual-duty", flag_id=doubt.flag_id, rule=doubt.rule, answer=answer,
        question=doubt.question, reason="上午下午各一场", by=people["clerk1"],
    )  # fmt: skip
    again = [
        one for one in flags_of([answer], people["county"])[answer.pk] if one.rule == "duplicate"
    ]
    assert not again[0].is_open


def test_what_was_checked_is_checked_again_only_after_a_change(people, returned_by):
    answer = returned_by()
    check_sent.func()
    first = FlagsFound.objects.get().at
    check_sent.func()
    assert FlagsFound.objects.get().at == first
    states.give_back(answer, by=people["head1"], reason="x")
    states.send(answer, by=people["clerk1"])
    assert flags_of([answer], people["county"]) == {answer.pk: None}
    check_sent.func()
    assert FlagsFound.objects.get().at > first


def test_what_concerns_a_unit_one_does_not_see_is_told_without_its_text(people, returned_by):
    here, there = returned_by(rows=0, sent=False), returned_by("T2", "clerk2", rows=0, sent=False)
    same = {"title": "反诈宣讲进社区", "heads": 87, "kind": "lecture", "venue": "县文化馆"}
    for answer, clerk in ((here, "clerk1"), (there, "clerk2")):
        add_record(answer, people[clerk], 1, **same)
        states.begin(answer, by=people[clerk])
        states.send(answer, by=people[clerk])
    check_sent.func()
    (mine,) = [one for one in flags_of([here], people["head1"])[here.pk] if _is_across(one)]
    (whole,) = [one for one in flags_of([here], people["county"])[here.pk] if _is_across(one)]
    assert "白沙镇" in whole.question and "白沙镇" not in mine.question + mine.innocent
    assert mine.records == ("T1-1",)


def test_one_key_in_two_units_is_told_apart(people, returned_by):
    here, there = returned_by(rows=0, sent=False), returned_by("T2", "clerk2", rows=0, sent=False)
    for answer, clerk, heads in ((here, "clerk1", 40), (there, "clerk2", 10**7)):
        add_record(answer, people[clerk], 1, _id="A1", heads=heads, title=f"{clerk}的活动")
        states.begin(answer, by=people[clerk])
        states.send(answer, by=people[clerk])
    add = {"held_on": "2999-01-01", "_id": "A2"}
    states.give_back(there, by=people["head2"], reason="x")
    add_record(there, people["clerk2"], 2, **add)
    states.send(there, by=people["clerk2"])
    check_sent.func()
    county = people["county"]
    found = flags_of([here, there], county)
    future = {pk: [d for d in doubts if d.rule == "date_in_future"] for pk, doubts in found.items()}
    assert [doubt.records for doubt in future[there.pk]] == [("A2",)]
    assert future[here.pk] == []


def _is_across(doubt):
    return doubt.rule == "duplicate_across_units"
