"""On a county the reader never saw, every planted problem is found at its cell, and no other."""

import json
from collections import Counter
from pathlib import Path

import pytest

from shuzhi.ledgers.messages import WORDS
from shuzhi.ledgers.model import Ledgers
from shuzhi.pipeline import Source


@pytest.fixture(scope="module")
def ledgers(county_source: Source) -> Ledgers:
    return county_source.ledgers


def test_every_planted_problem_and_no_other(county: Path, ledgers: Ledgers) -> None:
    """File, sheet, row, column and code agree with truth.json, one for one."""
    truth = json.loads((county / "truth.json").read_text("utf-8"))
    planted = Counter(
        (error["file"], error["sheet"], error["row"], error["column"], error["code"])
        for error in truth["errors"]
        if error["code"] in WORDS
    )
    found = Counter((p.file, p.sheet, p.row, p.column, p.code) for p in ledgers.problems)
    assert len(planted) > 40
    assert found == planted


def test_every_row_is_accounted_for(ledgers: Ledgers) -> None:
    """Sheet by sheet: read = kept + refused + recognised, and the ledgers hold the kept."""
    for account in ledgers.sheets:
        assert account.read == account.kept + account.refused + account.recognised, account
    kept = Counter[str]()
    for account in ledgers.sheets:
        kept[account.table] += account.kept
    for name, table in ledgers.tables.items():
        assert table.num_rows == kept[name]
