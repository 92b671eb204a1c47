"""What a cell says: a typed value, or the code of a problem. Pure functions, no file in sight."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from shuzhi.ledgers.dates import read_date
from shuzhi.ledgers.folding import fold
from shuzhi.ledgers.numerals import parse_numeral
from shuzhi.packs.model import Column, ColumnType, Role

_BLANK = re.compile(r"[-/\\—–―－／_\s　]*")
# What Excel, WPS and LibreOffice put in a cell whose formula failed.
ERROR_VALUES = frozenset({
    "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
    "#GETTING_DATA",
})  # fmt: skip
_NONE_COUNTED = frozenset({"无", "没有"})
_BEFORE = re.compile(r"^(?:大约|约计|大概|接近|将近|约|近|~|≈)")
_AFTER = re.compile(r"(?:左右|上下|余|多)$")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?")
# Counters change nothing about a number; a measure does, and must be the column's own.
_COUNTERS = (
    "人次", "场次", "例次", "人", "名", "位", "次", "个", "件", "项", "条", "场", "期", "户", "处",
    "篇", "份", "支", "本", "册", "间", "家", "所", "例", "宗", "起", "批", "项次", "期次", "张",
)  # fmt: skip
_TRUE = frozenset({
    "是", "有", "已", "对", "真", "√", "✓", "✔", "☑", "y", "yes", "true", "t", "1", "属", "达标",
    "已完成",
})  # fmt: skip
_FALSE = frozenset({
    "否", "无", "未", "错", "假", "×", "✗", "✘", "☐", "x", "n", "no", "false", "f", "0", "不",
    "没有", "非", "不是", "未达标", "未完成",
})  # fmt: skip
_INT64 = 2**63
_PLACES = Decimal("0.0001")  # numbers are decimal128(18, 4)
_LARGEST = Decimal(10) ** 14


@dataclass(frozen=True, slots=True)
class Parsed:
    """A value (None: the cell holds nothing), the precision of a date, and a problem's code."""

    value: str | int | Decimal | bool | date | None
    problem: str = ""
    precision: str = ""


NOTHING = Parsed(None)


def is_blank(raw: object) -> bool:
    """Whether a cell holds nothing: empty, white space, /, - or —."""
    if isinstance(raw, str):
        return not raw or _BLANK.fullmatch(raw) is not None
    return raw is None


def parse_value(
    raw: object, column: Column, year: int | None, categories: Mapping[str, str]
) -> Parsed:
    """What the cell `raw` says in `column`; units are not resolved here.

    `year` completes dates written without one; `categories` maps folded spellings to values.
    """
    if is_blank(raw):
        return NOTHING
    if isinstance(raw, str) and raw.strip().upper() in ERROR_VALUES:
        return Parsed(None, "error_value")
    match column.type:
        case ColumnType.DATE:
            found = read_date(raw, year, is_event_day=column.role is Role.DATE)
            return Parsed(found.day, found.problem, found.precision)
        case ColumnType.BOOLEAN:
            return _parse_boolean(raw)
        case ColumnType.STRING if column.categories:
            known = categories.get(fold(as_text(raw)))
            return Parsed(known, "" if known is not None else "unknown_category")
        case ColumnType.STRING:
            return Parsed(as_text(raw))
    return _within(parse_number(raw, column), column)


def spellings(column: Column) -> dict[str, str]:
    """Folded spelling → value, for a column with categories."""
    return {
        fold(name): category.value
        for category in column.categories
        for name in (*category.synonyms, *category.label.values(), category.value)
    }


def as_text(raw: object) -> str:
    """A cell as text: 12.0 → 12, a date as 2023-09-03, text trimmed."""
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        return str(int(raw))
    if isinstance(raw, datetime):
        return raw.isoformat(sep=" ")
    if isinstance(raw, date | time):
        return raw.isoformat()
    return str(raw).strip().replace("\x00", "")


def parse_number(raw: object, column: Column) -> Parsed:
    """The number in a cell, as Decimal, of a column of type integer or number."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return Parsed(None, "not_a_number")
    if isinstance(raw, int | float):
        number = Decimal(repr(raw))
        return _typed(number, column) if number.is_finite() else Parsed(None, "not_a_number")
    text = "".join(unicodedata.normalize("NFKC", raw).split()).replace("−", "-").casefold()
    if text in _NONE_COUNTED:
        return _typed(Decimal(0), column)
    measured = _without_measure(_BEFORE.sub("", text), column)
    plain = _AFTER.sub("", measured)
    is_approximate = _BEFORE.match(text) is not None or plain != measured
    plain = _without_measure(plain, column)
    number_said = _decimal(plain)
    if number_said is None:
        return Parsed(None, "not_a_number")
    parsed = _typed(number_said, column)
    if is_approximate and not parsed.problem:
        return Parsed(parsed.value, "approximate_number")
    return parsed


def _without_measure(text: str, column: Column) -> str:
    own = tuple((column.uom or {}).values())
    counters = _COUNTERS if column.uom is None or own[0] in _COUNTERS else ()
    for word in sorted({*own, *counters}, key=len, reverse=True):
        folded = unicodedata.normalize("NFKC", word).casefold()
        if text.endswith(folded) and text != folded:
            return text.removesuffix(folded)
    return text


def _decimal(text: str) -> Decimal | None:
    if _GROUPED.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    return parse_numeral(text)


def _typed(number: Decimal, column: Column) -> Parsed:
    if abs(number) >= (_INT64 if column.type is ColumnType.INTEGER else _LARGEST):
        return Parsed(None, "out_of_range")
    if column.type is ColumnType.NUMBER:
        return Parsed(number.quantize(_PLACES))
    if number != number.to_integral_value():
        return Parsed(None, "not_an_integer")
    return Parsed(int(number))


def _within(parsed: Parsed, column: Column) -> Parsed:
    value = parsed.value
    if not isinstance(value, int | Decimal):
        return parsed
    too_small = column.minimum is not None and value < column.minimum
    too_large = column.maximum is not None and value > column.maximum
    return Parsed(None, "out_of_range") if too_small or too_large else parsed


def _parse_boolean(raw: object) -> Parsed:
    if isinstance(raw, bool):
        return Parsed(raw)
    text = unicodedata.normalize("NFKC", as_text(raw)).casefold().strip(" 。.")
    if text in _TRUE:
        return Parsed(True)
    return Parsed(False) if text in _FALSE else Parsed(None, "not_boolean")
