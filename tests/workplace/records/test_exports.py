"""Records taken out of the program."""

import csv
import zipfile
from io import BytesIO, StringIO
from urllib.parse import unquote

import pytest
from python_calamine import CalamineWorkbook

from made_returns import make_return
from workplace.events.models import Event
from workplace.records.models import Origin, Record
from workplace.records.store import put_records

URL = "/records/export/"
ROW = {
    "_id": "A-1", "activity_no": "A-1", "unit": "T1", "held_on": "2023-09-03",
    "title": "=HYPERLINK(1)", "kind": "lecture", "heads": 32, "volunteer_hours": "2.5",
}  # fmt: skip


@pytest.fixture
def filled(asked, people):
    put_records(by=people["clerk1"], answer=asked, rows=[ROW], origin=Origin.WORKBOOK)
    other = make_return(asked.round, "T2")
    foreign = {**ROW, "unit": "T2", "title": "乙的活动"}
    put_records(by=people["clerk2"], answer=other, rows=[foreign], origin=Origin.FORM)
    return asked


def export(client, kind, query="table=annual-duty:activities"):
    return client.post(f"{URL}?{query}", {"format": kind})


def test_a_workbook_holds_what_may_be_seen_and_nothing_alive(filled, client_of, people):
    answered = export(client_of("clerk1"), "xlsx")
    sheet = CalamineWorkbook.from_filelike(BytesIO(answered.content)).get_sheet_by_index(0)
    header, *rows = sheet.to_python()
    [row] = rows
    assert row[header.index("活动名称")] == "=HYPERLINK(1)"
    assert row[header.index("参加人数")] == 32
    assert row[header.index("志愿服务时长")] == 2.5
    assert str(row[header.index("举办日期")]) == "2023-09-03"
    with zipfile.ZipFile(BytesIO(answered.content)) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist())
    event = Event.objects.get(action="records.exported")
    assert (event.by, event.facts["count"]) == (people["clerk1"], 1)


def test_a_text_file_cannot_calculate_either(filled, client_of):
    text = export(client_of("clerk1"), "csv").content.decode("utf-8-sig")
    header, row = csv.reader(StringIO(text))
    assert row[header.index("活动名称")] == "'=HYPERLINK(1)"
    assert row[header.index("参加人数")] == "32"


def test_persons_are_exported_as_counts(filled, client_of):
    data = {"unit": "T1", "held_on": "2023-09-03", "lecturer": "0123456789abcdef"}
    Record.objects.filter(unit="T1").update(table="study_sessions", data=data)
    query = "table=annual-duty:study_sessions"
    text = export(client_of("clerk1"), "csv", query).content.decode("utf-8-sig")
    assert "0123456789abcdef" not in text
    header, row = csv.reader(StringIO(text))
    assert row[header.index("主讲人")] == "1"


def test_nobody_exports_without_the_right(filled, client_of):
    for name in ("inspector", "nobody"):
        assert export(client_of(name), "xlsx").status_code == 404
    assert export(client_of("clerk1"), "xlsx", "unit=T2").status_code == 404
    assert b"PK" in export(client_of("auditor"), "xlsx").content
    assert not Event.objects.filter(action="records.exported", by__username="nobody").exists()


def test_too_many_are_said_so(filled, client_of, monkeypatch):
    monkeypatch.setattr("workplace.records.export_views.MOST_ROWS", 0)
    assert export(client_of("clerk1"), "xlsx").url.startswith("/records/")
    assert not Event.objects.filter(action="records.exported").exists()


def test_an_export_asks_little_of_the_database(filled, client_of, django_assert_max_num_queries):
    client = client_of("clerk1")
    with django_assert_max_num_queries(22):
        export(client, "xlsx")


def test_what_was_searched_for_is_not_put_on_record(filled, client_of):
    """It may be somebody's name, and an event is never removed."""
    export(client_of("clerk1"), "xlsx", "q=王小明&unit=T1")
    facts = Event.objects.get(action="records.exported").facts
    assert "王小明" not in unquote(str(facts))
    assert (facts["searched"], facts["wanted"]) == (True, "unit=T1")
