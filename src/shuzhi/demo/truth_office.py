"""The truth of the indicators on posts, money, residents' requests and promises."""

from collections.abc import Callable, Mapping

from shuzhi.demo.truth_measures import At, Result, is_before, is_by

OFFICE: Mapping[str, Callable[[At], Result]] = {
    "posts_funded": lambda at: at.total("posts", "funded"),
    "posts_filled": lambda at: at.total("posts", "filled"),
    "posts_on_the_job": lambda at: at.total("posts", "on_the_job"),
    "posts_vacant": lambda at: at.from_figures(
        lambda funded, filled: funded - filled, "posts_funded", "posts_filled"
    ),
    "posts_filled_rate": lambda at: at.percent("posts_filled", "posts_funded"),
    "posts_on_the_job_rate": lambda at: at.percent("posts_on_the_job", "posts_filled"),
    "posts_share_of_time": lambda at: at.average("posts", "share_of_time"),
    "posts_concurrent_most": lambda at: at.most("posts", "concurrent_posts"),
    "funds_budget": lambda at: at.total("funds", "budget", lambda r: r["spent"] is not None),
    "funds_spent": lambda at: at.total("funds", "spent"),
    "funds_spent_rate": lambda at: at.percent("funds_spent", "funds_budget"),
    "funds_spent_on_activities": lambda at: at.total(
        "funds", "spent", lambda r: r["kind"] == "activities"
    ),
    "funds_spent_per_activity": lambda at: at.from_figures(
        lambda spent, held: 10000 * spent / held, "funds_spent_on_activities", "activities_held"
    ),
    "requests_received": lambda at: at.count("cases"),
    "requests_topics": lambda at: at.different("cases", "topic"),
    "requests_answered": lambda at: at.count(
        "cases", lambda r: is_by(r["answered_on"], at.last_day)
    ),
    "requests_answered_in_time_rate": lambda at: at.share(
        "cases",
        lambda r: r["due_on"] is not None,
        lambda r: is_by(r["answered_on"], r["due_on"]),
        day="due_on",
    ),
    "requests_asked_back": lambda at: at.count(
        "cases", lambda r: r["answered_on"] is not None and r["confirmed"] is not None
    ),
    "requests_confirmed": lambda at: at.count(
        "cases", lambda r: r["answered_on"] is not None and r["confirmed"] is True
    ),
    "requests_confirmed_rate": lambda at: at.percent("requests_confirmed", "requests_asked_back"),
    "requests_open": lambda at: at.standing("cases", "answered_on"),
    "requests_overdue": lambda at: at.standing(
        "cases", "answered_on", lambda r: is_before(r["due_on"], at.last_day)
    ),
    "requests_handovers": lambda at: at.total("cases", "handovers"),
    "promises_due": lambda at: at.count("promises"),
    "promises_measured_rate": lambda at: at.share(
        "promises",
        lambda r: r["due_on"] is not None,
        lambda r: r["indicator"] is not None and r["target"] is not None,
    ),
    "promises_declared_done": lambda at: at.count(
        "promises", lambda r: is_by(r["done_on"], at.last_day)
    ),
    "promises_declared_done_rate": lambda at: at.percent("promises_declared_done", "promises_due"),
    "promises_overdue": lambda at: at.standing(
        "promises", "done_on", lambda r: r["withdrawn"] is not True
    ),
}
