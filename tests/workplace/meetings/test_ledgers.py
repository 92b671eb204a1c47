"""What is kept here counts as if it had been sent by workbook: neither twice nor not at all."""

from dataclasses import replace
from datetime import date

import pytest
import xlsxwriter

from shuzhi import pipeline
from shuzhi.periods import parse_period
from workplace.meetings.agenda import add_item
from workplace.meetings.calling import call_meeting, hold_meeting
from workplace.meetings.duties import break_down, set_out_duty
from workplace.meetings.keeping import ask_again, keep_here
from workplace.meetings.ledgers import FED, rows_of
from workplace.meetings.models import Action
from workplace.meetings.outcomes import Assignment, write_outcome
from workplace.meetings.progress import close_action, report_done, withdraw_action
from workplace.programme import pack_named
from workplace.records.ledgers import live_ledgers
from workplace.records.models import Feed, Origin, RecordState
from workplace.records.store import put_records
from workplace.rounds.models import Answer, Return, ReturnState, Round, RoundState
from workplace.rounds.refusals import Refused
from workplace.units.tree import current_tree

Q3 = parse_period("2023-Q3")
YEAR = parse_period("2023")
# What T1 did in 2023, as its clerk would write it into the workbook.
MEETINGS = [
    ["会议编号", "召开单位", "召开日期", "会议类型", "会议名称", "主要负责人是否主持", "议题数",
     "议定事项数", "办结事项数", "应到人数", "实到人数"],
    ["T1-2023-01", "青石镇", "2023-07-05", "专题研究会议", "七月会", "是", 2, 3, 2, 10, 9],
    ["T1-2023-02", "青石镇", "2023-08-10", "工作会议", "八月会", "否", 2, 0, 0, 12, 12],
    ["T1-2023-03", "青石镇", "2023-09-20", "工作会议", "九月会", "是", 2, 1, 0, 8, 6],
]  # fmt: skip
ACTIONS = [
    ["事项编号", "交办单位", "来源会议编号", "交办内容", "承办单位", "交办日期", "办理期限",
     "办结日期", "结转次数"],
    ["T1-2023-01-1", "青石镇", "T1-2023-01", "修路灯", "上坪村", "2023-07-05", "2023-07-31",
     "2023-07-20", 0],
    ["T1-2023-01-2", "青石镇", "T1-2023-01", "建台账", "清河县教育局", "2023-07-05",
     "2023-08-01", "", 2],
    ["T1-2023-03-1", "青石镇", "T1-2023-03", "补公示", "青石镇", "2023-09-20", "2023-12-01",
     "", 0],
]  # fmt: skip


@pytest.fixture
def pack():
    return pack_named("annual-duty")


@pytest.fixture
def workbook(tmp_path):
    file = tmp_path / "T1.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        for name, rows in (("会议", MEETINGS), ("交办事项", ACTIONS)):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return file


@pytest.fixture
def sent(workbook, pack, people):
    """The workbook as the engine reads it."""
    ledgers = pipeline.read_sent(
        workbook, pack, current_tree(), file="T1.xlsx", unit="T1", period=Q3
    )
    assert not ledgers.problems
    return ledgers


@pytest.fixture
def in_round(sent, pack, people):
    """The same rows accepted in a round, as far as they happened before a day."""
    round_ = Round.objects.create(
        title="三季度", pack=pack.name, pack_version=pack.version, period="2023-Q3",
        tables=["meetings", "actions"], due_on=date(2023, 10, 10), state=RoundState.CLOSED,
        seed="seed",
    )  # fmt: skip

    def put(before: date = date(2024, 1, 1)) -> None:
        for name in ("meetings", "actions"):
            table = pack.tables[name]
            answer = Return.objects.create(
                round=round_, table=name, unit_id="T1", period="2023-Q3",
                due_on=round_.due_on, first_due_on=round_.due_on, answer=Answer.ROWS,
            )  # fmt: skip
            rows = [
                row
                for row in pipeline.json_rows(table, sent.tables[name])
                if row[table.date_column.name] < before.isoformat()
            ]
            put_records(by=people["clerk1"], answer=answer, rows=rows, origin=Origin.WORKBOOK)
            answer.records.update(state=RecordState.ACCEPTED)
            Return.objects.filter(pk=answer.pk).update(state=ReturnState.ACCEPTED)

    return put


