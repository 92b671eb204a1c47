"""What each sender answers: all records of the county, put in the sheets they are sent in."""

from collections.abc import Mapping

from shuzhi.demo.book import Answer, Record
from shuzhi.demo.leading import write_actions, write_duties, write_meetings
from shuzhi.demo.learning import (
    write_completions,
    write_exemplars,
    write_lessons,
    write_study_plan,
    write_study_sessions,
)
from shuzhi.demo.office import write_cases, write_funds, write_posts, write_promises
from shuzhi.demo.platforms import (
    write_activities,
    write_partnerships,
    write_publications,
    write_teams,
    write_venues,
)
from shuzhi.demo.setting import WHOLE_YEARS, Setting
from shuzhi.demo.supervision import (
    write_bulletins,
    write_campaigns,
    write_findings,
    write_visits,
)
from shuzhi.packs.model import Table
from shuzhi.periods import calendar_periods

# Two townships that sent nothing for a quarter.
SILENT = (("QH-T07", "2023-Q2"), ("QH-T11", "2023-Q3"))
# Departments that take no requests from residents.
NO_REQUESTS = {"QH-D2": "本单位无受理窗口", "QH-D4": "诉求由乡镇统一受理"}
# A sheet sent with its header and nothing else: not an answer.
ONLY_HEADER = ("partnerships", "QH-T09", "2022")

Records = dict[str, list[Record]]


def write_records(setting: Setting) -> Records:
    """Everything that happened in the county in both years, by table."""
    answering = tuple(s for s in setting.county.senders if s not in NO_REQUESTS)
    meetings = list(write_meetings(setting))
    campaigns = list(write_campaigns(setting))
    visits = list(write_visits(setting, campaigns))
    lessons = list(write_lessons(setting))
    venues = list(write_venues(setting))
    return {
        "duties": list(write_duties(setting)),
        "meetings": meetings,
        "actions": list(write_actions(setting, meetings)),
        "campaigns": campaigns,
        "visits": visits,
        "findings": list(write_findings(setting, visits)),
        "bulletins": list(write_bulletins(setting)),
        "study_plan": list(write_study_plan(setting)),
        "study_sessions": list(write_study_sessions(setting)),
        "lessons": lessons,
        "lesson_completions": list(write_completions(setting, lessons)),
        "exemplars": list(write_exemplars(setting)),
        "publications": list(write_publications(setting)),
        "venues": venues,
        "activities": list(write_activities(setting, venues)),
        "volunteer_teams": list(write_teams(setting)),
        "partnerships": list(write_partnerships(setting)),
        "cases": list(write_cases(setting, answering)),
        "posts": list(write_posts(setting)),
        "funds": list(write_funds(setting)),
        "promises": list(write_promises(setting)),
    }


def drop_unsent(records: Records) -> Records:
    """What is left when the silent townships' quarters and the unfilled sheet are gone."""
    return {
        table: [
            record
            for record in kept
            if (record.sender, record.period) not in SILENT
            and (table, record.sender, record.period) != ONLY_HEADER
        ]
        for table, kept in records.items()
    }


def answer_all(setting: Setting, records: Records, tables: Mapping[str, Table]) -> list[Answer]:
    """One answer for every return asked for, silence left out."""
    by_sheet: dict[tuple[str, str, str], list[Record]] = {}
    for kept in records.values():
        for record in kept:
            by_sheet.setdefault((record.table, record.sender, record.period), []).append(record)
    answers: list[Answer] = []
    for name, table in tables.items():
        for sender in setting.county.senders:
            if setting.county.level_of(sender) not in table.asked.levels:
                continue
            for period in calendar_periods(
                table.asked.every, WHOLE_YEARS[0].start, WHOLE_YEARS[-1].end
            ):
                place = (name, sender, period.name)
                if (sender, period.name) not in SILENT:
                    answers.append(_answer(place, tuple(by_sheet.get(place, ()))))
    return answers


def _answer(place: tuple[str, str, str], records: tuple[Record, ...]) -> Answer:
    table, sender, period = place
    if place == ONLY_HEADER:
        return Answer(table, sender, period, "only_header", oddity="only_header")
    if table == "cases" and sender in NO_REQUESTS:
        return Answer(table, sender, period, "not_applicable", reason=NO_REQUESTS[sender])
    oddity = _ODDITIES.get(place, "")
    if records:
        return Answer(table, sender, period, "rows", records, oddity=oddity)
    return Answer(table, sender, period, "nil")


_ODDITIES = {
    ("meetings", "QH-T01", "2023-Q2"): "wrong_total",
    ("publications", "QH-T11", "2022-Q4"): "wrong_total",
    ("publications", "QH-T04", "2023-Q1"): "unknown_column",
    ("meetings", "QH-T09", "2022-Q2"): "aliased_header",
    ("publications", "QH-T09", "2023-Q2"): "aliased_header",
}
