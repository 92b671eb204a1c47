"""Changes of the tree: what each makes of it, and what is refused."""

from datetime import date

import pytest
from django.utils import translation

from shuzhi.errors import InputRefused
from workplace.tree.changes import End, Merge, Move, NewUnit, Rename, touched

DAY = date(2024, 7, 1)
BEFORE, AFTER = date(2024, 6, 30), DAY


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def test_a_new_unit_is_there_from_its_day(county):
    tree = NewUnit("T3", "新镇", "township", "C", DAY).apply(county)
    assert not tree.exists("T3", BEFORE)
    assert tree.ancestors("T3", AFTER) == ("T3", "C")


def test_a_renamed_unit_keeps_its_old_name_as_an_alias(county):
    tree = Rename("T1", "青石街道", DAY).apply(county)
    assert tree.name("T1", BEFORE) == "青石镇"
    assert tree.name("T1", AFTER) == "青石街道"
    assert tree.span("T1", AFTER).aliases == ("青石镇",)


def test_a_moved_unit_takes_those_below_it_along(county):
    tree = Move("T2", "T1", DAY).apply(county)
    assert tree.ancestors("T2V1", BEFORE) == ("T2V1", "T2", "C")
    assert tree.ancestors("T2V1", AFTER) == ("T2V1", "T2", "T1", "C")


def test_a_merged_unit_is_succeeded_and_its_villages_move(county):
    tree = Merge(("T2",), "T1", DAY).apply(county)
    assert not tree.exists("T2", AFTER)
    assert tree.heir("T2", AFTER) == "T1"
    assert tree.span("T2V1", AFTER).parent == "T1"


def test_a_split_is_new_units_and_an_end_with_a_successor(county):
    tree = NewUnit("T1V1A", "上坪一村", "village", "T1", DAY).apply(county)
    tree = End("T1V1", DAY, "T1V1A").apply(tree)
    assert tree.heir("T1V1", AFTER) == "T1V1A"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (Move("C", "T1", DAY), "stands under itself"),
        (Move("T1", "T1V1", DAY), "stands under itself"),
        (Move("T1", "C", DAY), "stands there already"),
        (NewUnit("T1", "又一个", "township", "C", DAY), "There is a unit with the code"),
        (NewUnit("T3", "早", "township", "C", date(2010, 1, 1)), "does not exist on"),
        (Rename("T1", "青石镇", DAY), "has this name already"),
        (Merge(("T1", "T2"), "T1", DAY), "part of itself"),
        (End("C", DAY), "cannot end"),
        (End("T1", DAY), "Units still stand below"),
        (End("T1V1", date(2015, 1, 1)), "can end on a later day only"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(county, change, why):
    with pytest.raises(InputRefused, match=why):
        change.apply(county)


def test_changes_are_entered_in_the_order_of_their_days(county):
    later = Rename("T1", "青石街道", date(2025, 1, 1)).apply(county)
    with pytest.raises(InputRefused, match="in the order of their days"):
        Rename("T1", "青石新镇", DAY).apply(later)


def test_a_change_concerns_whatever_stands_below(county):
    assert touched(county, Rename("T1", "x", DAY)) == ("T1", "T1V1", "T1V2")
    assert touched(county, Merge(("T2",), "T1", DAY)) == ("T2", "T2V1")
