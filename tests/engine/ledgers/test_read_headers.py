"""The header is found by exact names, on one to three merged rows, and never guessed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from shuzhi.ledgers.model import Ledgers

HEADER = ["活动日期", "活动名称", "活动类型", "参加人数"]
ROW = [datetime(2023, 2, 1), "春节慰问", "宣讲", 30]


def only(ledgers: Ledgers) -> dict[str, Any]:
    (record,) = ledgers.tables["activities"].to_pylist()
    return record


def test_names_match_whatever_their_width_and_spacing(read_one: Callable[..., Ledgers]) -> None:
    """Full width, spaces, line breaks, punctuation and a unit in brackets change nothing."""
    ledgers = read_one(["活动 日期", "活动\n名称：", "＊活动类型", "参加人数（人）"], ROW)
    assert ledgers.problems == ()
    assert only(ledgers)["heads"] == 30


def test_three_levels_with_merged_cells(read_one: Callable[..., Ledgers]) -> None:
    """Groups over columns join with their leaves: 志愿者 over 人数 is 志愿者人数."""
    ledgers = read_one(
        ["序号", "活动日期", "活动名称", "本次活动统计", None, None, None, "备注"],
        [None, None, None, "参加人数", None, "志愿者", None, None],
        [None, None, None, "合计", "成人", "人数", "服务时长（小时）", None],
        [1, datetime(2023, 2, 1), "春节慰问", 30, 20, 5, 7.5, "无"],
        merged=["A2:A4", "B2:B4", "C2:C4", "D2:G2", "D3:E3", "F3:G3", "H2:H4"],
    )
    record = only(ledgers)
    assert ledgers.problems == ()
    assert (record["heads"], record["heads_adult"], record["volunteers"]) == (30, 20, 5)
    account = next(a for a in ledgers.sheets if a.table == "activities")
    assert account.header_rows == (2, 3, 4)
    assert account.columns["volunteers"] == "F"


def test_groups_without_merged_cells(source: Any) -> None:
    """In a csv a group's name stands over its first column and covers those right of it."""
    source.csv(
        "青石镇2023年第一季度活动台账.csv",
        ["活动日期", "活动名称", "参加人数", "", "志愿者", ""],
        ["", "", "合计", "成人", "人数", "服务时长"],
        ["2023-02-01", "春节慰问", "30", "20", "5", "7.5"],
    )
    record = only(source.read())
    assert (record["heads"], record["heads_adult"], record["volunteers"]) == (30, 20, 5)


def test_an_unknown_header_is_named_with_a_suggestion(
    read_one: Callable[..., Ledgers], list_codes: Callable[..., Any]
) -> None:
    """The column is not read, the rest is; the remedy names the nearest known header."""
    ledgers = read_one([*HEADER, "参与志愿者的人数"], [*ROW, 5])
    assert list_codes(ledgers.problems) == [(2, "参与志愿者的人数", "header_unknown")]
    assert "志愿者人数" in ledgers.problems[0].remedy
    assert only(ledgers)["volunteers"] is None


def test_a_saved_alias_is_a_name(source: Any) -> None:
    """What a person confirmed in aliases.toml is read from then on."""
    (source.path / "aliases.toml").write_text(
        '[headers]\n"来了多少人" = "activities.heads"\n[units]\n"青石" = "QH-T01"\n', "utf-8"
    )
    source.xlsx(
        "青石镇2023年第一季度活动台账.xlsx", ["活动日期", "活动名称", "来了多少人"],
        [datetime(2023, 2, 1), "春节慰问", 30],
    )  # fmt: skip
    ledgers = source.read()
    assert ledgers.problems == ()
    assert only(ledgers)["heads"] == 30


def test_a_required_column_that_is_missing(
    read_one: Callable[..., Ledgers], list_codes: Callable[..., Any]
) -> None:
    """Without a required column nothing is read, and every row counts as refused."""
    ledgers = read_one(["活动名称", "活动类型", "参加人数"], ["春节慰问", "宣讲", 30])
    assert list_codes(ledgers.problems) == [(0, "活动日期", "header_missing")]
    account = next(a for a in ledgers.sheets if a.table == "activities")
    assert (account.kept, account.refused) == (0, 1)


def test_a_strange_sheet_is_no_table(source: Any, list_codes: Callable[..., Any]) -> None:
    """A telephone list is a problem of its sheet; blank sheets are none."""
    source.xlsx("通讯录.xlsx", ["科室", "座机"], ["综合科", "6021"])
    ledgers = source.read()
    assert list_codes(ledgers.problems) == [(0, "", "sheet_unrecognised")]
    assert ledgers.sheets[1].refused == 2


def test_lists_beside_the_table_are_nothing(read_one: Callable[..., Ledgers]) -> None:
    """Drop-down lists right of the table are no problem and no rows."""
    ledgers = read_one(
        [*HEADER, None, None],
        [*ROW, None, "宣讲讲座"],
        [None, None, None, None, None, "阅读"],
        [None, None, None, None, None, "文化文艺"],
    )
    account = next(a for a in ledgers.sheets if a.table == "activities")
    assert ledgers.problems == ()
    assert (account.read, account.kept, account.recognised) == (3, 1, 2)
