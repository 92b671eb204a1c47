"""Rows pasted from a spreadsheet."""

import pytest
from django.urls import reverse

from workplace.records.models import Record

HEADED = (
    "活动名称\t活动时间\t活动类型\t参加人数\t备注\n"
    "宪法宣讲\t9月3日\t宣讲\t32人\t好\n"
    "文艺汇演\t2023.9.10\t文艺演出\t1,200\t\n"
)


def url(answer):
    return reverse("sending:entry_rows", args=[answer.pk])


def test_rows_are_read_before_they_are_taken(asked, client_of):
    client = client_of("clerk1")
    page = client.post(url(asked), {"rows": HEADED}).content.decode()
    assert "2023-09-03" in page
    assert "备注" in page
    assert not Record.objects.exists()
    client.post(url(asked), {"rows": HEADED, "take": "1"})
    assert list(Record.objects.order_by("pk").values_list("data__heads", flat=True)) == [32, 1200]


def test_rows_without_a_header_follow_the_tables_order(asked, client_of):
    text = "A-1\t\t\t2023-09-03\t宪法宣讲\t宣讲\n"
    client_of("clerk1").post(url(asked), {"rows": text, "take": "1"})
    record = Record.objects.get()
    assert (record.key, record.unit_id, record.data["kind"]) == ("A-1", "T1", "lecture")


def test_rows_taken_twice_do_not_double(asked, client_of):
    client = client_of("clerk1")
    for _ in range(2):
        client.post(url(asked), {"rows": HEADED, "take": "1"})
    assert Record.objects.count() == 2


def test_a_bad_row_stays_and_the_good_ones_are_taken(asked, client_of):
    text = HEADED + "坏行\t不知何时\t宣讲\t3\t\n"
    page = client_of("clerk1").post(url(asked), {"rows": text}).content.decode()
    assert "state-red" in page
    client_of("clerk1").post(url(asked), {"rows": text, "take": "1"})
    assert Record.objects.count() == 2


def test_an_imprecise_day_is_confirmed_first(asked, client_of):
    client = client_of("clerk1")
    text = HEADED.replace("9月3日", "2023年9月上旬")
    client.post(url(asked), {"rows": text, "take": "1"})
    assert not Record.objects.exists()
    client.post(url(asked), {"rows": text, "take": "1", "confirm": "1"})
    assert Record.objects.filter(precision="ten_days").count() == 1


@pytest.mark.parametrize("name", ["clerk2", "head1", "nobody"])
def test_those_who_may_not_enter_paste_nothing(asked, client_of, name):
    client = client_of(name)
    assert client.get(url(asked)).status_code == 404
    assert client.post(url(asked), {"rows": HEADED, "take": "1"}).status_code == 404


def test_many_rows_cost_no_more_queries(asked, client_of, django_assert_max_num_queries):
    text = "".join(f"A-{n}\t\t\t2023-09-03\t活动{n}\t宣讲\n" for n in range(300))
    client = client_of("clerk1")
    with django_assert_max_num_queries(18):
        client.post(url(asked), {"rows": text})


@pytest.mark.parametrize(
    "text",
    ['文艺汇演\t"9月10日\t' + "演出\n" * 60_000, "宪法宣讲\t9月3日\r文艺汇演\t9月10日", '"' * 9],
    ids=["a quote that never ends", "lines that end as on old machines", "quotes alone"],
)
def test_quotes_that_do_not_hold_together_are_signs(asked, client_of, text):
    answer = client_of("clerk1").post(url(asked), {"rows": text})
    assert answer.status_code == 200
