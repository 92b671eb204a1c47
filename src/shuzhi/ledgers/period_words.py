"""The reporting period that titles, sheets, files and folders name in words."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from shuzhi.ledgers.numerals import replace_numerals
from shuzhi.periods import Period, PeriodKind, calendar_period

_DAY = re.compile(
    r"\d{4}年\d{1,2}月\d{1,2}日?|\d{4}([./-])\d{1,2}\1\d{1,2}|\d{1,2}月\d{1,2}日"
    r"|(?<!\d)\d{8}(?!\d)"
)
_FILLED_IN = re.compile(r"(?:填报|填表|报送|制表|上报|打印|统计)(?:日期|时间)")
_PARTS = (
    (PeriodKind.QUARTER, r"(?P<number>[1-4])\s*季度?|(?<![a-z])q(?P<short>[1-4])(?!\d)"),
    (PeriodKind.HALF, r"(?P<number>[上下])半年|(?<![a-z])h(?P<short>[12])(?!\d)"),
)
_SPAN = re.compile(r"(?P<first>\d{1,2})月?\s*[-—–~至到]\s*(?P<last>\d{1,2})月")
_MONTH = re.compile(r"(?<!\d)(?P<number>0?[1-9]|1[0-2])\s*月份?(?!\d)")
_ISO_MONTH = re.compile(r"(?<!\d)(?P<year>20\d\d)-(?P<number>0[1-9]|1[0-2])(?![-\d])")
_YEAR_ALONE = re.compile(r"(?<!\d)(?P<year>20\d\d)\s*(?P<mark>年|$|[-_ .])?")
_HALVES = {"上": 1, "下": 2, "1": 1, "2": 2}
_LENGTHS = {1: PeriodKind.MONTH, 3: PeriodKind.QUARTER, 6: PeriodKind.HALF, 12: PeriodKind.YEAR}


@dataclass(frozen=True)
class PeriodWords:
    """What one text says of a period: a year (0: none), a part of a year (number 0: none)."""

    year: int = 0
    kind: PeriodKind = PeriodKind.YEAR
    number: int = 0


def read_period_words(text: str, *, bare_year: bool = False) -> PeriodWords:
    """The period a text names. `bare_year` lets 2023 stand for 2023年 (in file names)."""
    plain = replace_numerals(unicodedata.normalize("NFKC", text)).casefold()
    if _FILLED_IN.search(plain):
        return PeriodWords()
    plain = _DAY.sub(" ", plain)
    if match := _ISO_MONTH.search(plain):
        return PeriodWords(int(match["year"]), PeriodKind.MONTH, int(match["number"]))
    kind, number, at = _part(plain)
    return PeriodWords(_year(plain, at, bare_year or bool(number)), kind, number)


def find_period(texts: Iterable[PeriodWords]) -> Period | None:
    """The period that texts name, the most trusted first; None where none names a year.

    A part without a year takes the first year named; a year alone is narrowed down only by a
    part without a year (a title 2023年 over sheets 一季度 to 四季度).
    """
    year = 0
    part: PeriodWords | None = None
    for words in texts:
        if words.year and words.number and not year and part is None:
            return _period(words.year, words)
        if words.year and words.number and year:
            break
        year = year or words.year
        if words.number and not words.year and part is None:
            part = words
        if year and part:
            return _period(year, part)
    return _period(year, PeriodWords(year)) if year else None


def _period(year: int, words: PeriodWords) -> Period:
    return calendar_period(words.kind, year, words.number or 1)


def _part(text: str) -> tuple[PeriodKind, int, int]:
    for kind, pattern in _PARTS:
        if match := re.search(pattern, text):
            number = match["number"] or match["short"]
            return kind, _HALVES[number] if kind is PeriodKind.HALF else int(number), match.start()
    if match := _SPAN.search(text):
        first, last = int(match["first"]), int(match["last"])
        length = last - first + 1
        if length in _LENGTHS and last % length == 0 and last <= 12:
            kind = _LENGTHS[length]
            return kind, 0 if kind is PeriodKind.YEAR else last // length, match.start()
        return PeriodKind.YEAR, 0, -1
    if match := _MONTH.search(text):
        return PeriodKind.MONTH, int(match["number"]), match.start()
    return PeriodKind.YEAR, 0, -1


def _year(text: str, part_at: int, bare_year: bool) -> int:
    """The year nearest before the part of the year; else the first one."""
    years = [
        (match.start(), int(match["year"]))
        for match in _YEAR_ALONE.finditer(text)
        if match["mark"] == "年" or bare_year
    ]
    before = [year for at, year in years if at <= part_at]
    if before:
        return before[-1]
    return years[0][1] if years else 0
