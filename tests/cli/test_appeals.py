"""A unit appeals against a line: the answer stands beside the score and is sealed with it."""

import json
import shutil
from pathlib import Path

import pytest

from command_line import EXAMPLE, PACK, SAFETY, call_shuzhi, run_shuzhi

HEADER = "单位,期间,评分项,申诉内容,申诉理由,答复,处理结果,答复人"


@pytest.fixture(scope="module")
def lost(county: Path) -> tuple[str, str]:
    """A township and a line it lost points by."""
    for score in scores(county, "--pack", PACK):
        for line in score["lines"]:
            if score["group"] == "township" and line["weight"] and line["points"] < line["weight"]:
                return score["unit"], line["item"]
    raise AssertionError("nobody lost a point")


@pytest.fixture
def source(county: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(county, tmp_path / "county", copy_function=shutil.copy))


def scores(source: Path, *more: str | Path) -> list:  # type: ignore[type-arg]
    done = call_shuzhi("score", source, "--period", "2023", "--format", "json", *more)
    assert done.code == 0, done.err
    return json.loads(done.out)  # type: ignore[no-any-return]


def appeal(source: Path, unit: str, item: str, answer: str, effect: str, year: int = 2023) -> None:
    line = f"{unit},{year},{item},应不计此项,场馆因汛情关闭,{answer},{effect},县办"
    (source / "申诉.csv").write_text(f"{HEADER}\n{line}\n", encoding="gb18030")


def test_a_granted_appeal_takes_the_line_out_and_says_so(
    source: Path, lost: tuple[str, str], tmp_path: Path
) -> None:
    unit, item = lost
    appeal(source, unit, item, "情况属实", "予以采纳")
    found = {score["unit"]: score for score in scores(source, "--pack", PACK)}
    line = next(line for line in found[unit]["lines"] if line["item"] == item)
    assert not line["counted"]
    (heard,) = found[unit]["appeals"]
    assert heard["after"] == found[unit]["points"] > heard["before"]
    assert sum(one["weight"] for one in found[unit]["lines"]) == pytest.approx(100)

    done = call_shuzhi("seal", source, "--pack", PACK, "--out", tmp_path / "edition")
    assert done.code == 0, done.err
    sealed = {score["unit"]: score for score in scores(tmp_path / "edition")}
    assert sealed[unit] == found[unit]
    shown = run_shuzhi("score", tmp_path / "edition", "--period", "2023", "--unit", unit)
    assert "予以采纳：情况属实；得分" in shown.out


def test_a_refused_appeal_changes_nothing_and_is_shown(source: Path, lost: tuple[str, str]) -> None:
    unit, item = lost
    appeal(source, unit, item, "记录不足", "不予采纳")
    found = next(s for s in scores(source, "--pack", PACK) if s["unit"] == unit)
    (heard,) = found["appeals"]
    assert heard["before"] == heard["after"] == found["points"]
    assert heard["appeal"]["answer"] == "记录不足"


@pytest.mark.parametrize(
    ("unit", "item", "answer", "effect", "message"),
    [
        ("HC-P99", "drills_rate", "", "", "no unit 'HC-P99'"),
        ("HC-C3-P1", "nothing", "", "", "no item 'nothing'"),
        ("HC-C3-P1", "drills_rate", "", "予以采纳", "granted without an answer"),
        ("HC-C3-P1", "drills_rate", "好", "也许", "'也许' is no effect"),
    ],
)
def test_a_line_that_does_not_hold_together_is_refused(
    tmp_path: Path, unit: str, item: str, answer: str, effect: str, message: str
) -> None:
    source = Path(shutil.copytree(EXAMPLE, tmp_path / "example"))
    appeal(source, unit, item, answer, effect, year=2025)
    done = call_shuzhi("score", source, "--pack", SAFETY, "--period", "2025")
    assert done.code == 3
    assert message in done.err
    assert "line 2" in done.err
