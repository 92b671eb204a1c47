"""The truth of the indicators on duties, meetings and actions."""

from collections.abc import Callable, Mapping

from shuzhi.demo.truth_measures import VALUE, At, Result, is_before, is_by

LEADING: Mapping[str, Callable[[At], Result]] = {
    "duties_assigned": lambda at: at.count("duties"),
    "duties_broken_down": lambda at: at.count("duties", lambda r: r["broken_down"] is True),
    "duties_broken_down_rate": lambda at: at.percent("duties_broken_down", "duties_assigned"),
    "duties_of_heads_share": lambda at: at.share(
        "duties",
        lambda r: r["part"] == "lead" and r["tier"] is not None,
        lambda r: r["tier"] == "head",
    ),
    "duty_holders": lambda at: at.different("duties", "person"),
    "meetings_held": lambda at: at.count("meetings"),
    "meetings_chaired_by_head": lambda at: at.count(
        "meetings", lambda r: r["chaired_by_head"] is True
    ),
    "meetings_chaired_by_head_rate": lambda at: at.share(
        "meetings",
        lambda r: r["chaired_by_head"] is not None,
        lambda r: r["chaired_by_head"] is True,
    ),
    "leadership_meetings": lambda at: at.count("meetings", lambda r: r["kind"] == "leading"),
    "leadership_meetings_due": lambda at: Result(
        2 * sum(map(at.units_below, ("county", "department", "township"))), VALUE, 0, 0, 0
    ),
    "work_meetings": lambda at: at.count("meetings", lambda r: r["kind"] == "work"),
    "meetings_change": lambda at: at.change("meetings_held"),
    "agenda_items": lambda at: at.total("meetings", "agenda_items"),
    "items_decided": lambda at: at.total("meetings", "items_decided"),
    "items_done": lambda at: at.total("meetings", "items_done"),
    "items_done_rate": lambda at: at.percent("items_done", "items_decided"),
    "meeting_places_expected": lambda at: at.total(
        "meetings", "expected", lambda r: r["attended"] is not None
    ),
    "meeting_attendances": lambda at: at.total(
        "meetings", "attended", lambda r: r["expected"] is not None
    ),
    "meeting_attendance_rate": lambda at: at.percent(
        "meeting_attendances", "meeting_places_expected"
    ),
    "actions_assigned": lambda at: at.count("actions"),
    "actions_done_on_time_rate": lambda at: at.share(
        "actions",
        lambda r: r["due_on"] is not None,
        lambda r: is_by(r["done_on"], r["due_on"]),
        day="due_on",
    ),
    "actions_open": lambda at: at.standing("actions", "done_on"),
    "actions_overdue": lambda at: at.standing(
        "actions", "done_on", lambda r: is_before(r["due_on"], at.last_day)
    ),
    "actions_most_carried_over": lambda at: at.most("actions", "carried_over"),
    "meetings_reporting_rate": lambda at: at.reporting_rate("meetings"),
}
