"""A record's page: what it holds, where it comes from, what became of it."""

import pytest
from django.urls import reverse

from workplace.records.models import Origin, Record
from workplace.records.store import change_record, put_records, withdraw_record

ROW = {
    "_id": "A-1", "_file": "三季度.xlsx", "_sheet": "活动", "_row": 7, "activity_no": "A-1",
    "unit": "T1", "held_on": "2023-09-03", "title": "宪法宣讲", "kind": "lecture", "heads": 32,
}  # fmt: skip


@pytest.fixture
def record(asked, people):
    put_records(by=people["clerk1"], answer=asked, rows=[ROW], origin=Origin.WORKBOOK)
    return Record.objects.get()


def url(record):
    return reverse("records:record", args=[record.pk])


def test_it_says_what_it_holds_and_where_it_was_written(record, client_of):
    page = client_of("clerk1").get(url(record)).content.decode()
    for text in ("宪法宣讲", "宣讲讲座", "32 人次", "青石镇", "三季度.xlsx", "活动", "A-1"):
        assert text in page


def test_each_change_shows_what_was_before(record, client_of, people):
    change_record(
        by=people["office1"], record=record, version=1, values={**ROW, "heads": 40}, reason="数错了"
    )
    page = client_of("clerk1").get(url(record)).content.decode()
    assert '<span class="was">32 人次</span>' in page
    assert '<span class="became">40 人次</span>' in page
    assert "数错了" in page
    assert "office1" in page


def test_a_withdrawn_record_can_still_be_looked_at(record, client_of, people):
    withdraw_record(by=people["clerk1"], record=record, version=1, reason="重复了")
    page = client_of("clerk1").get(url(record)).content.decode()
    assert "重复了" in page


def test_persons_are_a_count(record, client_of):
    Record.objects.update(table="study_sessions", data={"lecturer": "0123456789abcdef"})
    page = client_of("clerk1").get(url(record)).content.decode()
    assert "0123456789abcdef" not in page
    assert "1" in page


@pytest.mark.parametrize("name", ["clerk2", "head2", "nobody"])
def test_strangers_find_no_record(record, client_of, name):
    assert client_of(name).get(url(record)).status_code == 404


def test_the_page_asks_little_of_the_database(record, client_of, django_assert_max_num_queries):
    client = client_of("clerk1")
    with django_assert_max_num_queries(16):
        client.get(url(record))
