"""Nothing is dropped in silence: every row is kept, refused or recognised."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from shuzhi.ledgers.model import Ledgers, ReturnState, SheetAccount

HEADER = ["序号", "举办单位", "活动日期", "活动名称", "参加人数", "志愿者人数", "服务时长"]
FIRST = [1, "青石镇", datetime(2023, 2, 1), "春节慰问", 30, 5, 7.5]
SECOND = [2, "王家庄村", datetime(2023, 3, 1), "植树", 20, 6, 12]


def account_of(ledgers: Ledgers) -> SheetAccount:
    return next(account for account in ledgers.sheets if account.table == "activities")


def counts(ledgers: Ledgers) -> tuple[int, int, int, int]:
    account = account_of(ledgers)
    return account.read, account.kept, account.refused, account.recognised


@pytest.mark.parametrize("word", ["合计", "总 合 计", "总计", "小计", "合计：", "Total"])
def test_total_rows_above_and_below(read_one: Callable[..., Ledgers], word: str) -> None:
    """A total that agrees is recognised, above the data or below, and is no record."""
    total = [word, None, None, None, 50, 11, 19.5]
    above = read_one(HEADER, total, FIRST, SECOND)
    below = read_one(HEADER, FIRST, SECOND, total)
    assert counts(above) == counts(below) == (5, 2, 0, 3)
    assert above.problems == below.problems == ()


def test_a_total_that_disagrees(
    read_one: Callable[..., Ledgers], list_codes: Callable[..., Any]
) -> None:
    """The notice stands at the total's own cell and names the true sum; no row is lost."""
    ledgers = read_one(HEADER, FIRST, SECOND, ["合计", None, None, None, 61, 11, 19.5])
    (problem,) = ledgers.problems
    assert list_codes([problem]) == [(5, "参加人数", "total_disagrees")]
    assert (problem.cell, problem.value) == ("E5", "61")
    assert "50" in problem.message
    assert counts(ledgers)[1] == 2


def test_subtotals_add_up_their_own_group(
    read_one: Callable[..., Ledgers], list_codes: Callable[..., Any]
) -> None:
    """A subtotal is held against the rows since the one before, the total against all."""
    ledgers = read_one(
        HEADER,
        FIRST,
        ["小计", None, None, None, 30, 5, 7.5],
        SECOND,
        ["小计", None, None, None, 25, 6, 12],
        ["合计", None, None, None, 50, 11, 19.5],
    )
    assert list_codes(ledgers.problems) == [(6, "参加人数", "total_disagrees")]


def test_notes_samples_and_hidden_rows(read_one: Callable[..., Ledgers]) -> None:
    """Notes, sample rows and hidden rows are recognised and never counted."""
    ledgers = read_one(
        HEADER,
        ["示例", "青石镇", "2021年3月8日", "例：慰问", 12, 1, 1],
        [None, None, "2021年3月8日", "按实际填写", 99, 9, 9],
        FIRST,
        ["注：空项不填。"],
        ["2.数字用阿拉伯数字。"],
        ["填表人：王甲", None, "审核人：李乙"],
        hidden=[3],
    )
    assert counts(ledgers) == (8, 1, 0, 7)
    assert ledgers.problems == ()


def test_line_numbers_alone_say_nothing(read_one: Callable[..., Ledgers]) -> None:
    """Lines of the form that were numbered and not filled in are recognised, not refused."""
    ledgers = read_one(HEADER, FIRST, [2], [3, "青石镇"], [4, "/", "-"])
    assert counts(ledgers) == (6, 1, 0, 5)
    assert ledgers.problems == ()


def test_a_header_repeated_on_the_next_page(read_one: Callable[..., Ledgers]) -> None:
    """The header printed again further down is no record."""
    assert counts(read_one(HEADER, FIRST, HEADER, SECOND)) == (5, 2, 0, 3)


@pytest.mark.parametrize("word", ["无", "本期无", "零报告", "无情况", "本季度无。"])
def test_a_nil_return(read_one: Callable[..., Ledgers], word: str) -> None:
    """无 alone is an answer: a return of nothing, and no problem."""
    ledgers = read_one(HEADER, [1, "青石镇", word])
    assert [(r.unit, r.period, r.state) for r in ledgers.returns] == [
        ("QH-T01", "2023-Q1", ReturnState.NIL)
    ]
    assert ledgers.problems == ()


def test_not_applicable_with_its_reason(read_one: Callable[..., Ledgers]) -> None:
    """不适用 is an answer too, and its reason is kept."""
    (answer,) = read_one(HEADER, [None, "不适用，本镇没有阵地"]).returns
    assert (answer.state, answer.reason) == (ReturnState.NOT_APPLICABLE, "本镇没有阵地")


def test_a_header_and_nothing_else_is_silence(
    read_one: Callable[..., Ledgers], list_codes: Callable[..., Any]
) -> None:
    """A form sent back empty is no return."""
    ledgers = read_one(HEADER)
    assert list_codes(ledgers.problems) == [(0, "", "sheet_empty")]
    assert ledgers.returns == ()


def test_a_cell_merged_over_rows(read_one: Callable[..., Ledgers]) -> None:
    """A date merged over two rows holds for both; a number merged over two is one number."""
    ledgers = read_one(
        HEADER,
        [1, "青石镇", "2023-02-01", "上午", 30, 5, 1],
        [2, "青石镇", None, "下午", None, 6, 1],
        merged=["C3:C4", "E3:E4"],
    )
    rows = ledgers.tables["activities"].to_pylist()
    assert [(row["held_on"].day, row["heads"]) for row in rows] == [(1, 30), (1, None)]


def test_failed_formulas(read_one: Callable[..., Ledgers], list_codes: Callable[..., Any]) -> None:
    """An error value and a formula saved without its result refuse their rows, at the cell."""
    ledgers = read_one(
        HEADER, [*FIRST[:4], None, 5, 7.5], SECOND, [*SECOND[:4], 1, None, 1],
        formulas={"E3": "#REF!", "F5": ""},
    )  # fmt: skip
    assert list_codes(ledgers.problems) == [
        (3, "参加人数", "error_value"),
        (5, "志愿者人数", "formula_without_value"),
    ]
    assert ledgers.problems[0].value == "#REF!"
    assert counts(ledgers) == (5, 1, 2, 2)


def test_one_bad_cell_refuses_its_row_and_only_that(
    read_one: Callable[..., Ledgers], list_codes: Callable[..., Any]
) -> None:
    """Each bad cell is one problem with address and text; good rows stay."""
    ledgers = read_one(
        HEADER, FIRST, [2, "王家庄", "9月3日、10日", None, "若干", 501, "90分钟"], SECOND
    )
    assert list_codes(ledgers.problems) == [
        (4, "举办单位", "unknown_unit"),
        (4, "参加人数", "not_a_number"),
        (4, "志愿者人数", "out_of_range"),
        (4, "服务时长", "not_a_number"),
        (4, "活动名称", "missing_required"),
        (4, "活动日期", "two_dates"),
    ]
    assert {p.cell for p in ledgers.problems} == {"B4", "C4", "D4", "E4", "F4", "G4"}
    assert "王家庄村" in ledgers.problems[0].remedy
    assert counts(ledgers) == (5, 2, 1, 2)