@pytest.fixture
def kept(people):
    """The same meetings kept here, by the acts of those who keep them."""
    clerk, head = people["clerk1"], people["head1"]

    def meet(day: date, kind: str, title: str):
        return call_meeting(by=clerk, unit="T1", held_on=day, kind=kind, title=title)

    def hold(meeting, by_head: bool, expected: int, attended: int):
        meeting.refresh_from_db()
        hold_meeting(
            by=clerk, meeting=meeting, version=meeting.version, held_on=meeting.held_on,
            chaired_by_head=by_head, expected=expected, attended=attended,
        )  # fmt: skip

    def decide(item, text: str, owner: str, due: date) -> Action:
        outcome = write_outcome(
            by=clerk, item=item, kind="action", text=text, assignment=Assignment(owner, due)
        )
        assert outcome.action
        return outcome.action

    july = meet(date(2023, 7, 5), "leading", "七月会")
    first = add_item(by=clerk, meeting=july, title="路灯")
    second = add_item(by=clerk, meeting=july, title="台账")
    write_outcome(by=clerk, item=first, kind="decision", text="同意修缮")
    lamp = decide(first, "修路灯", "T1V1", date(2023, 7, 31))
    decide(second, "建台账", "D1", date(2023, 8, 1))
    hold(july, True, 10, 9)
    lamp = report_done(
        by=clerk, action=lamp, version=lamp.version, done_on=date(2023, 7, 20), text="已修好"
    )
    close_action(by=head, action=lamp, version=lamp.version)
    august = meet(date(2023, 8, 10), "work", "八月会")
    item = add_item(by=clerk, meeting=august, title="通报")
    write_outcome(by=clerk, item=item, kind="information", text="已知悉")
    hold(august, False, 12, 12)
    september = meet(date(2023, 9, 20), "work", "九月会")
    item = add_item(by=clerk, meeting=september, title="公示")
    decide(item, "补公示", "T1", date(2023, 12, 1))
    hold(september, True, 8, 6)


def of_both(pack):
    """The indicators that are counted from meetings and actions, and those worked out of them."""
    direct = {
        each.name
        for each in pack.indicators.values()
        if each.measure and each.measure.table in ("meetings", "actions")
    }
    return [*direct, "items_done_rate", "meeting_attendance_rate", "meetings_reporting_rate"]


def counted(ledgers, pack, path, period, units=("T1", "C")):
    source = pipeline.Source(path, pack, ledgers, None)
    found = pipeline.figures(source, periods=[period], indicators=of_both(pack), units=units)
    return {
        (figure.indicator, figure.unit): (figure.value, figure.state, figure.records)
        for figure in found
    }


def feed(people, since, *tables):
    for table in tables or ("meetings", "actions"):
        keep_here(by=people["county"], unit="T1", pack="annual-duty", table=table, since=since)


def test_kept_here_or_by_workbook_the_figures_are_equal(sent, kept, people, pack, tmp_path):
    feed(people, date(2023, 7, 1))
    by_workbook = counted(sent, pack, tmp_path, Q3)
    assert by_workbook["meetings_held", "T1"][0] == 3
    assert by_workbook["actions_most_carried_over", "T1"][0] == 2
    assert counted(live_ledgers(pack), pack, tmp_path, Q3) == by_workbook


def test_without_the_switch_nothing_kept_here_counts(kept, pack, tmp_path):
    found = counted(live_ledgers(pack), pack, tmp_path, Q3)
    assert found["meetings_held", "T1"][0] in (None, 0)


@pytest.mark.parametrize("since", [date(2023, 8, 1), date(2023, 9, 1), date(2023, 9, 21)])
def test_switching_in_mid_quarter_doubles_nothing_and_loses_nothing(
    sent, in_round, kept, people, pack, tmp_path, since
):
    """Until the day by workbook, from it on here; in the database both have all they can have."""
    whole = counted(sent, pack, tmp_path, YEAR, units=("T1",))
    in_round(before=since)
    feed(people, since)
    mixed = counted(live_ledgers(pack), pack, tmp_path, YEAR, units=("T1",))
    values = {name: found[0] for (name, _), found in mixed.items() if "reporting" not in name}
    assert values == {name: found[0] for (name, _), found in whole.items() if name in values}
    assert mixed["meetings_held", "T1"][0] == 3


def test_the_switch_is_refused_where_it_would_lose_what_was_sent(in_round, kept, people):
    in_round()
    with pytest.raises(Refused, match="1"):
        feed(people, date(2023, 9, 1), "meetings")
    assert not Feed.objects.exists()
    feed(people, date(2023, 9, 21), "meetings")


def test_the_switch_is_refused_where_it_would_lose_what_is_kept_here(kept, people):
    feed(people, date(2023, 7, 1), "meetings")
    with pytest.raises(Refused):
        feed(people, date(2023, 8, 1), "meetings")
    with pytest.raises(Refused):
        ask_again(by=people["county"], feed=Feed.objects.get())
    feed(people, date(2023, 7, 5), "meetings")  # nothing lies between


