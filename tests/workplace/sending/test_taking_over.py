"""The rows of a workbook become records: all or none, once, by whoever asked for it."""

from datetime import date

import pytest
from django.urls import reverse

from sending.sending_workbooks import BAD, DAY, GOOD, make_round, workbook
from workplace.accounts.models import Holding, Role
from workplace.approval.actions import sign
from workplace.events.models import Event
from workplace.jobs.worker import work_off
from workplace.records.models import Origin, Record, RecordState
from workplace.records.store import put_records
from workplace.rounds import states
from workplace.rounds.models import Answer, Return, ReturnState, RoundState
from workplace.rounds.refusals import Refused
from workplace.sending.mending import mend_row
from workplace.sending.models import ProblemRow, Upload, UploadState
from workplace.sending.uploads_taking import give_up_taking, take_upload

# More than are written at a time.
MANY = 1_100
NOTHING = [
    ["青石镇2023年第二季度阵地活动"],
    ["活动名称", "举办日期", "活动类型"],
    ["无", None, None],
]


def take(client, upload: Upload, **wish: str) -> Upload:
    client.post(reverse("sending:take", args=[upload.pk]), wish)
    work_off()
    upload.refresh_from_db()
    return upload


def test_rows_become_drafts_and_the_return_begins(send, client_of, answer, people):
    upload = take(client_of("clerk1"), send(workbook(GOOD)))
    assert upload.state == UploadState.TAKEN
    record = Record.objects.get()
    assert (record.state, record.origin, record.entered_by) == (
        RecordState.DRAFT, Origin.WORKBOOK, people["clerk1"],
    )  # fmt: skip
    assert (record.unit_id, record.answer, record.upload) == ("T1", answer, upload)
    assert len(record.data["lecturer"]) == 16, "a token, no name"
    answer.refresh_from_db()
    assert (answer.state, answer.answer) == (ReturnState.BEGUN, Answer.ROWS)
    event = Event.objects.get(action="sending.upload_taken")
    assert (event.facts["new"], event.unit_id) == (1, "T1")


def test_sent_again_rows_do_not_double(send, client_of):
    client = client_of("clerk1")
    take(client, send(workbook(GOOD)))
    take(client, send(workbook(GOOD, ["青石镇", DAY, "中心组学习", "第二次", 12, 11])))
    assert Record.objects.count() == 2
    assert Record.objects.order_by("pk").first().version == 1


def test_the_job_done_twice_comes_to_the_same(send, client_of):
    upload = take(client_of("clerk1"), send(workbook(GOOD)))
    take_upload.call(upload.pk)
    Upload.objects.update(state=UploadState.TAKING)
    take_upload.call(upload.pk)
    assert Record.objects.count() == 1
    assert Record.objects.get().version == 1


def test_nothing_is_taken_where_a_return_closes_meanwhile(send, client_of, answer, people):
    upload = send(workbook(GOOD))
    client_of("clerk1").post(reverse("sending:take", args=[upload.pk]))
    states.answer_nil(answer, by=people["clerk1"])
    work_off()
    upload.refresh_from_db()
    assert not Record.objects.exists()
    assert upload.state == UploadState.TAKEN, "there is nothing left that could be taken"


def test_a_round_that_closed_takes_nothing(send, client_of, round_):
    upload = send(workbook(GOOD))
    round_.state = RoundState.CLOSED
    round_.save()
    assert take(client_of("clerk1"), upload).state == UploadState.READ
    assert not Record.objects.exists()


def test_taking_that_fails_is_told_and_changes_nothing(send, client_of, monkeypatch):
    upload = send(workbook(GOOD))

    def fail(*args: object, **kwargs: object) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr("workplace.sending.uploads_taking.states.begin", fail)
    upload = take(client_of("clerk1"), upload)
    assert (upload.state, Record.objects.count()) == (UploadState.READ, 0)
    assert upload.message
    give_up_taking(upload.pk)
    assert Event.objects.filter(action="sending.upload_not_taken").count() == 1


def test_nothing_this_period_and_does_not_apply_are_answered(send, client_of, round_):
    upload = send(workbook(["不适用：本镇未设中心组", None], 阵地活动=NOTHING))
    said = {part["table"]: part for part in upload.plan["parts"]}
    assert said["activities"]["said"] == "nil"
    assert said["study_sessions"]["said"] == "not_applicable"
    assert "本镇未设中心组" in said["study_sessions"]["reason"]
    wish = {f"answer-{part['answer']}": "yes" for part in said.values()}
    take(client_of("clerk1"), upload, **wish)
    answers = {a.table: a for a in Return.objects.filter(unit="T1")}
    assert answers["activities"].answer == Answer.NIL
    assert answers["study_sessions"].answer == Answer.NOT_APPLICABLE
    assert {a.state for a in answers.values()} == {ReturnState.SENT}


