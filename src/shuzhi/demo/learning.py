"""What was to be studied and what was: plan, sessions, lessons, completions, exemplary deeds."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from shuzhi.demo.book import Record, Value
from shuzhi.demo.county import ROOT
from shuzhi.demo.setting import QUARTERS, WHOLE_YEARS, Setting
from shuzhi.periods import Period

_KINDS = ("core_group", "core_group", "lecture", "seminar")
_TITLES = {
    "core_group": "{unit}理论学习中心组{month}月学习：{book}与{topic}",
    "lecture": "{unit}{topic}专题讲座（{book}解读）",
    "seminar": "{unit}“{topic}怎么做”交流研讨（结合{book}）",
}
_LESSONS = (
    "{book}导读", "{topic}实务", "怎样写好一篇{topic}信息", "{topic}案例十讲", "与群众谈{topic}",
)  # fmt: skip
_DEEDS = (
    "{place}村民自发修路便民", "{place}文艺队十年义演", "{place}书屋夜间开放", "{topic}互助小组",
    "{place}红白理事会简办新事", "返乡青年带动{topic}", "{place}邻里互助代买药",
)  # fmt: skip


def write_study_plan(setting: Setting) -> Iterator[Record]:
    """Two lines a quarter and unit, for as many sessions as a usual unit holds."""
    for sender in setting.county.senders:
        for year in WHOLE_YEARS:
            for quarter in (q for q in QUARTERS if year.contains(q.start)):
                days = setting.days(quarter, 3)
                for day, kind in zip(days, ("core_group", "lecture", "seminar"), strict=True):
                    if kind == "core_group" or setting.chance(0.7):
                        yield _plan_line(setting, sender, year, day, kind)


def write_study_sessions(setting: Setting) -> Iterator[Record]:
    for sender in setting.county.senders:
        for quarter in QUARTERS:
            count = setting.traits(sender).study + setting.rng.choice((0, 0, 1))
            for day in setting.days(quarter, count):
                yield _session(setting, sender, quarter, day)


def write_lessons(setting: Setting) -> Iterator[Record]:
    for year in WHOLE_YEARS:
        for number, day in enumerate(setting.days(year, 9), start=1):
            title = setting.rng.choice(_LESSONS)
            values: dict[str, Value] = {
                "lesson_no": f"KC{year.name}{number:02}",
                "unit": ROOT,
                "title": title.format(topic=setting.topic(), book=setting.book()),
                "released_on": day,
                "length": setting.honest(18, 74),
                "required": number % 3 != 0,
            }
            yield Record("lessons", ROOT, year.name, values)


def write_completions(setting: Setting, lessons: list[Record]) -> Iterator[Record]:
    county = setting.county
    for sender in (*county.departments, *county.townships):
        for quarter in QUARTERS:
            released = [x for x in lessons if quarter.contains(x.day("released_on"))]
            for lesson in released:
                assigned = setting.honest(23, 96)
                share = setting.rng.uniform(0.78, 1.0) if setting.chance(0.9) else 0.4
                values: dict[str, Value] = {
                    "unit": sender,
                    "lesson_no": lesson.values["lesson_no"],
                    "counted_on": quarter.last_day,
                    "assigned": assigned,
                    "completed": _near(setting, assigned, share),
                }
                yield Record("lesson_completions", sender, quarter.name, values)


def write_exemplars(setting: Setting) -> Iterator[Record]:
    for sender in setting.county.senders:
        for year in WHOLE_YEARS:
            for day in setting.days(year, setting.rng.randint(2, 4)):
                deed = setting.rng.choice(_DEEDS).format
                values: dict[str, Value] = {
                    "unit": sender,
                    "named_on": day,
                    "deed": deed(place=setting.place(sender, day), topic=setting.topic()),
                    "kind": setting.rng.choice(("unit", "venue", "service", "service")),
                    "level": setting.rng.choice(("township", "township", "county", "city")),
                    "deeds": setting.rng.choice((1, 1, 1, 2)),
                    "notice_days": setting.rng.choice((3, 5, 5, 6, 7, 7, None)),
                }
                yield Record("exemplars", sender, year.name, values)


def _plan_line(setting: Setting, sender: str, year: Period, day: date, kind: str) -> Record:
    values: dict[str, Value] = {
        "unit": sender,
        "planned_on": day,
        "kind": kind,
        "topic": f"{setting.book()}与{setting.topic()}",
        "sessions": 2 if kind == "core_group" and setting.chance(0.4) else 1,
    }
    return Record("study_plan", sender, year.name, values)


def _session(setting: Setting, sender: str, quarter: Period, day: date) -> Record:
    kind = setting.rng.choice(_KINDS)
    held = setting.chance(0.95)
    total = setting.honest(68, 168)
    expected = setting.honest(13, 52)
    discussion = setting.traits(sender).discussion if kind != "lecture" else 0.18
    when_held = partial(_if, held)
    values: dict[str, Value] = {
        "session_no": setting.number("学", sender, day.year),
        "unit": sender,
        "held_on": day,
        "kind": kind,
        "title": _TITLES[kind].format(
            unit=setting.short_name(sender),
            month=day.month,
            topic=setting.topic(),
            book=setting.book(),
        ),
        "held": held,
        "minutes_total": when_held(total),
        "minutes_discussion": when_held(_near(setting, total, discussion)),
        "expected": when_held(expected),
        "attended": when_held(_near(setting, expected, setting.rng.uniform(0.76, 1.0))),
        "host": None,
        "lecturer": setting.person() if held and setting.chance(0.95) else None,
        "summary": setting.text("sessions", sender, day) if held else None,
    }
    return Record("study_sessions", sender, quarter.name, values)


def _if(held: bool, number: int) -> int | None:
    return number if held else None


def _near(setting: Setting, whole: int, share: float) -> int:
    """About `share` of `whole`, never more than the whole."""
    middle = round(whole * share)
    return max(0, min(whole, setting.honest(middle - 4, middle + 4)))
