"""The plan of a set of figures, with what it cost."""

import json

import pytest
from small_county import UNITS, small_ledgers, small_pack

from shuzhi.figures.compute import compute_figures
from shuzhi.figures.explain import explain_figures
from shuzhi.figures.output import plan_to_json, plan_to_table
from shuzhi.periods import parse_period

PACK = """
[meetings_held]
label = { zh = "会议次数", en = "Meetings" }
uom = { zh = "次", en = "meetings" }
table = "meetings"
count = true
[hours]
label = { zh = "会议时长", en = "Hours of meetings" }
uom = { zh = "小时", en = "hours" }
table = "meetings"
sum = "hours"
[hours_each]
label = { zh = "平均时长", en = "Hours a meeting" }
uom = { zh = "小时", en = "hours" }
formula = "hours / meetings_held"
"""
MEETINGS = """
unit | held_on    | topic | attended | hours
A    | 2023-01-01 | b     | 12       | 1.5
A    | 2023-03-02 | c     |          | 2.25
B    | 2023-03-02 | c     | 7        |
"""
YEAR = [parse_period("2023")]


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    pack = small_pack(tmp_path_factory.mktemp("explain") / "pack", PACK)
    return small_ledgers(pack, MEETINGS, "", UNITS, ""), pack


@pytest.mark.parametrize("engine", ["duckdb", "steps", "in_memory"])
def test_measures_over_one_table_are_one_pass(county, engine):
    """Count and sum of meetings together, the formula without a pass of its own."""
    ledgers, pack = county
    cost = explain_figures(ledgers, pack, periods=YEAR, engine=engine)
    (scan,) = cost.scans

    assert (scan.table, scan.measures, scan.periods) == ("meetings", {"count": 1, "sum": 1}, 1)
    assert scan.rows == len(ledgers.tables["meetings"])
    assert cost.derived == 1
    assert min(scan.seconds, cost.derive_seconds) > 0


def test_the_cells_are_those_the_figures_have(county):
    """As many as there are measured figures with records."""
    ledgers, pack = county
    (scan,) = explain_figures(ledgers, pack, periods=YEAR).scans
    figures = compute_figures(ledgers, pack, periods=YEAR, indicators=["meetings_held", "hours"])
    assert scan.cells == sum(figure.records > 0 for figure in figures)


def test_it_prints_as_a_table_and_with_its_queries(county):
    """The query is text for people; an engine without one has none."""
    ledgers, pack = county
    cost = explain_figures(ledgers, pack, periods=YEAR)
    assert "meetings" in plan_to_table(cost)
    assert "(derived)" in plan_to_table(cost)
    assert "GROUP BY" in json.loads(plan_to_json(cost))["scans"][0]["query"]
    assert "placed, measured" in plan_to_table(cost)
    in_steps = explain_figures(ledgers, pack, periods=YEAR, engine="steps")
    assert in_steps.scans[0].steps == ("placed", "leaf", "rolled", "added")
    by_hand = explain_figures(ledgers, pack, periods=YEAR, engine="in_memory")
    assert by_hand.scans[0].query == ""
