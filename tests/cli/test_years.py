"""A year beside the year before, where a village was merged in between."""

import json
from pathlib import Path

import pytest

from command_line import PACK, call_shuzhi, run_shuzhi


@pytest.fixture(scope="module")
def compared(county: Path) -> dict[str, dict]:  # type: ignore[type-arg]
    """Activities of the township, of the village that ended on 2023-07-01, and of its heir."""
    units = [part for code in ("", "-V02", "-V05") for part in ("--unit", f"QH-T03{code}")]
    done = run_shuzhi(
        "years",
        county,
        "--pack",
        PACK,
        "--indicator",
        "activities_held",
        *units,
        "--format",
        "json",
    )
    assert done.code == 0, done.err
    return {row["unit"]: row for row in json.loads(done.out)}


def test_a_merged_village_counts_at_its_heir_once_restated(compared: dict[str, dict]) -> None:  # type: ignore[type-arg]
    own, merged = compared["QH-T03-V02"], compared["QH-T03-V05"]
    assert merged["restated"] == {"before": None, "now": None, "change": None}
    for year in ("before", "now"):
        both = own["as_it_was"][year]["value"] + merged["as_it_was"][year]["value"]
        assert own["restated"][year]["value"] == both
    assert merged["as_it_was"]["before"]["value"] > 0


def test_the_township_above_both_does_not_change(compared: dict[str, dict]) -> None:  # type: ignore[type-arg]
    assert compared["QH-T03"]["as_it_was"]["change"] == compared["QH-T03"]["restated"]["change"]


def test_the_change_is_the_difference(compared: dict[str, dict]) -> None:  # type: ignore[type-arg]
    for row in compared.values():
        pair = row["as_it_was"]
        assert pair["change"] == pair["now"]["value"] - pair["before"]["value"]


def test_the_table_says_which_is_which(county: Path) -> None:
    done = call_shuzhi(
        "years", county, "--pack", PACK, "--indicator", "activities_held", "--unit", "QH-T03"
    )
    assert done.code == 0
    assert "重述”按 2023-12-31 的单位隶属" in done.out
