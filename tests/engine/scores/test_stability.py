"""Tiers: an order is real where no fair change of the weights turns it round."""

from hypothesis import given
from hypothesis import strategies as st

from shuzhi.figures.model import Figure, FigureState
from shuzhi.scores.model import Score, ScoreLine
from shuzhi.scores.scales import Share
from shuzhi.scores.scorecard import Band, Group, Item, Scorecard
from shuzhi.scores.stability import Standing, stand_units

WEIGHTS = {"a": 50.0, "b": 50.0}


def card() -> Scorecard:
    items = tuple(
        Item(name, name, ("township",), weight, Share(), None, 0)
        for name, weight in WEIGHTS.items()
    )
    group = Group("township", {"zh": "乡镇", "en": "Townships"}, "township")
    return Scorecard((Band({"zh": "有", "en": "Any"}, 0.0),), (group,), items, ())


def score(unit: str, a: float, b: float, taken: float = 0.0) -> Score:
    """A unit that earned the shares `a` and `b` of two lines of 50 points."""
    lines = [
        ScoreLine(name, unit, f"{name}.{unit}.2023", None, None, 50.0, 50 * share, True, "")
        for name, share in (("a", a), ("b", b))
    ]
    lines.append(ScoreLine("off", unit, f"a.{unit}.2023", None, None, 0.0, -taken, True, ""))
    return Score(unit, "2023", "township", 50 * (a + b) - taken, "有", tuple(lines))


def standings(*scores: Score, records: int = 100) -> list[Standing]:
    figures = {
        (name, one.unit, "2023"): Figure(
            name, one.unit, "2023", 1.0, FigureState.VALUE, records, 1, 1
        )
        for one in scores
        for name in WEIGHTS
    }
    return stand_units(scores, card(), figures)


def tiers(*scores: Score, records: int = 100) -> dict[str, int]:
    return {one.unit: one.tier for one in standings(*scores, records=records)}


def test_a_unit_better_in_every_line_stands_above() -> None:
    assert tiers(score("T1", 0.5, 0.5), score("T2", 0.9, 0.9)) == {"T2": 1, "T1": 2}


def test_units_that_trade_places_as_weights_move_share_a_tier() -> None:
    """51 against 50 points, from opposite lines: other weights turn it round."""
    assert tiers(score("T1", 0.02, 1.0), score("T2", 1.0, 0.0)) == {"T1": 1, "T2": 1}


def test_within_a_tier_the_tree_gives_the_order_not_the_points() -> None:
    found = standings(score("T1", 0.0, 1.0), score("T2", 1.0, 0.02))
    assert [one.unit for one in found] == ["T1", "T2"]
    assert found[0].points < found[1].points


def test_a_lead_that_rests_on_few_records_is_not_real() -> None:
    """Without line a, which rests on two records, T2 would be behind."""
    leading, other = score("T1", 1.0, 0.5), score("T2", 0.5, 0.6)
    assert tiers(leading, other)["T2"] == 2
    assert tiers(leading, other, records=2) == {"T1": 1, "T2": 1}


def test_points_taken_off_are_taken_off_under_every_weight() -> None:
    (one,) = standings(score("T1", 1.0, 1.0, taken=4.0))
    assert (one.lowest, one.highest, one.tiers) == (96.0, 96.0, 1)


shares = st.floats(0, 1).map(lambda share: round(share, 2))


@given(units=st.lists(st.tuples(shares, shares), min_size=1, max_size=5))
def test_a_lower_tier_never_has_more_points(units: list[tuple[float, float]]) -> None:
    found = standings(*(score(f"T{n}", a, b) for n, (a, b) in enumerate(units)))
    assert len(found) == len(units)
    assert {one.tier for one in found} == set(range(1, found[0].tiers + 1))
    for one in found:
        assert one.lowest <= round(one.points, 1) <= one.highest
        assert all(other.points < one.points for other in found if other.tier > one.tier)
