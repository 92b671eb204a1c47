"""What one year promised, the next answers for: nothing is dropped in silence."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from shuzhi import pipeline
from shuzhi.errors import InputRefused, UserError
from shuzhi.periods import parse_period
from shuzhi.pipeline import Source
from shuzhi.reports.promises import draft_promises, promise_rows

LAST, THIS = parse_period("2022"), parse_period("2023")


@pytest.fixture(scope="module")
def last_year(county_source: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The edition of 2022; it holds the promises already made for 2023."""
    out = tmp_path_factory.mktemp("editions") / "2022"
    pipeline.seal_source(county_source, out, period=LAST)
    return out


@pytest.fixture(scope="module")
def drafted(county_source: Source) -> list[dict[str, Any]]:
    """What the report of 2022 promises for 2023, as rows of the table."""
    work = pipeline.count(county_source, LAST)
    with pipeline.press_for(county_source, work, ["QH"], lang="zh") as press:
        rows = promise_rows(press.sources, draft_promises(press.sources, "QH")).to_pylist()
    return [row | {"_id": f"D-{n}", "promise_no": f"D-{n}"} for n, row in enumerate(rows)]


def with_promises(
    source: Source, more: Iterable[dict[str, Any]], without: Iterable[str] = ()
) -> Source:
    table = source.ledgers.tables["promises"]
    rows = [row for row in table.to_pylist() if row["_id"] not in without]
    promises = pa.Table.from_pylist([*rows, *more], schema=table.schema)
    tables = {**source.ledgers.tables, "promises": promises}
    return replace(source, ledgers=replace(source.ledgers, tables=tables))


def test_a_year_that_answers_for_all_is_let_through(
    county_source: Source, last_year: Path, drafted: list[dict[str, Any]]
) -> None:
    assert drafted
    pipeline.refuse_dropped_promises(with_promises(county_source, drafted), THIS, last_year)


def test_a_dropped_draft_is_named(
    county_source: Source, last_year: Path, drafted: list[dict[str, Any]]
) -> None:
    table = county_source.ledgers.tables["promises"].to_pylist()
    taken = {(row["unit"], row["indicator"]) for row in table}
    dropped = next(row for row in drafted if (row["unit"], row["indicator"]) not in taken)
    rest = [row for row in drafted if row is not dropped]
    with pytest.raises(InputRefused, match=f"{dropped['unit']} {dropped['indicator']}"):
        pipeline.refuse_dropped_promises(with_promises(county_source, rest), THIS, last_year)


def test_a_dropped_record_is_named(
    county_source: Source, last_year: Path, drafted: list[dict[str, Any]]
) -> None:
    rows = county_source.ledgers.tables["promises"].to_pylist()
    number = next(row["_id"] for row in rows if row["year"] == 2023)
    with pytest.raises(InputRefused, match=number):
        pipeline.refuse_dropped_promises(
            with_promises(county_source, drafted, [number]), THIS, last_year
        )


def test_an_edition_of_another_year_is_refused(county_source: Source, last_year: Path) -> None:
    with pytest.raises(UserError, match="name the edition of 2021"):
        pipeline.refuse_dropped_promises(county_source, LAST, last_year)
