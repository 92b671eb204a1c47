"""A unit's own channels and venues: publications, venues, activities, teams, partnerships."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from shuzhi.demo.book import Record, Value
from shuzhi.demo.setting import QUARTERS, WHOLE_YEARS, Setting
from shuzhi.periods import Period

_CHANNELS = ("website", "wechat", "wechat", "newspaper", "broadcast", "noticeboard")
_THEMES = ("policy", "service", "safety", "culture", "work", "work")
_HEADLINES = (
    "{place}：{topic}见成效", "{topic}提醒：这几件事请注意", "{unit}办好{topic}民生实事",
    "一图读懂{book}", "{place}老书记的{topic}账本", "{topic}办事指南更新",
    "走进{place}看{topic}", "{unit}晒出{topic}清单",
)  # fmt: skip
_VENUE_NAMES = {
    "station": "新时代文明实践站", "hall": "文化礼堂", "library": "农家书屋",
    "square": "文化广场", "classroom": "讲习活动室",
}  # fmt: skip
_ACTIVITIES = {
    "lecture": ("{place}{topic}宣讲会", "{book}进{place}"),
    "culture": ("{place}{month}月文艺汇演", "{place}戏曲周末（{topic}专场）"),
    "reading": ("{place}共读一本书：{book}", "{place}书屋亲子阅读"),
    "service": ("{place}便民服务日（{topic}）", "{place}义诊义剪"),
    "training": ("{place}{topic}技能课堂", "{place}果树管护培训"),
    "children": ("{place}四点半课堂", "{place}小小讲解员：{topic}"),
}
_TEAMS = (
    ("talks", "百姓宣讲队"), ("culture", "文艺轻骑兵"), ("care", "邻里守望队"),
    ("environment", "清洁家园队"), ("skills", "农技帮扶队"),
)  # fmt: skip
_SCHOOLS = ("实验小学", "第二中学", "职业中学", "中心幼儿园", "希望小学", "第一中学")


def write_publications(setting: Setting) -> Iterator[Record]:
    for sender in setting.county.senders:
        for quarter in QUARTERS:
            for day in setting.days(quarter, setting.rng.randint(7, 11)):
                yield _publication(setting, sender, quarter, day)


def write_venues(setting: Setting) -> Iterator[Record]:
    """Every venue once, in the book of the year it opened; older ones in that of 2022."""
    county = setting.county
    for township in county.townships:
        number = 0
        for village in (township, *county.villages(township, date(2022, 1, 1))):
            kinds = setting.rng.sample(list(_VENUE_NAMES), 1 if setting.chance(0.6) else 2)
            for kind in kinds:
                number += 1
                yield _venue(setting, township, village, kind, number)


def write_activities(setting: Setting, venues: list[Record]) -> Iterator[Record]:
    """What townships and villages held; some venues stand unused in both years."""
    in_use = [v for v in venues if setting.chance(setting.traits(v.sender).venue_use)]
    for township in setting.county.townships:
        busy = setting.traits(township).venue_use
        for quarter in QUARTERS:
            for unit in (township, *setting.county.villages(township, quarter.start)):
                count = 1 + sum(setting.chance(busy) for _ in range(4))
                nearby = _open_venues(in_use, unit, quarter)
                for day in setting.days(quarter, count):
                    yield write_activity(setting, township, unit, quarter, day, nearby)


def write_activity(
    setting: Setting, sender: str, unit: str, quarter: Period, day: date, nearby: list[Record]
) -> Record:
    """One activity of `unit` on `day`, at one of the venues `nearby` where there is one."""
    kind = setting.rng.choice(list(_ACTIVITIES))
    venue = setting.rng.choice(nearby) if nearby and setting.chance(0.85) else None
    places = _number(venue, "capacity") if venue else setting.honest(41, 160)
    share = setting.rng.uniform(0.35, 0.95) * (0.5 + setting.traits(sender).venue_use / 2)
    heads = min(places, setting.honest(max(6, round(places * share) - 4), round(places * share)))
    child = setting.rng.randint(heads // 8, heads // 3) if kind != "children" else heads * 2 // 3
    volunteers = setting.honest(2, 14)
    title = setting.rng.choice(_ACTIVITIES[kind]).format(
        place=setting.short_name(unit), topic=setting.topic(), book=setting.book(), month=day.month
    )
    values: dict[str, Value] = {
        "activity_no": setting.number("活", unit, day.year),
        "unit": unit,
        "venue": venue.values["venue_no"] if venue else None,
        "held_on": day,
        "title": title,
        "kind": kind,
        "places": places if setting.chance(0.97) else None,
        "heads": heads,
        "heads_adult": heads - child,
        "heads_child": child,
        "volunteers": volunteers,
        "volunteer_hours": Decimal(volunteers * setting.rng.choice((2, 3, 4, 5, 6))) / 2,
        "team_no": None,
        "partner": _school(setting, sender) if setting.chance(0.12) else None,
        "photos": None,
        "summary": setting.text("activities", sender, day) if setting.chance(0.45) else None,
    }
    return Record("activities", sender, quarter.name, values)


def write_teams(setting: Setting) -> Iterator[Record]:
    for township in setting.county.townships:
        size = setting.rng.randint(3, 5)
        formed = [date(2019 + number, 3 + number, 9 + number) for number in range(size)]
        for year in WHOLE_YEARS:
            for (kind, name), formed_on in zip(_TEAMS, formed, strict=False):
                if formed_on < year.end:
                    members = setting.honest(13, 78)
                    active = setting.rng.uniform(0.4, 0.9)
                    values: dict[str, Value] = {
                        "unit": township,
                        "name": setting.short_name(township) + name,
                        "kind": kind,
                        "formed_on": formed_on,
                        "members": members,
                        "members_active": round(members * active) if setting.chance(0.95) else None,
                        "as_of": year.last_day,
                    }
                    yield Record("volunteer_teams", township, year.name, values)


def write_partnerships(setting: Setting) -> Iterator[Record]:
    for township in setting.county.townships:
        first, second = setting.rng.sample(_SCHOOLS, 2)
        for year in WHOLE_YEARS:
            schools = [(first, date(2021, 9, 6)), (second, date(2023, 3, 14))]
            for school, began_on in schools:
                if began_on < year.end:
                    agreed = setting.rng.randint(3, 8)
                    ended = year.name == "2023" and school == first and setting.chance(0.25)
                    values: dict[str, Value] = {
                        "unit": township,
                        "partner": setting.county.name + school,
                        "began_on": began_on,
                        "ended_on": date(2023, 8, 31) if ended else None,
                        "deeds_agreed": agreed,
                        "deeds_done": agreed - setting.rng.choice((0, 0, 1, 1, 2)),
                        "as_of": year.last_day,
                    }
                    yield Record("partnerships", township, year.name, values)


def _publication(setting: Setting, sender: str, quarter: Period, day: date) -> Record:
    first = setting.later(day, -6, -4)
    second, third = setting.later(first, 0, 1), setting.later(first, 2, 3)
    signed = setting.chance(setting.traits(sender).reviews)
    title = setting.rng.choice(_HEADLINES).format(
        place=setting.place(sender, day),
        topic=setting.topic(),
        unit=setting.short_name(sender),
        book=setting.book(),
    )
    values: dict[str, Value] = {
        "publication_no": setting.number("稿", sender, day.year),
        "unit": sender,
        "published_on": day,
        "title": title,
        "channel": setting.rng.choice(_CHANNELS),
        "theme": setting.rng.choice(_THEMES),
        "review1_on": first,
        "review2_on": second,
        "review3_on": third if signed else setting.rng.choice((None, setting.later(day, 1, 3))),
        "corrections": 1 if setting.chance(0.03) else 0,
    }
    return Record("publications", sender, quarter.name, values)


def _venue(setting: Setting, township: str, village: str, kind: str, number: int) -> Record:
    opened_on = date(setting.rng.randint(2016, 2021), setting.rng.randint(1, 12), 6 + number)
    if setting.chance(0.34):
        opened_on = setting.rng.choice(setting.days(setting.rng.choice(WHOLE_YEARS), 200))
    if village == setting.county.merged:
        opened_on = date(2021, 5, 19)
    standards = setting.traits(township).standards
    values: dict[str, Value] = {
        "venue_no": f"{township.removeprefix('QH-')}-ZD{number:02}",
        "unit": village,
        "name": setting.short_name(village) + _VENUE_NAMES[kind],
        "kind": kind,
        "level": "township" if village == township else "village",
        "opened_on": opened_on,
        "closed_on": date(2023, 6, 30) if village == setting.county.merged else None,
        "capacity": setting.honest(43, 178),
        "area": setting.honest(64, 420),
        "transport_ok": setting.chance(0.5 + standards / 2),
        "footfall_ok": setting.chance(standards),
        "programme_ok": setting.chance(0.3 + standards * 0.7) if setting.chance(0.96) else None,
    }
    return Record("venues", township, str(max(2022, opened_on.year)), values)


def _open_venues(venues: list[Record], unit: str, quarter: Period) -> list[Record]:
    return [
        venue
        for venue in venues
        if venue.values["unit"] == unit
        and venue.day("opened_on") < quarter.start
        and venue.values["closed_on"] is None
    ]


def _number(record: Record, column: str) -> int:
    value = record.values[column]
    assert isinstance(value, int), (record.table, column, value)
    return value


def _school(setting: Setting, sender: str) -> str:
    return setting.county.name + setting.rng.choice(_SCHOOLS)
