"""A return goes from state to state by actions, each on record, and never past a signature."""

import pytest
from django.utils import timezone, translation

from workplace.events.models import Event
from workplace.records.models import RecordState
from workplace.rounds import states
from workplace.rounds.models import Answer, Return, ReturnState
from workplace.rounds.opening import close_round
from workplace.rounds.refusals import ChangedMeanwhile, Refused


def _said(answer: Return) -> list[str]:
    about = Event.objects.filter(object_type="rounds.return", object_id=str(answer.pk))
    return list(about.order_by("pk").values_list("action", flat=True))


def test_from_asked_to_accepted(people, answer, add_row):
    states.begin(answer, by=people["clerk1"])
    row = add_row(answer)
    states.send(answer, by=people["clerk1"])
    row.refresh_from_db()
    assert (answer.state, answer.step_unit_id) == (ReturnState.SENT, "T1")
    assert (row.state, row.received_at) == (RecordState.SENT, answer.sent_at)
    states.pass_step(answer, by=people["head1"])
    assert (answer.state, answer.step_unit_id) == (ReturnState.SENT, "C")
    states.pass_step(answer, by=people["county"])
    row.refresh_from_db()
    answer.refresh_from_db()
    assert (answer.state, answer.step, answer.step_unit_id) == (ReturnState.ACCEPTED, 2, None)
    assert (row.state, row.accepted_at) == (RecordState.ACCEPTED, answer.accepted_at)
    assert _said(answer) == [
        "rounds.return_begun", "rounds.return_sent", "rounds.return_signed",
        "rounds.return_signed", "rounds.return_accepted",
    ]  # fmt: skip


def test_beginning_twice_is_beginning_once(people, answer):
    stale = Return.objects.get(pk=answer.pk)
    states.begin(answer, by=people["clerk1"])
    states.begin(stale, by=people["clerk1"])
    assert stale.version == answer.version == 2
    assert _said(answer) == ["rounds.return_begun"]


def test_of_two_who_act_on_the_same_state_one_is_told(people, answer):
    stale = Return.objects.get(pk=answer.pk)
    states.answer_nil(answer, by=people["clerk1"])
    with pytest.raises(ChangedMeanwhile):
        states.answer_not_applicable(stale, by=people["clerk1"], reason="no such duty here")
    answer.refresh_from_db()
    assert answer.answer == Answer.NIL


def test_nothing_is_not_silence(people, answer):
    with pytest.raises(Refused):
        states.send(answer, by=people["clerk1"])
    states.answer_nil(answer, by=people["clerk1"])
    assert (answer.state, answer.answer) == (ReturnState.SENT, Answer.NIL)


@pytest.mark.parametrize("reason", ["", "  "])
def test_not_applicable_says_why(people, answer, reason):
    with pytest.raises(Refused):
        states.answer_not_applicable(answer, by=people["clerk1"], reason=reason)


def test_nil_is_refused_beside_rows(people, answer, add_row):
    add_row(answer)
    with pytest.raises(Refused):
        states.answer_nil(answer, by=people["clerk1"])


def test_nobody_signs_what_he_sent(people, answer):
    states.answer_nil(answer, by=people["head1"])
    with pytest.raises(Refused), translation.override("en"):
        states.pass_step(answer, by=people["head1"])


def test_nobody_signs_what_he_entered_or_changed(people, answer, add_row):
    row = add_row(answer, by="head1")
    states.send(answer, by=people["clerk1"])
    with pytest.raises(Refused):
        states.pass_step(answer, by=people["head1"])
    row.entered_by = people["clerk1"]
    row.save()
    row.changes.create(by=people["head1"])
    with pytest.raises(Refused):
        states.pass_step(answer, by=people["head1"])


def test_it_is_not_accepted_while_a_step_is_missing(people, answer):
    states.answer_nil(answer, by=people["clerk1"])
    with pytest.raises(Refused):
        states.accept(answer, by=people["county"])


def test_given_back_it_is_sent_anew_through_all_steps(people, answer, add_row):
    add_row(answer)
    states.send(answer, by=people["clerk1"])
    first = answer.first_sent_at
    states.pass_step(answer, by=people["head1"])
    states.give_back(answer, by=people["county"], reason="number of people")
    assert (answer.state, answer.step, answer.step_unit_id) == (ReturnState.RETURNED, 0, None)
    add_row(answer, "M2")
    states.send(answer, by=people["clerk1"])
    assert (answer.step_unit_id, answer.first_sent_at) == ("T1", first)
    assert answer.sent_at > first


def test_accepted_it_is_locked_until_opened_on_the_record(people, answer, add_row):
    row = add_row(answer)
    states.send(answer, by=people["clerk1"])
    states.pass_step(answer, by=people["head1"])
    states.pass_step(answer, by=people["county"])
    with pytest.raises(Refused):
        states.begin(answer, by=people["clerk1"])
    with pytest.raises(Refused):
        states.unlock(answer, by=people["county"], reason="")
    states.unlock(answer, by=people["county"], reason="a meeting was left out")
    row.refresh_from_db()
    assert (answer.state, answer.accepted_at) == (ReturnState.RETURNED, None)
    assert row.state == RecordState.SENT
    assert _said(answer)[-1] == "rounds.return_unlocked"


def test_nothing_is_sent_for_a_closed_round(people, round_, answer):
    close_round(by=people["county"], round_=round_)
    answer = Return.objects.get(pk=answer.pk)
    with pytest.raises(Refused):
        states.answer_nil(answer, by=people["clerk1"])


def test_the_time_of_receipt_stays_that_of_the_first_sending(people, answer, add_row):
    row = add_row(answer)
    states.send(answer, by=people["clerk1"])
    received = answer.sent_at
    states.give_back(answer, by=people["head1"], reason="the place")
    states.send(answer, by=people["clerk1"])
    row.refresh_from_db()
    assert row.received_at == received < answer.sent_at <= timezone.now()


@pytest.mark.parametrize("say", ["nil", "not_applicable"])
def test_nothing_is_not_said_past_a_row_that_somebody_is_writing(
    people, answer, add_row, monkeypatch, say
):
    """Whoever writes a row holds the return: it is seen by whoever waited for that."""
    hold = states._hold

    def wait(waiting):
        add_row(answer)
        return hold(waiting)

    states.begin(answer, by=people["clerk1"])
    monkeypatch.setattr(states, "_hold", wait)
    with translation.override("en"), pytest.raises(Refused, match="There are records"):
        if say == "nil":
            states.answer_nil(answer, by=people["clerk1"])
        else:
            states.answer_not_applicable(answer, by=people["clerk1"], reason="no such duty")
    answer.refresh_from_db()
    assert answer.state == ReturnState.BEGUN
