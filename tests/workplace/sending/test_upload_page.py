"""The page where workbooks are dropped: what is taken, what is not, and that nothing is lost."""

import errno
import hashlib
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from sending.sending_workbooks import BAD, GOOD, workbook
from workplace.events.models import Event
from workplace.jobs.worker import work_off
from workplace.rounds.models import RoundState
from workplace.sending import uploads_limits
from workplace.sending.models import Upload, UploadState


def address(round_: Any, unit: str = "T1") -> str:
    return reverse("sending:upload", args=[round_.pk, unit])


def test_a_workbook_is_stored_entered_and_read(client_of, round_):
    file = workbook(GOOD)
    content = file.read()
    file.seek(0)
    page = client_of("clerk1").post(address(round_), {"files": file})
    upload = Upload.objects.get()
    assert page.url == reverse("sending:uploaded", args=[upload.pk])
    assert upload.sha256 == hashlib.sha256(content).hexdigest()
    with default_storage.open(upload.stored_as) as stored:
        assert stored.read() == content
    assert upload.state == UploadState.WAITING
    assert Event.objects.filter(action="sending.upload_received", unit="T1").count() == 1
    assert work_off() == 1
    upload.refresh_from_db()
    assert (upload.state, upload.account[0]["kept"]) == (UploadState.READ, 1)


def test_several_at_once(client_of, round_):
    files = [workbook(GOOD, name="a.xlsx"), workbook(BAD, name="b.xlsx")]
    page = client_of("clerk1").post(address(round_), {"files": files})
    assert page.url == address(round_)
    assert sorted(Upload.objects.values_list("file_name", flat=True)) == ["a.xlsx", "b.xlsx"]


def test_the_same_file_is_told_and_not_read_twice(client_of, round_):
    client = client_of("clerk1")
    content = workbook(GOOD).read()
    client.post(address(round_), {"files": SimpleUploadedFile("a.xlsx", content)})
    work_off()
    page = client.post(
        address(round_), {"files": SimpleUploadedFile("b.xlsx", content)}, follow=True
    )
    assert "a.xlsx" in page.content.decode()
    assert (Upload.objects.count(), work_off()) == (1, 0)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("台账.docx", b"PK\x03\x04"),
        ("台账.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 60),
        ("台账.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 60),
        ("台账.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
        ("台账.xlsx", b""),
        ("台账", b"PK\x03\x04"),
    ],
)
def test_what_is_no_workbook_is_refused_with_a_sentence(client_of, round_, name, content):
    page = client_of("clerk1").post(address(round_), {"files": SimpleUploadedFile(name, content)})
    assert page.status_code == 400
    assert name in page.content.decode()
    assert not Upload.objects.exists()


def test_a_file_over_the_limit_is_dropped_while_it_comes_in(client_of, round_, monkeypatch):
    monkeypatch.setattr(uploads_limits, "MAX_FILE_BYTES", 70_000)
    large = SimpleUploadedFile("大.xlsx", b"PK\x03\x04" + b"x" * 200_000)
    page = client_of("clerk1").post(address(round_), {"files": [large, workbook(GOOD)]})
    assert page.status_code == 400
    assert "大.xlsx" in page.content.decode()
    assert Upload.objects.get().file_name == "学习.xlsx", "what can be taken is taken"


def test_text_in_gb18030_is_taken(client_of, round_):
    text = "学习单位,学习日期,学习形式,学习主题\n青石镇,2023-04-10,中心组学习,读书会\n"
    file = SimpleUploadedFile("学习台账.csv", text.encode("gb18030"))
    client_of("clerk1").post(address(round_), {"files": file})
    work_off()
    upload = Upload.objects.get()
    assert (upload.state, upload.account[0]["kept"]) == (UploadState.READ, 1)


def test_a_full_disk_is_a_sentence_and_leaves_no_row(client_of, round_, monkeypatch):
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("workplace.disk.os.fsync", full)
    page = client_of("clerk1").post(address(round_), {"files": workbook(GOOD, ["青石镇"])})
    assert page.status_code == 507
    assert not Upload.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_a_round_that_is_over_takes_nothing(client_of, round_):
    round_.state = RoundState.CLOSED
    round_.save()
    client = client_of("clerk1")
    assert client.get(address(round_)).status_code == 200
    assert client.post(address(round_), {"files": workbook(GOOD)}).status_code == 400
    assert not Upload.objects.exists()


def test_nothing_chosen(client_of, round_):
    assert client_of("clerk1").post(address(round_)).status_code == 400


def test_the_form_asks_for_its_token(people, round_):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["clerk1"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(address(round_), {"files": workbook(GOOD)}).status_code == 403
    assert not Upload.objects.exists()


def test_others_find_no_page(client_of, round_):
    for name in ("clerk2", "head1", "auditor", "administrator", "nobody"):
        client = client_of(name)
        assert client.get(address(round_)).status_code == 404
        assert client.post(address(round_), {"files": workbook(GOOD)}).status_code == 404
    assert client_of("").get(address(round_)).status_code == 302
    assert client_of("clerk1").get(address(round_, "D1")).status_code == 404
    assert not Upload.objects.exists()


def test_queries(client_of, round_, django_assert_max_num_queries):
    client = client_of("clerk1")
    for number in range(5):
        client.post(address(round_), {"files": workbook(GOOD, name=f"{number}.xlsx")})
    client.get(address(round_))
    with django_assert_max_num_queries(14):
        client.get(address(round_))


def test_the_day_of_a_file_sent_before_is_the_offices(client_of, round_):
    """At seven in the morning here it is still yesterday in Greenwich."""
    client, content = client_of("clerk1"), workbook(GOOD).read()
    file = SimpleUploadedFile("a.xlsx", content)
    client.post(address(round_), {"files": file})
    early = datetime(2023, 10, 5, 7, tzinfo=ZoneInfo("Asia/Shanghai"))
    Upload.objects.update(received_at=early)
    file.seek(0)
    page = client.post(address(round_), {"files": file}, follow=True).content.decode()
    assert "2023-10-05" in page
    assert "2023-10-04" not in page
