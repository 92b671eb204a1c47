"""The page of one workbook: the account of its rows, its problems, what it would change."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse

from sending.sending_workbooks import BAD, DAY, GOOD, workbook
from shuzhi.ledgers.workbooks import read_workbook
from workplace.events.models import Event
from workplace.records.models import Record, RecordState
from workplace.rounds import states
from workplace.sending.models import ProblemRow, RowState, Upload, UploadState
from workplace.sending.reading import give_up_reading


def address(upload: Upload, name: str = "uploaded", *more: object) -> str:
    return reverse(f"sending:{name}", args=[upload.pk, *more])


def test_every_row_is_accounted_for_and_problems_stand_at_their_cells(send, client_of):
    upload = send(workbook(GOOD, BAD, ["合计", None, None, None, 24, 11]))
    (line,) = upload.account
    assert line["read"] == line["kept"] + line["refused"] + line["recognised"]
    assert (line["kept"], line["refused"]) == (1, 1)
    row = ProblemRow.objects.get(state=RowState.REFUSED)
    assert {problem["cell"] for problem in row.problems} == {"B4", "F4"}
    page = client_of("clerk1").get(address(upload)).content.decode()
    for text in ("B4", "F4", "三十号左右", "若干", "学习日期"):
        assert text in page


def test_names_of_persons_are_neither_shown_nor_kept(send, client_of):
    upload = send(workbook(GOOD, BAD))
    assert "王乙" not in client_of("clerk1").get(address(upload)).content.decode()
    kept = [upload.plan, upload.problems, *ProblemRow.objects.values_list("values", flat=True)]
    assert "王" not in str(kept)


def test_rows_that_nobody_asked_for_are_shown_and_left(send, client_of):
    other_table = [["活动名称", "活动日期", "参加人数"], ["植树", DAY, 30]]
    early = ["青石镇", "2023-01-05", "中心组学习", "早了", 1, 1]
    foreign = ["沙头村", DAY, "中心组学习", "别人的", 1, 1]
    duties = [["责任事项", "牵头单位", "下达日期"], ["迎检", "青石镇", DAY]]
    upload = send(workbook(GOOD, early, foreign, 责任事项=duties, 阵地活动=other_table))
    left = {(each["table"], each["why"]): each["rows"] for each in upload.plan["left"]}
    assert left[("study_sessions", "period")] == 1
    assert left[("study_sessions", "unit")] == 1
    assert client_of("clerk1").get(address(upload)).status_code == 200


def test_a_return_that_was_sent_gets_nothing(send, answer, people, client_of):
    upload = send(workbook(GOOD))
    _take(client_of, upload)
    answer.refresh_from_db()
    states.send(answer, by=people["clerk1"])
    late = send(workbook(["青石镇", DAY, "中心组学习", "晚来的一次", 1, 1]))
    assert [(each["why"], each["rows"]) for each in late.plan["left"]] == [("closed", 1)]
    assert late.plan["parts"] == []


def test_what_became_of_what_was_taken_over(send, answer, people, client_of):
    upload = send(workbook(GOOD))
    _take(client_of, upload)
    review = reverse("sending:review", args=[answer.pk])
    assert review in client_of("clerk1").get(address(upload)).content.decode()
    answer.refresh_from_db()
    states.send(answer, by=people["clerk1"])
    page = client_of("clerk1").get(address(upload)).content.decode()
    assert review not in page
    assert reverse("sending:form", args=[answer.pk]) in page


def _take(client_of, upload: Upload, **wish: str) -> None:
    from workplace.jobs.worker import work_off

    assert client_of("clerk1").post(address(upload, "take"), wish).status_code == 302
    work_off()
    upload.refresh_from_db()


def test_comparison_counts_new_changed_same_and_missing(send, client_of):
    rows = [["青石镇", DAY, "中心组学习", f"第{number}次", 12, 10] for number in range(4)]
    _take(client_of, send(workbook(*rows)))
    assert Record.objects.count() == 4
    rows[0][5] = 9
    upload = send(workbook(*rows[:3], ["青石镇", DAY, "中心组学习", "新的一次", 12, 10]))
    (part,) = upload.plan["parts"]
    counts = part["new"], part["changed"], part["same"], part["missing"]
    assert counts == (1, 1, 2, 1)
    assert part["changes"][0]["columns"] == {"attended": [10, 9]}
    page = client_of("clerk1").get(address(upload)).content.decode()
    assert '<del class="was">10</del>' in page
    assert "第3次" in page

    _take(client_of, upload)
    assert Record.objects.exclude(state="withdrawn").count() == 5, "kept unless withdrawn"
    again = send(workbook(*rows[:3]))
    (part,) = again.plan["parts"]
    _take(client_of, again, **{f"missing-{part['answer']}": "withdraw"})
    assert Record.objects.exclude(state="withdrawn").count() == 3


def test_a_file_that_cannot_be_read_says_why(send, client_of):
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    file = workbook(GOOD, name="坏.xls")
    file.file = BytesIO(content)
    file.size = len(content)
    upload = send(file)
    assert upload.state == UploadState.REFUSED
    assert upload.message
    page = client_of("clerk1").get(address(upload)).content.decode()
    assert upload.message in page
    assert client_of("clerk1").post(address(upload, "read_again")).status_code == 302
    upload.refresh_from_db()
    assert upload.state == UploadState.WAITING


def test_reading_that_fails_is_told(send, client_of):
    upload = send(workbook(GOOD))
    give_up_reading(upload.pk)
    upload.refresh_from_db()
    assert upload.state == UploadState.REFUSED
    assert upload.message in client_of("clerk1").get(address(upload)).content.decode()


def test_set_aside_and_sent_anew(send, client_of):
    upload = send(workbook(GOOD))
    assert client_of("clerk1").post(address(upload, "set_aside")).status_code == 302
    upload.refresh_from_db()
    assert upload.state == UploadState.DROPPED
    assert client_of("clerk1").get(address(upload)).status_code == 200
    assert client_of("clerk1").post(address(upload, "take")).status_code == 302
    assert not Record.objects.exists()
    assert send(workbook(GOOD)).pk != upload.pk


@pytest.mark.parametrize("which", ["sent", "marked", "mended", "dotted"])
def test_files_come_back(send, client_of, which, tmp_path):
    upload = send(workbook(GOOD, BAD))
    answer = client_of("clerk1").get(address(upload, "upload_file", which))
    assert "attachment" in answer["Content-Disposition"]
    path = tmp_path / "back.xlsx"
    path.write_bytes(answer.content)
    sheet = read_workbook(path)[-1]
    assert sheet.rows[3][5] == "若干"
    assert sheet.rows[3][6] == ("●" if which == "dotted" else "王乙")
    fetched = Event.objects.filter(action="sending.file_fetched").count()
    assert fetched == (0 if which == "dotted" else 1)


def test_who_sees_what(send, client_of):
    upload = send(workbook(GOOD, BAD))
    for name in ("clerk2", "head2", "office2", "administrator", "nobody"):
        client = client_of(name)
        for page in ("uploaded", "progress", "comparison"):
            assert client.get(address(upload, page)).status_code == 404
        assert client.get(address(upload, "upload_file", "dotted")).status_code == 404
    head = client_of("head1")
    assert head.get(address(upload)).status_code == 200
    assert head.get(address(upload, "upload_file", "dotted")).status_code == 200
    assert head.get(address(upload, "upload_file", "sent")).status_code == 200
    assert client_of("clerk1").get(address(upload, "upload_file", "other")).status_code == 404


def test_those_who_only_look_on_see_a_workbook_once_rows_of_it_are_sent(send, client_of, people):
    upload = send(workbook(GOOD, BAD))
    for name in ("inspector", "auditor"):
        for page in ("uploaded", "progress", "comparison"):
            assert client_of(name).get(address(upload, page)).status_code == 404
        assert client_of(name).get(address(upload, "upload_file", "sent")).status_code == 404
    Record.objects.create(
        pack="annual-duty", table="study_sessions", unit_id="T1", key="a", upload=upload,
        state=RecordState.SENT,
    )  # fmt: skip
    for name in ("inspector", "auditor"):
        assert client_of(name).get(address(upload)).status_code == 200
        assert client_of(name).get(address(upload, "upload_file", "dotted")).status_code == 200
    assert client_of("inspector").get(address(upload, "upload_file", "sent")).status_code == 404
    assert client_of("auditor").get(address(upload, "upload_file", "sent")).status_code == 200


def test_who_may_act(send, client_of):
    upload = send(workbook(GOOD, BAD))
    row = ProblemRow.objects.get()
    for name in ("clerk2", "head1", "auditor", "inspector", "nobody"):
        client = client_of(name)
        for act in ("alias", "take", "set_aside", "read_again"):
            assert client.post(address(upload, act)).status_code == 404, (name, act)
        assert client.post(address(upload, "mend", row.pk)).status_code == 404
    upload.refresh_from_db()
    assert upload.state == UploadState.READ


def test_progress_polls_until_there_is_something_to_see(send, client_of):
    upload = send(workbook(GOOD))
    client = client_of("clerk1")
    Upload.objects.update(state=UploadState.READING, done=3, of=9)
    assert "every 1s" in client.get(address(upload, "progress")).content.decode()
    assert client.get(address(upload)).status_code == 200
    Upload.objects.update(state=UploadState.READ)
    assert client.get(address(upload, "progress"))["HX-Redirect"] == address(upload)


def test_filters_and_pages(send, client_of):
    bad = [["青石镇", DAY, "中心组学习", f"第{number}次", 12, "若干"] for number in range(45)]
    upload = send(workbook(GOOD, *bad, ["青石镇", "2023年5月", "中心组学习", "约数", 1, 1]))
    client = client_of("clerk1")
    first = client.get(address(upload)).content.decode()
    assert first.count('class="card problem-row"') == 20
    last = client.get(address(upload), {"page": 3}).content.decode()
    assert last.count('class="card problem-row"') == 6
    notices = client.get(address(upload), {"state": "notice"}).content.decode()
    assert notices.count('class="card problem-row"') == 1
    assert client.get(address(upload), {"sheet": "没有"}).status_code == 200


def test_queries(send, client_of, django_assert_max_num_queries):
    bad = [["青石镇", DAY, "中心组学习", f"第{number}次", 12, "若干"] for number in range(30)]
    upload = send(workbook(GOOD, *bad))
    client = client_of("clerk1")
    client.get(address(upload))
    with django_assert_max_num_queries(20):
        client.get(address(upload))


def test_english(send, client_of):
    upload = send(workbook(GOOD, BAD))
    client = client_of("clerk1")
    client.cookies["django_language"] = "en"
    assert "Take the rows over" in client.get(address(upload)).content.decode()


def test_problems_are_said_in_the_language_of_whoever_looks(send, client_of):
    """Sent in Chinese, read in English: message, remedy and choices."""
    odd = ["青石镇", DAY, "茶话会", "一次", 12, "若干"]
    page, client = address(send(workbook(odd, BAD))), client_of("clerk1")
    assert "“若干”不是一个数。" in client.get(page).content.decode()
    client.cookies["django_language"] = "en"
    english = client.get(page).content.decode()
    for text in ("若干 is not a number.", "Choose one of: Core-group study, Lecture"):
        assert text in english
    assert "选项之内" not in english and "不是一个数" not in english


def test_why_a_file_cannot_be_read_is_said_in_the_language_of_whoever_looks(send, client_of):
    file = workbook(GOOD, name="坏.xls")
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    file.file, file.size = BytesIO(content), len(content)
    page, client = address(send(file)), client_of("clerk1")
    assert "文件无法读取" in client.get(page).content.decode()
    client.cookies["django_language"] = "en"
    english = client.get(page).content.decode()
    assert "The file cannot be read" in english and "文件无法读取" not in english


def test_a_marked_workbook_speaks_of_pages_not_of_files_on_a_server(send, client_of, tmp_path):
    """An unknown unit is confirmed on the workbook's page; nobody here keeps an aliases.toml."""
    upload = send(workbook(["青石镇政府办", DAY, "中心组学习", "一次", 12, 11]))
    (tmp_path / "marked.xlsx").write_bytes(
        client_of("clerk1").get(address(upload, "upload_file", "marked")).content
    )
    with ZipFile(tmp_path / "marked.xlsx") as marked:
        texts = "".join(marked.read(name).decode("utf-8", "ignore") for name in marked.namelist())
    assert "aliases.toml" not in texts
    assert "在工作簿页面确认所指单位" in texts
