"""What a round asks of whom, and what it need not ask."""

from datetime import date, timedelta

import pytest

from shuzhi.periods import parse_period
from shuzhi.units import UnitSpan, UnitTree
from workplace.events.models import Event
from workplace.records.models import Feed
from workplace.rounds import states
from workplace.rounds.asking import Known
from workplace.rounds.models import Return, Round, RoundState
from workplace.rounds.opening import (
    close_round,
    open_prepared,
    open_round,
    prepare_round,
    revise_draft,
    what_it_asks,
    widen_round,
)
from workplace.rounds.refusals import Refused
from workplace.units.tree import replace_tree, today


def _keys(returns) -> set[tuple[str, str, str]]:
    return set(returns.values_list("table", "unit_id", "period"))


def test_one_return_a_table_unit_and_reporting_period(people, pack):
    round_ = open_round(
        by=people["county"], pack=pack, period=parse_period("2023-H1"), title="h1",
        tables=["activities", "meetings"], due_on=today(),
    )  # fmt: skip
    assert _keys(round_.returns) == {
        (table, unit, period)
        for period in ("2023-Q1", "2023-Q2")
        for table, units in (("activities", ("T1", "T2")), ("meetings", ("C", "D1", "T1", "T2")))
        for unit in units
    }
    event = Event.objects.get(action="rounds.round_opened")
    assert (event.facts["returns"], event.facts["units"]) == (12, 4)


def test_a_table_asked_less_often_is_not_asked(people, pack, quarter):
    with pytest.raises(Refused):
        open_round(by=people["county"], pack=pack, period=quarter, tables=["funds"], title="x",
                   due_on=today())  # fmt: skip


def test_levels_are_those_of_the_period(people, county, pack, quarter):
    ended = UnitSpan("T9", "旧镇", "township", "C", date(2015, 1, 1), date(2023, 10, 1), "T1")
    young = UnitSpan("T8", "新镇", "township", "C", date(2023, 10, 1))
    replace_tree(UnitTree([*county.spans, ended, young]))
    round_ = open_round(by=people["county"], pack=pack, period=quarter, tables=["meetings"],
                        title="x", due_on=today())  # fmt: skip
    asked = set(round_.returns.values_list("unit_id", flat=True))
    assert "T9" in asked
    assert "T8" not in asked


def test_nobody_is_asked_before_it_is_opened(people, pack, quarter):
    round_ = prepare_round(by=people["county"], pack=pack, period=quarter, tables=["meetings"],
                           units=["T1"], title="x", due_on=today())  # fmt: skip
    assert round_.state == RoundState.DRAFT
    assert not Return.objects.exists()
    open_prepared(by=people["county"], round_=round_)
    assert _keys(round_.returns) == {("meetings", "T1", "2023-Q3")}
    with pytest.raises(Refused):
        open_prepared(by=people["county"], round_=round_)


def test_what_was_accepted_is_not_asked_again(people, pack, quarter, round_, answer):
    states.answer_nil(answer, by=people["clerk1"])
    states.pass_step(answer, by=people["head1"])
    states.pass_step(answer, by=people["county"])
    close_round(by=people["county"], round_=round_)
    again = prepare_round(by=people["county"], pack=pack, period=quarter, tables=["meetings"],
                          title="again", due_on=today())  # fmt: skip
    assert {each.unit: each.known for each in what_it_asks(again)} == {
        "C": Known.NO, "D1": Known.NO, "T1": Known.ACCEPTED, "T2": Known.NO,
    }  # fmt: skip
    open_prepared(by=people["county"], round_=again)
    assert not again.returns.filter(unit="T1").exists()


def test_what_another_open_round_asks_is_not_asked_twice(people, pack, quarter, round_):
    with pytest.raises(Refused):
        open_round(by=people["county"], pack=pack, period=quarter, tables=["meetings"],
                   title="twice", due_on=today())  # fmt: skip


@pytest.mark.parametrize(
    ("since", "is_asked"), [(date(2023, 7, 1), False), (date(2023, 7, 2), True)]
)
def test_what_a_duty_app_keeps_for_the_whole_period_is_not_asked(
    people, pack, quarter, since, is_asked
):
    Feed.objects.create(
        pack="annual-duty", table="meetings", unit_id="T1", app="meetings", since=since
    )
    round_ = open_round(by=people["county"], pack=pack, period=quarter, tables=["meetings"],
                        title="x", due_on=today())  # fmt: skip
    assert round_.returns.filter(unit="T1").exists() == is_asked
    assert round_.returns.filter(unit="T2").exists()


def test_units_and_tables_come_in_later_with_a_week_at_least(people, pack, quarter):
    round_ = open_round(by=people["county"], pack=pack, period=quarter, tables=["meetings"],
                        units=["T1"], title="x", due_on=today())  # fmt: skip
    widen_round(by=people["county"], round_=round_, units=["T2"])
    widen_round(by=people["county"], round_=round_, tables=["cases"])
    assert _keys(round_.returns) == {
        (table, unit, "2023-Q3") for table in ("meetings", "cases") for unit in ("T1", "T2")
    }
    assert round_.returns.get(unit="T2", table="meetings").due_on == today() + timedelta(days=7)
    assert Event.objects.filter(action="rounds.round_widened").count() == 2
    with pytest.raises(Refused):
        widen_round(by=people["county"], round_=round_, units=["T2"])


def test_closing_says_how_many_are_missing(people, round_, answer):
    states.answer_nil(answer, by=people["clerk1"])
    close_round(by=people["county"], round_=round_)
    assert Event.objects.get(action="rounds.round_closed").facts["missing"] == 7
    with pytest.raises(Refused):
        close_round(by=people["county"], round_=round_)


def test_two_who_widen_a_round_at_once_lose_nothing(people, pack, quarter):
    round_ = open_round(by=people["county"], pack=pack, period=quarter, tables=["meetings"],
                        units=["T1"], title="x", due_on=today())  # fmt: skip
    one, other = Round.objects.get(pk=round_.pk), Round.objects.get(pk=round_.pk)
    widen_round(by=people["county"], round_=one, tables=["activities"])
    widen_round(by=people["county"], round_=other, tables=["cases"])
    round_.refresh_from_db()
    assert set(round_.tables) == {"meetings", "activities", "cases"}
    assert set(round_.returns.values_list("table", flat=True)) == set(round_.tables)


def test_a_draft_is_opened_as_it_was_revised_last(people, pack, quarter):
    draft = prepare_round(by=people["county"], pack=pack, period=quarter, tables=["meetings"],
                          units=["T1"], title="x", due_on=today())  # fmt: skip
    stale = Round.objects.get(pk=draft.pk)
    revise_draft(by=people["county"], round_=draft, tables=["activities"], units=["T1"],
                 due_on=today(), title="y")  # fmt: skip
    open_prepared(by=people["county"], round_=stale)
    assert set(stale.returns.values_list("table", flat=True)) == {"activities"}
