"""The tree in the database: changed in part, it is what it would be written anew."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuzhi.errors import InputRefused
from shuzhi.units import UnitTree
from workplace.tree.changes import End, Merge, Move, NewUnit, Rename
from workplace.units.models import Subordination, Unit, UnitSpan
from workplace.units.tree import current_tree, engine_spans, replace_tree

CODES = st.sampled_from(["C", "D1", "T1", "T1V1", "T1V2", "T2", "T2V1", "N1"])
DAYS = st.dates(date(2014, 1, 1), date(2030, 1, 1))
CHANGES = st.one_of(
    st.builds(NewUnit, st.just("N1"), st.just("新村"), st.just("village"), CODES, DAYS),
    st.builds(Rename, CODES, st.sampled_from(["甲", "乙"]), DAYS),
    st.builds(Move, CODES, CODES, DAYS),
    st.builds(Merge, st.tuples(CODES), CODES, DAYS),
    st.builds(End, CODES, DAYS, CODES),
)


def _subordinations() -> set[tuple[object, ...]]:
    fields = ("above", "below", "valid_from", "valid_to")
    return set(Subordination.objects.values_list(*fields))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(CHANGES, max_size=6))
def test_a_tree_changed_in_part_is_the_tree_written_anew(county, changes):
    replace_tree(county)
    tree = county
    for change in changes:
        try:
            tree = change.apply(tree)
        except InputRefused:
            continue
        replace_tree(tree)
    in_part = _subordinations()
    assert UnitTree(engine_spans()).spans == tree.spans == current_tree().spans
    UnitSpan.objects.all().delete()
    Subordination.objects.all().delete()
    replace_tree(UnitTree([]))
    replace_tree(tree)
    assert _subordinations() == in_part


def test_a_change_that_is_undone_leaves_nothing_in_memory(county):
    from django.db import transaction

    with transaction.atomic():
        replace_tree(Rename("T1", "青石街道", date(2024, 1, 1)).apply(county))
        assert current_tree().name("T1", date(2024, 1, 1)) == "青石街道"
        transaction.set_rollback(True)
    assert current_tree().name("T1", date(2024, 1, 1)) == "青石镇"


def test_a_unit_to_which_nothing_refers_leaves_the_tree_for_good(county):
    replace_tree(UnitTree(span for span in county.spans if span.code != "T2V1"))
    assert not Unit.objects.filter(code="T2V1").exists()
    assert "T2V1" not in current_tree().codes


def test_a_unit_that_has_people_or_records_never_leaves_the_tree(county, people):
    """Else they would be nobody's, but for those at the root."""
    with pytest.raises(InputRefused, match="T2"):
        replace_tree(UnitTree(span for span in county.spans if not span.code.startswith("T2")))
    assert "T2" in current_tree().codes
    assert UnitTree(engine_spans()).spans == county.spans
