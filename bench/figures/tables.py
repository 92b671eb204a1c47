"""The tables of the pack: columns with how they are drawn, and the atoms that predicates ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from drawing import (
    Draw,
    category,
    day_after,
    day_before,
    event_day,
    flag,
    money,
    near,
    person,
    phrase,
    record_number,
    session,
    whole,
)

_END_OF_YEAR = (date(2026, 1, 1) - date(1970, 1, 1)).days - 1
_TOPICS = ("安全", "健康", "法律", "种植", "环境", "防火", "文化", "档案", "阅读", "财务")
_FORMS = ("讲座", "培训", "走访", "演练", "座谈", "检查", "咨询", "展览", "观摩", "比赛")


@dataclass(frozen=True)
class Field:
    """A column. `draw` is None for the unit, which the row has before anything is drawn."""

    name: str
    type: str
    zh: str
    draw: Draw | None
    role: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableSpec:
    """A table. `part` is its size as a share of ROWS; `kinds` says which part of the indicators
    of each measure is on it; `atoms` what predicates are put together from."""

    name: str
    zh: str
    every: str
    part: float
    first_year: int
    fields: tuple[Field, ...]
    atoms: tuple[str, ...]
    kinds: Mapping[str, float]
    numbers: tuple[str, ...]  # columns that are added up, averaged, …
    counted: tuple[str, ...] = ()  # columns whose different values are counted
    other_day: str = ""  # a second column that may place a row in a period
    ends: str = ""

    @property
    def day(self) -> str:
        return next(column.name for column in self.fields if column.role == "date")


def _categories(name: str, zh: str, weights: Mapping[str, float], nulls: float = 0.0) -> Field:
    draw = category(tuple(weights), tuple(weights.values()), nulls)
    return Field(name, "string", zh, draw, values=tuple(weights))


def _unit(zh: str = "所属单位") -> Field:
    return Field("unit", "string", zh, None, role="unit")


_MOST = {"count": 0.6, "share": 0.6, "sum": 0.6, "average": 0.6, "distinct": 0.6, "median": 0.6}
_SOME = {"count": 0.2, "share": 0.2, "sum": 0.2, "average": 0.2, "distinct": 0.25, "median": 0.2}
_FEW = {"count": 0.1, "share": 0.1, "sum": 0.1, "average": 0.1, "distinct": 0.1, "median": 0.1}

ATTENDANCE = TableSpec(
    "attendance", "参加情况", "year", 1.0, 2025,
    (
        Field("id", "string", "编号", record_number("A"), role="id"),
        _unit(),
        Field("held_on", "date", "日期", event_day, role="date"),
        Field("session", "string", "场次", session),
        Field("person", "string", "参加人", person, role="person"),
        _categories("position", "岗位", {"staff": 50, "cadre": 14, "teacher": 9, "doctor": 6,
                                         "volunteer": 16, "guest": 5}),
        _categories("kind", "活动类别", {"training": 34, "lecture": 22, "drill": 12, "meeting": 20,
                                         "visit": 8, "service": 4}),
        _categories("mode", "方式", {"on_site": 62, "online": 24, "mixed": 14}, 0.12),
        Field("present", "boolean", "是否到场", flag(0.82, 0.08)),
        Field("certified", "boolean", "是否取得证书", flag(0.3, 0.25)),
        Field("planned_minutes", "integer", "计划时长", whole(80, 0.4)),
        Field("minutes", "integer", "实际时长", near("planned_minutes", 0.92, 0.05)),
        Field("score", "integer", "测验得分", whole(68, 0.05, 0.35, 100)),
        Field("allowance", "number", "补助", money(36, 0.9, 0.3)),
        Field("registered_on", "date", "报名日期", day_before(6, 0.2)),
        Field("subject", "string", "主题", phrase(_TOPICS, _FORMS, 0.1)),
    ),
    (
        "kind = 'training'", "present", "position in ('staff', 'cadre')", "minutes >= 60",
        "mode = 'online'", "certified", "kind in ('lecture', 'meeting')", "score >= 60",
        "minutes < planned_minutes", "position = 'volunteer'", "held_on >= date '2025-07-01'",
        "mode is null", "subject like '%安全%'", "minutes between 30 and 90",
        "registered_on is null", "allowance > 50", "held_on - registered_on <= 3",
        "position <> 'guest'", "score < 50", "kind = 'drill'", "planned_minutes >= 120",
        "month(held_on) in (3, 6, 9, 12)",
        "mode in ('on_site', 'mixed')", "present is null", "minutes >= planned_minutes + 10",
        "position in ('teacher', 'doctor')", "subject like '健康%'", "allowance is not null",
        "score between 60 and 79", "held_on < date '2025-04-15'", "kind in ('visit', 'service')",
        "coalesce(minutes, 0) = 0", "subject like '%培训'", "allowance * 4 < minutes",
        "certified is not null", "score >= 85", "minutes > 150", "subject is null",
        "registered_on >= date '2025-09-01'", "planned_minutes - minutes > 20",
    ),
    _MOST, ("minutes", "planned_minutes", "allowance", "score"),
    ("person", "person", "person", "session"),
)  # fmt: skip

ACTIVITIES = TableSpec(
    "activities", "活动", "year", 1 / 5, 2025,
    (
        Field("id", "string", "编号", record_number("B"), role="id"),
        _unit("主办单位"),
        Field("held_on", "date", "举办日期", event_day, role="date"),
        Field("title", "string", "名称", phrase(_TOPICS, _FORMS)),
        _categories("kind", "类别", {"lecture": 30, "exhibition": 14, "contest": 11, "service": 25,
                                     "inspection": 20}),
        _categories("place", "场所", {"hall": 40, "school": 22, "square": 20, "home": 18}, 0.1),
        Field("organiser", "string", "负责人", person, role="person"),
        Field("capacity", "integer", "可容纳人数", whole(90, 0.8)),
        Field("participants", "integer", "参加人数", near("capacity", 0.7, 0.06)),
        Field("cost", "number", "经费", money(420, 1.1, 0.25)),
        Field("hours", "number", "时长", money(2.2, 0.5, 0.0, 5000)),
        Field("indoor", "boolean", "是否室内", flag(0.6, 0.1)),
        Field("planned_on", "date", "计划日期", day_before(9, 0.15)),
    ),
    (
        "kind = 'lecture'", "participants >= 50", "indoor", "place = 'school'", "cost > 500",
        "kind in ('service', 'inspection')", "title like '%防火%'", "participants > capacity * 0.8",
        "held_on > planned_on", "hours >= 2.5", "place is null", "cost is null",
        "held_on between date '2025-05-01' and date '2025-08-31'", "capacity >= 200",
        "participants <= capacity - 30", "kind <> 'contest'", "title like '文化%'",
        "hours between 1 and 2", "indoor is null", "held_on - planned_on > 10",
        "place in ('hall', 'square')", "cost / nullif(participants, 0) < 10",
    ),
    _SOME, ("participants", "cost", "hours"), ("organiser",),
)  # fmt: skip

SESSIONS = TableSpec(
    "sessions", "场次", "year", 1 / 10, 2025,
    (
        Field("id", "string", "编号", record_number("S"), role="id"),
        _unit("承办单位"),
        Field("held_on", "date", "日期", event_day, role="date"),
        _categories("kind", "类别", {"training": 45, "seminar": 25, "drill": 18, "exam": 12}),
        Field("lecturer", "string", "主讲人", person, role="person"),
        Field("expected", "integer", "应到人数", whole(45, 0.6)),
        Field("attended", "integer", "实到人数", near("expected", 0.88, 0.04)),
        Field("hours", "number", "学时", money(3, 0.4, 0.02, 5000)),
        Field("online", "boolean", "是否线上", flag(0.28, 0.15)),
        Field("topic", "string", "内容", phrase(_TOPICS, _FORMS, 0.08)),
    ),
    (
        "kind = 'training'", "online", "attended >= 40", "attended < expected", "hours > 3",
        "topic like '%法律%'", "kind in ('drill', 'exam')", "not online", "expected >= 80",
        "held_on >= date '2025-10-01'", "attended * 10 >= expected * 9", "hours <= 2",
        "topic is not null", "online is null", "attended is null", "month(held_on) <= 6",
    ),
    _FEW, ("attended", "hours", "expected"), ("lecturer",),
)  # fmt: skip

REQUESTS = TableSpec(
    "requests", "诉求", "year", 1 / 20, 2023,
    (
        Field("id", "string", "编号", record_number("Q"), role="id"),
        _unit("受理单位"),
        Field("opened_on", "date", "受理日期", event_day, role="date"),
        Field("closed_on", "date", "办结日期", day_after(45, 0.06, _END_OF_YEAR)),
        Field("due_on", "date", "应办结日期", day_after(30, 0.1)),
        _categories("channel", "渠道", {"visit": 26, "letter": 12, "hotline": 44, "web": 18}),
        _categories("topic", "事项", {"roads": 24, "water": 17, "housing": 21, "schools": 14,
                                      "other": 24}, 0.05),
        Field("applicant", "string", "申请人", person, role="person"),
        Field("answer_days", "integer", "答复天数", whole(12, 0.9, 0.18)),
        Field("amount", "number", "涉及金额", money(1500, 1.3, 0.4)),
        Field("urgent", "boolean", "是否紧急", flag(0.18, 0.12)),
    ),
    (
        "channel = 'hotline'", "urgent", "topic in ('roads', 'water')", "answer_days > 15",
        "closed_on > due_on", "amount >= 2000", "channel <> 'letter'", "due_on is null",
        "answer_days <= 7", "topic = 'housing'", "due_on - opened_on > 20", "urgent is null",
        "amount is null", "topic is null", "channel in ('visit', 'web')", "amount < 800",
    ),
    {"count": 0.1, "share": 0.07, "sum": 0.05, "average": 0.05, "distinct": 0.05, "median": 0.05,
     "stock": 1.0},
    ("answer_days", "amount"), ("applicant",), "closed_on", "closed_on",
)  # fmt: skip

HEADCOUNTS = TableSpec(
    "headcounts", "人员情况", "quarter", 1 / 30, 2025,
    (
        Field("id", "string", "编号", record_number("H"), role="id"),
        _unit("填报单位"),
        Field("counted_on", "date", "统计日期", event_day, role="date"),
        _categories("post", "类别", {"staff": 50, "cadre": 20, "volunteer": 30}),
        Field("people", "integer", "人数", whole(40, 0.7, 0.03)),
        Field("budget", "number", "经费", money(900, 0.8, 0.2)),
        Field("complete", "boolean", "是否齐全", flag(0.7, 0.1)),
    ),
    (
        "post = 'staff'", "complete", "people >= 20", "budget > 1000", "budget is null",
        "post in ('cadre', 'volunteer')", "complete is null", "people < 60",
    ),
    {"sum": 0.05, "average": 0.05, "median": 0.05, "share": 0.03, "last": 1.0},
    ("people", "budget"),
)  # fmt: skip

TABLES = (ATTENDANCE, ACTIVITIES, SESSIONS, REQUESTS, HEADCOUNTS)
