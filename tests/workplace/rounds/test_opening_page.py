"""The page on which a round is put together, previewed and opened."""

from datetime import timedelta

from django.urls import reverse

from workplace.events.models import Event
from workplace.rounds.models import Return, Round, RoundState
from workplace.units.tree import today

HTMX = {"HTTP_HX_REQUEST": "true"}


def _typed(**changes) -> dict:
    return {
        "pack": "annual-duty", "period": "2023-Q3", "title": "第三季度", "whom": "all",
        "tables": ["meetings", "cases"], "due_on": (today() + timedelta(days=5)).isoformat(),
        **changes,
    }  # fmt: skip


def test_it_shows_what_each_table_costs_and_whom_it_asks(client_of):
    page = client_of("county").get(reverse("rounds:prepare"), {"period": "2023-Q3"})
    rows = {load.table.name: load for load, _ in page.context["tables"]}
    assert "funds" not in rows  # asked once a year
    assert (rows["meetings"].units, rows["meetings"].minutes) == (4, 18)
    assert (rows["activities"].units, rows["findings"].units) == (2, 1)
    levels = {load.level.code: load for load in page.context["levels"]}
    assert set(levels) == {"county", "department", "township"}
    own = [load for load in rows.values() if "township" in load.table.asked.levels]
    assert levels["township"].minutes == sum(load.minutes for load in own)
    assert levels["township"].returns == len(own)


def test_it_proposes_a_day_that_has_not_passed(client_of):
    page = client_of("county").get(reverse("rounds:prepare"), {"period": "2023-Q3"})
    assert page.context["usual"] == today() + timedelta(days=10)


def test_a_preview_asks_nobody(client_of):
    page = client_of("county").post(
        reverse("rounds:prepare"), _typed(whom="some", units=["T1"]), **HTMX
    )
    assert page.templates[0].name == "rounds/_preview.html"
    assert (page.context["asked"], page.context["units"]) == (2, 1)
    assert not Round.objects.exists()


def test_a_draft_asks_nobody_until_it_is_opened(client_of):
    county = client_of("county")
    county.post(reverse("rounds:prepare"), _typed(then="draft"))
    draft = Round.objects.get()
    assert draft.state == RoundState.DRAFT
    assert not Return.objects.exists()
    page = county.get(reverse("rounds:draft", args=[draft.pk]))
    assert "第三季度" in page.content.decode()
    again = county.post(
        reverse("rounds:draft", args=[draft.pk]),
        _typed(then="open", title="改过的", whom="some", units=["T2"]),
    )
    assert again.url == reverse("rounds:board", args=[draft.pk])
    draft.refresh_from_db()
    assert (draft.state, draft.title) == (RoundState.OPEN, "改过的")
    assert set(draft.returns.values_list("unit_id", flat=True)) == {"T2"}


def test_a_draft_can_be_discarded_on_the_record(client_of):
    county = client_of("county")
    county.post(reverse("rounds:prepare"), _typed(then="draft"))
    county.post(reverse("rounds:draft", args=[Round.objects.get().pk]), {"then": "discard"})
    assert not Round.objects.exists()
    assert Event.objects.filter(action="rounds.draft_discarded").exists()


def test_it_is_opened_in_one_go(client_of):
    answer = client_of("county").post(reverse("rounds:prepare"), _typed(then="open"))
    round_ = Round.objects.get()
    assert answer.url == reverse("rounds:board", args=[round_.pk])
    assert round_.returns.count() == 8


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client_of):
    page = client_of("county").post(
        reverse("rounds:prepare"),
        _typed(then="open", tables=[], whom="some", due_on="2020-01-01", note="请抓紧"),
    )
    assert set(page.context["form"].errors) == {"tables", "whom", "due_on"}
    assert "请抓紧" in page.content.decode()
    assert not Round.objects.exists()


def test_a_township_office_asks_only_its_own_units(client_of):
    office = client_of("office1")
    page = office.get(reverse("rounds:prepare"), {"period": "2023-Q3"})
    assert page.context["opening"].units == ["T1"]
    refused = office.post(reverse("rounds:prepare"), _typed(then="open", whom="some", units=["T2"]))
    assert "units" in refused.context["form"].errors
    office.post(reverse("rounds:prepare"), _typed(then="open"))
    assert set(Return.objects.values_list("unit_id", flat=True)) == {"T1"}


def test_others_find_no_such_page(client_of):
    for name in ("clerk1", "head1", "inspector", "auditor", "administrator", "nobody"):
        client = client_of(name)
        assert client.get(reverse("rounds:prepare")).status_code == 404
        assert client.post(reverse("rounds:prepare"), _typed(then="open")).status_code == 404


def test_a_draft_is_hidden_from_who_may_not_open_it(client_of):
    client_of("county").post(reverse("rounds:prepare"), _typed(then="draft"))
    address = reverse("rounds:draft", args=[Round.objects.get().pk])
    for name in ("office1", "clerk1", "auditor", "nobody"):
        assert client_of(name).get(address).status_code == 404


def test_its_queries_do_not_grow(client_of, django_assert_max_num_queries):
    county = client_of("county")
    with django_assert_max_num_queries(20):
        county.get(reverse("rounds:prepare"), {"period": "2023"})


def test_more_is_asked_in_an_open_round(client_of, round_):
    county = client_of("county")
    address = reverse("rounds:widen", args=[round_.pk])
    assert "study_sessions" in county.get(address).content.decode()
    county.post(address, {"tables": ["study_sessions"]})
    assert round_.returns.filter(table="study_sessions").count() == 4
    assert client_of("office1").get(address).status_code == 404
    assert client_of("clerk1").post(address, {"tables": ["activities"]}).status_code == 404


def test_a_round_is_closed_after_one_more_question(client_of, round_):
    county = client_of("county")
    address = reverse("rounds:close", args=[round_.pk])
    assert county.get(address).context["missing"] == 8
    assert client_of("clerk1").post(address).status_code == 404
    county.post(address)
    round_.refresh_from_db()
    assert round_.state == RoundState.CLOSED


def test_the_list_of_rounds_shows_only_what_one_may_see(
    client_of, round_, django_assert_max_num_queries
):
    address, county = reverse("rounds:list"), client_of("county")
    with django_assert_max_num_queries(15):
        page = county.get(address)
    assert [(each.asked, each.came_in) for each in page.context["page"]] == [(8, 0)]
    assert client_of("clerk1").get(address).context["page"][0].asked == 2
    assert not client_of("nobody").get(address).context["page"].object_list
