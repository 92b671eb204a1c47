"""The dated tree: merges and moves keep their history."""

from datetime import date

import pytest

from shuzhi.errors import InputRefused
from shuzhi.units import UnitSpan, UnitTree

START, JULY = date(2022, 1, 1), date(2023, 7, 1)


def tree() -> UnitTree:
    """A county with two townships; V2 merges into V1 and V3 moves from T1 to T2 on 1 July 2023."""
    return UnitTree(
        [
            UnitSpan("C", "County", "county", "", START),
            UnitSpan("T1", "North", "township", "C", START),
            UnitSpan("T2", "South", "township", "C", START),
            UnitSpan("V1", "Oak", "village", "T1", START),
            UnitSpan("V2", "Elm", "village", "T1", START, JULY, successor="V1"),
            UnitSpan("V3", "Ash", "village", "T1", START, JULY),
            UnitSpan("V3", "Ash", "village", "T2", JULY),
        ]
    )


def test_ancestors_are_those_of_the_day() -> None:
    """A unit that moved stands under its old parent until the day before."""
    assert tree().ancestors("V3", date(2023, 6, 30)) == ("V3", "T1", "C")
    assert tree().ancestors("V3", JULY) == ("V3", "T2", "C")


def test_a_merged_unit_is_answered_for_by_its_successor() -> None:
    """After the merger its heir is the successor; before it, the unit itself."""
    assert tree().heir("V2", date(2023, 6, 30)) == "V2"
    assert tree().heir("V2", JULY) == "V1"


def test_units_below_cover_a_whole_period() -> None:
    """Who stood under a unit on any day of the year, moved and merged ones included."""
    year = (date(2023, 1, 1), date(2024, 1, 1))
    assert tree().at_or_below("T1", *year) == ("T1", "V1", "V2", "V3")
    assert tree().at_or_below("T2", *year) == ("T2", "V3")
    assert tree().at_or_below("T1", JULY, year[1]) == ("T1", "V1")


def test_children_and_names_on_a_day() -> None:
    """Children are those of the day; the root has no parent."""
    assert tree().children("T1", JULY) == ("V1",)
    assert tree().root == "C"
    assert tree().name("V2", JULY) == "Elm"


def test_two_units_may_change_places() -> None:
    """A stands under B until the day before, B under A from that day: each day has its tree."""
    swapped = UnitTree(
        [
            UnitSpan("C", "County", "county", "", START),
            UnitSpan("A", "Oak", "village", "B", START, JULY),
            UnitSpan("A", "Oak", "township", "C", JULY),
            UnitSpan("B", "Elm", "township", "C", START, JULY),
            UnitSpan("B", "Elm", "village", "A", JULY),
        ]
    )
    assert swapped.ancestors("A", date(2023, 6, 30)) == ("A", "B", "C")
    assert swapped.ancestors("B", JULY) == ("B", "A", "C")
    assert swapped.at_or_below("A", START, date(2024, 1, 1)) == ("A", "B")
    assert swapped.at_or_below("A", START, JULY) == ("A",)


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ([UnitSpan("A", "A", "x", "", START), UnitSpan("A", "A", "x", "", JULY)], "overlap"),
        ([UnitSpan("A", "A", "x", "B", START)], "parent B"),
        ([UnitSpan("A", "A", "x", "", START, JULY, successor="B")], "successor B"),
        ([UnitSpan("A", "A", "x", "B", START), UnitSpan("B", "B", "x", "A", START)], "itself"),
        (
            [
                UnitSpan("C", "C", "x", "", START),
                UnitSpan("A", "A", "x", "B", START),
                UnitSpan("B", "B", "x", "C", START, JULY),
                UnitSpan("B", "B", "x", "A", JULY),
            ],
            "[AB] stands under itself on 2023-07-01",
        ),
        (
            [
                UnitSpan("C", "C", "x", "", START),
                UnitSpan("A", "A", "x", "B", START, JULY),
                UnitSpan("B", "B", "x", "C", START, date(2024, 1, 1)),
                UnitSpan("B", "B", "x", "A", date(2024, 1, 1)),
            ],
            "[AB] stands under itself on 2024-01-01",
        ),
        (
            [
                UnitSpan("A", "A", "x", "", START, JULY, successor="B"),
                UnitSpan("B", "B", "x", "", START, JULY, successor="A"),
            ],
            "succeeded by itself.*ended on 2023-07-01",
        ),
    ],
)
def test_a_tree_that_contradicts_itself_is_refused(spans: list[UnitSpan], words: str) -> None:
    """The message names the unit and what to correct."""
    with pytest.raises(InputRefused, match=words):
        UnitTree(spans)
