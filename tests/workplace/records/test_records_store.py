"""What is written of records, and what is refused."""

from datetime import UTC, datetime

import pytest

from shuzhi.periods import parse_period
from shuzhi.pipeline import read_values
from workplace.events.models import Event
from workplace.programme import pack_named
from workplace.records.errors import (
    ForeignUnitError,
    RecordChangedMeanwhileError,
    RecordGoneError,
    ReturnClosedError,
)
from workplace.records.models import Origin, Record, RecordChange, RecordState
from workplace.records.persons import person_key
from workplace.records.store import (
    PutCounts,
    change_record,
    put_records,
    save_record,
    table_of,
    withdraw_record,
)
from workplace.units.tree import current_tree

TEXTS = {"held_on": "9月3日", "title": "宪法宣讲", "kind": "宣讲", "volunteer_hours": "2.50小时"}


def typed(texts=TEXTS, unit="T1"):
    return read_values(
        pack_named("annual-duty"), "activities", texts, current_tree(), unit=unit,
        period=parse_period("2023-Q3"), person_key=person_key(),
    )  # fmt: skip


def row(number, **more):
    return {
        "_id": f"A-{number}", "_precision": "day", "_file": "三季度.xlsx", "_sheet": "活动",
        "_row": number + 2, "activity_no": f"A-{number}", "unit": "T1", "venue": None,
        "held_on": "2023-09-03", "title": f"活动 {number}", "kind": "lecture", **more,
    }  # fmt: skip


def save(answer, by, texts=TEXTS):
    return save_record(
        by=by, answer=answer, table=table_of(answer), values=typed(texts), origin=Origin.FORM
    )


def test_a_record_is_kept_as_the_engine_typed_it(asked, people):
    record = save(asked, people["clerk1"])
    record.refresh_from_db()
    assert record.data == {
        "unit": "T1", "held_on": "2023-09-03", "title": "宪法宣讲", "kind": "lecture",
        "volunteer_hours": "2.5",
    }  # fmt: skip
    assert (record.unit_id, str(record.event_date), record.state) == ("T1", "2023-09-03", "draft")
    assert record.received_at is None
    event = Event.objects.get(action="records.saved")
    assert (event.by, event.unit_id) == (people["clerk1"], "T1")


def test_the_same_key_twice_is_told_apart_as_the_reader_does(asked, people):
    first, second = save(asked, people["clerk1"]), save(asked, people["clerk1"])
    assert second.key == f"{first.key}-2"


def test_a_change_keeps_what_was_before(asked, people):
    record = save(asked, people["clerk1"])
    changed = change_record(
        by=people["clerk1"], record=record, version=1, reason="数错了",
        values=typed({**TEXTS, "heads": "30人"}),
    )  # fmt: skip
    change = RecordChange.objects.get(record=record)
    assert (change.before.get("heads"), change.after["heads"]) == (None, 30)
    assert (changed.version, changed.key) == (2, record.key)
    assert Event.objects.get(action="records.changed").facts["columns"] == ["heads"]


def test_equal_values_change_nothing(asked, people):
    record = save(asked, people["clerk1"])
    change_record(by=people["clerk1"], record=record, version=1, values=typed())
    record.refresh_from_db()
    assert record.version == 1
    assert not RecordChange.objects.exists()


def test_the_second_of_two_editors_overwrites_nothing(asked, people):
    record = save(asked, people["clerk1"])
    change_record(
        by=people["clerk1"], record=record, version=1, values=typed({**TEXTS, "heads": "30"})
    )
    with pytest.raises(RecordChangedMeanwhileError) as told:
        change_record(
            by=people["office1"], record=record, version=1, values=typed({**TEXTS, "heads": "5"})
        )
    assert told.value.current.data["heads"] == 30


def test_what_was_sent_is_a_draft_again_once_changed(asked, people):
    record = save(asked, people["clerk1"])
    Record.objects.update(state=RecordState.SENT)
    changed = change_record(
        by=people["clerk1"], record=record, version=1, values=typed({**TEXTS, "heads": "30"})
    )
    assert changed.state == RecordState.DRAFT


