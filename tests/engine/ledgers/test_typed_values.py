"""What is typed into a form is read by the rules that cells of a workbook are read by."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shuzhi import pipeline
from shuzhi.errors import UserError
from shuzhi.ledgers.model import Severity
from shuzhi.packs.model import Pack
from shuzhi.periods import parse_period
from shuzhi.units import UnitTree

QUARTER = parse_period("2023-Q3")
TYPED: dict[str, str] = {
    "unit": "王家庄村",
    "held_on": "9月3日",
    "title": " 植树 ",
    "kind": "宣讲",
    "heads": "一百二十人",
    "hours": "1,234.5",
    "photographed": "是",
    "closed_on": "2023年9月10日",
    "host": "QH-T02",
    "lecturer": "王 甲",
    "volunteers": "/",
}


@pytest.fixture
def units(source: Any) -> UnitTree:
    tree: UnitTree = source.read().units
    return tree


def codes(read: pipeline.ReadValues) -> dict[str, list[str]]:
    return {name: [p.code for p in found] for name, found in read.problems.items()}


def test_a_record_has_its_types(hand_built_pack: Pack, units: UnitTree) -> None:
    """Days, numbers, yes and no, kinds and units become what a ledger holds; / is nothing."""
    read = pipeline.read_values(
        hand_built_pack, "activities", TYPED, units, unit="QH-T01", period=QUARTER, person_key=b"k"
    )
    values = dict(read.values)
    token = values.pop("lecturer")
    assert len(token) == 16
    assert values == {
        "activity_no": None, "unit": "QH-T01-V01", "held_on": date(2023, 9, 3), "title": "植树",
        "kind": "talk", "heads": 120, "heads_adult": None, "volunteers": None,
        "hours": Decimal("1234.5000"), "photographed": True, "closed_on": date(2023, 9, 10),
        "host": "QH-T02",
    }  # fmt: skip
    assert (read.problems, read.precision, read.is_refused) == ({}, "day", False)


def test_typed_or_written_into_a_sheet_it_is_one_record(
    source: Any, hand_built_pack: Pack, units: UnitTree
) -> None:
    """Value for value, with the id the reader gives."""
    labels = {
        column.name: column.label["zh"] for column in source.pack.tables["activities"].columns
    }
    source.xlsx(
        "活动.xlsx", ["青石镇2023年第三季度活动台账"], [labels[name] for name in TYPED],
        list(TYPED.values()),
    )  # fmt: skip
    (record,) = source.read(person_key=b"k").tables["activities"].to_pylist()
    read = pipeline.read_values(
        hand_built_pack, "activities", TYPED, units, unit="QH-T01", period=QUARTER, person_key=b"k"
    )
    assert read.values == {name: record[name] for name in labels}
    assert (read.record_id, read.precision) == (record["_id"], record["_precision"])


def test_what_has_its_type_is_taken_as_it_is(hand_built_pack: Pack, units: UnitTree) -> None:
    """Values read once are read again as themselves, as Python values and as JSON has them."""
    first = pipeline.read_values(
        hand_built_pack, "activities", TYPED | {"lecturer": ""}, units, period=QUARTER
    )
    as_json = {
        name: str(value) if isinstance(value, date | Decimal) else value
        for name, value in first.values.items()
    }
    for values in (first.values, as_json):
        assert pipeline.read_values(hand_built_pack, "activities", values, units) == first


def test_problems_stand_at_their_columns(hand_built_pack: Pack, units: UnitTree) -> None:
    """Each with the words and the suggestion the reader has for it; the rest is read."""
    typed = {
        "unit": "青石镇人民政府", "held_on": "9.3或9.4", "kind": "阅", "heads": "-3",
        "volunteers": "若干", "photographed": "也许", "closed_on": "#REF!",
    }  # fmt: skip
    read = pipeline.read_values(hand_built_pack, "activities", typed, units, period=QUARTER)
    assert codes(read) == {
        "held_on": ["not_a_date"],
        "unit": ["unknown_unit"],
        "title": ["missing_required"],
        "kind": ["unknown_category"],
        "heads": ["out_of_range"],
        "volunteers": ["not_a_number"],
        "photographed": ["not_boolean"],
        "closed_on": ["error_value"],
    }
    assert read.is_refused
    (unit,) = read.problems["unit"]
    assert (unit.suggestion, unit.column, unit.cell, unit.row) == ("QH-T01", "举办单位", "", 0)
    assert "宣讲讲座" in read.problems["kind"][0].remedy


def test_a_notice_leaves_the_record_in(hand_built_pack: Pack, units: UnitTree) -> None:
    """约20人 and 9月上旬 are read, and somebody should confirm them."""
    typed = {"title": "植树", "held_on": "9月上旬", "heads": "约20人"}
    read = pipeline.read_values(
        hand_built_pack, "activities", typed, units, unit="QH-T01", period=QUARTER
    )
    assert not read.is_refused
    assert read.precision == "ten_days"
    assert (read.values["held_on"], read.values["heads"]) == (date(2023, 9, 1), 20)
    severities = {p.severity for found in read.problems.values() for p in found}
    assert severities == {Severity.NOTICE}


def test_blanks_are_filled_from_sender_and_period(hand_built_pack: Pack, units: UnitTree) -> None:
    """As in a sheet; where neither is known the field is asked for."""
    typed = {"title": "宣传委员"}
    read = pipeline.read_values(
        hand_built_pack, "posts", typed, units, unit="QH-T01", period=QUARTER
    )
    assert (read.values["unit"], read.values["as_of"]) == ("QH-T01", date(2023, 9, 30))
    unknown = pipeline.read_values(hand_built_pack, "posts", typed, units)
    assert codes(unknown) == {"unit": ["missing_required"], "as_of": ["missing_required"]}
    assert unknown.record_id == ""


def test_many_are_read_as_one_by_one(hand_built_pack: Pack, units: UnitTree) -> None:
    """The answers come in the order asked; none is none."""
    many = [TYPED, {"title": "二"}, TYPED | {"held_on": "去年"}]
    read = pipeline.read_many_values(
        hand_built_pack, "activities", many, units, unit="QH-T01", period=QUARTER
    )
    assert read == [
        pipeline.read_values(
            hand_built_pack, "activities", one, units, unit="QH-T01", period=QUARTER
        )
        for one in many
    ]
    assert pipeline.read_many_values(hand_built_pack, "activities", [], units) == []


def test_what_the_pack_does_not_have_is_refused(hand_built_pack: Pack, units: UnitTree) -> None:
    """A table or a column by another name is a mistake of the page, not of its user."""
    with pytest.raises(UserError, match="did you mean activities"):
        pipeline.read_values(hand_built_pack, "activity", {}, units)
    with pytest.raises(UserError, match="did you mean heads"):
        pipeline.read_values(hand_built_pack, "activities", {"head": "1"}, units)
    with pytest.raises(UserError, match="QH-T01"):
        pipeline.read_values(hand_built_pack, "activities", {}, units, unit="QH-T0")