def test_answers_not_ticked_are_left(send, client_of):
    take(client_of("clerk1"), send(workbook(GOOD, 阵地活动=NOTHING)))
    assert Return.objects.get(table="activities", unit="T1").state == ReturnState.ASKED


def test_returns_of_several_periods_get_the_rows_of_their_days(people, client_of):
    made = make_round(tables=["study_sessions"], units=["T1"], period="2023")
    made.returns.all().delete()
    for quarter in ("2023-Q1", "2023-Q2"):
        Return.objects.create(
            round=made, table="study_sessions", unit_id="T1", period=quarter,
            due_on=made.due_on, first_due_on=made.due_on,
        )  # fmt: skip
    client = client_of("clerk1")
    rows = [["青石镇", day, "中心组学习", day, 1, 1] for day in ("2023-02-01", "2023-05-01")]
    address = reverse("sending:upload", args=[made.pk, "T1"])
    client.post(address, {"files": workbook(*rows, ["青石镇", "2023-08-01", "讲座", "x", 1, 1])})
    work_off()
    upload = take(client, Upload.objects.get())
    assert {a.period: a.records.count() for a in Return.objects.all()} == {
        "2023-Q1": 1, "2023-Q2": 1,
    }  # fmt: skip
    assert upload.plan["left"] == [{"table": "study_sessions", "why": "period", "rows": 1}]


def test_many_rows(send, client_of):
    """Read, compared and taken over, then sent again with a few changes. `make bench-workplace`
    does the same with 20,000."""
    rows = [
        ["青石镇", f"2023-{4 + n % 3:02}-{1 + n % 28:02}", "中心组学习", f"第{n}次", 12, n % 13]
        for n in range(MANY)
    ]
    upload = send(workbook(*rows))
    assert upload.account[0]["kept"] == MANY
    client = client_of("clerk1")
    take(client, upload)
    assert Record.objects.count() == MANY
    for row in rows[:100]:
        row[4] = 13
    again = send(workbook(*rows))
    (part,) = again.plan["parts"]
    assert (part["changed"], part["same"], part["new"]) == (100, MANY - 100, 0)
    take(client, again)
    assert Record.objects.count() == MANY
    assert Record.objects.filter(version=2).count() == 100
    bad = send(workbook(*[[*row[:4], 12, "若干"] for row in rows]))
    assert ProblemRow.objects.filter(upload=bad).count() == MANY
    page = client.get(reverse("sending:uploaded", args=[bad.pk]))
    assert len(page.content) < 500_000, "a page shows some of the problems, not all"


def test_nobody_signs_what_he_sent_in_a_workbook_that_another_took_over(
    send, client_of, answer, people
):
    Holding.objects.create(
        user=people["head1"], role=Role.objects.get(code="clerk"), unit_id="T1",
        valid_from=date(2015, 1, 1),
    )  # fmt: skip
    upload = send(workbook(GOOD))
    Upload.objects.update(sent_by=people["head1"])
    take(client_of("clerk1"), upload)
    answer.refresh_from_db()
    states.send(answer, by=people["clerk1"])
    assert Record.objects.get().entered_by == people["clerk1"]
    with pytest.raises(Refused, match="本人"):
        sign(by=people["head1"], answer=answer, version=answer.version)


def test_nobody_signs_where_he_mended_a_cell(send, client_of, answer, people):
    upload = send(workbook(GOOD, BAD))
    row = ProblemRow.objects.get()
    mend_row(by=people["head1"], row=row, texts={"held_on": "4月30日", "attended": "10"})
    work_off()
    take(client_of("clerk1"), upload)
    answer.refresh_from_db()
    states.send(answer, by=people["clerk1"])
    assert answer.records.count() == 2
    with pytest.raises(Refused, match="本人"):
        sign(by=people["head1"], answer=answer, version=answer.version)


def test_no_more_is_withdrawn_than_was_shown(send, client_of, answer, people):
    """A colleague adds a record by the form between the look at the comparison and the deed."""
    client = client_of("clerk1")
    take(client, send(workbook(GOOD)))
    upload = send(workbook(["青石镇", DAY, "中心组学习", "第二次", 12, 11]))
    assert upload.plan["parts"][0]["missing"] == 1
    told = Record.objects.get()
    put_records(
        by=people["clerk1"], answer=answer, origin=Origin.FORM,
        rows=[{**told.data, "_id": "by-form", "topic": "表单补录"}],
    )  # fmt: skip
    wish = {f"missing-{answer.pk}": "withdraw"}
    upload = take(client, upload, **wish)
    assert (upload.state, upload.plan["parts"][0]["missing"]) == (UploadState.READ, 2)
    assert not Record.objects.filter(state=RecordState.WITHDRAWN).exists()
    assert take(client, upload, **wish).state == UploadState.TAKEN
    assert Record.objects.filter(state=RecordState.WITHDRAWN).count() == 2
