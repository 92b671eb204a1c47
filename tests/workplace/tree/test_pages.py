"""The tree's pages: looking at it, and changing it after a preview."""

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shuzhi.ledgers.safe_workbook import new_workbook, write_cell
from workplace.events.models import Event
from workplace.tree.models import TreeDraft
from workplace.units.tree import current_tree, tree_number

DAY = date(2024, 7, 1)
TREE = reverse("units:tree")


def _change(kind: str) -> str:
    return reverse("units:change", kwargs={"kind": kind})


def test_everybody_sees_the_own_part_of_the_tree(client_of):
    page = client_of("clerk1").get(TREE).content.decode()
    assert "青石镇" in page
    assert "白沙镇" not in page
    assert client_of("nobody").get(TREE).status_code == 404


def test_what_is_below_comes_when_asked_for(client_of):
    address = reverse("units:below", kwargs={"code": "C"})
    part = client_of("county").get(address).content.decode()
    assert "青石镇" in part
    assert "上坪村" not in part
    assert client_of("clerk1").get(address).status_code == 404


def test_search_finds_by_part_of_the_name_among_the_own_units(client_of):
    assert "上坪村" in client_of("clerk1").get(TREE, {"q": "坪"}).content.decode()
    assert "沙头村" not in client_of("clerk1").get(TREE, {"q": "沙头"}).content.decode()


def test_the_page_of_a_unit_shows_what_it_has_been(client_of, people):
    county = client_of("county")
    number = tree_number()
    county.post(
        _change("rename"),
        {"code": "T1", "name": "青石街道", "on": DAY, "do": "1", "number": number},
    )
    page = county.get(reverse("units:unit", kwargs={"code": "T1"})).content.decode()
    assert "青石街道" in page
    assert "2024-07-01" in page
    past = county.get(reverse("units:unit", kwargs={"code": "T1"}), {"day": "2024-06-30"})
    assert "<h1>青石镇</h1>" in past.content.decode()


def test_a_preview_does_nothing(client_of, people):
    answer = client_of("county").post(
        _change("merge"), {"codes": "白沙镇", "into": "T1", "on": DAY}
    )
    assert answer.status_code == 200
    assert current_tree().exists("T2", DAY)
    assert not Event.objects.filter(action="units.merged").exists()


def test_a_merger_is_done_once_and_on_record(client_of, people):
    asked = {"codes": "T2", "into": "T1", "on": DAY, "do": "1", "number": tree_number()}
    county = client_of("county")
    assert county.post(_change("merge"), asked).status_code == 302
    assert current_tree().heir("T2", DAY) == "T1"
    event = Event.objects.get(action="units.merged")
    assert (event.by, event.unit_id, event.facts["codes"]) == (people["county"], "T1", ["T2"])
    again = county.post(_change("rename"), {**asked, "code": "T1", "name": "新"})
    assert again.status_code == 200  # the tree has changed since the preview
    assert current_tree().name("T1", DAY) == "青石镇"


def test_a_circle_is_refused_with_the_engines_sentence(client_of):
    answer = client_of("county").post(_change("move"), {"code": "T1", "parent": "T1V1", "on": DAY})
    assert "stands under itself" in answer.content.decode()


def test_nobody_else_changes_the_tree(client_of):
    for name in ("office1", "head1", "administrator", "auditor", "nobody"):
        answer = client_of(name).post(_change("rename"), {"code": "T1", "name": "x", "on": DAY})
        assert answer.status_code == 404


_HEADER = (
    "单位代码", "单位全称", "层级", "上级代码", "启用日期", "停用日期", "承接单位代码",
)  # fmt: skip


def _workbook(folder: Path, *rows: tuple[str, ...]) -> SimpleUploadedFile:
    with new_workbook(folder / "tree.xlsx") as book:
        sheet = book.add_worksheet("单位")
        for number, row in enumerate((_HEADER, *rows)):
            for column, text in enumerate(row):
                write_cell(sheet, number, column, text)
    return SimpleUploadedFile("tree.xlsx", (folder / "tree.xlsx").read_bytes())


_KNOWN = (
    ("C", "清河县文明办", "county", "", "2015-01-01"),
    ("D1", "清河县教育局", "department", "C", "2015-01-01"),
    ("T1", "青石镇", "township", "C", "2015-01-01"),
    ("T1V1", "上坪村", "village", "T1", "2015-01-01"),
    ("T1V2", "下坪村", "village", "T1", "2015-01-01"),
    ("T2", "白沙镇", "township", "C", "2015-01-01"),
    ("T2V1", "沙头村", "village", "T2", "2015-01-01"),
)


def test_a_tree_is_taken_over_from_a_file_after_a_preview(client_of, tmp_path):
    county = client_of("county")
    file = _workbook(tmp_path, *_KNOWN, ("T3", "新镇", "township", "C", "2024-01-01"))
    answer = county.post(reverse("units:take_over"), {"file": file})
    draft = TreeDraft.objects.get()
    assert answer.url == reverse("units:draft", kwargs={"pk": draft.pk})
    assert "新镇" in county.get(answer.url).content.decode()
    assert "T3" not in current_tree().codes
    county.post(answer.url, {"number": tree_number()})
    assert current_tree().name("T3", DAY) == "新镇"
    assert Event.objects.filter(action="units.taken_over").exists()


def test_a_file_that_forgets_a_unit_is_refused(client_of, tmp_path):
    answer = client_of("county").post(
        reverse("units:take_over"), {"file": _workbook(tmp_path, *_KNOWN[:-1])}
    )
    assert "T2V1" in answer.content.decode()
    assert not TreeDraft.objects.exists()


@pytest.mark.parametrize("address", [TREE, reverse("units:unit", kwargs={"code": "C"})])
def test_pages_ask_the_database_little(client_of, django_assert_max_num_queries, address):
    client = client_of("county")
    client.get(address)
    with django_assert_max_num_queries(10):
        client.get(address)
