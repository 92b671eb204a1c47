"""Who signs a return, and of which records evidence is asked for, as the pack says."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.packs.load import examine_pack, load_pack
from shuzhi.packs.model import EvidenceSample
from shuzhi.pipeline import approval_units, column_uses, draw_sample, form_minutes
from shuzhi.units import UnitSpan, UnitTree

DAY = date(2023, 3, 1)
TREE = UnitTree(
    [
        UnitSpan("QH", "清河县", "county", "", date(2020, 1, 1)),
        UnitSpan("T1", "青石镇", "township", "QH", date(2020, 1, 1)),
        UnitSpan("T2", "白杨镇", "township", "QH", date(2020, 1, 1)),
        UnitSpan("V1", "柳树村", "village", "T1", date(2020, 1, 1), date(2023, 7, 1)),
        UnitSpan("V1", "柳树村", "village", "T2", date(2023, 7, 1)),
    ]
)
IDS = st.lists(st.text(min_size=1, max_size=4), max_size=60)


@pytest.fixture
def load(pack_files, write_pack):
    """The small pack with an approval section and an evidence sample."""

    def load(approval=None, evidence=None):
        if approval is not None:
            pack_files["pack.toml"] += f"[approval]\n{approval}\n"
        if evidence is not None:
            pack_files["tables/meetings.json"]["shuzhi:evidence"] = evidence
        return write_pack(pack_files)

    return load


def complaints(path):
    return [str(complaint) for complaint in examine_pack(path).complaints]


@pytest.mark.parametrize(
    ("section", "steps"),
    [
        (None, ("own", "above", "root")),
        ("", ("own", "above", "root")),
        ('steps = ["own"]', ("own",)),
        ('steps = ["above", "root"]', ("above", "root")),
    ],
)
def test_a_pack_names_its_steps(load, section, steps):
    """All three unless it names some."""
    assert load_pack(load(section)).approval == steps


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ('step = ["own"]', "approval.step: this key is not known; did you mean steps?"),
        ('steps = ["abov"]', "approval.steps: 'abov' is no step; did you mean above?"),
        ("steps = []", "approval.steps: nobody signs; name at least one of own, above, root"),
        ('steps = ["root", "own"]', "approval.steps: they do not go up the tree; write own, root"),
        ('steps = ["own", "own"]', "approval.steps: 'own' stands there twice; remove one of them"),
    ],
)
def test_steps_that_are_none_are_refused(load, section, said):
    """Each with what to write instead, and nothing else is said."""
    assert complaints(load(section)) == [f"pack.toml: {said}"]


@pytest.mark.parametrize(
    ("steps", "unit", "signers"),
    [
        ("own above root", "V1", [("own", "V1"), ("above", "T1"), ("root", "QH")]),
        ("own above root", "T1", [("own", "T1"), ("above", "QH")]),
        ("own above root", "QH", [("own", "QH")]),
        ("own root", "V1", [("own", "V1"), ("root", "QH")]),
        ("above", "V1", [("above", "T1")]),
        ("above", "QH", [("above", "QH")]),
        ("root", "QH", [("root", "QH")]),
    ],
)
def test_a_unit_signs_once(load, steps, unit, signers):
    """Steps that fall on one unit are one; the root signs for itself whichever step is asked."""
    pack = replace(load_pack(load()), approval=tuple(steps.split()))
    assert approval_units(pack, TREE, unit, DAY) == tuple(signers)


def test_the_tree_is_that_of_the_day(load):
    """A village that moved is signed for where it stood."""
    pack = load_pack(load())
    assert approval_units(pack, TREE, "V1", DAY)[1] == ("above", "T1")
    assert approval_units(pack, TREE, "V1", date(2023, 7, 1))[1] == ("above", "T2")


def test_a_table_asks_for_evidence_by_sample(load):
    """Share, least and most, with a least of one and no most unless said; none at all unless the
    table says so."""
    whole = load_pack(load(evidence={"sample": 0.1, "least": 2, "most": 5}))
    assert whole.tables["meetings"].evidence == EvidenceSample(0.1, 2, 5)
    assert whole.tables["units"].evidence is None
    share = load_pack(load(evidence={"sample": 0.25}))
    assert share.tables["meetings"].evidence == EvidenceSample(0.25, 1, None)


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        ({"sampel": 0.1, "sample": 0.1}, ".sampel: this key is not known; did you mean sample?"),
        ({"least": 1}, ".sample: this key is missing; write the share of records, such as 0.1"),
        ({"sample": 2}, ".sample: 2 is out of range; write a number of at least 0 and at most 1"),
        ({"sample": 0.1, "least": 5, "most": 2}, ".most: it is below least; exchange them"),
        ({"sample": 1, "least": -1}, ".least: -1 is out of range; write a number of at least 0"),
    ],
)  # fmt: skip
def test_a_sample_that_is_none_is_refused(load, evidence, said):
    """Each with what to write instead, and nothing else is said."""
    found = complaints(load(evidence=evidence))
    assert found == [f"tables/meetings.json: shuzhi:evidence{said}"]


@given(ids=IDS, share=st.integers(0, 100), least=st.integers(0, 9), more=st.integers(0, 9))
def test_so_many_are_drawn_and_the_same_again(ids, share, least, more):
    """The share rounded up, at least and at most so many and no more than there are, in whatever
    order they come."""
    sample = EvidenceSample(share / 100, least, least + more)
    drawn = draw_sample(ids, sample, "seed")
    count = len(set(ids))
    assert len(drawn) == min(max(-(-share * count // 100), least), least + more, count)
    assert set(drawn) <= set(ids)
    assert draw_sample(ids[::-1], sample, "seed") == drawn


@given(ids=IDS, late=st.text(min_size=1, max_size=4))
def test_a_late_record_moves_at_most_one(ids, late):
    """Evidence that was asked for is still asked for."""
    sample = EvidenceSample(0.3, 1, 5)
    drawn = draw_sample(ids, sample, "s")
    assert len(set(drawn) - set(draw_sample([*ids, late], sample, "s"))) <= 1


def test_seeds_draw_differently():
    """Every record has its chance: over many seeds each is drawn about as often."""
    ids, sample = [f"r{n}" for n in range(10)], EvidenceSample(0.1, 1, 5)
    often = dict.fromkeys(ids, 0)
    for seed in range(1000):
        (one,) = draw_sample(ids, sample, str(seed))
        often[one] += 1
    assert min(often.values()) > 60
    assert sum(often.values()) == 1000


def test_a_tenth_of_thirty_is_three():
    """Shares are decimals: in floats it would be four."""
    ids = [str(n) for n in range(30)]
    assert len(draw_sample(ids, EvidenceSample(0.1), "s")) == 3


def test_a_column_says_what_it_feeds(pack_files, meetings, write_pack):
    """Labels of the indicators that count, place or choose rows by it; checks that name it; pages
    and registers; a column nothing uses says nothing."""
    pack_files["checks.toml"] = """
[duplicate]
events = [{ table = "meetings", name = "title" }]
[over_capacity]
compare = [{ column = "meetings.attended", limit = "units.code" }]
"""
    meetings["attended"]["shuzhi:feeds"] = ["register", "report:leading", "register:twice"]
    pack = load_pack(write_pack(pack_files))
    uses = {
        column.name: column_uses(pack, "meetings", column.name, "zh")
        for column in pack.tables["meetings"].columns
    }
    assert {name: found for name, found in uses.items() if found} == {
        "held_on": ("会议次数", "时长"),
        "kind": ("会议次数",),
        "held": ("会议次数",),
        "hours": ("时长",),
        "title": ("数据核对",),
        "attended": ("单位台账", "年度报告", "数据核对"),
    }
    assert column_uses(pack, "meetings", "hours", "en") == ("Hours",)
    assert form_minutes(pack.tables["meetings"]) == 5.0
