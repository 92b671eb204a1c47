"""A return's page: what is in it so far, and the ways to add to it."""

import pytest
from django.urls import reverse

from workplace.records.models import Origin
from workplace.records.store import put_records
from workplace.rounds.models import Return


def rows(count):
    return [
        {
            "_id": f"A-{number}", "activity_no": f"A-{number}", "unit": "T1",
            "held_on": f"2023-09-{number % 28 + 1:02}", "title": f"活动{number}号",
            "kind": "lecture", "heads": 10 + number,
        }
        for number in range(count)
    ]  # fmt: skip


def page_of(client, answer):
    return client.get(reverse("sending:form", args=[answer.pk]))


def test_an_empty_return_says_what_to_do(asked, client_of):
    page = page_of(client_of("clerk1"), asked).content.decode()
    assert reverse("sending:entry", args=[asked.pk]) in page
    assert 'name="answer" value="nil"' in page
    assert "青石镇" in page


def test_records_are_listed_with_their_main_columns(asked, client_of, people):
    put_records(by=people["clerk1"], answer=asked, rows=rows(3), origin=Origin.WORKBOOK)
    page = page_of(client_of("clerk1"), asked).content.decode()
    assert "活动2号" in page
    assert "宣讲讲座" in page
    assert reverse("sending:review", args=[asked.pk]) in page
    assert 'name="answer" value="nil"' not in page


def test_a_reader_sees_records_but_no_way_to_change_them(asked, client_of, people):
    put_records(by=people["clerk1"], answer=asked, rows=rows(1), origin=Origin.WORKBOOK)
    page = page_of(client_of("head1"), asked).content.decode()
    assert "活动0号" in page
    assert reverse("sending:entry", args=[asked.pk]) not in page


def test_nothing_this_period_is_sent_at_once(asked, client_of):
    client = client_of("clerk1")
    answered = client.post(reverse("sending:answer", args=[asked.pk]), {"answer": "nil"})
    assert answered.url == reverse("sending:receipt", args=[asked.pk])
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("sent", "nil")
    assert client.get(answered.url).status_code == 200


def test_what_does_not_apply_needs_a_reason(asked, client_of):
    client = client_of("clerk1")
    url = reverse("sending:answer", args=[asked.pk])
    client.post(url, {"answer": "not_applicable", "reason": " "})
    asked.refresh_from_db()
    assert asked.state == "asked"
    client.post(url, {"answer": "not_applicable", "reason": "没有阵地"})
    asked.refresh_from_db()
    assert (asked.answer, asked.reason) == ("not_applicable", "没有阵地")
    assert "没有阵地" in page_of(client, asked).content.decode()


@pytest.mark.parametrize("name", ["clerk2", "head2", "nobody"])
def test_strangers_find_no_return(asked, client_of, name):
    client = client_of(name)
    assert page_of(client, asked).status_code == 404
    url = reverse("sending:answer", args=[asked.pk])
    assert client.post(url, {"answer": "nil"}).status_code == 404


def test_a_return_of_a_round_not_yet_open_is_not_found(asked, client_of):
    asked.round.state = "draft"
    asked.round.save(update_fields=["state"])
    assert page_of(client_of("clerk1"), asked).status_code == 404


def test_the_number_of_queries_does_not_grow(
    asked, client_of, people, django_assert_max_num_queries
):
    client = client_of("clerk1")
    put_records(by=people["clerk1"], answer=asked, rows=rows(60), origin=Origin.WORKBOOK)
    with django_assert_max_num_queries(18):
        page_of(client, asked)
    assert Return.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "长" * 501, "无\0此项"])
def test_a_reason_that_cannot_be_kept_is_refused_in_a_sentence(asked, client_of, reason):
    address = reverse("sending:answer", args=[asked.pk])
    said = {"answer": "not_applicable", "reason": reason}
    page = client_of("clerk1").post(address, said, follow=True)
    asked.refresh_from_db()
    assert asked.is_open
    assert [str(message) for message in page.context["messages"]]
