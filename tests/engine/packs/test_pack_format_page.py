"""docs/reference/pack-format.md: its examples are a pack, and it names every key."""

import re
from pathlib import Path

import pytest

from shuzhi.packs.formulas import FUNCTIONS as FORMULA_FUNCTIONS
from shuzhi.packs.indicators import INDICATOR_KEYS, SHIFTS, SUBJECTS
from shuzhi.packs.lint import lint_pack
from shuzhi.packs.load import load_pack
from shuzhi.packs.model import APPROVAL_STEPS, ColumnType, MeasureKind
from shuzhi.packs.predicate_types import FUNCTIONS
from shuzhi.packs.predicates import parse_predicate
from shuzhi.packs.tables import CATEGORY_KEYS, EVERY, FIELD_KEYS, RESERVED_WORDS, ROLES, TABLE_KEYS

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "pack-format.md").read_text("utf-8")


@pytest.fixture
def pack_of_the_page(tmp_path):
    for name, body in re.findall(r"^```\w+ file=(\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")
    return tmp_path


def test_the_examples_are_a_pack_that_loads(pack_of_the_page):
    """What the page shows works, and lint has nothing against it; every measure is shown."""
    pack = load_pack(pack_of_the_page)
    assert {i.measure.kind for i in pack.indicators.values() if i.measure} == set(MeasureKind)
    assert [str(warning) for warning in lint_pack(pack_of_the_page).warnings] == []


def test_the_predicates_of_the_page_are_accepted(pack_of_the_page):
    """Every example in the table of what is allowed parses over the page's own table."""
    columns = {c.name: c.type for c in load_pack(pack_of_the_page).tables["meetings"].columns}
    section = PAGE.split("## Predicates")[1].split("`least` and")[0]
    rows = [
        line.split("|")
        for line in section.splitlines()
        if line.startswith("| `") or "day −" in line
    ]
    examples = [text for row in rows for text in re.findall(r"`([^`]+)`", row[2])]
    assert len(examples) >= 10
    for text in examples:
        assert set(parse_predicate(text, columns).columns) <= set(columns)


@pytest.mark.parametrize(
    "word",
    sorted(
        {
            *TABLE_KEYS, *FIELD_KEYS, *CATEGORY_KEYS, *INDICATOR_KEYS, *FUNCTIONS, *SUBJECTS,
            *FORMULA_FUNCTIONS, *SHIFTS, *EVERY, *ColumnType, *ROLES,
            *APPROVAL_STEPS, "sample", "least", "most",
        }
    ),
)  # fmt: skip
def test_every_word_of_the_format_is_on_the_page(word):
    """No key, type, role or function is undocumented."""
    assert re.search(rf"`{re.escape(word)}[`(]", PAGE)


def test_the_reserved_words_are_on_the_page():
    """The names a column may not have are listed."""
    listed = re.search(r"\| `name` \| not `([^`]+)`", PAGE)
    assert set(listed[1].split()) == RESERVED_WORDS
