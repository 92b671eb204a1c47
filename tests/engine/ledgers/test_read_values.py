"""Every spelling the contract with the units names becomes its value, or its problem."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from shuzhi.ledgers.dates import ReadDate, read_date
from shuzhi.ledgers.numerals import parse_numeral
from shuzhi.ledgers.values import Parsed, is_blank, parse_value, spellings
from shuzhi.packs.model import Category, Column, ColumnType

HEADS = Column("heads", ColumnType.INTEGER, {"zh": "人数"}, minimum=0, uom={"zh": "人"})
HOURS = Column("hours", ColumnType.NUMBER, {"zh": "时长"}, uom={"zh": "小时", "en": "hours"})
YES_NO = Column("held", ColumnType.BOOLEAN, {"zh": "是否举行"})
NOTE = Column("note", ColumnType.STRING, {"zh": "说明"})
KIND = Column(
    "kind", ColumnType.STRING, {"zh": "类型"},
    categories=(Category("work", {"zh": "工作会议", "en": "Work meeting"}, ("工作会",)),),
)  # fmt: skip


def parse(raw: object, column: Column) -> Parsed:
    return parse_value(raw, column, 2023, spellings(column))


@pytest.mark.parametrize("raw", [None, "", " ", "　", "/", "-", "—", "——", "－", "／"])
def test_blank_is_unknown(raw: object) -> None:
    """A blank cell, / and - say nothing; they are no zero and no problem."""
    assert is_blank(raw)
    assert parse(raw, HEADS) == Parsed(None)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (120, 120), (120.0, 120), (0, 0), ("0", 0), ("无", 0), ("没有", 0), ("一百二十", 120),
        ("１２０", 120), ("1,200", 1200), ("120人", 120), ("120 人次", 120), ("十五", 15),
        ("一百二", 120), ("两千零五人", 2005), ("1.2万", 12000), ("12.0", 12), ("1.2e3", 1200),
    ],
)  # fmt: skip
def test_whole_numbers(raw: object, value: int) -> None:
    """Digits of any width, Chinese figures, separators and counters are plain numbers."""
    assert parse(raw, HEADS) == Parsed(value)


@pytest.mark.parametrize(
    "raw", ["约120人", "大约120", "120余人", "近120人", "120左右", "约一百二十人", "120多人"]
)
def test_approximate_numbers(raw: str) -> None:
    """About 120 is kept as 120 and somebody is asked."""
    assert parse(raw, HEADS) == Parsed(120, "approximate_number")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("若干", "not_a_number"), ("几十人", "not_a_number"), ("三四人", "not_a_number"),
        ("120-130", "not_a_number"), ("1,23", "not_a_number"), (True, "not_a_number"),
        (date(2023, 1, 1), "not_a_number"), ("12小时", "not_a_number"), (1.5, "not_an_integer"),
        ("十二点五", "not_a_number"), (-1, "out_of_range"), ("−3", "out_of_range"),
        (1e30, "out_of_range"), ("#REF!", "error_value"), ("#DIV/0!", "error_value"),
        (float("nan"), "not_a_number"), (float("inf"), "not_a_number"),
    ],
)  # fmt: skip
def test_refused_numbers(raw: object, code: str) -> None:
    """What is no number of this column is refused, with its own code."""
    assert parse(raw, HEADS) == Parsed(None, code)


def test_a_measure_must_be_the_columns_own() -> None:
    """1.5小时 is 1.5 in a column of hours; 90分钟 there is not 90."""
    assert parse("1.5小时", HOURS).value == Decimal("1.5000")
    assert parse("90分钟", HOURS).problem == "not_a_number"
    assert parse(0.1 + 0.2, HOURS).value == Decimal("0.3000")


@pytest.mark.parametrize(
    ("text", "value"),
    [("二〇二三", 2023), ("一亿零五", 100_000_005), ("三百零六", 306), ("廿", None),
     ("十十", None), ("万", None), ("二三百", None)],
)  # fmt: skip
def test_chinese_figures(text: str, value: int | None) -> None:
    """Chinese figures are read by place or digit by digit; loose talk is no number."""
    assert parse_numeral(text) == value


@pytest.mark.parametrize(
    "raw",
    [
        date(2023, 9, 3), datetime(2023, 9, 3, 9, 30), "2023年9月3日", "2023.9.3", "2023/9/3",
        "2023-09-03", "20230903", 20230903.0, "9月3日", "9.3", "9/3", "２０２３．９．３",
        "二〇二三年九月三日", "2023-09-03 00:00:00", "2023-09-03T16:15:00", "9月3日（星期日）",
        "2023年9月3日 上午9:30", "2023 年 9 月 3 日", "9月3号",
    ],
)  # fmt: skip
def test_exact_dates(raw: object) -> None:
    """Every way to write one day is that day, without a problem."""
    assert read_date(raw, 2023, is_event_day=False) == ReadDate(date(2023, 9, 3))


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (9.15, ReadDate(date(2023, 9, 15), "day", "date_typed_as_number")),
        (9.4, ReadDate(date(2023, 9, 4), "day", "date_typed_as_number")),
        ("9月上旬", ReadDate(date(2023, 9, 1), "ten_days", "date_imprecise")),
        ("2022年9月中旬", ReadDate(date(2022, 9, 11), "ten_days", "date_imprecise")),
        ("9月下旬", ReadDate(date(2023, 9, 21), "ten_days", "date_imprecise")),
        ("2023年9月", ReadDate(date(2023, 9, 1), "month", "date_imprecise")),
        ("2023-09", ReadDate(date(2023, 9, 1), "month", "date_imprecise")),
    ],
)
def test_dates_to_be_confirmed(raw: object, found: ReadDate) -> None:
    """A date typed as a number and a date without a day are kept, and somebody is asked."""
    assert read_date(raw, 2023, is_event_day=True) == found


@pytest.mark.parametrize("raw", ["9月上旬", "2023年9月", "2023-09"])
def test_only_the_event_day_may_be_imprecise(raw: str) -> None:
    """A due date of "early September" is no date."""
    assert read_date(raw, 2023, is_event_day=False).problem == "not_a_date"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (9.1, "date_ambiguous"), (9.2, "date_ambiguous"), (9.3, "date_ambiguous"),
        ("5/6/2019", "date_ambiguous"), ("2023年9月3日、10日", "two_dates"),
        ("9月3日-5日", "two_dates"), ("9.3、9.10", "two_dates"), ("9.3-9.5", "two_dates"),
        ("2023-09-03至2023-09-05", "two_dates"), ("9月3日和10日", "two_dates"),
        ("2023-02-30", "not_a_date"), ("13.5", "not_a_date"), ("待定", "not_a_date"),
        (45170.0, "not_a_date"), (9, "not_a_date"), (True, "not_a_date"), ("无", "not_a_date"),
    ],
)  # fmt: skip
def test_refused_dates(raw: object, code: str) -> None:
    """A day nobody can be sure of is refused, never guessed."""
    assert read_date(raw, 2023, is_event_day=True) == ReadDate(None, "day", code)


@pytest.mark.parametrize("raw", ["9月3日", "9.3", 9.15, "9月上旬", "9月"])
def test_a_day_needs_a_year(raw: object) -> None:
    """Where neither cell nor sheet names a year, the date is refused."""
    assert read_date(raw, None, is_event_day=True).problem == "date_without_year"


def test_a_day_and_month_that_read_one_way_only() -> None:
    """5/31/2019 can only be 31 May."""
    assert read_date("5/31/2019", None, is_event_day=False).day == date(2019, 5, 31)


@pytest.mark.parametrize(
    ("raw", "value"),
    [("是", True), ("否", False), ("√", True), ("×", False), (1.0, True), (False, False),
     ("Yes", True), ("无", False)],
)  # fmt: skip
def test_booleans(raw: object, value: bool) -> None:
    """Yes and no in the signs clerks use."""
    assert parse(raw, YES_NO) == Parsed(value)


def test_refused_boolean_and_category() -> None:
    """Neither yes nor no, and no choice of the column, are refused."""
    assert parse("部分", YES_NO) == Parsed(None, "not_boolean")
    assert parse("党组会", KIND) == Parsed(None, "unknown_category")


@pytest.mark.parametrize("raw", ["work", "工作会议", "工作 会", "ＷＯＲＫ", "Work meeting"])
def test_categories(raw: str) -> None:
    """Value, labels and synonyms mean the value, whatever their width and spacing."""
    assert parse(raw, KIND) == Parsed("work")


def test_text_stays_as_written() -> None:
    """Text is trimmed and nothing else; whole numbers lose their .0."""
    assert parse(" ① 第1次 ", NOTE).value == "① 第1次"
    assert parse(12.0, NOTE).value == "12"
    assert parse("无", NOTE).value == "无"
