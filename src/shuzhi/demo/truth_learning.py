"""The truth of the indicators on study, lessons and exemplary deeds."""

from collections.abc import Callable, Mapping

from shuzhi.demo.truth_measures import At, Result, Row, Where


def _planned(kind: str) -> Callable[[At], Result]:
    return lambda at: at.total("study_plan", "sessions", lambda r: r["kind"] == kind)


def _held(kind: str) -> Callable[[At], Result]:
    return lambda at: at.count("study_sessions", lambda r: r["kind"] == kind and r["held"] is True)


def _was_held(row: Row) -> bool:
    return row["held"] is True


def _held_with(column: str) -> Where:
    return lambda r: r["held"] is True and r[column] is not None


LEARNING: Mapping[str, Callable[[At], Result]] = {
    "core_group_planned": _planned("core_group"),
    "core_group_held": _held("core_group"),
    "lecture_planned": _planned("lecture"),
    "lecture_held": _held("lecture"),
    "seminar_planned": _planned("seminar"),
    "seminar_held": _held("seminar"),
    "study_sessions_planned": lambda at: at.total("study_plan", "sessions"),
    "study_sessions_held": lambda at: at.count("study_sessions", _was_held),
    "study_sessions_called_off": lambda at: at.count(
        "study_sessions", lambda r: r["held"] is False
    ),
    "study_plan_rate": lambda at: at.percent("study_sessions_held", "study_sessions_planned"),
    "study_sessions_year_to_date": lambda at: at.since_january().count("study_sessions", _was_held),
    "study_sessions_last_year": lambda at: at.a_year_before().count("study_sessions", _was_held),
    "study_per_work_meeting": lambda at: at.quotient("study_sessions_held", "work_meetings"),
    "study_minutes": lambda at: at.total(
        "study_sessions", "minutes_total", _held_with("minutes_discussion")
    ),
    "discussion_minutes": lambda at: at.total(
        "study_sessions", "minutes_discussion", _held_with("minutes_total")
    ),
    "discussion_share": lambda at: at.percent("discussion_minutes", "study_minutes"),
    "discussion_shortest": lambda at: at.least(
        "study_sessions",
        "minutes_discussion",
        lambda r: r["held"] is True and r["kind"] in ("core_group", "seminar"),
    ),
    "study_places_expected": lambda at: at.total(
        "study_sessions", "expected", _held_with("attended")
    ),
    "study_attendances": lambda at: at.total("study_sessions", "attended", _held_with("expected")),
    "study_attendance_rate": lambda at: at.percent("study_attendances", "study_places_expected"),
    "study_lecturers": lambda at: at.different("study_sessions", "lecturer", _was_held),
    "lessons_released": lambda at: at.count("lessons"),
    "lessons_required": lambda at: at.count("lessons", lambda r: r["required"] is True),
    "lesson_length_average": lambda at: at.average("lessons", "length"),
    "lessons_followed": lambda at: at.different(
        "lesson_completions",
        "lesson_no",
        lambda r: r["completed"] is not None and r["completed"] > 0,
    ),
    "lesson_completions_assigned": lambda at: at.total("lesson_completions", "assigned"),
    "lesson_completions_made": lambda at: at.total("lesson_completions", "completed"),
    "lesson_completion_rate": lambda at: at.percent(
        "lesson_completions_made", "lesson_completions_assigned"
    ),
    "exemplary_deeds": lambda at: at.total("exemplars", "deeds"),
    "exemplary_venues": lambda at: at.total("exemplars", "deeds", lambda r: r["kind"] == "venue"),
    "exemplars_above_township": lambda at: at.total(
        "exemplars", "deeds", lambda r: r["level"] in ("county", "city", "province")
    ),
    "exemplars_given_notice_rate": lambda at: at.share(
        "exemplars", lambda r: r["notice_days"] is not None, lambda r: r["notice_days"] >= 5
    ),
}
