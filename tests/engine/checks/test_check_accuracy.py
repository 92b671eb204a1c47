"""A small sample of `make bench`: the checks over labelled records with honest drift."""

import runpy
from pathlib import Path

import pytest

BENCH = runpy.run_path(str(Path(__file__).parents[3] / "bench" / "labelled_records.py"))


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    labelled = BENCH["label_records"](tmp_path_factory.mktemp("labelled"), 6_000, seed=2)
    return {row.check: (row, honest) for row, honest in BENCH["measure"](labelled)}


@pytest.mark.parametrize("check", sorted(BENCH["EXACT"]))
def test_an_exact_check_finds_what_is_wrong_and_leaves_honest_records_alone(measured, check):
    """Recall of at least 95 %, and at most 1 % of honest records in a wrong flag."""
    row, honest = measured[check]
    assert row.planted >= 3
    assert row.recall >= 0.95
    assert honest <= 0.01
