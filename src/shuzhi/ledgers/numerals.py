"""Numbers written in Chinese figures: 一百二十, 两千零五, 3万, 二〇二三."""

import re
from decimal import Decimal

_DIGITS = {
    "零": 0, "〇": 0, "一": 1, "壹": 1, "二": 2, "两": 2, "贰": 2, "三": 3, "叁": 3, "四": 4,
    "肆": 4, "五": 5, "伍": 5, "六": 6, "陆": 6, "七": 7, "柒": 7, "八": 8, "捌": 8, "九": 9,
    "玖": 9,
}  # fmt: skip
_PLACES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
_NUMERAL = re.compile(f"[{''.join(_DIGITS)}{''.join(_PLACES)}{''.join(_MYRIADS)}]+")
_MIXED = re.compile(r"(\d+(?:\.\d+)?)([十百千万亿]+)")


def parse_numeral(text: str) -> Decimal | None:
    """The number `text` says in Chinese figures, or in digits with a Chinese place (1.2万).

    Missing: None where it is no such number.
    """
    mixed = _MIXED.fullmatch(text)
    if mixed:
        return Decimal(mixed[1]) * _scale(mixed[2])
    if not _NUMERAL.fullmatch(text):
        return None
    if all(sign in _DIGITS for sign in text):
        return _digit_by_digit(text)
    return _add_up(text)


def replace_numerals(text: str) -> str:
    """`text` with every run of Chinese figures written in digits: 九月三日 → 9月3日."""
    return _NUMERAL.sub(lambda match: _in_digits(match[0]), text)


def _in_digits(run: str) -> str:
    number = parse_numeral(run)
    return run if number is None else str(number)


def _digit_by_digit(text: str) -> Decimal | None:
    """二〇二三 is 2023; 三四 is "three or four", and no number."""
    if len(text) == 2 and not set(text) & set("零〇"):
        return None
    return Decimal("".join(str(_DIGITS[sign]) for sign in text))


def _scale(places: str) -> int:
    product = 1
    for sign in places:
        product *= _PLACES.get(sign) or _MYRIADS[sign]
    return product


def _add_up(text: str) -> Decimal | None:
    total = section = 0
    digit: int | None = None
    last_place = 0
    for sign in text:
        if sign in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[sign]
            last_place = last_place if digit else 1
        elif sign in _PLACES:
            place = _PLACES[sign]
            if not digit and (place != 10 or section % 100):
                return None
            section += (digit or 1) * place
            digit, last_place = None, place
        else:
            if not section and not digit:
                return None
            last_place = _MYRIADS[sign]
            total = (total + section + (digit or 0)) * last_place
            section, digit = 0, None
    if digit and last_place >= 100:
        digit *= last_place // 10  # 一百二 is 120
    return Decimal(total + section + (digit or 0))
