"""The truth of the indicators on publications, venues, activities, teams and partnerships."""

from collections.abc import Callable, Mapping

from shuzhi.demo.truth_measures import At, Result, Row, is_by


def _published(channel: str) -> Callable[[At], Result]:
    return lambda at: at.count("publications", lambda r: r["channel"] == channel)


def _opened(kind: str) -> Callable[[At], Result]:
    return lambda at: at.count("venues", lambda r: r["kind"] == kind)


def _short_of(standard: str) -> Callable[[At], Result]:
    return lambda at: at.standing("venues", "closed_on", lambda r: r[standard] is False)


def _was_reviewed(row: Row) -> bool:
    signed = (row["review1_on"], row["review2_on"], row["review3_on"], row["published_on"])
    return all(is_by(day, after) for day, after in zip(signed, signed[1:], strict=False))


PLATFORMS: Mapping[str, Callable[[At], Result]] = {
    "publications_published": lambda at: at.count("publications"),
    "publications_website": _published("website"),
    "publications_wechat": _published("wechat"),
    "publications_newspaper": _published("newspaper"),
    "publications_broadcast": _published("broadcast"),
    "publications_noticeboard": _published("noticeboard"),
    "publications_themes": lambda at: at.different("publications", "theme"),
    "publications_reviewed": lambda at: at.count("publications", _was_reviewed),
    "publications_reviewed_rate": lambda at: at.percent(
        "publications_reviewed", "publications_published"
    ),
    "publications_corrections": lambda at: at.total("publications", "corrections"),
    "publications_corrections_per_hundred": lambda at: at.percent(
        "publications_corrections", "publications_published"
    ),
    "partnerships_in_force": lambda at: at.count(
        "partnerships", lambda r: r["ended_on"] is None or r["ended_on"] > at.last_day
    ),
    "partnerships_begun": lambda at: at.count(
        "partnerships",
        lambda r: is_by(at.first_day, r["began_on"]) and is_by(r["began_on"], at.last_day),
    ),
    "partnership_deeds_agreed": lambda at: at.total(
        "partnerships", "deeds_agreed", lambda r: r["deeds_done"] is not None
    ),
    "partnership_deeds_done": lambda at: at.total(
        "partnerships", "deeds_done", lambda r: r["deeds_agreed"] is not None
    ),
    "partnership_deeds_rate": lambda at: at.percent(
        "partnership_deeds_done", "partnership_deeds_agreed"
    ),
    "activities_with_schools": lambda at: at.count(
        "activities", lambda r: r["partner"] is not None
    ),
    "venues_open": lambda at: at.standing("venues", "closed_on"),
    "venues_opened": lambda at: at.count("venues"),
    "venues_opened_station": _opened("station"),
    "venues_opened_hall": _opened("hall"),
    "venues_opened_library": _opened("library"),
    "venues_opened_square": _opened("square"),
    "venues_opened_classroom": _opened("classroom"),
    "venues_of_villages": lambda at: at.standing(
        "venues", "closed_on", lambda r: r["level"] == "village"
    ),
    "venue_places_opened": lambda at: at.total("venues", "capacity"),
    "venue_area_opened": lambda at: at.total("venues", "area"),
    "venues_meeting_standards": lambda at: at.standing(
        "venues",
        "closed_on",
        lambda r: all(r[f"{name}_ok"] is True for name in ("transport", "footfall", "programme")),
    ),
    "venues_short_of_transport": _short_of("transport_ok"),
    "venues_short_of_footfall": _short_of("footfall_ok"),
    "venues_short_of_programme": _short_of("programme_ok"),
    "venues_meeting_standards_rate": lambda at: at.percent(
        "venues_meeting_standards", "venues_open"
    ),
    "activities_held": lambda at: at.count("activities"),
    "activities_kinds": lambda at: at.different("activities", "kind"),
    "activity_heads": lambda at: at.total("activities", "heads"),
    "activity_heads_child": lambda at: at.total("activities", "heads_child"),
    "activity_heads_median": lambda at: at.median("activities", "heads"),
    "activity_heads_peak_month": lambda at: at.peak_months("activities", "heads"),
    "activities_at_venues": lambda at: at.count("activities", lambda r: r["venue"] is not None),
    "venues_used": lambda at: at.different("activities", "venue"),
    "venues_used_rate": lambda at: at.percent("venues_used", "venues_open"),
    "activities_per_venue": lambda at: at.quotient("activities_at_venues", "venues_open"),
    "venue_heads": lambda at: at.total(
        "activities", "heads", lambda r: r["venue"] is not None and r["places"] is not None
    ),
    "venue_places_offered": lambda at: at.total(
        "activities", "places", lambda r: r["venue"] is not None and r["heads"] is not None
    ),
    "venue_places_filled_rate": lambda at: at.percent("venue_heads", "venue_places_offered"),
    "volunteers_serving": lambda at: at.total("activities", "volunteers"),
    "volunteer_hours": lambda at: at.total("activities", "volunteer_hours"),
    "volunteer_teams_kept": lambda at: at.count("volunteer_teams"),
    "volunteer_teams_formed": lambda at: at.count(
        "volunteer_teams",
        lambda r: is_by(at.first_day, r["formed_on"]) and is_by(r["formed_on"], at.last_day),
    ),
    "volunteer_team_kinds": lambda at: at.different("volunteer_teams", "kind"),
    "volunteers_registered": lambda at: at.total(
        "volunteer_teams", "members", lambda r: r["members_active"] is not None
    ),
    "volunteers_active": lambda at: at.total("volunteer_teams", "members_active"),
    "volunteers_active_rate": lambda at: at.percent("volunteers_active", "volunteers_registered"),
}
