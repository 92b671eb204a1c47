"""The words and number forms of a report in its language."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from shuzhi.figures.model import FigureState

STATES: Mapping[str, Mapping[FigureState, str]] = {
    "zh": {
        FigureState.NOT_REPORTED: "未报送",
        FigureState.NOT_ASKED: "未要求",
        FigureState.NOT_APPLICABLE: "不适用",
        FigureState.WITHHELD: "隐去",
    },
    "en": {
        FigureState.NOT_REPORTED: "not reported",
        FigureState.NOT_ASKED: "not asked",
        FigureState.NOT_APPLICABLE: "not applicable",
        FigureState.WITHHELD: "withheld",
    },
}
_DIGITS = "〇一二三四五六七八九"


def number_text(value: float | Decimal, decimals: int, lang: str) -> str:
    """A value as printed.

    Units: rounded half up at `decimals`, as a reader of the unrounded value would. Chinese
    official documents group no thousands; English does.
    """
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    if rounded == 0:
        rounded = abs(rounded)
    return f"{rounded:,f}" if lang == "en" else f"{rounded:f}"


def plain_number(value: Decimal | int | float, lang: str) -> str:
    """A cell's number with the decimals it needs and no more."""
    exact = Decimal(str(value))
    places = max(0, -int(exact.normalize().as_tuple().exponent))
    return number_text(exact, places, lang)


def date_text(day: date, lang: str) -> str:
    if lang == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {day:%B} {day.year}"


def year_text(year: int, lang: str) -> str:
    return f"{year}年" if lang == "zh" else str(year)


def yes_no(value: bool, lang: str) -> str:
    if lang == "zh":
        return "是" if value else "否"
    return "yes" if value else "no"


def enumerate_texts(texts: Sequence[str], lang: str) -> str:
    """甲、乙、丙; in English A, B and C."""
    if lang == "zh":
        return "、".join(texts)
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} and {texts[-1]}"


def chinese_number(number: int) -> str:
    """1–99 in Chinese, as headings are numbered: 一, 十, 十一, 二十三."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return head + (_DIGITS[ones] if ones or not tens else "")


def roman(number: int) -> str:
    """1–39 in capital Roman numerals."""
    tens, ones = divmod(number, 10)
    names = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    return "X" * tens + names[ones]