def test_a_withdrawn_record_stays_and_frees_its_key(asked, people):
    record = save(asked, people["clerk1"])
    withdraw_record(by=people["clerk1"], record=record, version=1, reason="重复")
    assert save(asked, people["clerk1"]).key == record.key
    with pytest.raises(RecordGoneError):
        withdraw_record(by=people["clerk1"], record=record, version=2)


@pytest.mark.parametrize("state", ["sent", "accepted"])
def test_nothing_is_written_into_what_was_sent(asked, people, state):
    record = save(asked, people["clerk1"])
    asked.state = state
    asked.save(update_fields=["state"])
    with pytest.raises(ReturnClosedError):
        save(asked, people["clerk1"])
    with pytest.raises(ReturnClosedError):
        change_record(by=people["clerk1"], record=record, version=1, values=typed())
    with pytest.raises(ReturnClosedError):
        withdraw_record(by=people["clerk1"], record=record, version=1)
    with pytest.raises(ReturnClosedError):
        put_records(by=people["clerk1"], answer=asked, rows=[row(1)], origin=Origin.WORKBOOK)


def test_a_unit_writes_about_itself_and_those_below(asked, people):
    assert save(asked, people["clerk1"], {**TEXTS, "unit": "上坪村"}).unit_id == "T1V1"
    with pytest.raises(ForeignUnitError):
        save(asked, people["clerk1"], {**TEXTS, "unit": "白沙镇"})
    with pytest.raises(ForeignUnitError):
        put_records(
            by=people["clerk1"], answer=asked, rows=[row(1, unit="T2")], origin=Origin.WORKBOOK
        )


def put(asked, people, rows, **more):
    return put_records(by=people["clerk1"], answer=asked, rows=rows, origin=Origin.WORKBOOK, **more)


def test_rows_put_again_do_not_double(asked, people):
    rows = [row(1), row(2), row(2)]
    assert put(asked, people, rows) == PutCounts(new=3)
    assert put(asked, people, rows) == PutCounts(unchanged=3)
    assert set(Record.objects.values_list("key", flat=True)) == {"A-1", "A-2", "A-2-2"}
    third = [row(1, heads=9), row(2), row(3)]
    assert put(asked, people, third) == PutCounts(new=1, changed=1, unchanged=1)
    assert Record.objects.get(key="A-1").data["heads"] == 9
    assert Record.objects.get(key="A-1").row == 3
    assert put(asked, people, third, withdraw_missing=True) == PutCounts(unchanged=3, withdrawn=1)
    assert Record.objects.get(key="A-2-2").state == RecordState.WITHDRAWN


def test_a_row_typed_and_sent_by_workbook_is_one(asked, people):
    texts = {**TEXTS, "activity_no": "A-1"}
    save(asked, people["clerk1"], texts)
    same = {"volunteer_hours": "2.5", "title": "宪法宣讲"}
    assert put(asked, people, [row(1, **same)]) == PutCounts(unchanged=1)


def test_what_is_taken_over_goes_into_a_closed_return(asked, people):
    asked.state = "accepted"
    asked.save(update_fields=["state"])
    at = datetime(2023, 10, 9, tzinfo=UTC)
    put_records(
        by=None, answer=asked, rows=[row(1)], origin=Origin.IMPORT, state=RecordState.ACCEPTED,
        received_at=at,
    )  # fmt: skip
    record = Record.objects.get()
    assert (record.state, record.received_at, record.origin) == ("accepted", at, "import")


def test_many_rows_are_put_by_few_queries(asked, people, django_assert_max_num_queries):
    """More rows than are written at a time. `make bench-workplace` takes 20,000."""
    rows = [row(number) for number in range(1_100)]
    with django_assert_max_num_queries(60):
        put(asked, people, rows)
    with django_assert_max_num_queries(60):
        put(asked, people, [{**one, "heads": 5} for one in rows])
    assert Record.objects.filter(version=2).count() == 1_100
