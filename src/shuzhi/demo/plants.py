"""What is wrong on purpose: cells that cannot be read, and records that must raise a flag."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from shuzhi.demo.answers import Records
from shuzhi.demo.book import Cell, Flagged, Formula, Odd, Record, Value
from shuzhi.demo.hands import HANDS
from shuzhi.demo.platforms import write_activity
from shuzhi.demo.setting import QUARTERS, Setting

_ROUND_UNIT, _ROUND_SENDER = "QH-T08-V02", "QH-T08"
_LOSING_A_ZERO = (1, 2, 3, 10, 20, 30)
_OFTEN = 15  # activities of a unit with a history to compare with
_MANY_HOURS = 20
_LAST_DAYS = 5
_FUTURE_YEAR = 2032  # 2023 with two digits swapped

Spell = Callable[[Setting, Record], Cell]


def _two_dates(_: Setting, record: Record) -> Cell:
    day = record.day("held_on")
    return f"{day.year}年{day.month}月{day.day}日、{day.day % 27 + 1}日"


# (sender, table, column, how it is written, problem, how many)
_REFUSED: tuple[tuple[str, str, str, Cell | Spell, str, int], ...] = (
    ("QH-T02", "meetings", "held_on", _two_dates, "two_dates", 2),
    ("QH-D1", "study_sessions", "held_on", _two_dates, "two_dates", 1),
    ("QH-T05", "actions", "due_on", "待定", "not_a_date", 2),
    ("QH", "findings", "due_on", "年底前", "not_a_date", 1),
    ("QH-T03", "meetings", "title", "", "missing_required", 1),
    ("QH-T10", "activities", "title", None, "missing_required", 1),
    ("QH-T07", "publications", "published_on", "—", "missing_required", 1),
    ("QH-T06", "activities", "heads", "较多", "not_a_number", 2),
    ("QH-D2", "study_sessions", "attended", "全体", "not_a_number", 1),
    ("QH-D3", "meetings", "attended", 12.5, "not_an_integer", 1),
    ("QH-T04", "activities", "volunteers", "3.5", "not_an_integer", 1),
    ("QH-T01", "activities", "unit", "石头城村", "unknown_unit", 2),
    ("QH-D1", "actions", "owner", "老干部局", "unknown_unit", 1),
    ("QH-T08", "meetings", "kind", "茶话会", "unknown_category", 1),
    ("QH-T05", "activities", "kind", "其他活动", "unknown_category", 1),
    ("QH-T03", "duties", "broken_down", "部分", "not_boolean", 2),
    ("QH", "lessons", "required", "选学", "not_boolean", 1),
    ("QH-T08", "posts", "share_of_time", 130, "out_of_range", 1),
    ("QH-T02", "activities", "volunteers", -3, "out_of_range", 1),
    ("QH-D4", "funds", "spent", "#REF!", "error_value", 1),
    ("QH-T09", "funds", "spent", "#DIV/0!", "error_value", 1),
    ("QH-T11", "activities", "heads", Formula("=SUM(H3:I3)"), "formula_without_value", 1),
    ("QH-D1", "funds", "spent", Formula("=D5*0.9"), "formula_without_value", 1),
)  # fmt: skip


def plant_errors(setting: Setting, records: Records) -> None:
    """Change `records` in place: add what is claimed twice, mark what is written wrong."""
    garden = _Garden(setting, records)
    _plant_round_numbers(garden)
    _plant_duplicates(garden)
    _plant_doubtful(garden)
    _plant_copied_minutes(garden)
    for sender, table, column, cell, code, count in _REFUSED:
        for record in garden.pick(sender, table, count, column):
            written = cell(setting, record) if callable(cell) else cell
            record.odd[column] = Odd(written, code, refused=True)
    _plant_ambiguous(garden)
    _plant_notices(garden)
    _plant_slipped_digits(garden)
    _plant_double_claims(garden)
    _plant_burst(garden)
    _plant_lecturers(garden)


class _Garden:
    """The records, and those already taken, so that no record carries two plants."""

    def __init__(self, setting: Setting, records: Records) -> None:
        self.setting = setting
        self.records = records
        self._taken: set[Record] = set()

    def pick(self, sender: str, table: str, count: int, *columns: str) -> list[Record]:
        """`count` untouched records of a sender that hold something in `columns`."""
        return self.pick_where(
            sender,
            table,
            count,
            lambda record: all(record.values.get(name) is not None for name in columns),
        )

    def pick_where(
        self, sender: str, table: str, count: int, fits: Callable[[Record], bool]
    ) -> list[Record]:
        found = [
            record
            for record in self.records[table]
            if record.sender == sender and record not in self._taken and fits(record)
        ]
        picked = self.setting.rng.sample(found, count)
        self._taken.update(picked)
        return picked

    def take(self, *records: Record) -> None:
        self._taken.update(records)

    def add(self, record: Record, after: Record) -> None:
        """Put `record` behind `after` in its table."""
        kept = self.records[record.table]
        kept.insert(kept.index(after) + 1, record)
        self.take(record, after)


def _plant_round_numbers(garden: _Garden) -> None:
    """A village that estimates: many activities in 2023, all numbers rounded to fives."""
    setting = garden.setting
    mine = [r for r in garden.records["activities"] if r.values["unit"] == _ROUND_UNIT]
    garden.records["activities"] = [
        r for r in garden.records["activities"] if r not in mine or r.period < "2023"
    ]
    for quarter in QUARTERS[4:]:
        for day in setting.days(quarter, 8):
            record = write_activity(setting, _ROUND_SENDER, _ROUND_UNIT, quarter, day, [])
            places = setting.rng.choice((60, 80, 100, 120))
            heads = setting.rng.randrange(20, places, 5)
            child = heads // 3
            record.values |= {
                "places": places, "heads": heads, "heads_child": child,
                "heads_adult": heads - child,
            }  # fmt: skip
            garden.records["activities"].append(record)
            garden.take(record)
    flagged = [r for r in garden.records["activities"] if r.values["unit"] == _ROUND_UNIT][-1]
    flagged.flags.append(Flagged("round_numbers", "heads"))


def _plant_slipped_digits(garden: _Garden) -> None:
    """Four activities whose volunteer hours have a digit too many; of two, the people as well."""
    often = Counter(record.values["unit"] for record in garden.records["activities"])
    picked = garden.pick_where(
        "QH-T08",
        "activities",
        4,
        lambda r: often[r.values["unit"]] >= _OFTEN and _hours(r) >= _MANY_HOURS,
    )
    for record in picked:
        record.values["volunteer_hours"] = _hours(record) * 10
    for record in picked[:2]:
        record.values["volunteers"] = _int(record, "volunteers") * 10
        record.flags.append(Flagged("unusual_value", "volunteer_hours"))
    for record in picked[2:]:
        record.flags.append(Flagged("overlapping_hours", "volunteer_hours"))


def _plant_double_claims(garden: _Garden) -> None:
    """Study sessions that their units enter as activities too, with volunteers and hours."""
    for sender, period in (("QH-T10", "2023-Q2"), ("QH-T06", "2022-Q3")):
        (session,) = garden.pick_where(sender, "study_sessions", 1, _was_held_in(period))
        later = next(
            r
            for r in garden.records["activities"]
            if _is_sent(r, sender, period) and r.values["unit"] == sender
        )
        day = session.day("held_on")
        quarter = next(q for q in QUARTERS if q.name == period)
        claim = write_activity(garden.setting, sender, sender, quarter, day, [])
        claim.values["title"] = session.values["title"]
        claim.flags.append(Flagged("claimed_twice"))
        garden.add(claim, later)
        garden.take(session)


def _plant_burst(garden: _Garden) -> None:
    """A department whose publications of a quarter nearly all appear in its last days."""
    period = "2022-Q4"
    mine = [
        r
        for r in garden.records["publications"]
        if _is_sent(r, "QH-D1", period) and not r.odd and not r.flags
    ]
    end = next(q for q in QUARTERS if q.name == period).last_day
    for place, record in enumerate(mine):
        record.values["published_on"] = end - timedelta(place % _LAST_DAYS)
    mine[0].flags.append(Flagged("late_burst"))
    garden.take(*mine)


def _plant_lecturers(garden: _Garden) -> None:
    """One lecturer in two townships on one day; all others keep to one place a day."""
    seen: dict[tuple[Value, Value], Value] = {}
    for record in garden.records["study_sessions"]:
        lecturer, unit = record.values["lecturer"], record.values["unit"]
        if lecturer is None or any(f.check == "duplicate_across_units" for f in record.flags):
            continue
        while seen.setdefault((record.values["held_on"], lecturer), unit) != unit:
            lecturer = garden.setting.person()
        record.values["lecturer"] = lecturer
    first, second = (
        garden.pick_where(
            sender,
            "study_sessions",
            1,
            lambda r: r.period == "2023-Q4" and r.values["lecturer"] is not None,
        )[0]
        for sender in ("QH-T09", "QH-T07")
    )
    second.values["lecturer"] = first.values["lecturer"]
    second.values["held_on"] = first.values["held_on"]
    second.flags.append(Flagged("same_person_twice", "lecturer"))


def _hours(record: Record) -> Decimal:
    """Missing: 0."""
    hours = record.values["volunteer_hours"]
    return hours if isinstance(hours, Decimal) else Decimal(0)


def _plant_duplicates(garden: _Garden) -> None:
    """One meeting in two books, one lecture and one show claimed by two units each."""
    setting = garden.setting
    (meeting,) = garden.pick_where(
        "QH-T05", "meetings", 1, lambda r: r.period == "2023-Q3" and r.values["title"] is not None
    )
    number = setting.number("会字", "QH-T05", 2023)
    again = _copy(meeting, period="2023-Q4", meeting_no=number)
    again.flags += [Flagged("duplicate"), Flagged("date_outside_period", "held_on")]
    later = next(r for r in garden.records["meetings"] if _is_sent(r, "QH-T05", "2023-Q4"))
    garden.add(again, later)
    garden.take(meeting)
    _plant_claim(garden, "study_sessions", "QH-T02", "QH-T03", "2023-Q3", "session_no")
    _plant_claim(garden, "study_sessions", "QH-D2", "QH-D3", "2022-Q4", "session_no")


def _plant_claim(
    garden: _Garden, table: str, first: str, second: str, period: str, number: str
) -> None:
    """`second` enters an event of `first` as its own; both name the same host."""
    (event,) = garden.pick_where(
        first, table, 1, lambda r: r.period == period and r.values["held"] is True
    )
    event.values["host"] = "QH-D1"
    year = event.day("held_on").year
    claimed = _copy(event, sender=second, unit=second)
    claimed.values[number] = garden.setting.number("学", second, year)
    claimed.flags.append(Flagged("duplicate_across_units"))
    neighbour = next(r for r in garden.records[table] if _is_sent(r, second, period))
    garden.add(claimed, neighbour)
    garden.take(event)


def _plant_doubtful(garden: _Garden) -> None:
    """More people than places, totals that do not add up, days where none should be."""
    for sender, count in (("QH-T04", 2), ("QH-D1", 1)):
        for record in garden.pick(sender, "meetings", count, "expected", "attended"):
            record.values["attended"] = _int(record, "expected") + 7
            record.flags.append(Flagged("over_capacity", "attended"))
    for record in garden.pick_where(
        "QH-T09",
        "activities",
        2,
        lambda r: r.values["venue"] is None and r.values["places"] is not None,
    ):
        heads = _int(record, "places") + 23
        record.values |= {"heads": heads, "heads_child": 12, "heads_adult": heads - 12}
        record.flags.append(Flagged("over_capacity", "heads"))
    for record in garden.pick("QH-T10", "activities", 3, "heads", "places"):
        record.values["heads_adult"] = _int(record, "heads_adult") - 4
        record.values["heads_child"] = _int(record, "heads_child") + 1
        record.flags.append(Flagged("sum_mismatch", "heads"))
    for sender, table, column in (
        ("QH-T03", "activities", "held_on"), ("QH-D4", "publications", "published_on"),
    ):  # fmt: skip
        (record,) = garden.pick_where(
            sender, table, 1, lambda r: r.period in ("2022-Q2", "2023-Q2", "2023-Q3")
        )
        record.values[column] = record.day(column) - timedelta(98)
        record.flags.append(Flagged("date_outside_period", column))
    (future,) = garden.pick_where(
        "QH-T09", "cases", 1, lambda r: r.period == "2023-Q2" and r.day("received_on").day < 28
    )
    future.values["received_on"] = future.day("received_on").replace(year=_FUTURE_YEAR)
    future.flags.append(Flagged("date_in_future", "received_on"))


def _plant_copied_minutes(garden: _Garden) -> None:
    """Minutes taken over from the quarter before, once word for word and once with a new day."""
    for sender, table, column in (
        ("QH-T09", "meetings", "minutes_text"), ("QH-T06", "study_sessions", "summary"),
    ):  # fmt: skip
        (source,) = garden.pick_where(sender, table, 1, _holds(column, "2023-Q1"))
        (copy,) = garden.pick_where(sender, table, 1, _holds(column, "2023-Q3"))
        text = str(source.values[column])
        copy.values[column] = text if table == "meetings" else text[:-3] + "左右。"
        copy.flags.append(Flagged("copied_text", column))


def _plant_ambiguous(garden: _Garden) -> None:
    """A name that two villages share, and a 9.3 that may have been 9.30."""
    county = garden.setting.county
    for record in garden.pick_where(
        "QH-T06", "activities", 1, lambda r: r.values["unit"] in county.twins
    ):
        record.odd["unit"] = Odd(county.twin_alias, "unit_ambiguous", refused=True)
    for sender, table, column in (
        ("QH-T08", "activities", "held_on"), ("QH-D2", "meetings", "held_on"),
    ):  # fmt: skip
        for record in garden.pick_where(
            sender, table, 1, _typed_as_number(column, is_ambiguous=True)
        ):
            day = record.day(column)
            typed = float(f"{day.month}.{day.day}")
            record.odd[column] = Odd(typed, "date_ambiguous", refused=True)


def _plant_notices(garden: _Garden) -> None:
    """Values that are read, and that somebody should confirm."""
    for sender, table, column in (
        ("QH-T08", "meetings", "held_on"), ("QH-T03", "activities", "held_on"),
        ("QH-T04", "publications", "published_on"),
    ):  # fmt: skip
        for record in garden.pick_where(
            sender, table, 2, _typed_as_number(column, is_ambiguous=False)
        ):
            day = record.day(column)
            record.odd[column] = Odd(float(f"{day.month}.{day.day}"), "date_typed_as_number")
    for sender, table, column in (
        ("QH-T01", "activities", "held_on"), ("QH-D3", "cases", "received_on"),
        ("QH-T05", "study_sessions", "held_on"), ("QH-T10", "meetings", "held_on"),
    ):  # fmt: skip
        for record in garden.pick(sender, table, 1, column):
            _write_ten_days(garden, record, column)
    (record,) = garden.pick("QH-T07", "study_sessions", 1, "held_on")
    day = record.day("held_on")
    record.values["held_on"] = day.replace(day=1)
    record.odd["held_on"] = Odd(f"{day.year}年{day.month}月", "date_imprecise")
    for sender, table, column in (
        ("QH-T02", "activities", "heads"), ("QH-T03", "activities", "heads"),
        ("QH-D2", "meetings", "expected"), ("QH-T05", "activities", "volunteers"),
    ):  # fmt: skip
        for record in garden.pick(sender, table, 2, column):
            suffix = "人" if sender == "QH-T02" else "人左右" if sender == "QH-T03" else ""
            start = "" if suffix == "人左右" else "约"
            written = f"{start}{record.values[column]}{suffix}"
            record.odd[column] = Odd(written, "approximate_number")


def _write_ten_days(garden: _Garden, record: Record, column: str) -> None:
    day = record.day(column)
    third = min(2, (day.day - 1) // 10)
    with_year = "" if HANDS[record.sender].loose else f"{day.year}年"
    record.values[column] = day.replace(day=third * 10 + 1)
    record.odd[column] = Odd(f"{with_year}{day.month}月{'上中下'[third]}旬", "date_imprecise")


def _copy(record: Record, sender: str = "", period: str = "", **values: Value) -> Record:
    return Record(
        record.table,
        sender or record.sender,
        period or record.period,
        record.values | values,
    )


def _holds(column: str, period: str) -> Callable[[Record], bool]:
    return lambda record: record.period == period and record.values[column] is not None


def _was_held_in(period: str) -> Callable[[Record], bool]:
    return lambda record: record.period == period and record.values["held"] is True


def _typed_as_number(column: str, *, is_ambiguous: bool) -> Callable[[Record], bool]:
    """Fits days whose number loses a zero, as 9.30 does, or might have (is_ambiguous)."""
    return lambda record: (record.day(column).day in _LOSING_A_ZERO) == is_ambiguous


def _is_sent(record: Record, sender: str, period: str) -> bool:
    return (record.sender, record.period) == (sender, period)


def _int(record: Record, column: str) -> int:
    value = record.values[column]
    assert isinstance(value, int), (record.table, column, value)
    return value
