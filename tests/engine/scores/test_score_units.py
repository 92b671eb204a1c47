from datetime import date

import pytest

from shuzhi.scores.output import (
    scores_from_arrow,
    scores_to_arrow,
    scores_to_csv,
    scores_to_json,
    scores_to_table,
)
from shuzhi.scores.score import spread_weights
from shuzhi.units import UnitSpan, UnitTree


def lines(score):
    return {line.item: line for line in score.lines}


def test_points_are_linear_to_the_target_and_every_lost_one_is_named(scored):
    """65 % between a floor of 40 and a target of 90 earns half; the open findings are named."""
    score = scored(closed=13, open_=7, sessions=4)[0]
    line = lines(score)["put_right_rate"]
    assert (line.value, line.target, line.weight, line.points) == (65.0, 90.0, 60.0, 30.0)
    assert line.records == ("F14", "F15", "F16", "F17", "F18", "F19", "F20")
    assert line.lost == (
        "Put right is 65 per cent against 90 per cent: 30 of 60 points lost; records: F14, F15, "
        "F16, F17, F18 and others, 7 in all."
    )
    assert lines(score)["sessions_held"].lost == ""


def test_deductions_are_capped_and_name_their_records(scored):
    """Each overdue finding costs two points, at most five; the sum is that of the lines."""
    one = scored(closed=19, open_=1, sessions=4)[0]
    assert (one.points, one.band) == (98.0, "Good")
    assert lines(one)["overdue"].records == ("F20",)
    capped = lines(scored(closed=18, open_=9, sessions=4)[0])["overdue"]
    assert capped.points == -5.0
    assert "(at most 5)" in capped.lost


def test_a_line_without_a_base_is_spread_over_the_others(scored):
    """A share of nothing does not count: the other line then carries the whole weight."""
    score = scored(sessions=2)[0]
    share, sessions = lines(score)["put_right_rate"], lines(score)["sessions_held"]
    assert (share.counted, share.weight, share.points) == (False, 0.0, 0.0)
    assert (sessions.weight, sessions.points) == (100.0, 50.0)
    assert score.points == 50.0


def test_a_base_under_the_minimum_does_not_count(scored):
    """One finding put right out of one is no hundred per cent."""
    items = {
        "put_right_rate": {
            "weight": 60,
            "scale": {"kind": "linear", "floor": 40},
            "min_records": 3,
        },
        "sessions_held": {"weight": 40, "scale": {"kind": "linear"}},
    }
    score = scored(closed=2, sessions=1, items=items)[0]
    assert not lines(score)["put_right_rate"].counted
    assert score.points == 25.0


def test_silence_gains_nothing(scored):
    """A figure that was asked for and not reported counts, at no points."""
    score = scored(closed=9, open_=0, silent={"sessions"})[0]
    line = lines(score)["sessions_held"]
    assert (line.counted, line.weight, line.points, line.value) == (True, 40.0, 0.0, None)
    assert line.lost == "Sessions was not reported: 40 points lost; not sent: 学习 2023."
    assert score.points == 60.0


def test_steps_and_shares(scored):
    """A step gives its share from its threshold on; a share is taken as it is."""
    items = {
        "put_right_rate": {
            "weight": 50,
            "scale": {"kind": "steps", "steps": [{"at": 90, "share": 1}, {"at": 60, "share": 0.5}]},
        },
        "again": {"indicator": "put_right_rate", "weight": 50, "scale": {"kind": "share"}},
    }
    score = scored(closed=6, open_=4, items=items, deductions={})[0]
    assert [line.points for line in score.lines] == [25.0, 30.0]


def test_units_stand_by_code_and_never_by_points(scored):
    """The unit with fewer points is not put last; no score falls below 0."""
    scores = scored(closed=9, sessions=4, unit="T2")
    assert [(score.unit, score.points) for score in scores] == [("T1", 0.0), ("T2", 100.0)]
    assert scored(open_=9)[0].points == 0.0


@pytest.mark.parametrize("weights", [(1, 1, 1), (10, 10, 7, 5, 8, 6), (33.3, 66.7)])
def test_spread_weights_add_up_to_a_hundred(weights):
    """Full marks are 100 points whichever lines count, and printed weights add up."""
    spread = spread_weights({str(n): weight for n, weight in enumerate(weights)})
    assert round(sum(spread.values()), 9) == 100
    exact = [weight * 100 / sum(weights) for weight in weights]
    assert all(abs(a - b) < 0.1 for a, b in zip(spread.values(), exact, strict=True))


def test_scores_survive_the_edition_and_are_printed(scored, pack):
    """Arrow gives equal scores back; every format names the lost point."""
    scores = scored(closed=13, open_=7, sessions=4, lang="zh")
    assert scores_from_arrow(scores_to_arrow(scores)) == scores
    begun = date(2000, 1, 1)
    tree = UnitTree(
        [
            UnitSpan("C", "县", "county", "", begun),
            UnitSpan("T1", "甲镇", "township", "C", begun),
            UnitSpan("T2", "乙镇", "township", "C", begun),
        ]
    )
    printed = scores_to_table(scores, pack, tree, "zh")
    assert "[乡镇]" in printed
    for text in (scores_to_json(scores), scores_to_csv(scores), printed):
        assert "整改率为 65%，目标 90%，失 30 分（满分 60 分）；涉及记录：F14、F15" in text
