"""How a value is spelled in a cell: dates, numbers, units and categories as clerks write them."""

import random
from datetime import date
from decimal import Decimal

from shuzhi.demo.book import Cell, Value
from shuzhi.demo.county import County
from shuzhi.demo.hands import Hand
from shuzhi.packs.model import Column, ColumnType, Role
from shuzhi.periods import parse_period

_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
_NOTHING = ("", "", "", "", "/", "-", "—")
_CHINESE = "零一二三四五六七八九"


def spell_value(
    value: Value, column: Column, hand: Hand, county: County, period: str, rng: random.Random
) -> Cell:
    """The cell a sender with this `hand` writes for `value` in a sheet of `period`."""
    if value is None:
        return rng.choice(_NOTHING)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return _spell_date(value, hand, period)
    if column.role in (Role.UNIT, Role.UNIT_REF):
        return _spell_unit(str(value), hand, county, rng)
    if column.categories:
        return _spell_category(str(value), column, hand, rng)
    if isinstance(value, int | Decimal):
        return _spell_number(value, column, hand, rng)
    return value


def to_chinese(number: int) -> str:
    """A whole number from 1 to 999 in Chinese figures: 一百二十, 十五, 三百零六."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    text = f"{_CHINESE[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{_CHINESE[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (_CHINESE[ones] if ones else "")


def _spell_date(day: date, hand: Hand, period: str) -> Cell:
    of_the_year = parse_period(period).start.year == day.year
    match hand.dates:
        case "real":
            return day
        case "zh":
            return f"{day.year}年{day.month}月{day.day}日"
        case "dotted":
            return f"{day.year}.{day.month}.{day.day}"
        case "slashed":
            return f"{day.year}/{day.month}/{day.day}"
        case "month_day" if of_the_year:
            return f"{day.month}.{day.day}"
        case "zh_month_day" if of_the_year:
            return f"{day.month}月{day.day}日"
    return day.isoformat()


def _spell_unit(code: str, hand: Hand, county: County, rng: random.Random) -> str:
    span = county.span(code)
    if code in county.twins:
        return span.name
    match hand.units:
        case "code":
            return code
        case "mixed":
            return rng.choice((span.name, span.name, code, *span.aliases))
        case "alias":
            return rng.choice(span.aliases)
    return span.name


def _spell_category(value: str, column: Column, hand: Hand, rng: random.Random) -> str:
    category = next(c for c in column.categories if c.value == value)
    label = category.label["zh"]
    if hand.loose and category.synonyms:
        return rng.choice((label, *category.synonyms))
    return label


def _spell_number(value: int | Decimal, column: Column, hand: Hand, rng: random.Random) -> Cell:
    plain: Cell = int(value) if value == int(value) else float(value)
    if not hand.loose:
        return plain
    if value == 0:
        return rng.choice((0, 0, "0", "无"))
    dice = rng.random()
    if dice < 0.03:
        return str(plain).translate(_FULL_WIDTH)
    if dice < 0.06 and column.uom:
        return f"{plain}{column.uom['zh']}"
    if dice < 0.07 and column.type is ColumnType.INTEGER and 0 < value < 1000:
        return to_chinese(int(value))
    if value >= 1000 and dice < 0.3:
        return f"{plain:,}"
    return plain
