"""A unit at a glance says what the sealed figures say, in bands and never in ranks."""

from dataclasses import replace
from pathlib import Path

import pytest

from command_line import PACK
from shuzhi import pipeline
from shuzhi.errors import UserError
from shuzhi.figures.columns import figures_from_arrow
from shuzhi.periods import parse_period
from shuzhi.reports.outcomes import PromiseOutcome
from shuzhi.reports.overview import LEAST_PEERS, PeerBand, peers_of
from shuzhi.reports.sources import Sources

TOWNSHIP = "QH-T01"


@pytest.fixture(scope="module")
def edition(report: Path) -> pipeline.Source:
    """The example county's edition of 2023."""
    return pipeline.read(report / "edition", PACK)


@pytest.fixture(scope="module")
def year(edition: pipeline.Source) -> Sources:
    return pipeline.look_at(edition, parse_period("2023"))


def test_every_figure_of_the_unit_stands_in_its_section(
    edition: pipeline.Source, year: Sources
) -> None:
    """Once each, in the report's order of sections, with the value that was sealed."""
    assert edition.edition is not None
    sealed = {
        figure.indicator: figure
        for figure in figures_from_arrow(edition.edition.extras["figures"])
        if (figure.unit, figure.period) == (TOWNSHIP, "2023")
    }
    sections = pipeline.section_lines(year, TOWNSHIP)
    assert {line.figure.indicator: line.figure for s in sections for line in s.lines} == sealed
    order = [section["name"] for section in edition.pack.report["sections"]]
    assert [section.name for section in sections] == order


def test_a_line_says_how_far_it_is_to_the_target(year: Sources) -> None:
    """In per cent of it; never above 100, and 100 exactly where it is met."""
    lines = [line for s in pipeline.section_lines(year, TOWNSHIP) for line in s.lines]
    held = [line for line in lines if line.reached is not None]
    assert held
    for line in held:
        assert 0 <= line.reached <= 100
        assert line.misses == (line.reached < 100)


def test_peers_are_a_band(year: Sources) -> None:
    """Half of the peers lie between the bounds; too few peers make no band."""
    line = pipeline.line_of(year, "meetings_held", TOWNSHIP)
    assert line is not None and line.peers is not None
    assert line.peers.count == len(year.units_below("QH", "township")) - 1
    assert line.peers.lower <= line.peers.median <= line.peers.upper
    high = replace(line.figure, value=line.peers.upper + 1)
    low = replace(line.figure, value=line.peers.lower - 1)
    same = replace(line.figure, value=line.peers.upper)
    bands = [found.band for one in (high, same, low) if (found := peers_of(year, one))]
    assert bands == [PeerBand.ABOVE, PeerBand.AMONG, PeerBand.BELOW]
    county = pipeline.line_of(year, "meetings_held", "QH")
    assert county is not None and county.peers is None
    assert LEAST_PEERS > 1


def test_what_is_missing_is_what_was_asked_and_is_not_there(year: Sources) -> None:
    """Of the unit and of those below it, each with the day it was due."""
    missing = pipeline.missing_returns(year, "QH")
    answered = {(a.table, a.unit, a.period) for a in year.ledgers.returns}
    assert missing
    for one in missing:
        assert (one.table, one.unit, one.period.name) not in answered
        assert one.due > one.period.last_day.isoformat()
    own = pipeline.missing_returns(year, missing[0].unit)
    assert missing[0] in own and len(own) < len(missing)


def test_charts_are_the_sealed_figures(year: Sources) -> None:
    """By the quarters of the year, and by the units right below that were asked."""
    points = pipeline.trend(year, "meetings_held", TOWNSHIP)
    assert [point.label for point in points] == ["2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4"]
    assert sum(point.figure.value or 0 for point in points) == year.value("meetings_held", TOWNSHIP)
    below = pipeline.units_below(year, "meetings_held", "QH")
    assert {point.figure.unit for point in below} <= set(
        year.ledgers.units.children("QH", year.day)
    )


def test_promises_are_judged_by_the_day_they_were_due(year: Sources) -> None:
    """What is kept in time and what is kept late needs the records behind the figure."""
    traced = pipeline.promises_of(pipeline.with_promises_traced(year, "QH"), "QH")
    plain = pipeline.promises_of(year, "QH")
    assert [text for _, text in traced] == [text for _, text in plain]
    assert all(text for _, text in traced)
    changed = {
        (before.outcome, after.outcome)
        for (before, _), (after, _) in zip(plain, traced, strict=True)
        if before.outcome is not after.outcome
    }
    assert changed <= {(PromiseOutcome.KEPT, PromiseOutcome.LATE)}


def test_a_period_it_was_not_sealed_with_is_refused(edition: pipeline.Source) -> None:
    """With those that it has."""
    with pytest.raises(UserError, match="it has .*2023-Q1"):
        pipeline.look_at(edition, parse_period("2019"))


def test_a_folder_is_refused(county_source: pipeline.Source) -> None:
    """Its figures were never sealed."""
    with pytest.raises(UserError, match="seal it first"):
        pipeline.look_at(county_source, parse_period("2023"))
