"""Live ledgers: what is counted, and that an app's rows and a round's are never both."""

from dataclasses import replace
from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from made_figures import PACK, send_meetings

from shuzhi.periods import parse_period
from workplace.programme import pack_named
from workplace.records import doors
from workplace.records.doors import register_door
from workplace.records.ledgers import live_ledgers
from workplace.records.models import Feed, Record, RecordState
from workplace.rounds.asking import Known, askings
from workplace.rounds.models import Return, ReturnState
from workplace.units.tree import current_tree


@pytest.fixture
def sent(people):
    """T1 has sent three meetings of July and T2 one, all accepted."""
    return send_meetings(people["county"])


def keys(**how):
    return sorted(live_ledgers(pack_named(PACK), **how).tables["meetings"]["_id"].to_pylist())


def answers(**how):
    found = live_ledgers(pack_named(PACK), **how).returns
    return sorted((a.unit, a.period, a.state.value) for a in found)


def test_what_was_sent_is_counted(sent):
    assert keys() == ["T1-1", "T1-2", "T1-3", "T2-1"]
    assert answers() == [("T1", "2023-Q3", "rows"), ("T2", "2023-Q3", "rows")]


def test_what_was_given_back_is_not(sent):
    """Neither its rows nor its answer, until it is sent again."""
    Return.objects.filter(unit="T1").update(state=ReturnState.RETURNED)
    assert keys() == ["T2-1"]
    assert answers() == [("T2", "2023-Q3", "rows")]


def test_drafts_are_counted_on_request_only(sent):
    """To see a return's flags before it is sent; what was withdrawn never is."""
    answer = Return.objects.get(unit="T1")
    Return.objects.filter(pk=answer.pk).update(state=ReturnState.BEGUN)
    Record.objects.filter(key="T1-1").update(state=RecordState.DRAFT)
    Record.objects.filter(key="T1-2").update(state=RecordState.WITHDRAWN)
    assert keys() == ["T2-1"]
    assert keys(with_drafts_of=answer) == ["T1-1", "T1-3", "T2-1"]
    assert ("T1", "2023-Q3", "rows") in answers(with_drafts_of=answer)


def test_until_a_day(sent):
    assert keys(until=date(2023, 7, 2)) == ["T1-1", "T2-1"]
    assert answers(until=date(2023, 7, 1)) == []


def test_accepted_only(sent):
    Return.objects.filter(unit="T2").update(state=ReturnState.SENT)
    assert keys(states=[RecordState.ACCEPTED]) == ["T1-1", "T1-2", "T1-3"]


def test_from_its_day_on_the_app_keeps_the_rows(sent, monkeypatch):
    """A day earlier they come from the round; none is counted twice, none is lost."""
    monkeypatch.setattr(doors, "_doors", {})
    asked = []

    def rows(units, start, end):
        asked.append((units, start, end))
        return [{"_id": "app-1", "unit": "T1", "held_on": "2023-07-09", "title": "会"}]

    register_door(app="kept", table="meetings", rows=rows)
    Feed.objects.create(
        pack="annual-duty", table="meetings", unit_id="T1", app="kept", since=date(2023, 7, 2)
    )
    assert keys() == ["T1-1", "T2-1", "app-1"]
    assert asked == [(["T1"], date(2023, 7, 2), None)]


def test_another_packs_table_of_that_name_is_another_table(sent):
    """Where a duty app keeps it for one pack, rounds go on being read for the other."""
    Feed.objects.create(
        pack="another", table="meetings", unit_id="T1", app="kept", since=date(2023, 1, 1)
    )
    assert keys() == ["T1-1", "T1-2", "T1-3", "T2-1"]
    asked = askings(pack_named(PACK), current_tree(), parse_period("2023-Q3"), ["meetings"])
    assert {each.unit: each.known for each in asked}["T1"] is not Known.APP


def test_feeds_from_before_they_had_a_pack_hold_for_each_pack_with_such_a_table(sent, monkeypatch):
    since = date(2023, 7, 2)
    Feed.objects.create(pack="", table="meetings", unit_id="T1", app="kept", since=since)
    Feed.objects.create(pack="", table="unheard of", unit_id="T1", app="kept", since=since)
    migration = import_module("workplace.records.migrations.0007_feeds_by_pack")
    one, other = pack_named(PACK), replace(pack_named(PACK), name="another")
    monkeypatch.setattr(migration, "packs", lambda: {"annual-duty": one, "another": other})
    migration.name_packs(apps, None)
    found = Feed.objects.values_list("pack", "table", "unit", "app", "since")
    assert sorted(found) == [
        ("", "unheard of", "T1", "kept", since), ("annual-duty", "meetings", "T1", "kept", since),
        ("another", "meetings", "T1", "kept", since),
    ]  # fmt: skip


def test_a_period_without_a_row_in_the_app_is_a_true_zero(sent, monkeypatch):
    """Once it has ended; a period that the round still asks for stays as the round has it."""
    monkeypatch.setattr(doors, "_doors", {})
    register_door(app="kept", table="meetings", rows=lambda units, start, end: [])
    Feed.objects.create(
        pack="annual-duty", table="meetings", unit_id="T1", app="kept", since=date(2023, 7, 2)
    )
    assert ("T1", "2023-Q4", "nil") in answers()
    assert ("T1", "2023-Q3", "rows") in answers()


def test_a_feed_without_a_door_is_an_error(sent, monkeypatch):
    """Rows would be missing without a word."""
    monkeypatch.setattr(doors, "_doors", {})
    Feed.objects.create(
        pack="annual-duty", table="meetings", unit_id="T1", app="gone", since=date(2023, 7, 2)
    )
    with pytest.raises(ImproperlyConfigured, match="gone"):
        keys()


def test_the_tree_is_the_table_of_units(sent):
    units = live_ledgers(pack_named(PACK)).tables["units"].to_pylist()
    assert {row["code"] for row in units} == {"C", "D1", "T1", "T1V1", "T1V2", "T2", "T2V1"}


def test_few_queries(sent, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        live_ledgers(pack_named(PACK))
