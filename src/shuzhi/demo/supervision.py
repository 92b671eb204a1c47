"""What the county office went to see and what it found: campaigns, visits, findings, bulletins."""

from collections.abc import Iterator
from datetime import date

from shuzhi.demo.book import Record, Value
from shuzhi.demo.county import ROOT
from shuzhi.demo.setting import LAST_DAY, QUARTERS, WHOLE_YEARS, Setting
from shuzhi.periods import Period

_CAMPAIGNS = (
    ("文明实践阵地使用情况专项督查", 3, 62),
    ("学习计划落实情况专项督查", 8, 40),
)
_FINDINGS = (
    "{place}文明实践站常年锁门，设施闲置", "学习记录与签到表人数不一致", "{topic}台账缺少佐证材料",
    "{place}农家书屋图书未分类，借阅登记停在上年", "稿件三审签字不全即发布",
    "会议议定事项未明确责任人和时限", "{topic}经费报销凭证不完整", "{place}活动照片重复使用",
    "群众诉求答复后未回访", "{place}场地消防器材过期", "{topic}责任分工未分解到岗",
    "志愿服务时长无签字确认", "{place}交通不便，指示牌缺失", "工作会议偏多，学习研讨被挤占",
    "编制岗位空缺，由临时人员顶岗",
)  # fmt: skip
_METHODS = ("documents", "documents", "interviews", "interviews", "extended_check")


def write_campaigns(setting: Setting) -> Iterator[Record]:
    for year in WHOLE_YEARS:
        for number, (title, month, planned) in enumerate(_CAMPAIGNS, start=1):
            began = date(year.start.year, month, setting.rng.randint(3, 19))
            over = (year.start.year, number) != (2023, 2)
            values: dict[str, Value] = {
                "campaign_no": f"专督{year.name}-{number:02}",
                "unit": ROOT,
                "title": f"{year.name}年{title}",
                "began_on": began,
                "ended_on": setting.later(began, 70, 110) if over else None,
                "units_planned": planned + setting.rng.randint(1, 9),
            }
            yield Record("campaigns", ROOT, year.name, values)


def write_visits(setting: Setting, campaigns: list[Record]) -> Iterator[Record]:
    for quarter in QUARTERS:
        for day in setting.days(quarter, setting.rng.randint(22, 28)):
            yield _visit(setting, quarter, day, campaigns)


def write_findings(setting: Setting, visits: list[Record]) -> Iterator[Record]:
    """One to three findings from about two visits in three."""
    for visit in visits:
        titles = setting.rng.sample(_FINDINGS, setting.rng.choice((0, 1, 1, 2)))
        for title in titles:
            yield _finding(setting, visit, title)


def write_bulletins(setting: Setting) -> Iterator[Record]:
    for quarter in QUARTERS:
        for day in setting.days(quarter, 2):
            raised = setting.rng.choice((0, 0, 1, 2))
            topic = setting.topic()
            values: dict[str, Value] = {
                "bulletin_no": setting.number("通报", ROOT, day.year),
                "unit": ROOT,
                "title": f"关于{quarter.name[:4]}年{day.month}月{topic}督查情况的通报",
                "issued_on": day,
                "findings_cited": setting.honest(3, 14),
                "previewed_on": setting.later(day, -9, -3) if setting.chance(0.85) else None,
                "objections": raised,
                "objections_upheld": setting.rng.randint(0, raised),
            }
            yield Record("bulletins", ROOT, quarter.name, values)


def _visit(setting: Setting, quarter: Period, day: date, campaigns: list[Record]) -> Record:
    level = setting.rng.choice(("department", "township", "township", "village", "village"))
    method = setting.rng.choice(_METHODS)
    in_force = [c for c in campaigns if c.day("began_on") <= day <= (_end(c))]
    values: dict[str, Value] = {
        "visit_no": setting.number("督查", ROOT, day.year),
        "campaign": in_force[-1].values["campaign_no"] if in_force else None,
        "unit": _visited(setting, level, day),
        "unit_level": level,
        "visited_on": day,
        "method": method,
        "by_unit": setting.rng.choice((ROOT, ROOT, ROOT, *setting.county.departments)),
        "papers_checked": setting.honest(6, 68) if method == "documents" else None,
        "people_heard": setting.honest(2, 19) if method != "documents" else 0,
        "photos": None,
    }
    return Record("visits", ROOT, quarter.name, values)


def _end(campaign: Record) -> date:
    end = campaign.values["ended_on"]
    return end if isinstance(end, date) else LAST_DAY


def _visited(setting: Setting, level: str, day: date) -> str:
    county = setting.county
    if level == "department":
        return setting.rng.choice(county.departments)
    township = setting.rng.choice(county.townships)
    if level == "township":
        return township
    return setting.rng.choice(county.villages(township, day))


def _finding(setting: Setting, visit: Record, title: str) -> Record:
    day, unit = visit.day("visited_on"), str(visit.values["unit"])
    found = setting.later(day, 0, 2)
    due = setting.later(found, 20, 60)
    closed = _closed_on(setting, unit, found, due)
    rechecker = unit if setting.chance(0.06) else ROOT
    values: dict[str, Value] = {
        "finding_no": setting.number("问题", ROOT, day.year),
        "visit_no": visit.values["visit_no"],
        "unit": unit,
        "title": title.format(topic=setting.topic(), place=setting.place(unit[:6], day)),
        "found_on": min(found, _last_day(visit)),
        "severity": setting.rng.choice(("minor",) * 6 + ("serious",) * 3 + ("grave",)),
        "due_on": due,
        "replied_on": setting.later(found, 3, 18) if setting.chance(0.9) else None,
        "closed_on": closed,
        "rechecked_on": setting.later(closed, -2, 0) if closed else None,
        "rechecked_by": rechecker if closed and setting.chance(0.95) else None,
        "recurring": setting.chance(0.12) if setting.chance(0.96) else None,
    }
    replied = values["replied_on"]
    if isinstance(replied, date) and replied > LAST_DAY:
        values["replied_on"] = None
    return Record("findings", ROOT, visit.period, values)


def _closed_on(setting: Setting, unit: str, found: date, due: date) -> date | None:
    if setting.chance(setting.traits(unit[:6]).in_time):
        closed = setting.later(found, 12, (due - found).days)
    elif setting.chance(0.5):
        closed = setting.later(due, 5, 90)
    else:
        return None
    return closed if closed <= LAST_DAY else None


def _last_day(visit: Record) -> date:
    return next(quarter.last_day for quarter in QUARTERS if quarter.name == visit.period)
