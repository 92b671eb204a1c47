from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from shuzhi.packs.load import load_pack
from shuzhi.packs.model import Column, Pack

PACK = Path(__file__).parents[3] / "packs" / "annual-duty"
LABELS = {"zh": "label::中文 (zh)", "en": "label::English (en)"}
NOT_ASKED_ON_THE_SPOT = {
    "visits": set(),
    "findings": {
        "visit_no", "unit", "found_on",  # those of the visit
        "replied_on", "closed_on", "rechecked_on", "rechecked_by",  # come later
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(PACK)


@pytest.fixture(scope="module")
def form() -> dict[str, list[dict[str, str]]]:
    book = CalamineWorkbook.from_path(PACK / "forms" / "visit.xlsx")
    sheets = {}
    for name in book.sheet_names:
        head, *rows = book.get_sheet_by_name(name).to_python()
        sheets[name] = [dict(zip(head, row, strict=True)) for row in rows]
    return sheets


def questions(form: dict[str, list[dict[str, str]]], table: str) -> dict[str, dict[str, str]]:
    """The questions that may fill the table: those of the repeat for findings, else the others."""
    chosen, in_repeat = {}, False
    for row in form["survey"]:
        in_repeat = row["type"] == "begin_repeat" or (in_repeat and row["type"] != "end_repeat")
        if row["name"] and in_repeat == (table == "findings"):
            chosen[row["name"]] = row
    return chosen


def columns(pack: Pack, table: str) -> list[Column]:
    left_out = NOT_ASKED_ON_THE_SPOT[table]
    return [column for column in pack.tables[table].columns if column.name not in left_out]


@pytest.mark.parametrize("table", ["visits", "findings"])
def test_the_form_asks_every_column_known_on_the_spot(pack, form, table):
    """Every column of visits and findings that is known on the day is a question of its name."""
    asked = questions(form, table)
    assert [c.name for c in columns(pack, table) if c.name not in asked] == []


@pytest.mark.parametrize("table", ["visits", "findings"])
def test_a_question_is_worded_as_its_column(pack, form, table):
    """A question that fills a column carries the column's label in both languages."""
    asked = questions(form, table)
    for column in columns(pack, table):
        if asked[column.name]["type"] != "calculate":
            found = {lang: asked[column.name][head] for lang, head in LABELS.items()}
            assert found == dict(column.label), column.name


def test_choices_are_the_categories(pack, form):
    """What can be chosen is what the ledger accepts, under the same labels."""
    for table in ("visits", "findings"):
        for column in columns(pack, table):
            offered = {
                row["name"]: {lang: row[head] for lang, head in LABELS.items()}
                for row in form["choices"]
                if row["list_name"] == column.name
            }
            assert offered == {c.value: dict(c.label) for c in column.categories}, column.name


def test_every_question_is_asked_in_both_languages(form):
    """No question reaches an inspector without words in their language."""
    silent = {"end_group", "end_repeat", "calculate"}
    missing = [
        row["name"]
        for row in form["survey"]
        if row["type"] not in silent and not all(row[head] for head in LABELS.values())
    ]
    assert missing == []
