"""Posts, money, residents' requests, and what was promised for the year."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from shuzhi.demo.book import Record, Value
from shuzhi.demo.county import ROOT
from shuzhi.demo.setting import LAST_DAY, QUARTERS, WHOLE_YEARS, Setting
from shuzhi.periods import Period

_POSTS = ("专职宣讲员", "阵地管理员", "综合文秘", "督导统计岗")
_FUNDS = (
    ("study", "干部学习与讲师课酬"), ("venues", "阵地维修改造"), ("activities", "群众文化活动补助"),
    ("publishing", "信息发布与印制"), ("running", "办公日常运转"),
)  # fmt: skip
_TOPICS = ("roads", "water", "environment", "housing", "welfare", "services", "other")
# (owner, text, indicator, target, month due, whether it was declared done) for each year.
_PROMISES = {
    2022: (
        (ROOT, "年内完成乡镇督查全覆盖", "townships_visited_rate", 100, 12, True),
        (ROOT, "研讨时长占学习时长三成以上", "discussion_share", 30, 12, True),
        (ROOT, "群众诉求按期答复率达到九成五", "requests_answered_in_time_rate", 95, 12, False),
        ("QH-T02", "全镇阵地使用率达到八成", "venues_used_rate", 80, 11, True),
    ),
    2023: (
        (ROOT, "问题整改销号率达到百分之八十五", "findings_put_right_rate", 85, 12, True),
        (ROOT, "全县达标阵地占比提高到九成", "venues_meeting_standards_rate", 90, 12, False),
        (ROOT, "学习计划完成率达到百分之百", "study_plan_rate", 100, 12, True),
        (ROOT, "三审签字齐全率达到百分之百", "publications_reviewed_rate", 100, 10, False),
        (ROOT, "网络课程学完率达到九成", "lesson_completion_rate", 90, 12, True),
        ("QH-T06", "盘活闲置阵地，使用率达到八成", "venues_used_rate", 80, 11, False),
        ("QH-T04", "压减工作会议，学习与工作会议之比不低于一比二", "study_per_work_meeting",
         0.5, 12, True),
        ("QH-T10", "补齐空缺岗位，配备率达到九成五", "posts_filled_rate", 95, 9, False),
        ("QH-D3", "诉求本人确认解决率达到八成五", "requests_confirmed_rate", 85, 12, True),
        ("QH-T01", "乡镇会议到会率保持在八成五以上", "meeting_attendance_rate", 85, 12, True),
        (ROOT, "与邻县联办全域文艺汇演", None, None, 12, False),
    ),
}  # fmt: skip


def write_posts(setting: Setting) -> Iterator[Record]:
    for sender in setting.county.senders:
        for title in _POSTS:
            funded = setting.rng.randint(2, 5)
            for year in WHOLE_YEARS:
                filled = sum(setting.chance(setting.traits(sender).posts) for _ in range(funded))
                values: dict[str, Value] = {
                    "unit": sender,
                    "title": title,
                    "funded": funded,
                    "filled": filled,
                    "on_the_job": sum(setting.chance(0.93) for _ in range(filled)),
                    "share_of_time": Decimal(setting.honest(38, 98)),
                    "concurrent_posts": setting.rng.choice((0, 0, 1, 1, 2, 3)),
                    "as_of": year.last_day,
                }
                yield Record("posts", sender, year.name, values)


def write_funds(setting: Setting) -> Iterator[Record]:
    for sender in setting.county.senders:
        for year in WHOLE_YEARS:
            for kind, item in _FUNDS:
                budget = Decimal(setting.honest(310, 4870)) / 100
                share = Decimal(setting.rng.randint(74, 99)) / 100
                spent = (budget * share).quantize(Decimal("0.01"))
                values: dict[str, Value] = {
                    "unit": sender,
                    "item": item,
                    "kind": kind,
                    "budget": budget,
                    "spent": spent if setting.chance(0.96) else None,
                    "as_of": year.last_day,
                }
                yield Record("funds", sender, year.name, values)


def write_cases(setting: Setting, answering: tuple[str, ...]) -> Iterator[Record]:
    """Residents' requests of the senders that take them; a township's villages answer some."""
    for sender in answering:
        for quarter in QUARTERS:
            for day in setting.days(quarter, setting.rng.randint(8, 12)):
                yield _case(setting, sender, quarter, day)


def write_promises(setting: Setting) -> Iterator[Record]:
    for year, promises in _PROMISES.items():
        for number, (unit, text, indicator, target, month, done) in enumerate(promises, start=1):
            due = date(year, month, 30 if month in (9, 11) else 31)
            values: dict[str, Value] = {
                "promise_no": f"承诺{year}-{number:02}",
                "unit": unit,
                "from_year": year - 1,
                "year": year,
                "text": text,
                "due_on": due,
                "indicator": indicator,
                "target": Decimal(str(target)) if indicator else None,
                "withdrawn": indicator is None,
                "withdrawn_reason": None if indicator else "经费调整，改由各县自办",
                "done_on": setting.later(due, -25, -2) if done else None,
            }
            yield Record("promises", ROOT, str(year), values)


def _case(setting: Setting, sender: str, quarter: Period, day: date) -> Record:
    due = setting.later(day, 10, 15)
    in_time = setting.chance(setting.traits(sender).in_time)
    answered = setting.later(day, 1, 9) if in_time else setting.later(due, 2, 50)
    is_answered = answered <= LAST_DAY and not setting.chance(0.01)
    unit = sender
    if sender in setting.county.townships and setting.chance(0.45):
        unit = setting.rng.choice(setting.county.villages(sender, day))
    values: dict[str, Value] = {
        "case_no": setting.number("诉", sender, day.year),
        "unit": unit,
        "received_on": day,
        "topic": setting.rng.choice(_TOPICS) if setting.chance(0.97) else None,
        "due_on": due,
        "answered_on": answered if is_answered else None,
        "confirmed": setting.chance(0.88) if is_answered and setting.chance(0.8) else None,
        "handovers": setting.rng.choice((0, 0, 0, 0, 1, 1, 2)),
    }
    return Record("cases", sender, quarter.name, values)
