"""Records kept elsewhere become the ledgers that a reading would have made of them, and back."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi import pipeline
from shuzhi.errors import InputRefused, UserError
from shuzhi.ledgers.joining import told_apart
from shuzhi.ledgers.model import Ledgers, arrow_schema
from shuzhi.ledgers.read import read_source
from shuzhi.packs.model import ColumnType, Pack, Role
from shuzhi.periods import parse_period
from shuzhi.pipeline import Source
from shuzhi.units import UnitSpan, UnitTree

TREE = UnitTree([UnitSpan("QH", "清河县", "county", "", date(2020, 1, 1))])
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
_VALUES: Mapping[ColumnType, st.SearchStrategy[Any]] = {
    ColumnType.STRING: _TEXTS,
    ColumnType.INTEGER: st.integers(-(2**63), 2**63 - 1),
    ColumnType.NUMBER: st.decimals(-(10**14) + 1, 10**14 - 1, places=4),
    ColumnType.BOOLEAN: st.booleans(),
    ColumnType.DATE: st.dates(date(1900, 1, 1), date(2200, 12, 31)),
}


def taken_apart(ledgers: Ledgers, pack: Pack) -> dict[str, list[dict[str, Any]]]:
    """The records as a database gives them back: through JSON."""
    return {
        name: json.loads(json.dumps(list(pipeline.json_rows(table, ledgers.tables[name]))))
        for name, table in pack.tables.items()
    }


@given(data=st.data())
def test_a_ledger_taken_apart_and_put_together_is_the_same(
    hand_built_pack: Pack, data: st.DataObject
) -> None:
    """Value for value, whatever its columns hold; through JSON, in any cut."""
    table = hand_built_pack.tables["activities"]
    rows = data.draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    column.name: st.none() | _VALUES[column.type]
                    for column in table.columns
                    if column.role is not Role.PERSON
                }
                | {
                    "_precision": st.sampled_from(["day", "ten_days", "month"]),
                    "_file": _TEXTS, "_sheet": _TEXTS, "_row": st.integers(0, 2**31 - 1),
                }
            ),
            max_size=6,
        )
    )  # fmt: skip
    named = [{**row, "_id": f"r{number}", "lecturer": None} for number, row in enumerate(rows)]
    ledger = pa.Table.from_pylist(named, schema=arrow_schema(table))
    kept = json.loads(json.dumps(list(pipeline.json_rows(table, ledger))))
    again = pipeline.ledgers_of(hand_built_pack, TREE, {"activities": iter(kept)}, ())
    assert again.tables["activities"] == ledger


def test_through_a_database_the_example_county_counts_the_same(
    county: Path, county_source: Source
) -> None:
    """Figures, flags and scores of ledgers taken apart and put together are those of the folder;
    persons kept as tokens have the numbers they have there, and no token is left."""
    pack, read = county_source.pack, county_source.ledgers
    kept = taken_apart(read_source(county, pack, person_key=b"k"), pack)
    again = pipeline.ledgers_of(
        pack, read.units, kept, read.returns, read.sources, read.sheets, read.problems
    )
    assert again.tables == read.tables
    assert (again.returns, again.problems) == (read.returns, read.problems)
    period = parse_period("2023")
    assert pipeline.count(replace(county_source, ledgers=again), period) == pipeline.count(
        county_source, period
    )


def test_what_a_record_does_not_say(hand_built_pack: Pack) -> None:
    """Every table is there; a column not named is null; without provenance it was typed, and known
    to the day; what the table does not have is left out."""
    record = {"_id": "a", "title": "植树", "held_on": "2023-03-01", "gone": 1}
    ledgers = pipeline.ledgers_of(hand_built_pack, TREE, {"activities": [record]}, ())
    (found,) = ledgers.tables["activities"].to_pylist()
    filled = {name: value for name, value in found.items() if value is not None}
    assert filled == {
        "title": "植树", "held_on": date(2023, 3, 1),
        "_id": "a", "_precision": "day", "_file": "", "_sheet": "", "_row": 0,
    }  # fmt: skip
    for name, table in hand_built_pack.tables.items():
        assert ledgers.tables[name].schema == arrow_schema(table)


def test_repeats_are_told_apart_and_persons_numbered(hand_built_pack: Pack) -> None:
    """As in a reading of workbooks: -2, -3, and a number in the order in which they are met."""
    records = [{"_id": "A", "lecturer": token} for token in ("ff", "0a", None, "ff")]
    ledger = pipeline.ledgers_of(hand_built_pack, TREE, {"activities": records}, ()).tables[
        "activities"
    ]
    assert ledger["_id"].to_pylist() == ["A", "A-2", "A-3", "A-4"]
    assert ledger["lecturer"].to_pylist() == ["1", "2", None, "1"]


@given(st.lists(st.sampled_from(["A", "A-2", "A-2-2", "B", "B-3"]), max_size=12))
def test_no_two_records_have_one_id(ids: list[str]) -> None:
    """Not even where a record's own number looks like a repeat; the first keeps its own."""
    found = told_apart(ids)
    assert len(set(found)) == len(ids)
    for record in set(ids):
        assert found[ids.index(record)] == record


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("held_on", "9月3日"), ("hours", "1.00001"), ("hours", "many"), ("heads", 3.5),
        ("heads", "3"), ("photographed", "yes"), ("title", 3),
    ],
)  # fmt: skip
def test_a_value_of_another_type_is_refused(
    hand_built_pack: Pack, column: str, value: object
) -> None:
    """Nothing is rounded or guessed: it was read once already."""
    record = {"_id": "a", column: value}
    with pytest.raises(InputRefused, match=f"activities.{column}"):
        pipeline.ledgers_of(hand_built_pack, TREE, {"activities": [record]}, ())


def test_numbers_may_be_numbers(hand_built_pack: Pack) -> None:
    """Decimals are exact from texts and from the digits that JSON shows."""
    records = [{"_id": str(n), "hours": hours} for n, hours in enumerate(["1.5", 1.5, 0.1, 2])]
    ledgers = pipeline.ledgers_of(hand_built_pack, TREE, {"activities": records}, ())
    wanted = [Decimal("1.5"), Decimal("1.5"), Decimal("0.1"), Decimal(2)]
    assert ledgers.tables["activities"]["hours"].to_pylist() == wanted


def test_a_table_the_pack_does_not_have_is_refused(hand_built_pack: Pack) -> None:
    """With the nearest one that it has."""
    with pytest.raises(UserError, match="did you mean activities"):
        pipeline.ledgers_of(hand_built_pack, TREE, {"activity": []}, ())
