"""What is done otherwise where tables are large gives the same figures and proofs."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from small_county import ledger_of, small_pack
from test_kernel_on_trees import MEETINGS, draw_ledgers

from shuzhi.errors import UserError
from shuzhi.figures.compute import compute_columns, compute_figures
from shuzhi.figures.model import Figure
from shuzhi.figures.narrowing import narrowed
from shuzhi.figures.proof_rows import read_proof_rows
from shuzhi.figures.recorded import write_recorded_figures
from shuzhi.figures.trace import Proofs, trace_figures
from shuzhi.ledgers.edition import Edition, open_edition, seal_edition
from shuzhi.ledgers.model import Return, ReturnState
from shuzhi.periods import parse_period

DEFINITIONS = """
[held]
count = true
where = "kind = 'work' or attended > 3"
[open]
stock = { ends = "closed_on" }
[chaired]
share_of = "kind is not null"
where = "chaired"
[hours]
average = "hours"
[people]
distinct = "speaker"
[busy]
sum = "attended"
over_time = "max"
over_units = "sum"
[a_person]
formula = "100 * held / people"
"""
PERIODS = [parse_period(name) for name in ("2023", "2023-Q2", "2023-06")]
RESTATED = [None, date(2023, 7, 1)]


def labelled(definitions: str) -> str:
    text = 'label = {{ zh = "{0}", en = "{0}" }}\nuom = {{ zh = "个", en = "items" }}'
    blocks = [block.partition("]\n") for block in definitions.strip().split("\n[")]
    return "\n".join(
        f"[{name.lstrip('[')}]\n{text.format(name)}\n"
        + ("" if "formula" in rest else 'table = "meetings"\n')
        + rest
        for name, _, rest in blocks
    )


@pytest.fixture
def edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Edition:
    """A sealed source that counts as a large one, in groups of few rows."""
    pack = small_pack(tmp_path / "pack", labelled(DEFINITIONS))
    drawn = draw_ledgers(Random(7), 400)  # noqa: S311 chance that repeats
    returns = tuple(
        Return("meetings", code, "2023-Q2", ReturnState.ROWS, "book.xlsx", "meetings")
        for code in drawn.units.codes[1:4]
    )
    monkeypatch.setattr("shuzhi.ledgers.edition_files.ROWS_A_GROUP", 32)
    seal_edition(tmp_path / "edition", pack, replace(drawn, returns=returns), {})
    opened = open_edition(tmp_path / "edition")
    monkeypatch.setattr("shuzhi.figures.narrowing._WORTH_IT", 100)
    monkeypatch.setattr("shuzhi.figures.narrowing._AT_MOST", 0.6)
    return replace(opened, pack=pack)


def few(edition: Edition) -> list[list[str]]:
    """Each unit but the root by itself, and two of them together."""
    codes = edition.ledgers.units.codes
    return [[code] for code in codes[1:]] + [list(codes[5:7])]


@pytest.mark.parametrize("tree_as_of", RESTATED)
def test_figures_of_few_units_are_those_of_all(edition: Edition, tree_as_of: date | None) -> None:
    """Whatever rows, units and returns are left out, they do not count for these."""
    every = compute_figures(
        edition.ledgers, edition.pack, periods=PERIODS, tree_as_of=tree_as_of, engine="in_memory"
    )
    is_narrow = 0
    for units in few(edition):
        small = narrowed(edition.ledgers, edition.pack, units, tree_as_of)
        is_narrow += small is not edition.ledgers
        found = compute_figures(
            small, edition.pack, periods=PERIODS, units=units, tree_as_of=tree_as_of
        )
        assert found == [figure for figure in every if figure.unit in units]
    assert is_narrow > 10


@pytest.mark.parametrize("tree_as_of", RESTATED)
def test_proofs_of_few_units_are_those_of_all(edition: Edition, tree_as_of: date | None) -> None:
    """One after the other from one open source, as one by one from all its rows."""
    whole = replace(edition.ledgers, tables=dict(edition.ledgers.tables))
    with Proofs(edition.ledgers, edition.pack) as proofs:
        for name in edition.pack.indicators:
            for (unit,) in few(edition)[:-1]:
                wanted = [(name, unit, PERIODS[1])]
                try:
                    expected = trace_figures(whole, edition.pack, wanted, tree_as_of=tree_as_of)
                except UserError:
                    with pytest.raises(UserError, match="did not exist"):
                        proofs.trace(wanted, tree_as_of)
                    continue
                assert proofs.trace(wanted, tree_as_of) == expected


@pytest.mark.parametrize("tree_as_of", RESTATED)
@pytest.mark.parametrize("name", ["held", "open", "chaired", "hours", "people"])
def test_rows_as_columns_are_the_records_of_the_proof(
    edition: Edition, name: str, tree_as_of: date | None
) -> None:
    """The same records, files, rows and values, and persons without names."""
    for period in PERIODS:
        for unit in edition.ledgers.units.codes:
            wanted = [(name, unit, period)]
            try:
                (proof,) = trace_figures(
                    edition.ledgers, edition.pack, wanted, tree_as_of=tree_as_of
                ).values()
            except UserError:
                continue
            rows = read_proof_rows(
                edition.ledgers, edition.pack, name, unit, period, tree_as_of=tree_as_of
            )
            found = sorted(
                zip(*(rows[c].to_pylist() for c in ("record", "row", "unit")), strict=True)
            )
            assert found == sorted((r.record, r.row, r.unit) for r in proof.records)
            counted = [r.record for r in proof.records if r.contribution is not None]
            assert sorted(rows.filter(rows["counted"])["record"].to_pylist()) == sorted(counted)
            assert ("value" in rows.column_names) is (name == "hours")


def test_rows_of_a_derived_figure_are_refused(edition: Edition) -> None:
    """It has none of its own: the message says what to do."""
    for name in ("a_person", "busy"):
        with pytest.raises(UserError, match="put together from other figures; name one of those"):
            read_proof_rows(edition.ledgers, edition.pack, name, "u00", PERIODS[0])


@pytest.mark.parametrize("tree_as_of", RESTATED)
def test_recorded_figures_are_those_with_records(
    edition: Edition, tmp_path: Path, tree_as_of: date | None
) -> None:
    """Measured, derived and combined ones, value by value."""
    out = tmp_path / "figures.parquet"
    count = write_recorded_figures(
        edition.ledgers, edition.pack, out, periods=PERIODS, tree_as_of=tree_as_of
    )
    every = compute_columns(edition.ledgers, edition.pack, periods=PERIODS, tree_as_of=tree_as_of)
    expected = every.filter(pc.greater(every["records"], 0))
    order = [(name, "ascending") for name in ("indicator", "unit", "period")]
    found = pq.read_table(out)
    assert count == len(found) == len(expected) > 300
    assert found.sort_by(order).to_pylist() == expected.sort_by(order).to_pylist()
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_a_failure_leaves_no_half_written_figures(edition: Edition, tmp_path: Path) -> None:
    """An unknown indicator is refused, and there is no file."""
    with pytest.raises(UserError, match="indicator 'helt' is not known"):
        write_recorded_figures(
            edition.ledgers, edition.pack, tmp_path / "f.parquet", periods=PERIODS,
            indicators=["helt"],
        )  # fmt: skip
    assert not list(tmp_path.glob("*f.parquet*"))


def test_an_empty_table_has_figures_too(edition: Edition) -> None:
    """No row at all: every count is a zero or not reported, by the kernel as by the query."""
    tables = {**edition.ledgers.tables, "meetings": ledger_of(MEETINGS, [])}
    ledgers = replace(edition.ledgers, tables=tables)
    found: list[list[Figure]] = [
        compute_figures(ledgers, edition.pack, periods=PERIODS, engine=engine)
        for engine in ("kernel", "in_memory")
    ]
    assert found[0] == found[1]
