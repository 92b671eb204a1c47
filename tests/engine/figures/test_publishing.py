"""Figures for the public: what is small is gone, and what it could be worked out from."""

from pathlib import Path

import pytest

from shuzhi.figures.compute import compute_figures
from shuzhi.figures.model import FigureState
from shuzhi.figures.publishing import withhold_small
from shuzhi.packs.load import load_pack
from shuzhi.packs.model import MeasureKind
from shuzhi.periods import parse_period
from shuzhi.reports.read_rules import read_rules

PACK = load_pack(Path(__file__).parents[3] / "packs" / "annual-duty")
RULES = read_rules(PACK).public
YEAR = parse_period("2023")
ADDED_UP = (MeasureKind.COUNT, MeasureKind.SUM, MeasureKind.STOCK)


@pytest.fixture(scope="module")
def figures(county_source):
    """All figures of the county for its year, the year before, and a quarter."""
    periods = [YEAR, parse_period("2022"), parse_period("2023-Q1")]
    computed = compute_figures(county_source.ledgers, PACK, periods=periods)
    return {(f.indicator, f.unit, f.period): f for f in computed}


@pytest.fixture(scope="module")
def public(figures, county_source):
    tree = county_source.ledgers.units
    return withhold_small(figures, PACK, tree, YEAR, shown=RULES.shown, least=RULES.least)


def test_no_small_number_of_a_withheld_kind_is_left(figures, public):
    """Of what the pack does not name as harmless; there were many."""
    small = {
        key
        for key, figure in figures.items()
        if key[0] not in RULES.shown and figure.value and 0 < abs(figure.value) < RULES.least
        if PACK.indicators[key[0]].measure and PACK.indicators[key[0]].measure.kind in ADDED_UP
    }
    assert len(small) > 300
    assert {public[key].state for key in small} == {FigureState.WITHHELD}
    assert {public[key].value for key in small} == {None}
    assert {public[key].records for key in small} == {0}


def test_what_the_pack_names_as_harmless_stays(figures, public):
    """Meetings, findings, venues: every figure as it was."""
    shown = [key for key in figures if key[0] in RULES.shown]
    assert [public[key] for key in shown] == [figures[key] for key in shown]


def test_nothing_but_values_is_withheld(figures, public):
    """Zero, silence, not asked and not applicable are said as they are."""
    for key, figure in figures.items():
        said = figure.state is not FigureState.VALUE or (figure.value == 0 and not figure.records)
        if said and PACK.indicators[key[0]].measure and key[2] != "2023-Q1":
            assert public[key] == figure


def test_one_withheld_number_is_never_the_difference_of_printed_ones(
    figures, public, county_source
):
    """For every sum over the units below: none withheld, or no way to take the others away."""
    tree = county_source.ledgers.units
    checked = 0
    for name, indicator in PACK.indicators.items():
        if indicator.measure is None or indicator.measure.kind not in ADDED_UP:
            continue
        for unit in tree.codes:
            below = tree.children(unit, YEAR.last_day)
            members = [public.get((name, code, YEAR.name)) for code in (unit, *below)]
            withheld = [f for f in members if f and f.state is FigureState.WITHHELD]
            if below and len(withheld) == 1:
                # then it hides behind what the unit did itself, which is printed nowhere
                whole = [figures.get((name, code, YEAR.name)) for code in (unit, *below)]
                rest = 2 * (whole[0].value or 0) - sum(f.value or 0 for f in whole if f)
                assert rest > 0, (name, unit)
            checked += bool(withheld)
    assert checked > 20


def test_formulas_over_withheld_figures_are_withheld(public):
    """A share of requests answered in time tells how many were not."""
    for (name, unit, period), figure in public.items():
        formula = PACK.indicators[name].formula
        if formula is None or period != YEAR.name:
            continue
        operands = [
            public[operand.indicator, unit, period]
            for operand in formula.operands
            if type(operand).__name__ == "IndicatorRef"
        ]
        if any(operand.state is FigureState.WITHHELD for operand in operands):
            assert figure.state is not FigureState.VALUE, (name, unit)


def test_a_small_difference_takes_one_of_its_figures_with_it(figures, public):
    """Vacant posts, 1 to 9, are posts funded less posts filled."""
    found = 0
    for (name, unit, period), figure in figures.items():
        if name == "posts_vacant" and period == YEAR.name and 0 < (figure.value or 0) < 10:
            parts = [public[part, unit, period] for part in ("posts_funded", "posts_filled")]
            assert FigureState.WITHHELD in {part.state for part in parts}
            found += 1
    assert found > 3


def test_the_parts_of_a_year_are_withheld_whole(figures, public):
    """Quarters would add up to what is withheld; those of meetings stay."""
    quarter = [key for key in figures if key[2] == "2023-Q1"]
    requests = [key for key in quarter if key[0] == "requests_received"]
    assert {public[key].state for key in requests if figures[key].value is not None} == {
        FigureState.WITHHELD
    }
    meetings = [key for key in quarter if key[0] == "meetings_held"]
    assert [public[key] for key in meetings] == [figures[key] for key in meetings]


def test_a_part_that_leaves_a_small_rest_is_withheld(figures, public):
    """41 of 42 requests answered would tell of the one that was not."""
    for unit in {key[1] for key in figures}:
        received = figures["requests_received", unit, YEAR.name].value
        answered = figures["requests_answered", unit, YEAR.name].value
        if received and answered and 0 < received - answered < RULES.least:
            assert public["requests_answered", unit, YEAR.name].state is FigureState.WITHHELD
