"""What filling in cost: filled cells at the pack's minutes, by who sent them."""

from dataclasses import replace

import pytest
from sealed_county import small_ledgers, small_pack

from shuzhi.ledgers.load import spent_load
from shuzhi.ledgers.model import Return, ReturnState
from shuzhi.periods import parse_period


def test_each_filled_cell_is_charged_to_its_sender() -> None:
    """Counted by hand from the rows of the meetings, cell by cell."""
    pack = small_pack()
    ledgers = small_ledgers(pack)
    meetings = ledgers.tables["meetings"]
    rows = meetings.to_pylist()
    places = {(row["_file"], row["_sheet"]): row["unit"] for row in rows}
    returns = tuple(
        Return("meetings", "QH-T01", "2023", ReturnState.ROWS, file, sheet)
        for file, sheet in places
    )
    table = pack.tables["meetings"]
    by_hand = sum(
        column.minutes for row in rows for column in table.columns if row[column.name] is not None
    )
    assert by_hand > 0
    (load,) = spent_load(replace(ledgers, returns=returns), pack, parse_period("2023"))
    assert (load.level, load.senders) == ("township", 1)
    assert load.total == pytest.approx(by_hand, abs=0.05)
    assert load.median == load.total


def test_returns_of_another_year_cost_that_year() -> None:
    pack = small_pack()
    answer = Return("meetings", "QH-T01", "2022", ReturnState.ROWS, "a.xlsx", "会议")
    ledgers = replace(small_ledgers(pack), returns=(answer,))
    assert spent_load(ledgers, pack, parse_period("2023")) == ()
