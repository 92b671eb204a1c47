"""A folder becomes ledgers: typed, with provenance, stable ids, and no name of a person."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from shuzhi.errors import InputRefused
from shuzhi.ledgers.model import arrow_schema
from shuzhi.ledgers.read import read_source
from shuzhi.packs.model import Pack

HEADER = ["活动编号", "举办单位", "活动日期", "活动名称", "主讲人", "协办单位"]
TITLE = ["青石镇2023年第一季度活动台账"]


def test_ledgers_have_the_packs_schema(source: Any) -> None:
    """Every table is there, empty where nothing came, in its own schema."""
    ledgers = source.read()
    for name, table in source.pack.tables.items():
        assert ledgers.tables[name].schema == arrow_schema(table)
    assert ledgers.tables["activities"].num_rows == 0
    assert ledgers.tables["units"].num_rows == 8


def test_a_record_knows_where_it_was_written(source: Any) -> None:
    """File, sheet and row from 1; the precision of its day."""
    source.xlsx("a/活动.xlsx", TITLE, HEADER, [], [None, None, "3月上旬", "植树"])
    (record,) = source.read().tables["activities"].to_pylist()
    where = (record["_file"], record["_sheet"], record["_row"], record["_precision"])
    assert where == ("a/活动.xlsx", "Sheet1", 4, "ten_days")
    assert record["held_on"] == date(2023, 3, 1)


def test_ids_are_stable_and_repeats_are_kept(source: Any) -> None:
    """The record's own number, else a hash of its key; the same again gets -2, nothing is lost."""
    day = datetime(2023, 3, 1)
    rows = [["A1", None, day, "一"], [None, None, day, "二"], [None, None, day, "二"]]
    source.xlsx("1.xlsx", TITLE, HEADER, *rows, ["A1", None, day, "三"])
    ids = source.read().tables["activities"].column("_id").to_pylist()
    assert (ids[0], ids[3]) == ("A1", "A1-2")
    assert ids[2] == f"{ids[1]}-2"
    source.xlsx("1.xlsx", TITLE, HEADER, rows[1])
    assert source.read().tables["activities"].column("_id").to_pylist() == [ids[1]]


def test_persons_become_tokens(source: Any) -> None:
    """The same name gives the same token under one key, another under another, never itself."""
    day = datetime(2023, 3, 1)
    rows = [[None, None, day, title, name] for title, name in
            (("一", "王甲"), ("二", "王 甲"), ("三", "李乙"), ("四", None))]  # fmt: skip
    source.xlsx("1.xlsx", TITLE, HEADER, *rows)
    first = source.read(person_key=b"k").tables["activities"].column("lecturer").to_pylist()
    other = source.read(person_key=b"l").tables["activities"].column("lecturer").to_pylist()
    assert first[0] == first[1] != first[2]
    assert first[3] is None
    assert not {"王甲", "李乙", *first[:3]} & set(other)


def test_without_a_key_persons_are_numbers_that_no_name_leads_to(source: Any) -> None:
    """The same name has one number throughout a column, whatever names there are."""
    day = datetime(2023, 3, 1)
    source.xlsx("1.xlsx", TITLE, HEADER, [None, None, day, "一", "王甲"],
                [None, None, day, "二", None], [None, None, day, "三", "李乙"])  # fmt: skip
    source.xlsx("2.xlsx", TITLE, HEADER, [None, None, day, "四", "王 甲"])
    persons = source.read().tables["activities"].column("lecturer").to_pylist()
    assert persons == ["1", None, "2", "1"]


def test_units_in_reference_columns(source: Any) -> None:
    """Another unit in a row is a code too."""
    source.xlsx("1.xlsx", TITLE, HEADER, [None, None, datetime(2023, 3, 1), "一", None, "白杨镇"])
    assert source.read().tables["activities"].column("host").to_pylist() == ["QH-T02"]


def test_reading_twice_gives_the_same(source: Any) -> None:
    """Order and ids depend on the files alone."""
    for number in (2, 1):
        source.xlsx(f"{number}.xlsx", TITLE, HEADER, [None, None, datetime(2023, 3, 1), "一", "王"])
    first, second = source.read(), source.read()
    assert first.tables["activities"].equals(second.tables["activities"])
    assert [file.path for file in first.sources] == ["1.xlsx", "2.xlsx", "单位名册.csv"]
    assert (first.returns, first.sheets, first.problems) == (
        second.returns, second.sheets, second.problems,
    )  # fmt: skip


def test_progress_and_hashes(source: Any) -> None:
    """Every file is counted and hashed, also those that cannot be read."""
    (source.path / "a.xlsx").write_bytes(b"broken")
    seen: list[tuple[int, int]] = []
    ledgers = source.read(on_progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]
    assert ledgers.sources[0].size == 6
    assert len(ledgers.sources[0].sha256) == 64


def test_the_tree_of_units(source: Any) -> None:
    """Levels, spans, successors and aliases come from the table of units."""
    tree = source.read().units
    assert tree.ancestors("QH-T01-V01", date(2023, 1, 1)) == ("QH-T01-V01", "QH-T01", "QH")
    assert tree.heir("QH-T01-V01", date(2023, 8, 1)) == "QH-T01-V02"
    assert tree.level("QH-T01", date(2023, 1, 1)) == "township"
    assert tree.span("QH", date(2023, 1, 1)).aliases == ("清河县", "县办")


def test_sources_that_cannot_be_worked_on(tmp_path: Path, hand_built_pack: Pack) -> None:
    """No folder, no units, and aliases that are no TOML are refused in one line each."""
    with pytest.raises(InputRefused, match="no such folder"):
        read_source(tmp_path / "none", hand_built_pack)
    with pytest.raises(InputRefused, match="no sheet holds the units"):
        read_source(tmp_path, hand_built_pack)
    (tmp_path / "aliases.toml").write_text("写法 = ", "utf-8")
    with pytest.raises(InputRefused, match=r"aliases\.toml"):
        read_source(tmp_path, hand_built_pack)


def test_english_words(source: Any) -> None:
    """Messages and remedies are in the language asked for."""
    source.xlsx("1.xlsx", TITLE, HEADER, [None, "黑石镇", datetime(2023, 3, 1), "一"])
    (problem,) = source.read(lang="en").problems
    assert problem.message == "No unit is called 黑石镇."


def test_our_own_form_names_sender_and_period(source: Any) -> None:
    """The hidden sheet of a form says whose it is; its other sheets without a table pass."""
    source.book(
        "表.xlsx",
        阵地活动=[["活动日期", "活动名称"], ["3月1日", "植树"]],
        填表说明=[["请逐行填写"]],
        _shuzhi=[["pack", "x"], ["unit", "QH-T02"], ["period", "2023-Q1"]],
    )
    ledgers = source.read()
    assert ledgers.problems == ()
    assert [(a.unit, a.period) for a in ledgers.returns] == [("QH-T02", "2023-Q1")]
