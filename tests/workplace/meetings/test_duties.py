"""Duties: who leads, who assists, and to which posts each breaks its part down."""

import pytest
from django.urls import reverse

from workplace.events.models import Event
from workplace.meetings.duties import break_down, change_duty, set_out_duty
from workplace.meetings.models import Duty
from workplace.rounds.refusals import ChangedMeanwhile
from workplace.units.tree import today

LIST = reverse("meetings:duties")


@pytest.fixture
def duty(people):
    """T1 leads, D1 assists."""
    return set_out_duty(
        by=people["clerk1"], unit="T1", title="创建工作", assigned_on=today(), lead="T1",
        tier="head", assisting=["D1"],
    )  # fmt: skip


@pytest.mark.parametrize("name", ["clerk2", "head2", "nobody"])
def test_strangers_find_nothing(client_of, duty, name):
    assert client_of(name).get(reverse("meetings:duty", args=[duty.pk])).status_code == 404
    page = client_of(name).get(LIST)
    assert page.status_code == 404 or "创建工作" not in page.content.decode()


def test_a_clerk_sets_one_out_by_names(client_of, people):
    said = {"unit": "T1", "title": "文明实践", "assigned_on": "2024-02-01", "lead": "青石镇",
            "tier": "head", "assisting": "上坪村、清河县教育局\n"}  # fmt: skip
    assert client_of("clerk1").post(reverse("meetings:set_out_duty"), said).status_code == 302
    parts = Duty.objects.get().parts.values_list("unit", "part", "tier")
    assert set(parts) == {("T1", "lead", "head"), ("T1V1", "assist", ""), ("D1", "assist", "")}
    assert "文明实践" in client_of("head1").get(LIST).content.decode()


def test_a_part_is_broken_down_to_posts_by_its_unit(client_of, duty):
    part = duty.parts.get(unit="T1")
    where = reverse("meetings:break_down", args=[part.pk])
    client_of("office1").post(where, {"version": 1, "tier": "post", "posts": "文书岗\n\n网格岗\n"})
    part.refresh_from_db()
    assert part.posts == ["文书岗", "网格岗"]
    beside = reverse("meetings:break_down", args=[duty.parts.get(unit="D1").pk])
    assert client_of("clerk1").get(beside).status_code == 404
    assert client_of("county").get(beside).status_code == 200


def test_units_that_stay_keep_their_posts(duty, people):
    clerk = people["clerk1"]
    break_down(by=clerk, part=duty.parts.get(unit="T1"), version=1, posts=["文书岗"], tier="head")
    change_duty(
        by=clerk, duty=duty, version=2, title="创建工作", assigned_on=today(), lead="D1",
        assisting=["T1"],
    )  # fmt: skip
    assert duty.parts.get(unit="T1").posts == ["文书岗"]
    assert duty.parts.get(part="lead").unit_id == "D1"
    with pytest.raises(ChangedMeanwhile):
        change_duty(by=clerk, duty=duty, version=2, title="x", assigned_on=today(), lead="D1")


def test_a_withdrawn_duty_is_gone_from_the_list(client_of, duty):
    client = client_of("clerk1")
    client.post(reverse("meetings:withdraw_duty", args=[duty.pk]), {"version": 1, "reason": "并入"})
    assert "创建工作" not in client.get(LIST).content.decode()
    assert Event.objects.get(action="meetings.duty_withdrawn").facts["reason"] == "并入"


def test_the_list_asks_little(client_of, duty, people, django_assert_max_num_queries):
    for number in range(8):
        set_out_duty(
            by=people["clerk1"], unit="T1", title=f"{number}", assigned_on=today(), lead="T1V1"
        )
    client = client_of("clerk1")
    with django_assert_max_num_queries(16):
        client.get(LIST)
