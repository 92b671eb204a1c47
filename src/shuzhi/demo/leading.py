"""What a unit was made responsible for, met about, and handed on: duties, meetings, actions."""

from collections.abc import Iterator
from datetime import date

from shuzhi.demo.book import Record, Value
from shuzhi.demo.setting import LAST_DAY, QUARTERS, WHOLE_YEARS, Setting
from shuzhi.periods import Period

_DUTIES = (
    "统筹{topic}工作", "组织开展{topic}", "落实{topic}经费保障", "{topic}督促检查",
    "{topic}宣传发动", "{topic}队伍建设", "{topic}信息报送", "{topic}风险排查",
)  # fmt: skip
_WORK_TITLES = (
    "{unit}{topic}工作推进会", "{unit}{month}月份工作例会（{topic}）", "{unit}{topic}调度会",
    "{unit}{topic}工作碰头会", "{unit}{month}月重点工作会商会（{topic}）",
)  # fmt: skip
_TITLES = {
    "leading": ("{unit}班子专题研究{topic}会议", "{unit}党政联席会议专题听取{topic}汇报"),
    "deployment": ("{unit}{topic}动员部署会", "{unit}{year}年{topic}启动大会"),
    "liaison": ("{unit}{topic}部门联席会议", "{unit}{topic}协调会"),
}
_ACTIONS = (
    "制定{topic}实施方案", "完成{place}{topic}整改", "核实{place}经费缺口并提出意见",
    "组织{topic}业务培训", "修缮{place}活动场地", "汇总{topic}台账并公开",
    "与学校商定{topic}合作事项", "走访{place}困难家庭并建档", "补齐{place}消防器材",
    "对{place}闲置房屋进行登记",
)  # fmt: skip


def write_duties(setting: Setting) -> Iterator[Record]:
    for sender in setting.county.senders:
        for year in WHOLE_YEARS:
            topics = setting.rng.sample(setting.pools["words"]["topics"], 8)
            for topic in topics[: setting.rng.randint(6, 8)]:
                yield _duty(setting, sender, year, topic)


def write_meetings(setting: Setting) -> Iterator[Record]:
    for sender in setting.county.senders:
        for quarter in QUARTERS:
            kinds = _kinds_of_meetings(setting, sender, quarter)
            for day, kind in zip(setting.days(quarter, len(kinds)), kinds, strict=True):
                yield _meeting(setting, sender, quarter, day, kind)


def write_actions(setting: Setting, meetings: list[Record]) -> Iterator[Record]:
    """None, one or two actions from a meeting, never two of one kind."""
    for meeting in meetings:
        for title in setting.rng.sample(_ACTIONS, setting.rng.choice((0, 1, 1, 2))):
            yield _action(setting, meeting, title)


def _duty(setting: Setting, sender: str, year: Period, topic: str) -> Record:
    part = "lead" if setting.chance(0.6) else "assist"
    values: dict[str, Value] = {
        "unit": sender,
        "title": setting.rng.choice(_DUTIES).format(topic=topic),
        "part": part,
        "tier": setting.rng.choice(("head", "deputy", "deputy", "member", "post", None)),
        "person": setting.person() if setting.chance(0.9) else None,
        "broken_down": setting.chance(setting.traits(sender).in_time),
        "assigned_on": setting.rng.choice(setting.days(year, 60)[:10]),
    }
    return Record("duties", sender, year.name, values)


def _kinds_of_meetings(setting: Setting, sender: str, quarter: Period) -> list[str]:
    kinds = ["work"] * setting.traits(sender).work_meetings
    if quarter.start.month in (1, 7) or setting.chance(0.15):
        kinds.append("leading")
    kinds += [kind for kind in ("deployment", "liaison") if setting.chance(0.4)]
    setting.rng.shuffle(kinds)
    return kinds


def _meeting(setting: Setting, sender: str, quarter: Period, day: date, kind: str) -> Record:
    expected = setting.honest(14, 58)
    agenda = setting.rng.choice((1, 2, 2, 3, 3, 4, 6))
    decided = max(1, agenda - setting.rng.randint(0, 1))
    title = setting.rng.choice(_TITLES.get(kind, _WORK_TITLES)).format(
        unit=setting.short_name(sender), topic=setting.topic(), month=day.month, year=day.year
    )
    chaired = setting.chance(0.85 if kind in ("leading", "deployment") else 0.5)
    values: dict[str, Value] = {
        "meeting_no": setting.number("会字", sender, day.year),
        "unit": sender,
        "held_on": day,
        "kind": kind,
        "title": title,
        "chaired_by_head": None if setting.chance(0.03) else chaired,
        "agenda_items": agenda,
        "items_decided": decided,
        "items_done": sum(setting.chance(setting.traits(sender).in_time) for _ in range(decided)),
        "expected": expected,
        "attended": _attendance(setting, expected),
        "minutes_text": setting.text("meetings", sender, day),
    }
    return Record("meetings", sender, quarter.name, values)


def _attendance(setting: Setting, expected: int) -> int | None:
    if setting.chance(0.02):
        return None
    return min(expected, setting.honest(round(expected * 0.75), expected))


def _action(setting: Setting, meeting: Record, title: str) -> Record:
    sender, held_on = meeting.sender, meeting.day("held_on")
    due = setting.later(held_on, 15, 75)
    if setting.chance(setting.traits(sender).in_time):
        done = setting.later(held_on, 6, (due - held_on).days)
    else:
        done = setting.later(due, 4, 160)
    late_by = max(0, (min(done, LAST_DAY) - due).days)
    values: dict[str, Value] = {
        "action_no": setting.number("交办", sender, held_on.year),
        "unit": sender,
        "meeting_no": meeting.values["meeting_no"],
        "title": title.format(topic=setting.topic(), place=setting.place(sender, held_on)),
        "owner": _owner(setting, sender, held_on),
        "assigned_on": held_on,
        "due_on": due,
        "done_on": done if done <= LAST_DAY else None,
        "carried_over": late_by // 30 + (late_by > 0),
    }
    return Record("actions", sender, meeting.period, values)


def _owner(setting: Setting, sender: str, day: date) -> str:
    if sender in setting.county.townships:
        return setting.rng.choice((sender, *setting.county.villages(sender, day)))
    if sender == "QH":
        return setting.rng.choice(setting.county.senders)
    return sender
