"""Punctuality and the register of receipts."""

import csv
import io
from datetime import timedelta
from hashlib import sha256

from django.urls import reverse
from django.utils import timezone

from shuzhi.ledgers.receipts import read_receipts
from shuzhi.ledgers.unit_names import UnitNames
from shuzhi.ledgers.workbooks import read_workbook
from workplace.events.models import Event
from workplace.rounds import states
from workplace.rounds.models import Return
from workplace.rounds.reports import punctuality
from workplace.sending.models import Upload
from workplace.units.tree import current_tree, today


def _some_came_in(people, round_) -> None:
    for answer in round_.returns.filter(unit="T1"):
        states.answer_nil(answer, by=people["clerk1"])
    late = round_.returns.get(unit="T2", table="meetings")
    states.answer_nil(late, by=people["clerk2"])
    day = today() - timedelta(days=2)
    Return.objects.filter(unit="T2").update(due_on=day, first_due_on=day)


def test_each_unit_by_how_its_returns_came_in(people, round_):
    _some_came_in(people, round_)
    rows = {row.unit: row for row in punctuality(Return.objects.filter(round=round_))}
    assert list(rows) == ["C", "D1", "T1", "T2"]
    assert (rows["T1"].on_time, rows["T1"].late, rows["T1"].silent) == (2, 0, 0)
    assert (rows["T2"].on_time, rows["T2"].late, rows["T2"].silent) == (0, 1, 1)
    assert (rows["D1"].waiting, str(rows["D1"].band)) == (2, "尚未到期")
    assert str(rows["T1"].band) == "全部按时"


def test_it_is_shown_and_exported_as_far_as_one_may_see(
    client_of, people, round_, tmp_path, django_assert_max_num_queries
):
    _some_came_in(people, round_)
    county, address = client_of("county"), reverse("rounds:punctuality", args=[round_.pk])
    with django_assert_max_num_queries(14):
        page = county.get(address)
    assert len(page.context["rows"]) == 4
    assert [row.unit for row in client_of("clerk1").get(address).context["rows"]] == ["T1"]
    assert client_of("nobody").get(address).status_code == 404
    file = client_of("clerk1").get(reverse("rounds:punctuality_workbook", args=[round_.pk]))
    (tmp_path / "punctuality.xlsx").write_bytes(file.content)
    rows = read_workbook(tmp_path / "punctuality.xlsx")[0].rows
    assert rows[3][:6] == ["T1", "青石镇", 2, 2, 0, 0]
    assert len(rows) == 4
    assert Event.objects.filter(action="rounds.report_exported").count() == 1
    workbook = reverse("rounds:punctuality_workbook", args=[round_.pk])
    assert client_of("inspector").get(workbook).status_code == 404  # looks, exports nothing
    assert client_of("nobody").get(workbook).status_code == 404


def _upload(people, round_, unit: str, name: str, days: int) -> None:
    Upload.objects.create(
        round=round_, unit_id=unit, file_name=name, stored_as="x", size=1, state="taken",
        sha256=sha256(f"{unit}{name}".encode()).hexdigest(), sent_by=people["clerk1"],
        received_at=timezone.now() - timedelta(days=days),
    )  # fmt: skip


def test_the_engine_reads_the_same_receipts(client_of, people, round_, tmp_path):
    _some_came_in(people, round_)
    _upload(people, round_, "T1", "三季度=报表.xlsx", 3)
    _upload(people, round_, "T2", "会议.xlsx", 1)
    _upload(people, round_, "T1", "会议.xlsx", 2)
    file = client_of("county").get(reverse("rounds:receipts", args=[round_.pk]))
    (tmp_path / "receipts.csv").write_bytes(file.content)
    receipts, problems = read_receipts(tmp_path, UnitNames(current_tree(), {}), "zh")
    assert problems == []
    found = receipts.of("三季度=报表.xlsx")
    assert (found.unit, found.period.name) == ("T1", "2023-Q3")
    assert found.received_on == (today() - timedelta(days=3)).isoformat()
    theirs = Upload.objects.get(unit="T2")
    assert receipts.of(f"{theirs.pk}/会议.xlsx").unit == "T2"


def test_receipts_are_of_what_one_may_export(client_of, people, round_):
    _upload(people, round_, "T2", "secret.xlsx", 1)
    address = reverse("rounds:receipts", args=[round_.pk])
    assert b"secret" not in client_of("clerk1").get(address).content
    assert b"secret" in client_of("county").get(address).content
    assert client_of("nobody").get(address).status_code == 404


def test_the_register_of_receipts_cannot_calculate(client_of, people, round_):
    """A file may be called by any name, and the register is opened in a spreadsheet."""
    _upload(people, round_, "T1", '=HYPERLINK("x").xlsx', 1)
    _upload(people, round_, "T1", "＝cmd.xlsx", 1)
    answer = client_of("county").get(reverse("rounds:receipts", args=[round_.pk]))
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {line[0] for line in lines[1:] if line[0]} == {'\'=HYPERLINK("x").xlsx', "'＝cmd.xlsx"}
