"""What the default engine does not let out, and does not choke on."""

from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from small_county import UNITS, small_ledgers, small_pack

from shuzhi.engines.answers import AnswersConfined
from shuzhi.engines.connection import open_connection
from shuzhi.engines.duckdb import DuckDBEngine
from shuzhi.errors import PackRefused
from shuzhi.figures.compute import compute_figures
from shuzhi.figures.trace import trace_figures
from shuzhi.packs.model import Pack
from shuzhi.periods import parse_period

YEAR = parse_period("2023")
MEETINGS = """
unit | held_on    | topic | attended | hours
A    | 2023-01-01 | b     | 12       | 1.5
A    | 2023-03-02 | c     |          | 2.25
B    | 2023-03-02 | c     | 7        |
"""
COUNT = """
[held]
label = { zh = "会议", en = "Meetings" }
uom = { zh = "次", en = "meetings" }
table = "meetings"
count = true
"""


def _pack(folder: Path, where: str = "") -> Pack:
    return small_pack(folder / "pack", COUNT + (f'where = "{where}"\n' if where else ""))


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "COPY (SELECT 1) TO '/tmp/out.csv'",
        "ATTACH '/tmp/other.db'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET threads = 8",
        "SELECT * FROM secret",
    ],
)
def test_the_connection_reaches_nothing_outside(tmp_path: Path, statement: str) -> None:
    """No file, network, extension, setting or Python variable is in reach of a query."""
    secret = small_ledgers(_pack(tmp_path), "", "", UNITS, "").tables["meetings"]
    assert secret.num_rows == 0
    with pytest.raises(duckdb.Error), closing(open_connection()) as connection:
        connection.execute(statement)
    with pytest.raises(PackRefused), closing(AnswersConfined()) as answers:
        list(answers.rows(statement, {}))


def test_a_pack_from_elsewhere_is_counted_in_a_confined_process(tmp_path: Path) -> None:
    """Its figures and proofs are those that this process would find, in every type."""
    definitions = "".join(
        f'{COUNT.replace("held", name)}'.replace("count = true", kind)
        for name, kind in {
            "held": "count = true", "people": 'sum = "attended"', "most": 'max = "attended"',
            "usual": 'median = "attended"', "mean": 'average = "attended"',
            "newest": 'last = "attended"', "hours": 'sum = "hours"',
            "topics": 'distinct = "topic"',
        }.items()
    )  # fmt: skip
    stranger = small_pack(tmp_path / "stranger", definitions, is_shipped=False)
    ledgers = small_ledgers(stranger, MEETINGS, "", UNITS, "")
    own = replace(stranger, is_shipped=True)

    assert isinstance(DuckDBEngine(ledgers, stranger)._answers, AnswersConfined)
    found, expected = (compute_figures(ledgers, p, periods=[YEAR]) for p in (stranger, own))
    assert found == expected
    assert [type(f.value) for f in found] == [type(f.value) for f in expected]
    wanted = [(f.indicator, f.unit, YEAR) for f in found]
    assert trace_figures(ledgers, stranger, wanted) == trace_figures(ledgers, own, wanted)


@pytest.mark.parametrize(
    "greedy",
    [
        "SELECT list(range) FROM range(400000000)",
        "SELECT count(*) FROM range(400000) AS a, range(400000) AS b WHERE a.range <> b.range",
    ],
)
def test_a_query_that_takes_too_much_is_ended(greedy: str) -> None:
    """Memory and time are limited, and the next query is answered all the same."""
    with closing(AnswersConfined(wall_seconds=3)) as answers:
        with pytest.raises(PackRefused, match="definitions"):
            list(answers.rows(greedy, {}))
        assert list(answers.rows("SELECT 1, 'b'", {})) == [(1, "b")]


def test_texts_of_a_predicate_stay_texts(tmp_path: Path) -> None:
    """A quotation mark in a predicate's text does not end the text in SQL."""
    pack = _pack(tmp_path, "topic = 'a'' or ''1'' = ''1'")
    meetings = "unit | held_on | topic\nA | 2023-01-01 | b\nA | 2023-01-02 | a' or '1' = '1"
    found = compute_figures(
        small_ledgers(pack, meetings, "", UNITS, ""), pack, periods=[YEAR], units=["A"]
    )
    assert [figure.value for figure in found] == [1]


@pytest.mark.parametrize(
    "where", ["seats + seats > 0", "seats * seats * seats > 0", "-seats - seats - seats < 0"]
)
def test_large_numbers_do_not_overflow(tmp_path: Path, where: str) -> None:
    """Arithmetic on the largest whole numbers a cell can hold gives an answer."""
    pack = _pack(tmp_path, where)
    meetings = f"unit | held_on | seats\nA | 2023-01-01 | {2**63 - 1}"
    ledgers = small_ledgers(pack, meetings, "", UNITS, "")
    for engine in ("duckdb", "kernel", "steps", "in_memory"):
        found = compute_figures(ledgers, pack, periods=[YEAR], units=["A"], engine=engine)
        assert [figure.value for figure in found] == [1]


def test_a_row_far_outside_the_tree_belongs_where_the_unit_began(tmp_path: Path) -> None:
    """A day before the unit's first entry counts on the tree of that entry."""
    pack = _pack(tmp_path)
    ledgers = small_ledgers(pack, "unit | held_on\nA1 | 1950-01-01", "", UNITS, "")
    day = parse_period("1950")
    found = compute_figures(ledgers, pack, periods=[day], tree_as_of=date(2023, 1, 1))
    assert {figure.unit: figure.value for figure in found if figure.value} == {
        "A1": 1, "A": 1, "C": 1,
    }  # fmt: skip
