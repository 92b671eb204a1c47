"""Cells put right on the page: by the reader's rules, at once, on record, the file untouched."""

from django.core.files.storage import default_storage
from django.urls import reverse

from sending.sending_workbooks import BAD, DAY, GOOD, workbook
from shuzhi.ledgers.workbooks import read_workbook
from workplace.events.models import Event
from workplace.jobs.worker import work_off
from workplace.records.models import Record
from workplace.sending.models import Mend, ProblemRow, RowState, Upload, UploadState


def mend(client, row: ProblemRow, htmx: bool = True, **texts: str):
    data = {f"r{row.pk}-{name}": text for name, text in texts.items()}
    headers = {"HX-Request": "true"} if htmx else {}
    address = reverse("sending:mend", args=[row.upload_id, row.pk])
    return client.post(address, data, headers=headers)


def test_two_cells_are_mended_and_the_row_counts(send, client_of):
    upload = send(workbook(GOOD, BAD))
    client, row = client_of("clerk1"), ProblemRow.objects.get()
    with default_storage.open(upload.stored_as) as stored:
        before = stored.read()

    part = mend(client, row, held_on="4月30日", attended="若干")
    row.refresh_from_db()
    assert (row.state, [p["cell"] for p in row.problems]) == (RowState.REFUSED, ["F4"])
    assert "F4" in part.content.decode()

    part = mend(client, row, held_on="4月30日", attended="10")
    row.refresh_from_db()
    assert (row.state, row.problems) == (RowState.MENDED, [])
    assert "4月30日" in part.content.decode()
    assert [(m.cell, m.before, m.after, m.by.username) for m in Mend.objects.all()] == [
        ("B4", "三十号左右", "4月30日", "clerk1"),
        ("F4", "若干", "10", "clerk1"),
    ]
    assert Event.objects.filter(action="sending.row_mended").count() == 2

    work_off()
    upload.refresh_from_db()
    assert (upload.account[0]["kept"], upload.account[0]["refused"]) == (2, 0)
    assert upload.plan["parts"][0]["new"] == 2
    row.refresh_from_db()
    assert row.state == RowState.MENDED, "it stays to be seen"
    with default_storage.open(upload.stored_as) as stored:
        assert stored.read() == before


def test_a_wrong_correction_is_told_at_once(send, client_of):
    send(workbook(BAD))
    row = ProblemRow.objects.get()
    part = mend(client_of("clerk1"), row, held_on="31号前后", attended="-4").content.decode()
    row.refresh_from_db()
    assert row.state == RowState.REFUSED
    assert "31号前后" in part
    assert {p["code"] for p in row.problems} == {"not_a_date", "out_of_range"}


def test_without_scripts_the_page_comes_back_at_the_row(send, client_of):
    send(workbook(BAD))
    row = ProblemRow.objects.get()
    answer = mend(client_of("clerk1"), row, htmx=False, held_on="2023-04-30", attended="3")
    assert answer.url.endswith(f"#row-{row.pk}")
    row.refresh_from_db()
    assert row.state == RowState.MENDED


def test_what_did_not_change_is_no_mend(send, client_of):
    send(workbook(BAD))
    row = ProblemRow.objects.get()
    mend(client_of("clerk1"), row, held_on="三十号左右", attended="若干")
    assert not Mend.objects.exists()
    assert not Event.objects.filter(action="sending.row_mended").exists()


def test_only_doubtful_cells_of_ones_own_upload(send, client_of):
    upload = send(workbook(BAD))
    row = ProblemRow.objects.get()
    mend(client_of("clerk1"), row, title="另一个题目")
    assert not Mend.objects.exists()
    other = reverse("sending:mend", args=[upload.pk + 1, row.pk])
    assert client_of("clerk1").post(other).status_code == 404


def test_a_notice_and_a_wrong_total_are_mended_too(send, client_of):
    rows = [
        ["青石镇", "2023年5月", "中心组学习", "读书会", 12, 10],
        ["合计", None, None, None, 13, 10],
    ]
    upload = send(workbook(*rows))
    notice, total = ProblemRow.objects.order_by("row")
    assert (notice.state, total.state) == (RowState.NOTICE, RowState.NOTICE)
    client = client_of("clerk1")
    mend(client, notice, held_on="2023-05-04")
    mend(client, total, expected="12")
    work_off()
    assert {row.state for row in ProblemRow.objects.all()} == {RowState.MENDED}
    assert not any(row.problems for row in ProblemRow.objects.all())
    upload.refresh_from_db()
    assert upload.plan["parts"][0]["new"] == 1


def test_taking_over_waits_for_what_was_mended(send, client_of):
    upload = send(workbook(BAD))
    row = ProblemRow.objects.get()
    client = client_of("clerk1")
    mend(client, row, held_on="2023-04-30", attended="3")
    page = client.get(reverse("sending:uploaded", args=[upload.pk])).content.decode()
    assert "every 2s" in page
    client.post(reverse("sending:take", args=[upload.pk]))
    upload.refresh_from_db()
    assert upload.state == UploadState.READ
    work_off()
    client.post(reverse("sending:take", args=[upload.pk]))
    work_off()
    record = Record.objects.get()
    assert (record.data["attended"], record.data["held_on"]) == (3, "2023-04-30")
    assert (record.sheet, record.row, record.file_name) == ("学习", 3, "学习.xlsx")


def test_mended_names_are_forgotten_and_stay_tokens(send, client_of):
    upload = send(workbook(["青石镇", DAY, "中心组学习", "读书会", 12, "若干", "#REF!"]))
    row = ProblemRow.objects.get()
    client = client_of("clerk1")
    page = mend(client, row, attended="3", lecturer="王丙").content.decode()
    assert "王丙" not in page
    work_off()
    client.post(reverse("sending:take", args=[upload.pk]))
    work_off()
    assert Record.objects.count() == 1
    assert "王丙" not in str(list(Mend.objects.values_list("before", "after")))
    assert len(Record.objects.get().data["lecturer"]) == 16


def test_the_mended_workbook_can_be_fetched_and_sent_elsewhere(send, client_of, tmp_path):
    upload = send(workbook(BAD))
    row = ProblemRow.objects.get()
    client = client_of("clerk1")
    mend(client, row, held_on="2023-04-30", attended="3")
    path = tmp_path / "mended.xlsx"
    path.write_bytes(client.get(reverse("sending:upload_file", args=[upload.pk, "mended"])).content)
    sheet = read_workbook(path)[-1]
    assert sheet.rows[2][1:6] == ["2023-04-30", "中心组学习", "又一次读书会", 12.0, "3"]


def test_nothing_is_mended_once_it_is_taken(send, client_of):
    upload = send(workbook(GOOD, BAD))
    row = ProblemRow.objects.get()
    Upload.objects.filter(pk=upload.pk).update(state=UploadState.TAKEN)
    mend(client_of("clerk1"), row, attended="3")
    assert not Mend.objects.exists()
