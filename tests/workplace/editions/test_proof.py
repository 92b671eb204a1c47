"""The proof of a number: down to the rows, pages of them, and who may not see it."""

import io
import zipfile

import pytest
from made_figures import have_preview

from workplace.editions import proofs
from workplace.events.models import Event
from workplace.records.models import Record


@pytest.fixture
def preview(people):
    return have_preview(people["county"])


def test_it_goes_down_to_the_row_of_the_file(preview, client_of):
    """As many rows as the figure counts, each with its file, sheet and row, and its own page."""
    page = client_of("clerk1").get("/figures/unit/T1/proof/meetings_held/2023/")
    rows = page.context["proof"].rows
    assert len(rows) == page.context["figure"].value == 3
    assert {(row.file, row.sheet) for row in rows} == {("T1.xlsx", "会议")}
    assert {row.record for row in rows} == set(
        Record.objects.filter(unit="T1").values_list("pk", flat=True)
    )
    text = page.content.decode()
    for row in rows:
        assert f"/records/{row.record}/" in text


def test_a_rate_goes_down_through_its_parts(preview, client_of):
    """Each part that is a figure leads to its own page; a rate of returns to the returns."""
    client = client_of("auditor")
    page = client.get("/figures/unit/C/proof/meetings_reporting_rate/2023-Q3/")
    (step,) = page.context["proof"].steps
    assert step.url_args is None
    below = client.get(f"/figures/unit/C/proof/meetings_reporting_rate/2023-Q3/?at={step.at}")
    returns = below.context["proof"].rows
    assert {row.unit for row in returns if row.counted == "1"} == {"青石镇", "白沙镇"}
    assert (
        client.get("/figures/unit/C/proof/meetings_reporting_rate/2023-Q3/?at=7").status_code == 404
    )
    assert (
        client.get("/figures/unit/C/proof/meetings_reporting_rate/2023-Q3/?at=x").status_code == 404
    )


def test_many_rows_come_in_pages(preview, client_of, monkeypatch):
    """And a figure of very many is read as columns: the same rows."""
    monkeypatch.setattr(proofs, "ON_A_PAGE", 2)
    address = "/figures/unit/T1/proof/meetings_held/2023/?page=2"
    made = client_of("clerk1").get(address).context["proof"]
    assert [row.key for row in made.rows] == ["T1-3"]
    monkeypatch.setattr(proofs, "AS_COLUMNS", 1)
    read = client_of("clerk1").get(address).context["proof"]
    assert [(r.key, r.file, r.row, r.record) for r in read.rows] == [
        (r.key, r.file, r.row, r.record) for r in made.rows
    ]


def test_strangers_find_no_such_page(preview, client_of):
    """A figure of a unit opens for those who may see the unit."""
    for name in ("clerk2", "head2", "nobody"):
        for end in ("", "export"):
            address = f"/figures/unit/T1/proof/meetings_held/2023/{end}"
            assert client_of(name).get(address).status_code == 404
    assert client_of("head1").get("/figures/unit/T1/proof/nonsense/2023/").status_code == 404
    assert client_of("head1").get("/figures/unit/C/proof/meetings_held/2023/").status_code == 404


def test_as_a_workbook_on_the_record(preview, people, client_of):
    """Strings stay strings; whoever may only look takes nothing out."""
    address = "/figures/unit/T1/proof/meetings_held/2023/export"
    assert client_of("inspector").get(address).status_code == 404
    answer = client_of("clerk1").get(address)
    sheets = zipfile.ZipFile(io.BytesIO(answer.content))
    assert b"<f>" not in sheets.read("xl/worksheets/sheet1.xml")
    event = Event.objects.get(action="editions.proof_exported")
    assert (event.by, event.unit_id) == (people["clerk1"], "T1")
    assert event.facts["figure"] == "meetings_held.T1.2023"


def test_a_row_that_is_being_mended_has_no_page_for_those_above(preview, client_of):
    """Its draft is none of theirs: a link to it would answer that there is no such page."""
    draft = Record.objects.filter(unit="T1").first()
    Record.objects.filter(pk=draft.pk).update(state="draft")
    address = "/figures/unit/T1/proof/meetings_held/2023/"
    for name, has_page in (("inspector", False), ("clerk1", True)):
        client = client_of(name)
        rows = client.get(address).context["proof"].rows
        assert (draft.pk in {row.record for row in rows}) is has_page
        for row in filter(None, (row.record for row in rows)):
            assert client.get(f"/records/{row}/").status_code == 200
