from datetime import date

import pytest


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("春季送书下乡活动", "春季送书下乡活动"),
        ("春季送书下乡活动", "“春季送书下乡”活动"),
        ("清河县春季送书下乡惠民活动", "清河县春季送书下乡便民活动"),
    ],
)
def test_an_event_entered_twice_is_asked_about_once(flags, ledgers, only, event, one, other):
    """Equal or nearly equal names of one unit and day make one flag with both records."""
    found = flags(
        ledgers(event(no="1", title=one), event(no="2", title=other), event(no="3", title="义诊")),
        only("duplicate"),
    )
    assert [flag.records for flag in found] == [("1", "2")]


@pytest.mark.parametrize(
    "other",
    [
        {"title": "第二次理论学习中心组学习会"},
        {"unit": "T2"},
        {"held_on": date(2023, 5, 6)},
    ],
)
def test_what_differs_in_number_unit_or_day_is_another_event(flags, ledgers, only, event, other):
    """The second session of a day, another township's and the next day's are no duplicates."""
    name = "第一次理论学习中心组学习会"
    rows = event(no="1", title=name), {**event(no="2", title=name), **other}
    assert flags(ledgers(*rows), only("duplicate")) == ()


def test_the_same_number_on_the_same_day_is_a_duplicate(flags, ledgers, only, event):
    """A row sent again under its own number is found even with another name."""
    rows = event(no="1", title="义诊", _id="1"), event(no="1", title="文艺汇演", _id="1-2")
    (flag,) = flags(ledgers(*rows), only("duplicate"))
    assert flag.records == ("1", "1-2")


def test_a_joint_event_is_asked_about_where_the_place_is_the_same(flags, ledgers, only, event):
    """Two townships with one name, day and venue are asked; without a venue nothing is known."""
    pack = only("duplicate_across_units")
    joint = [
        event(no="1", title="义诊", venue="V1"),
        event(no="2", unit="T2", title="义诊", venue="V1"),
    ]
    (flag,) = flags(ledgers(*joint), pack)
    assert flag.records == ("1", "2")
    assert "青石镇, 白河镇" in flag.question
    assert flags(ledgers(*({**row, "venue": None} for row in joint)), pack) == ()
    assert flags(ledgers(joint[0], {**joint[1], "venue": "V2"}), pack) == ()


def test_minutes_of_a_meeting_sent_twice_are_not_asked_about_as_copied(flags, ledgers, pack, event):
    """A defect is asked about once: the duplicate speaks for the equal minutes."""
    minutes = "会议听取了农家书屋建设情况汇报，研究了秋季开学前的校园周边整治安排。"
    rows = [event(no=n, title="例会", summary=minutes) for n in ("1", "2")]
    checks = {f.check for f in flags(ledgers(*rows), pack)}
    assert "duplicate" in checks
    assert "copied_text" not in checks
