"""The live board: what it shows to whom, and what it costs at every size."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shuzhi.units import UnitSpan, UnitTree
from workplace.rounds import states
from workplace.rounds.board import PAGE, Filters, read_board
from workplace.rounds.extending import ask_for_time, decide_on_time
from workplace.rounds.models import Lamp, Return, ReturnState
from workplace.rounds.opening import open_round
from workplace.rounds.reminding import remind
from workplace.units.tree import current_tree, replace_tree, today


def _overdue(returns, days: int = 1) -> None:
    day = today() - timedelta(days=days)
    returns.update(due_on=day, first_due_on=day)


def _rows(page) -> dict[str, object]:
    return {row.unit: row for row in page.context["board"].rows}


def test_it_shows_each_unit_with_its_worst_lamp_and_counts(client_of, people, round_, answer):
    states.answer_nil(answer, by=people["clerk1"])
    _overdue(round_.returns.filter(unit="T2"))
    page = client_of("county").get(reverse("rounds:board", args=[round_.pk]))
    rows = _rows(page)
    assert list(rows) == ["C", "D1", "T1", "T2"]
    assert (rows["T2"].lamp.lamp, str(rows["T2"].lamp.word)) == (Lamp.RED, "未报")
    assert (rows["T1"].done, rows["T1"].asked) == (1, 2)
    assert page.context["board"].counts == {
        "all": 8, "asked": 7, "begun": 0, "sent": 1, "returned": 0, "accepted": 0, "late": 0,
        "silent": 2,
    }  # fmt: skip


def test_late_is_who_came_in_after_the_day(client_of, people, round_, answer):
    _overdue(Return.objects.filter(pk=answer.pk))
    answer.refresh_from_db()
    states.answer_nil(answer, by=people["clerk1"])
    page = client_of("county").get(reverse("rounds:board", args=[round_.pk]), {"state": "late"})
    assert page.context["board"].counts["late"] == 1
    assert list(_rows(page)) == ["T1"]


@pytest.mark.parametrize(
    ("asked", "units"),
    [
        ({"level": "township"}, ["T1", "T2"]),
        ({"under": "T1"}, ["T1"]),
        ({"state": "sent"}, ["T1"]),
        ({"state": "sent", "table": "cases"}, []),
        ({"table": "cases"}, ["C", "D1", "T1", "T2"]),
        ({"page": "99999999999"}, ["C", "D1", "T1", "T2"]),
    ],
)
def test_it_is_narrowed(client_of, people, round_, answer, asked, units):
    states.answer_nil(answer, by=people["clerk1"])
    page = client_of("county").get(reverse("rounds:board", args=[round_.pk]), asked)
    assert list(_rows(page)) == units
    if "table" in asked and units:
        assert [table.name for table in page.context["board"].tables] == ["cases"]


def test_everybody_sees_his_own_units_alone(client_of, round_):
    address = reverse("rounds:board", args=[round_.pk])
    for name, units in (("office1", ["T1"]), ("head2", ["T2"]), ("auditor", 4)):
        page = client_of(name).get(address)
        rows = _rows(page)
        assert list(rows) == units if isinstance(units, list) else len(rows) == units
    content = client_of("office1").get(address).content.decode()
    assert "白沙镇" not in content
    assert client_of("office1").get(address).context["board"].counts["all"] == 2
    assert client_of("nobody").get(address).status_code == 404
    assert client_of("administrator").get(address).status_code == 404


def test_nothing_is_sent_when_nothing_changed(client_of, people, round_, answer):
    county, address = client_of("county"), reverse("rounds:board_part", args=[round_.pk])
    first = county.get(address)
    assert first.status_code == 200
    again = county.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["HX-Reswap"] == "none"
    states.begin(answer, by=people["clerk1"])
    changed = county.get(address, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_each_change_of_the_board_changes_its_mark(client_of, people, round_, answer):
    county, address = client_of("county"), reverse("rounds:board_part", args=[round_.pk])
    marks = [county.get(address)["ETag"]]
    remind(by=people["county"], round_=round_, units=["T1"])
    marks.append(county.get(address)["ETag"])
    (wish,) = ask_for_time(by=people["clerk1"], answers=[answer], reason="x",
                           until=today() + timedelta(days=20))  # fmt: skip
    marks.append(county.get(address)["ETag"])
    decide_on_time(by=people["county"], wish=wish, is_granted=True)
    marks.append(county.get(address)["ETag"])
    marks.append(county.get(address, {"level": "township"})["ETag"])
    marks.append(client_of("auditor").get(address)["ETag"])
    assert len(set(marks)) == len(marks)


def test_the_mark_of_the_page_is_that_of_its_part(client_of, round_):
    county = client_of("county")
    page = county.get(reverse("rounds:board", args=[round_.pk]))
    part = county.get(reverse("rounds:board_part", args=[round_.pk]))
    assert part["ETag"] == f'"{page.context["etag"]}"'
    assert page.context["etag"] in page.content.decode()


def test_a_cell_opens_the_return(client_of, round_, answer):
    page = client_of("county").get(reverse("rounds:board", args=[round_.pk]))
    assert reverse("rounds:return", args=[answer.pk]) in page.content.decode()


def _large(people, pack, quarter, townships: int, villages: int):
    begun = date(2015, 1, 1)
    spans = [UnitSpan("C", "县", "county", "", begun)]
    for number in range(townships):
        spans.append(UnitSpan(f"T{number}", f"镇{number}", "township", "C", begun))
        spans += [
            UnitSpan(f"T{number}D{place}", f"所{number}-{place}", "department", f"T{number}", begun)
            for place in range(villages)
        ]
    made = {span.code for span in spans}
    replace_tree(UnitTree([*spans, *(s for s in current_tree().spans if s.code not in made)]))
    tables = [name for name, table in pack.tables.items() if "department" in table.asked.levels]
    return open_round(by=people["county"], pack=pack, period=quarter, tables=tables,
                      title="large", due_on=today())  # fmt: skip


def test_its_queries_are_the_same_at_every_size(client_of, people, pack, quarter, round_):
    county = client_of("county")

    def queries(pk: int) -> int:
        with CaptureQueriesContext(connection) as done:
            assert county.get(reverse("rounds:board", args=[pk])).status_code == 200
        return len(done)

    small = queries(round_.pk)
    states.answer_nil(round_.returns.get(unit="D1", table="meetings"), by=people["county"])
    large = _large(people, pack, quarter, townships=8, villages=9)
    assert queries(large.pk) == small
    assert small <= 24


def test_a_thousand_units_come_by_superior(client_of, people, pack, quarter):
    round_ = _large(people, pack, quarter, townships=40, villages=25)
    returns = Return.objects.filter(round=round_)
    board = read_board(round_, returns, Filters())
    assert board.units == 1_042  # with the department that the county has anyway
    assert all(
        len(read_board(round_, returns, Filters(page=page)).rows) <= PAGE
        for page in (1, 2, board.pages)
    )
    narrowed = read_board(round_, returns, Filters(under="T7"))
    assert [row.unit for row in narrowed.rows][:2] == ["T7", "T7D0"]
    assert (narrowed.units, narrowed.pages) == (26, 1)
    shown = [
        row.unit for page in range(1, board.pages + 1)
        for row in read_board(round_, returns, Filters(page=page)).rows
    ]  # fmt: skip
    assert sorted(shown) == sorted(set(shown))
    assert len(shown) == 1_042


def test_several_reporting_periods_share_a_cell(client_of, people, pack):
    from shuzhi.periods import parse_period

    round_ = open_round(by=people["county"], pack=pack, period=parse_period("2023-H2"),
                        tables=["meetings"], title="h2", due_on=today() + timedelta(9))  # fmt: skip
    first = round_.returns.filter(unit="T1").order_by("period")[0]
    states.answer_nil(first, by=people["clerk1"])
    page = client_of("county").get(reverse("rounds:board", args=[round_.pk]))
    cell = _rows(page)["T1"].cells[0]
    assert (cell.done, len(cell.answers), cell.only) == (1, 2, None)
    assert cell.standing.lamp is Lamp.GREY


def test_a_return_that_was_given_back_is_overdue_not_silent(people, round_, answer):
    states.answer_nil(answer, by=people["clerk1"])
    states.give_back(answer, by=people["head1"], reason="really none?")
    Return.objects.filter(pk=answer.pk).update(
        first_sent_at=timezone.now() - timedelta(days=9),
        due_on=today() - timedelta(days=1), first_due_on=today() - timedelta(days=1),
    )  # fmt: skip
    board = read_board(round_, Return.objects.filter(round=round_), Filters())
    assert (board.counts["late"], board.counts["silent"]) == (1, 0)
    assert answer.state == ReturnState.RETURNED
