"""The truth of the indicators on campaigns, visits, findings and bulletins."""

from collections.abc import Callable, Mapping

from shuzhi.demo.truth_measures import At, Result, Row, combine, is_before, is_by


def _visited_by(method: str) -> Callable[[At], Result]:
    return lambda at: at.different("visits", "unit", lambda r: r["method"] == method)


def _townships_visited_rate(at: At) -> Result:
    townships = at.units_below("township")
    return combine(lambda visited: 100 * visited / townships, at.figure("townships_visited"))


def _was_rechecked(row: Row) -> bool:
    by = row["rechecked_by"]
    return is_by(row["rechecked_on"], row["closed_on"]) and by is not None and by != row["unit"]


SUPERVISION: Mapping[str, Callable[[At], Result]] = {
    "campaigns_under_way": lambda at: at.standing("campaigns", "ended_on"),
    "campaign_units_planned": lambda at: at.latest("campaigns", "units_planned", "campaign_no"),
    "visits_made": lambda at: at.count("visits"),
    "units_visited": lambda at: at.different("visits", "unit"),
    "units_visited_in_campaign": lambda at: at.different(
        "visits", "unit", lambda r: r["campaign"] is not None
    ),
    "units_visited_documents": _visited_by("documents"),
    "units_visited_interviews": _visited_by("interviews"),
    "units_visited_extended_check": _visited_by("extended_check"),
    "townships_visited": lambda at: at.different(
        "visits", "unit", lambda r: r["unit_level"] == "township"
    ),
    "townships_visited_rate": _townships_visited_rate,
    "papers_checked": lambda at: at.total("visits", "papers_checked"),
    "people_heard": lambda at: at.total("visits", "people_heard"),
    "findings_found": lambda at: at.count("findings"),
    "findings_grave": lambda at: at.count("findings", lambda r: r["severity"] == "grave"),
    "findings_put_right": lambda at: at.count(
        "findings", lambda r: is_by(r["closed_on"], at.last_day)
    ),
    "findings_put_right_rate": lambda at: at.percent("findings_put_right", "findings_found"),
    "findings_replied_to": lambda at: at.count(
        "findings", lambda r: is_by(r["replied_on"], at.last_day)
    ),
    "findings_put_right_on_time_rate": lambda at: at.share(
        "findings",
        lambda r: r["due_on"] is not None,
        lambda r: is_by(r["closed_on"], r["due_on"]),
        day="due_on",
    ),
    "findings_rechecked_rate": lambda at: at.share(
        "findings", lambda r: r["closed_on"] is not None, _was_rechecked, day="closed_on"
    ),
    "findings_open": lambda at: at.standing("findings", "closed_on"),
    "findings_overdue": lambda at: at.standing(
        "findings", "closed_on", lambda r: is_before(r["due_on"], at.last_day)
    ),
    "findings_recurring_rate": lambda at: at.share(
        "findings", lambda r: r["recurring"] is not None, lambda r: r["recurring"] is True
    ),
    "bulletins_issued": lambda at: at.count("bulletins"),
    "findings_cited": lambda at: at.total("bulletins", "findings_cited"),
    "bulletins_previewed_rate": lambda at: at.share(
        "bulletins",
        lambda r: r["issued_on"] is not None,
        lambda r: is_before(r["previewed_on"], r["issued_on"]),
    ),
    "bulletin_objections": lambda at: at.total("bulletins", "objections"),
    "bulletin_objections_upheld": lambda at: at.total("bulletins", "objections_upheld"),
}
