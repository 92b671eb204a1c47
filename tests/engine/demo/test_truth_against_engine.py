"""The engine against the truth that the generator knows and the reader never saw."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shuzhi.checks.model import Flag
from shuzhi.checks.run import CHECKS, check_ledgers
from shuzhi.demo.truth import PERIODS
from shuzhi.figures.compute import compute_figures
from shuzhi.ledgers.model import FILE, RECORD_ID, ROW, SHEET, Ledgers
from shuzhi.packs.model import Pack
from shuzhi.periods import parse_period
from shuzhi.pipeline import Source

AS_OF = date(2024, 1, 31)
CHECK_NAMES = frozenset(check.name for check in CHECKS)

Place = tuple[str, str, int]


@pytest.fixture(scope="module")
def truth(county: Path) -> dict[str, Any]:
    return json.loads((county / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def ledgers(county_source: Source) -> Ledgers:
    return county_source.ledgers


@pytest.fixture(scope="module")
def flags(ledgers: Ledgers, county_pack: Pack, county: Path) -> tuple[Flag, ...]:
    return check_ledgers(ledgers, county_pack, as_of=AS_OF, source=county)


def test_every_planted_problem_is_found_at_its_cell_and_no_other(
    truth: dict[str, Any], ledgers: Ledgers
) -> None:
    """The reader's problems are the planted ones: file, sheet, row, column and code."""
    planted = sorted(
        (error["file"], error["sheet"], error["row"], error["column"], error["code"])
        for error in truth["errors"]
        if error["code"] not in CHECK_NAMES
    )
    found = sorted((p.file, p.sheet, p.row, p.column, p.code) for p in ledgers.problems)
    assert len(planted) > 50
    assert found == planted


@pytest.mark.parametrize("check", sorted(CHECK_NAMES))
def test_every_planted_doubt_is_asked_about_and_no_other(
    check: str, truth: dict[str, Any], flags: tuple[Flag, ...], ledgers: Ledgers
) -> None:
    """Each check flags all that was planted for it (recall 1) and nothing else (precision 1)."""
    planted = [error for error in truth["errors"] if error["code"] == check]
    asked = [flag for flag in flags if flag.check == check]
    places = _places(ledgers)
    assert planted
    assert [e for e in planted if not any(_is_about(f, e, places) for f in asked)] == []
    assert [f for f in asked if not any(_is_about(f, e, places) for e in planted)] == []


def test_every_figure_is_the_true_one(
    truth: dict[str, Any], ledgers: Ledgers, county_pack: Pack
) -> None:
    """Value, state, records, asked and reported of every indicator, unit and period."""
    computed = {
        (f.indicator, f.unit, f.period): (f.state.value, f.records, f.asked, f.reported, f.value)
        for f in compute_figures(ledgers, county_pack, periods=[*map(parse_period, PERIODS)])
    }
    true = {
        (f["indicator"], f["unit"], f["period"]): (
            f["state"], f["records"], f["asked"], f["reported"], f["value"],
        )
        for f in truth["figures"]
    }  # fmt: skip
    assert len(true) > 100_000
    assert computed.keys() == true.keys()
    assert [(key, true[key], computed[key]) for key in true if true[key] != computed[key]] == []


def _places(ledgers: Ledgers) -> dict[tuple[str, str], Place]:
    return {
        (name, record): (file, sheet, row)
        for name, table in ledgers.tables.items()
        for record, file, sheet, row in zip(
            *(table.column(column).to_pylist() for column in (RECORD_ID, FILE, SHEET, ROW)),
            strict=True,
        )
    }


def _is_about(flag: Flag, error: dict[str, Any], places: dict[tuple[str, str], Place]) -> bool:
    if error["row"]:
        place = (error["file"], error["sheet"], error["row"])
        return place in {places[flag.table, record] for record in flag.records}
    about = (error["table"], error["unit"], error["period"])
    return about == (flag.table, flag.unit, flag.period)
