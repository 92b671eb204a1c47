"""Days as people write them: real dates, 2023年9月3日, 2023.9.3, 9.3, 9月上旬.

A date nobody can be sure of is a problem, never a guess: 9.3 typed as a number may have been
9.30, and 2023年9月3日、10日 is two days.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from shuzhi.ledgers.numerals import replace_numerals

DAY, TEN_DAYS, MONTH = "day", "ten_days", "month"

_TENS = {"上旬": 1, "中旬": 11, "下旬": 21}
_YEARS = range(1900, 2201)
_TIME = (
    r"(?:T|\s)*(?:[上下]午|晚上?)?\d{1,2}[:时点]\d{0,2}(?:[:分]\d{0,2})?秒?(?:\.\d+)?"
    r"(?:Z|[+-]\d\d:?\d\d)?"
)
_DECORATION = re.compile(rf"(?<=[\d日号]){_TIME}$|[(（]?(?:星期|周)[一二三四五六日天][)）]?$")
_YEAR_MONTH_DAY = (
    re.compile(r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?"),
    re.compile(r"(?P<y>\d{4})([./-])(?P<m>\d{1,2})\2(?P<d>\d{1,2})"),
    re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)"),
)
_MONTH_DAY = re.compile(r"(?P<m>\d{1,2})(?:月|[./-])(?P<d>\d{1,2})[日号]?")
_SLASHED = re.compile(r"(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>\d{4})")
_TEN_DAYS = re.compile(r"(?:(?P<y>\d{4})年)?(?P<m>\d{1,2})月份?(?P<tens>[上中下]旬)")
_MONTH = re.compile(
    r"(?P<y>\d{4})(?:年(?P<m>\d{1,2})月份?|[./-](?P<n>\d{1,2}))|(?P<o>\d{1,2})月份?"
)
_ONE = r"(?:\d{4}[年./-])?\d{1,2}[月./-]\d{1,2}[日号]?|\d{8}"
_SEVERAL = re.compile(
    rf"(?:{_ONE})(?:上午|下午)?[、,;和及与至到~—–/&-]+(?:{_ONE}|\d{{1,2}}[日号]?)(?:[、,;和及与].*)?"
)


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A day, how sure it is (`day`, `ten_days`, `month`), and the code of a problem, if any.

    Missing: `day` is None where the problem refuses the cell.
    """

    day: date | None
    precision: str = DAY
    problem: str = ""


def read_date(raw: object, year: int | None, *, is_event_day: bool) -> ReadDate:
    """The day a cell holds. `year` is that of the sheet's period, for days written without one.

    Only the event day may be given as a third of a month (旬) or as a month.
    """
    if isinstance(raw, datetime):
        return ReadDate(raw.date())
    if isinstance(raw, date):
        return ReadDate(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return _refused("not_a_date")
    found = _read_text(raw, year) if isinstance(raw, str) else _read_number(raw, year)
    if found.precision != DAY and not is_event_day:
        return _refused("not_a_date")
    return found


def _read_number(raw: float, year: int | None) -> ReadDate:
    text = repr(raw).removesuffix(".0")
    if len(text) == 8 and text.isdigit():
        return _day(int(text[:4]), int(text[4:6]), int(text[6:]))
    match = re.fullmatch(r"(\d{1,2})\.(\d{1,2})", text)
    if match is None:
        return _refused("not_a_date")
    if match[2] in ("1", "2", "3"):
        return _refused("date_ambiguous")
    if year is None:
        return _refused("date_without_year")
    found = _day(year, int(match[1]), int(match[2]))
    return found if found.day is None else ReadDate(found.day, DAY, "date_typed_as_number")


def _read_text(raw: str, year: int | None) -> ReadDate:
    text = _plain(raw)
    for pattern in _YEAR_MONTH_DAY:
        if match := pattern.fullmatch(text):
            return _day(int(match["y"]), int(match["m"]), int(match["d"]))
    if match := _SLASHED.fullmatch(text):
        return _either_way(int(match["y"]), int(match["a"]), int(match["b"]))
    if match := _TEN_DAYS.fullmatch(text):
        first = _TENS[match["tens"]]
        return _imprecise(match["y"] or year, int(match["m"]), first, TEN_DAYS)
    if match := _MONTH.fullmatch(text):
        month = match["m"] or match["n"] or match["o"]
        return _imprecise(match["y"] or year, int(month), 1, MONTH)
    if match := _MONTH_DAY.fullmatch(text):
        if year is None:
            return _refused("date_without_year")
        return _day(year, int(match["m"]), int(match["d"]))
    return _refused("two_dates" if _SEVERAL.fullmatch(text) else "not_a_date")


def _plain(raw: str) -> str:
    text = unicodedata.normalize("NFKC", raw).strip()
    text = _DECORATION.sub("", _DECORATION.sub("", text)).replace("−", "-")
    return replace_numerals("".join(text.split()))


def _either_way(year: int, first: int, second: int) -> ReadDate:
    month_first, day_first = _day(year, first, second), _day(year, second, first)
    if month_first.day and day_first.day and month_first != day_first:
        return _refused("date_ambiguous")
    return month_first if month_first.day else day_first


def _imprecise(year: str | int | None, month: int, day: int, precision: str) -> ReadDate:
    if year is None:
        return _refused("date_without_year")
    found = _day(int(year), month, day)
    return found if found.day is None else ReadDate(found.day, precision, "date_imprecise")


def _day(year: int, month: int, day: int) -> ReadDate:
    if year not in _YEARS:
        return _refused("not_a_date")
    try:
        return ReadDate(date(year, month, day))
    except ValueError:
        return _refused("not_a_date")


def _refused(code: str) -> ReadDate:
    return ReadDate(None, DAY, code)
