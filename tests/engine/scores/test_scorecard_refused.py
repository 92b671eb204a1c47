import copy
from dataclasses import replace

import pytest

from shuzhi.errors import PackRefused
from shuzhi.scores.scorecard import read_scorecard


@pytest.fixture
def complaints(pack):
    def _complaints(change):
        card = copy.deepcopy(dict(pack.scorecard))
        change(card)
        with pytest.raises(PackRefused) as refused:
            read_scorecard(replace(pack, scorecard=card))
        return refused.value.complaints

    return _complaints


@pytest.mark.parametrize("key", ["rank", "order_by", "top"])
def test_a_scorecard_that_ranks_is_refused(complaints, key):
    """Units are put into bands, never into an order."""
    (complaint,) = complaints(lambda card: card.update({key: True}))
    assert complaint.startswith(f"scorecard.toml: {key}: a scorecard puts units into bands")
    (complaint,) = complaints(lambda card: card["groups"]["township"].update({key: True}))
    assert "never into an order" in complaint


def test_a_scorecard_of_persons_is_refused(complaints):
    """Neither a person as subject nor an indicator that counts persons is scored."""
    (complaint,) = complaints(lambda card: card.update(subject="person"))
    assert "only units are, never persons" in complaint
    (complaint,) = complaints(
        lambda card: card["items"]["sessions_held"].update(indicator="lecturers")
    )
    assert "counts persons, who may be counted and never scored" in complaint


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (("items", "sessions_held", "weight"), 30,
         "items: the weights for township add up to 90; make them 100"),
        (("items", "sessions_held", "wieght"), 30,
         "items.sessions_held.wieght: this key is not known; did you mean weight?"),
        (("items", "sessions_held", "indicator"), "session_held",
         "items.sessions_held.indicator: the pack has no indicator 'session_held'; "
         "did you mean sessions_held?"),
        (("items", "sessions_held", "indicator"), "found",
         "items.sessions_held.indicator: found does not say whether more or less"),
        (("items", "sessions_held", "groups"), ["village"],
         "items.sessions_held.groups: there is no group 'village'"),
        (("deductions", "overdue", "at_most"), -1,
         "deductions.overdue.at_most: -1 is out of range"),
        (("groups", "township", "level"), "town", "groups.township.level: 'town' is not known"),
        (("bands",), [{"label": {"zh": "优", "en": "Good"}, "least": 90}],
         "bands: their lower bounds do not fall from the best band to 0"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_remedy(complaints, path, value, complaint):
    """Every complaint names file and key and says what to do."""

    def change(card):
        place = card
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value

    assert any(text.startswith(f"scorecard.toml: {complaint}") for text in complaints(change))