def test_a_round_that_is_open_is_answered_first(people, pack):
    round_ = Round.objects.create(
        title="四季度", pack=pack.name, pack_version=pack.version, period="2023-Q4",
        tables=["meetings"], due_on=date(2024, 1, 10), state=RoundState.OPEN, seed="seed",
    )  # fmt: skip
    Return.objects.create(
        round=round_, table="meetings", unit_id="T1", period="2023-Q4", due_on=round_.due_on,
        first_due_on=round_.due_on,
    )  # fmt: skip
    with pytest.raises(Refused, match="2023-Q4"):
        feed(people, date(2023, 10, 1), "meetings")
    feed(people, date(2023, 10, 2), "meetings")  # the quarter is asked for its first day


def test_rounds_do_not_ask_what_is_kept_here(kept, people, pack):
    from workplace.rounds.asking import Known, askings

    feed(people, date(2023, 7, 1), "meetings")
    asked = askings(pack, current_tree(), Q3, ["meetings"])
    assert {each.unit: each.known for each in asked}["T1"] is Known.APP


def test_a_village_is_in_the_ledger_of_its_township(people, pack):
    clerk = people["clerk1"]
    for unit in ("T1V1", "T1"):
        meeting = call_meeting(
            by=clerk, unit=unit, held_on=date(2023, 7, 1), kind="work", title=unit
        )
        hold_meeting(
            by=clerk, meeting=meeting, version=1, held_on=date(2023, 7, 1), chaired_by_head=None
        )
    assert [row["unit"] for row in rows_of("meetings", ["T1"])] == ["T1V1", "T1"]
    assert list(rows_of("meetings", ["C"])) == []  # a township answers for itself
    assert len(list(rows_of("meetings", None))) == 2


def test_only_what_was_held_counts(call, people):
    call(0)
    assert list(rows_of("meetings", None)) == []


def test_a_withdrawn_action_leaves_the_ledger(kept, people):
    action = Action.objects.get(title="建台账")
    withdraw_action(by=people["clerk1"], action=action, version=action.version, reason="取消")
    assert {row["title"] for row in rows_of("actions", ["T1"])} == {"修路灯", "补公示"}
    july = next(iter(rows_of("meetings", ["T1"])))
    assert (july["items_decided"], july["items_done"]) == (2, 2)


def test_what_is_only_said_to_be_done_is_not(kept, people):
    action = Action.objects.get(title="建台账")
    report_done(
        by=people["clerk1"], action=action, version=action.version, done_on=date(2023, 8, 1),
        text="好了",
    )  # fmt: skip
    row = next(row for row in rows_of("actions", ["T1"]) if row["title"] == "建台账")
    assert row["done_on"] is None


def test_duties_are_a_row_a_part(people, pack, tmp_path):
    clerk = people["clerk1"]
    duty = set_out_duty(
        by=clerk, unit="T1", title="创建工作", assigned_on=date(2023, 2, 1), lead="T1",
        tier="head", assisting=["D1"],
    )  # fmt: skip
    lead = duty.parts.get(unit="T1")
    break_down(by=clerk, part=lead, version=1, posts=["文书岗"], tier="head")
    rows = {row["unit"]: row for row in rows_of("duties", None)}
    assert (rows["T1"]["part"], rows["T1"]["tier"], rows["T1"]["broken_down"]) == (
        "lead", "head", True,
    )  # fmt: skip
    assert (rows["D1"]["part"], rows["D1"]["tier"], rows["D1"]["broken_down"]) == (
        "assist", None, False,
    )  # fmt: skip
    feed(people, date(2023, 1, 1), "duties")
    ledger = live_ledgers(pack).tables["duties"]
    assert ledger["unit"].to_pylist() == ["T1"]  # D1 sends its own


def test_every_column_named_is_in_the_pack_that_ships(pack):
    for table, fed in FED.items():
        columns = {column.name for column in pack.tables[table].columns}
        assert set(fed.columns) <= columns
        required = {column.name for column in pack.tables[table].columns if column.required}
        assert required <= set(fed.columns)


def test_a_pack_without_the_table_gets_none_and_one_with_fewer_columns_those(kept, people, pack):
    feed(people, date(2023, 7, 1))
    fewer = {name: table for name, table in pack.tables.items() if name != "actions"}
    meetings = fewer["meetings"]
    left = tuple(column for column in meetings.columns if column.name != "attended")
    fewer["meetings"] = replace(meetings, columns=left)
    ledgers = live_ledgers(replace(pack, tables=fewer))
    assert "actions" not in ledgers.tables
    assert ledgers.tables["meetings"].num_rows == 3
    assert "attended" not in ledgers.tables["meetings"].schema.names
