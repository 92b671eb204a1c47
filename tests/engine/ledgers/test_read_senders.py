"""Sender and period come from the most trusted place that names them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from shuzhi.ledgers.model import Ledgers
from shuzhi.ledgers.period_words import find_period, read_period_words

HEADER = ["活动日期", "活动名称", "参加人数"]
ROW = ["3月1日", "植树", 20]


def answers(ledgers: Ledgers) -> list[tuple[str, str]]:
    return [(answer.unit, answer.period) for answer in ledgers.returns]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("青石镇2023年第一季度活动台账", "2023-Q1"), ("2023年1季度", "2023-Q1"),
        ("2023年4季度", "2023-Q4"), ("2023年上半年", "2023-H1"), ("2023年9月", "2023-09"),
        ("二〇二三年度", "2023"), ("2023年度", "2023"), ("2023-Q1", "2023-Q1"),
        ("2023Q3", "2023-Q3"), ("2023年1-3月", "2023-Q1"), ("2023年7月至12月", "2023-H2"),
        ("2023年十一月份", "2023-11"), ("2023-09", "2023-09"),
        ("截至2023年12月31日2023年第四季度", "2023-Q4"),
    ],
)  # fmt: skip
def test_periods_in_words(text: str, name: str) -> None:
    """Titles name periods in many ways; days in them name none."""
    period = find_period([read_period_words(text)])
    assert period is not None
    assert period.name == name


@pytest.mark.parametrize(
    "text", ["一季度", "填报日期：2023年4月8日", "清办发〔2023〕12号", "通讯录"]
)
def test_no_period(text: str) -> None:
    """A quarter without a year, the day of filling in and a document number are no period."""
    assert find_period([read_period_words(text)]) is None


def test_a_quarter_takes_its_year_from_the_folder(source: Any) -> None:
    """一季度 in a folder 2023 is the first quarter of 2023."""
    source.xlsx("2023/青石镇/一季度活动台账.xlsx", HEADER, ROW)
    ledgers = source.read()
    assert answers(ledgers) == [("QH-T01", "2023-Q1")]
    assert ledgers.tables["activities"].column("held_on").to_pylist() == [date(2023, 3, 1)]


def test_the_register_of_receipts_is_believed_first(source: Any) -> None:
    """Unit, period and day of receipt of a file come from the register before its title."""
    source.xlsx("a/活动.xlsx", ["青石镇2023年第一季度活动台账"], HEADER, ROW)
    source.csv(
        "收文登记.csv", ["文件", "单位", "期间", "收到日期"],
        ["a/活动.xlsx", "白杨镇", "2023年第二季度", "2023.7.5"],
    )  # fmt: skip
    (answer,) = source.read().returns
    assert (answer.unit, answer.period, answer.received_on) == ("QH-T02", "2023-Q2", "2023-07-05")


def test_the_title_before_file_and_folder(source: Any) -> None:
    """What the sheet says of itself goes before what its file is called."""
    source.xlsx("白杨镇/2022年第四季度.xlsx", ["清河县青石镇2023年第一季度活动台账"], HEADER, ROW)
    assert answers(source.read()) == [("QH-T01", "2023-Q1")]


def test_the_lowest_unit_named_is_meant(source: Any) -> None:
    """清河县青石镇王家庄村 is the village; a namesake is told by the township beside it."""
    source.xlsx("a.xlsx", ["清河县青石镇王家庄村2023年第一季度活动台账"], HEADER, ROW)
    source.xlsx("白杨镇/柳树村2023年第一季度活动台账.xlsx", HEADER, ROW)
    assert answers(source.read()) == [("QH-T01-V01", "2023-Q1"), ("QH-T02-V01", "2023-Q1")]


def test_a_year_of_a_quarterly_table_is_four_returns(source: Any) -> None:
    """A sheet for the whole year answers all four quarters."""
    source.xlsx("a.xlsx", ["青石镇2023年度活动台账"], HEADER, ROW)
    assert answers(source.read()) == [("QH-T01", f"2023-Q{n}") for n in (1, 2, 3, 4)]


def test_unknown_sender_and_period(source: Any, list_codes: Callable[..., Any]) -> None:
    """Without them there is no return; a row that needs neither is still read."""
    source.xlsx(
        "活动台账.xlsx", ["举办单位", *HEADER], ["青石镇", datetime(2023, 3, 1), "植树", 20],
        [None, datetime(2023, 3, 2), "植树", 20], ["青石镇", "3月3日", "植树", 20],
    )  # fmt: skip
    ledgers = source.read()
    assert list_codes(ledgers.problems) == [
        (0, "", "period_unknown"),
        (0, "", "sender_unknown"),
        (4, "活动日期", "date_without_year"),
    ]
    assert ledgers.tables["activities"].num_rows == 1
    assert ledgers.returns == ()


def test_defaults_are_filled_from_sender_and_period(source: Any) -> None:
    """A blank unit is the sender; a register's blank day is the last of its period."""
    source.xlsx("青石镇2023年度岗位台账.xlsx", ["岗位名称", "编制数"], ["宣传委员", 1])
    (record,) = source.read().tables["posts"].to_pylist()
    assert (record["unit"], record["as_of"]) == ("QH-T01", date(2023, 12, 31))


def test_units_by_code_name_and_alias_on_the_day(
    source: Any, list_codes: Callable[..., Any]
) -> None:
    """A unit is found by exact spelling; two that share it are refused, never guessed."""
    day = datetime(2023, 3, 1)
    source.xlsx(
        "青石镇2023年第一季度活动台账.xlsx",
        ["举办单位", "活动日期", "活动名称"],
        ["qh-t01-v01", day, "一"],
        ["王 家庄村", day, "二"],
        ["王村", day, "三"],
        ["柳树村", day, "四"],
        ["东片村", day, "五"],
        ["青石镇人民政府", day, "六"],
    )
    ledgers = source.read()
    units = ledgers.tables["activities"].column("unit").to_pylist()
    assert units == ["QH-T01-V01", "QH-T01-V01", "QH-T01-V01", "QH-T01-V04"]
    assert list_codes(ledgers.problems) == [
        (6, "举办单位", "unit_ambiguous"),
        (7, "举办单位", "unknown_unit"),
    ]
    assert "青石镇（QH-T01）" in ledgers.problems[1].remedy
