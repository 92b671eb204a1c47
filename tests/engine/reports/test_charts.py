"""Charts: which bars there are, and what they show of missing values."""

from dataclasses import replace

import pytest
from lxml import etree
from report_county import PERIOD, ROWS, ledgers_of, sources_of

from shuzhi.reports.charts import build_charts, draw_bar


@pytest.fixture
def chart_sources(report_pack):
    def make(*charts: dict[str, str], rows=ROWS):
        pack = replace(report_pack, report={**report_pack.report, "charts": list(charts)})
        return sources_of(pack, ledgers_of(pack, rows, ()), period=PERIOD)

    return make


def widths(drawing: str) -> list[float]:
    return [float(rect.get("width")) for rect in etree.fromstring(drawing).iter("rect")]


def test_units_stand_beside_each_other_in_the_order_of_the_tree(chart_sources):
    """One bar a unit right below, never sorted by value, each with its target."""
    (chart,) = build_charts(chart_sources({"indicator": "meetings_held", "by": "units"}), "C")
    assert [(bar.label, bar.value, bar.text) for bar in chart.bars] == [
        ("青石镇", 2.0, "2"),
        ("第3街道", 1.0, "1"),
    ]
    assert {bar.target for bar in chart.bars} == {4}
    assert [widths(draw_bar(chart, bar)) for bar in chart.bars] == [[50.0], [25.0]]


def test_zero_is_a_bar_without_length(chart_sources):
    """Its number says that it is zero and not silence."""
    rows = {"meetings": ROWS["meetings"][:2]}
    (chart,) = build_charts(
        chart_sources({"indicator": "meetings_held", "by": "units"}, rows=rows), "C"
    )
    assert [(bar.value, bar.text) for bar in chart.bars] == [(2.0, "2"), (0.0, "0")]
    assert [widths(draw_bar(chart, bar)) for bar in chart.bars] == [[50.0], [0.0]]


def test_a_chart_needs_two_values(chart_sources):
    """A unit without units below has no chart of them."""
    assert build_charts(chart_sources({"indicator": "meetings_held"}), "T1") == ()
