"""Figures in every format."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from small_county import UNITS, small_ledgers, small_pack

from shuzhi.errors import UserError
from shuzhi.figures.columns import figures_from_arrow, figures_to_arrow
from shuzhi.figures.compute import compute_figures
from shuzhi.figures.model import Figure, FigureState
from shuzhi.figures.output import (
    figures_to_csv,
    figures_to_json,
    figures_to_table,
    write_parquet,
)
from shuzhi.periods import parse_period

PACK = """
[hours]
label = { zh = "会议时长", en = "Hours of meetings" }
uom = { zh = "小时", en = "hours" }
table = "meetings"
sum = "hours"
decimals = 1
"""
FIGURES = [
    Figure("hours", "A", "2023", 2.0, FigureState.VALUE, 2, 1, 1),
    Figure("hours", "B", "2023", None, FigureState.NOT_REPORTED, 0, 1, 0),
    Figure("hours", "C", "2023", 2.25, FigureState.VALUE, 2, 2, 1),
]
COLUMNS = figures_to_arrow(FIGURES)


def test_json_is_a_list_of_figures() -> None:
    """Objects with eight keys; whole numbers without a point; null where there is no value."""
    text = figures_to_json(COLUMNS)
    found = json.loads(text)
    assert found[0] == {
        "indicator": "hours", "unit": "A", "period": "2023", "value": 2, "state": "value",
        "records": 2, "asked": 1, "reported": 1,
    }  # fmt: skip
    assert '"value": 2,' in text
    assert [f["value"] for f in found] == [2, None, 2.25]
    assert found[1]["state"] == "not_reported"


def test_json_of_no_figures_is_an_empty_list() -> None:
    """Nothing found is still JSON."""
    assert json.loads(figures_to_json(COLUMNS[:0])) == []


def test_csv_has_the_columns_of_json() -> None:
    """One row a figure; an empty cell where there is no value."""
    rows = list(csv.DictReader(io.StringIO(figures_to_csv(COLUMNS))))
    assert [row["value"] for row in rows] == ["2", "", "2.25"]
    assert list(rows[0]) == list(json.loads(figures_to_json(COLUMNS))[0])


def test_csv_holds_no_live_formula() -> None:
    """A unit's code that a spreadsheet would run is quoted; a negative value is a number."""
    figure = Figure("hours", "=A1+1", "2023", -1.5, FigureState.VALUE, 1, 1, 1)
    (row,) = csv.DictReader(io.StringIO(figures_to_csv(figures_to_arrow([figure]))))
    assert (row["unit"], row["value"]) == ("'=A1+1", "-1.5")


def test_arrow_and_parquet_give_the_figures_back(tmp_path: Path) -> None:
    """What is written is what is read."""
    write_parquet(COLUMNS, tmp_path / "figures.parquet")
    assert figures_from_arrow(figures_to_arrow(FIGURES)) == FIGURES
    assert figures_from_arrow(pq.read_table(tmp_path / "figures.parquet")) == FIGURES


@pytest.mark.parametrize(
    ("lang", "texts"),
    [("zh", ("会议时长", "2.0", "小时", "未报送")), ("en", ("Hours of meetings", "not reported"))],
)
def test_the_table_speaks_the_language_asked_for(
    tmp_path: Path, lang: str, texts: tuple[str, ...]
) -> None:
    """Labels, decimals and units of the pack; words for what is not there."""
    pack = small_pack(tmp_path / "pack", PACK)
    tree = small_ledgers(pack, "", "", UNITS, "").units
    table = figures_to_table(COLUMNS, pack, tree, lang=lang)
    assert all(text in table for text in texts)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"indicators": ["hour"]}, "did you mean hours"),
        ({"units": ["A9"]}, "unit 'A9' is not known"),
        ({"engine": "duck"}, "did you mean duckdb"),
    ],
)
def test_unknown_names_are_refused(tmp_path: Path, asked: dict[str, object], message: str) -> None:
    """The message names the word, and the nearest known one."""
    pack = small_pack(tmp_path / "pack", PACK)
    ledgers = small_ledgers(pack, "", "", UNITS, "")
    with pytest.raises(UserError, match=message):
        compute_figures(ledgers, pack, periods=[parse_period("2023")], **asked)  # type: ignore[arg-type]


def test_figures_stand_in_a_fixed_order(tmp_path: Path) -> None:
    """By indicator, period as asked, unit by code; each once, whatever is asked twice."""
    pack = small_pack(tmp_path / "pack", PACK)
    ledgers = small_ledgers(pack, "", "", UNITS, "")
    periods = [parse_period(name) for name in ("2023", "2022", "2023")]
    found = compute_figures(ledgers, pack, periods=periods, units=["C", "A", "C"])
    assert [(f.period, f.unit) for f in found] == [
        ("2023", "A"), ("2023", "C"), ("2022", "A"), ("2022", "C"),
    ]  # fmt: skip
    assert replace(found[0]) == found[0]
