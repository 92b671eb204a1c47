"""The report's annex: how stable a score is, who appealed, and what is missing."""

import re
import shutil

import pytest

from command_line import EXAMPLE, SAFETY, call_shuzhi


@pytest.fixture(scope="module")
def appealed(tmp_path_factory):
    """The report of the safety example with one appeal granted and one refused."""
    work = tmp_path_factory.mktemp("appealed")
    source = work / "source"
    shutil.copytree(EXAMPLE, source)
    (source / "appeals.csv").write_text(
        "unit,period,item,what,why,answer,effect,by\n"
        "HC-C1-P3,2025,hazards_accepted_rate,own acceptance is allowed,rule 7,it is,granted,HC\n"
        "HC-C3-P1,2025,drills_rate,one drill is missing,paper lost,no record,refused,HC\n",
        encoding="utf-8",
    )
    out = work / "out"
    done = call_shuzhi(
        "report", source, "--pack", SAFETY, "--period", "2025", "--lang", "en", "--out", out
    )  # fmt: skip
    assert done.code == 0, done.err
    return out


def bound(folder):
    page = (folder / "report.html").read_text(encoding="utf-8")
    return dict(re.findall(r'data-binding="([^"]+)">([^<]*)<', page)), page


def test_an_appeal_stands_with_its_answer_and_its_effect(appealed):
    """Granted, the points rise; refused, they stay."""
    numbers, page = bound(appealed)
    before = float(numbers["appeal.HC-C1-P3.2025:before"])
    after = float(numbers["score.HC-C1-P3.2025"])
    assert after > before
    assert numbers["appeal.HC-C3-P1.2025:before"] == numbers["score.HC-C3-P1.2025"]
    assert "own acceptance is allowed (because: rule 7)" in page


def test_every_unit_s_tier_and_range_are_printed(appealed):
    """Points lie within the range; the tiers begin with one."""
    numbers, _ = bound(appealed)
    plants = ["HC-C1-P1", "HC-C1-P3", "HC-C2-P1", "HC-C2-P2", "HC-C3-P1", "HC-C3-P2"]
    for unit in plants:
        low, high = (float(numbers[f"standing.{unit}.2025:{end}"]) for end in ("lowest", "highest"))
        assert low < float(numbers[f"score.{unit}.2025"]) < high
    assert min(int(numbers[f"standing.{unit}.2025:tier"]) for unit in plants) == 1


def test_a_lost_point_names_the_returns_that_are_missing(appealed):
    """西郊物流站 sent nothing for the third quarter."""
    assert "not sent: Hazards 2025-Q3" in bound(appealed)[1]


def test_all_of_it_holds(appealed):
    """verify recounts tiers, ranges and appeals from the edition."""
    done = call_shuzhi("verify", appealed / "report.docx", appealed / "edition")
    assert (done.code, done.out) == (0, "")
