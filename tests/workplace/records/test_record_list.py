"""The list of records: what it shows to whom, its filters, its pages."""

import pytest

from made_returns import make_return
from workplace.records.keyset import A_PAGE
from workplace.records.models import Origin, Record, RecordState
from workplace.records.store import put_records, withdraw_record

URL = "/records/"


def rows(count, unit="T1", prefix="A"):
    return [
        {
            "_id": f"{prefix}-{number}", "activity_no": f"{prefix}-{number}", "unit": unit,
            "held_on": f"2023-{7 + number % 3:02}-{number % 28 + 1:02}",
            "title": f"{prefix}活动{number}号", "kind": "lecture", "heads": number,
        }
        for number in range(count)
    ]  # fmt: skip


@pytest.fixture
def filled(asked, people):
    """T1 and T2 have records, one of T1's is of a village."""
    there = [*rows(3), *rows(1, "T1V1", "村")]
    put_records(by=people["clerk1"], answer=asked, rows=there, origin=Origin.WORKBOOK)
    other = make_return(asked.round, "T2")
    put_records(by=people["clerk2"], answer=other, rows=rows(2, "T2", "乙"), origin=Origin.FORM)
    return asked


def shown(client, **query):
    return client.get(URL, query).content.decode()


def test_everybody_sees_the_records_of_his_units(filled, client_of):
    page = shown(client_of("clerk1"))
    assert "A活动2号" in page
    assert "村活动0号" in page
    assert "乙活动0号" not in page
    assert "乙活动0号" in shown(client_of("county"))


def test_a_unit_one_may_not_see_is_not_found(filled, client_of):
    assert client_of("clerk1").get(URL, {"unit": "T2"}).status_code == 404
    assert client_of("nobody").get(URL).status_code == 404
    assert '<option value="T2"' not in shown(client_of("clerk1"))


@pytest.mark.parametrize(
    ("query", "wanted", "unwanted"),
    [
        ({"unit": "T1V1"}, "村活动0号", "A活动0号"),
        ({"unit": "T1"}, "村活动0号", "乙活动0号"),
        ({"table": "annual-duty:activities"}, "A活动0号", "没有这个"),
        ({"table": "annual-duty:meetings"}, "meetings", "A活动0号"),
        ({"from": "2023-08-01", "to": "2023-08-31"}, "A活动1号", "A活动0号"),
        ({"from": "2023-02-30"}, "A活动0号", "没有这个"),
        ({"state": "draft"}, "A活动0号", "没有这个"),
        ({"state": "accepted"}, "accepted", "A活动0号"),
        ({"q": "活动1号"}, "A活动1号", "A活动0号"),
        ({"q": "ａ活动 宣讲讲座"}, "A活动1号", "村活动0号"),
        ({"q": "上坪村"}, "村活动0号", "A活动0号"),
        ({"q": "100%"}, "100%", "A活动0号"),
    ],
)
def test_filters(filled, client_of, query, wanted, unwanted):
    page = shown(client_of("county"), **query)
    assert wanted in page
    assert unwanted not in page


def test_withdrawn_records_are_shown_only_when_asked_for(filled, client_of, people):
    record = Record.objects.get(key="A-0")
    withdraw_record(by=people["clerk1"], record=record, version=1)
    assert "A活动0号" not in shown(client_of("clerk1"))
    assert "A活动0号" in shown(client_of("clerk1"), state=RecordState.WITHDRAWN)


def test_pages_follow_each_other_without_gaps(asked, client_of, people):
    count = 2 * A_PAGE + 7
    put_records(by=people["clerk1"], answer=asked, rows=rows(count), origin=Origin.WORKBOOK)
    Record.objects.filter(key__in=["A-1", "A-2", "A-3"]).update(event_date=None)
    client, query, seen = client_of("clerk1"), "", []
    for _ in range(3):
        context = client.get(f"{URL}?{query}").context
        seen += [row["record"].pk for row in context["rows"]]
        query = context["following"]
    assert query == ""
    assert len(seen) == len(set(seen)) == count
    days = [str(Record.objects.get(pk=pk).event_date or "") for pk in seen]
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize("cursor", ["x", "2023-13-01.5", "none.", "2023-01-01." + 20 * "9"])
def test_a_cursor_that_is_none_shows_the_first_page(filled, client_of, cursor):
    assert "A活动0号" in shown(client_of("clerk1"), after=cursor)


def test_the_number_of_queries_is_constant(asked, client_of, people, django_assert_max_num_queries):
    put_records(by=people["clerk1"], answer=asked, rows=rows(60), origin=Origin.WORKBOOK)
    Record.objects.update(state=RecordState.SENT)
    client = client_of("inspector")
    with django_assert_max_num_queries(16):
        client.get(URL)
