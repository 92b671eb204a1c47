"""One workbook with 20,000 rows: dropped, read, compared, taken over, sent again."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from measure import Page, measure, signed_in

from workplace.accounts.models import User
from workplace.jobs.worker import work_off
from workplace.records.models import Record
from workplace.rounds.models import ReturnState, Round
from workplace.sending.models import Upload, UploadState
from workplace.units.tree import current_tree, today

_TITLE = ["2023年第四季度学习台账"]
_HEADER = ["学习单位", "学习日期", "学习形式", "学习主题", "应到人数", "实到人数", "主讲人"]


def send_large(user: User, round_: Round, unit: str, rows: int) -> None:
    """Print the seconds of each step; the pages while and after it."""
    _let_write(round_, unit)
    client, name = signed_in(user), current_tree().name(unit, today())
    lines = [_line(name, number) for number in range(rows)]
    upload = _drop(client, round_, unit, lines, f"{rows:,} rows stored and read")
    assert sum(part["kept"] for part in upload.account) == rows
    measure(_page("the upload's page", upload), user)
    _take(client, upload, f"{rows:,} rows taken over")
    assert Record.objects.filter(upload=upload).count() == rows
    for line in lines[:100]:
        line[4] = 13
    again = _drop(client, round_, unit, lines, "sent again: read and compared")
    measure(_page("the page of what was sent again", again), user)
    _take(client, again, "taken over, 100 of them changed")
    bad = _drop(client, round_, unit, [[*row[:5], "若干"] for row in lines], "as many problems")
    measure(_page(f"a page of {rows:,} problems", bad), user)
    listed = reverse("sending:upload", args=[round_.pk, unit])
    measure(Page("uploads list", user.username, listed, 100), user)


def _let_write(round_: Round, unit: str) -> None:
    asked = round_.returns.filter(unit=unit, table="study_sessions")
    asked.update(state=ReturnState.ASKED, step=0, step_unit=None)


def _page(what: str, upload: Upload) -> Page:
    return Page(what, "clerk", reverse("sending:uploaded", args=[upload.pk]), 500)


def _drop(client: Client, round_: Round, unit: str, lines: list[list[Any]], what: str) -> Upload:
    address, file = reverse("sending:upload", args=[round_.pk, unit]), _workbook(lines)
    with _timed(what):
        assert client.post(address, {"files": file}).status_code == 302
        work_off()
    upload = Upload.objects.latest("pk")
    assert upload.state == UploadState.READ, upload.message
    return upload


def _take(client: Client, upload: Upload, what: str) -> None:
    with _timed(what):
        client.post(reverse("sending:take", args=[upload.pk]))
        work_off()
    upload.refresh_from_db()
    assert upload.state == UploadState.TAKEN, upload.message


def _line(unit: str, number: int) -> list[Any]:
    day = f"2023-{10 + number % 3}-{1 + number % 28:02}"
    return [unit, day, "中心组学习", f"第{number}次", 12, number % 13, "王甲"]


def _workbook(lines: list[list[Any]]) -> SimpleUploadedFile:
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("学习")
    for number, line in enumerate([_TITLE, _HEADER, *lines]):
        sheet.write_row(number, 0, line)
    book.close()
    return SimpleUploadedFile("学习.xlsx", content.getvalue())


@contextmanager
def _timed(what: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    print(f"{what:<56} {time.perf_counter() - began:7.1f} s", flush=True)
