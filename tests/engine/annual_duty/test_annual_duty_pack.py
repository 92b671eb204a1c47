from pathlib import Path

import pytest

from shuzhi.packs.lint import LintReport, lint_pack
from shuzhi.packs.load import load_pack
from shuzhi.packs.model import MeasureKind, Pack

PACK = Path(__file__).parents[3] / "packs" / "annual-duty"
# Meetings and study sessions are different events; both kinds of sheet say 应到 and 实到.
SAME_HEADER_DIFFERENT_FACT = {"fields[expected]", "fields[attended]"}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(PACK)


@pytest.fixture(scope="module")
def lint() -> LintReport:
    return lint_pack(PACK)


def test_the_pack_holds_together(lint):
    """Lint has nothing to refuse, and warns only of two headers that cannot differ."""
    assert lint.complaints == ()
    assert {warning.key for warning in lint.warnings} == SAME_HEADER_DIFFERENT_FACT
    assert len(lint.warnings) == len(SAME_HEADER_DIFFERENT_FACT)


def test_every_table_feeds_an_indicator(pack):
    """No unit is asked for a table that nothing is worked out of."""
    measured = {i.measure.table for i in pack.indicators.values() if i.measure}
    asked = {name for name, table in pack.tables.items() if table.asked.levels}
    assert asked - measured == set()


def test_every_type_of_indicator_is_used(pack):
    """The example pack shows every measure, formulas, steps over time and units, both shifts."""
    indicators = pack.indicators.values()
    assert {i.measure.kind for i in indicators if i.measure} == set(MeasureKind)
    assert {i.shift for i in indicators} == {"", "previous_year", "year_to_date"}
    assert any(i.over_time and i.over_units for i in indicators)
    texts = " ".join(i.formula.text for i in indicators if i.formula)
    assert [f for f in ("reporting_rate", "units_below", "last_year") if f not in texts] == []


def test_villages_are_asked_for_nothing(lint):
    """A village fills in nothing of its own: its township answers for it."""
    assert {load.level: load.minutes for load in lint.load}["village"] == 0


def test_a_target_says_which_way_is_better(pack):
    """An indicator with a target can be missed, so it says whether more or less is better."""
    silent = [i.name for i in pack.indicators.values() if i.target is not None and not i.better]
    assert silent == []
