"""What `shuzhi prove spark` compares: many counties add up, and a difference is seen."""

import sys
from pathlib import Path

import pyarrow as pa

sys.path.insert(0, str(Path(__file__).parents[2] / "spec"))

from small_county import UNITS, small_ledgers, small_pack  # noqa: E402 the specs are no package

from shuzhi.figures.compute import compute_figures
from shuzhi.periods import parse_period
from shuzhi.prove.many_counties import many_counties
from shuzhi.prove.spark import count_differing

YEAR = [parse_period("2023")]
DEFINITIONS = """
[held]
label = { zh = "会议", en = "Meetings" }
uom = { zh = "次", en = "meetings" }
table = "meetings"
count = true
[speakers]
label = { zh = "主讲人", en = "Speakers" }
uom = { zh = "人", en = "people" }
table = "meetings"
distinct = "speaker"
"""
MEETINGS = """
unit | held_on    | speaker
A1   | 2023-01-01 | p1
B    | 2023-03-02 | p1
B    | 2023-03-02 | p2
"""


def test_many_counties_add_up_under_a_province(tmp_path: Path) -> None:
    """Counts as often as there are counties; persons, who are the same everywhere, once."""
    pack = small_pack(tmp_path / "pack", DEFINITIONS)
    county = small_ledgers(pack, MEETINGS, "", UNITS, "")
    own = sum(len(table) for table in county.tables.values())
    larger = many_counties(county, pack, 3 * own)
    found = compute_figures(larger, pack, periods=YEAR, units=["province", "0002-B"])
    values = {(figure.indicator, figure.unit): figure.value for figure in found}
    assert values == {
        ("held", "province"): 9, ("speakers", "province"): 2,
        ("held", "0002-B"): 2, ("speakers", "0002-B"): 2,
    }  # fmt: skip


def test_a_difference_in_one_cell_is_seen() -> None:
    """In a value, in the records, and where a cell is missing."""
    cells = pa.table({"unit": [0, 1], "value": [1.5, 2.0], "records": [1, 2]})
    assert count_differing({"held": cells}, {"held": cells}) == 0
    for name, other in (("value", [1.5, 2.5]), ("records", [2, 2])):
        place = cells.column_names.index(name)
        assert count_differing({"held": cells}, {"held": cells.set_column(place, name, [other])})
    assert count_differing({"held": cells}, {"held": cells.slice(1)})
