"""The kernel: when it is chosen, and where it steps back."""

from collections.abc import Sequence

import pytest
from small_county import UNITS, small_ledgers, small_pack

from shuzhi.engines.duckdb import DuckDBEngine
from shuzhi.engines.kernel_rule import fits
from shuzhi.engines.plan import Scan
from shuzhi.figures.compute import compute_figures
from shuzhi.figures.operands import plan_scans
from shuzhi.periods import parse_period

INDICATOR = """
[{name}]
label = {{ zh = "会议", en = "Meetings" }}
uom = {{ zh = "次", en = "meetings" }}
table = "meetings"
{kind}
"""
YEAR = parse_period("2023")
KINDS = {
    "held": "count = true",
    "people": 'sum = "attended"',
    "mean": 'average = "hours"',
    "middle": 'median = "hours"',
    "topics": 'distinct = "topic"',
    "newest": 'last = "attended"',
    "late": 'count = true\nwhere = "held_on > period_start"',
}
MEETINGS = """
unit | held_on    | topic | attended | hours
A    | 2023-01-01 | b     | 12       | 1.5
B    | 2023-03-02 | c     | 7        |
"""


def county(folder, kinds=KINDS, meetings=MEETINGS):
    definitions = "".join(INDICATOR.format(name=n, kind=k) for n, k in kinds.items())
    pack = small_pack(folder / "pack", definitions)
    return small_ledgers(pack, meetings, "", UNITS, ""), pack


def only_scan(pack, units: Sequence[str]) -> Scan:
    (scan,) = plan_scans(pack, [(name, YEAR) for name in pack.indicators], units, None)
    return scan


def test_it_takes_what_asks_for_no_day_of_the_period(tmp_path):
    """Every kind of measure; not a condition on the day on which a period begins."""
    _, pack = county(tmp_path)
    scan = only_scan(pack, ["A"])
    assert {name for name, m in scan.measures.items() if not fits(m)} == {"late"}


def test_it_is_chosen_for_many_rows(tmp_path):
    """From so many rows on; with fewer the query answers."""
    ledgers, pack = county(tmp_path)
    scan = only_scan(pack, ledgers.units.codes)
    for rows_from, is_chosen in ((2, True), (3, False)):
        with DuckDBEngine(ledgers, pack, kernel_from=rows_from) as engine:
            assert bool(dict(engine._through_kernel(scan))) is is_chosen


def test_all_measures_of_a_scan_come_back_whoever_took_them(tmp_path):
    """What the kernel leaves is answered by the query, equal to the query alone."""
    ledgers, pack = county(tmp_path)
    scan = only_scan(pack, ledgers.units.codes)
    with DuckDBEngine(ledgers, pack, kernel_from=0) as engine:
        taken, all_grids = dict(engine._through_kernel(scan)), dict(engine.grids(scan))
    assert set(taken) == set(KINDS) - {"late"}
    assert set(all_grids) == set(KINDS)
    found = compute_figures(ledgers, pack, periods=[YEAR], engine="kernel")
    assert found == compute_figures(ledgers, pack, periods=[YEAR])


@pytest.mark.parametrize(("seats", "is_taken"), [(2**60, True), (2**61, False)])
def test_sums_that_could_overflow_are_left_to_the_query(tmp_path, seats, is_taken):
    """Two rows that add up to 2 to the 62nd or more."""
    meetings = f"unit | held_on | seats\nA | 2023-01-01 | {seats}\nA | 2023-01-02 | {seats}"
    ledgers, pack = county(tmp_path, {"seated": 'sum = "seats"'}, meetings)
    scan = only_scan(pack, ledgers.units.codes)
    with DuckDBEngine(ledgers, pack, kernel_from=0) as engine:
        assert ("seated" in dict(engine._through_kernel(scan))) is is_taken
    found = compute_figures(ledgers, pack, periods=[YEAR], units=["A"], engine="kernel")
    assert [figure.value for figure in found] == [2.0 * seats]


def test_a_table_without_rows_gives_zeros(tmp_path):
    """Nothing was sent: every cell is there, without records."""
    ledgers, pack = county(tmp_path, {"held": "count = true"}, "unit | held_on")
    with DuckDBEngine(ledgers, pack, kernel_from=0) as engine:
        grid = dict(engine.grids(only_scan(pack, ledgers.units.codes)))["held"]
    assert grid.records.shape == (len(ledgers.units.codes), 1)
    assert not grid.records.any()
