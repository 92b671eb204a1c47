"""The benchmark of figures: what it draws, and that contenders are held to every cell."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

BENCH = Path(__file__).parents[2] / "bench" / "figures"
CONTENDERS = BENCH / "contenders"


def run(*words: object) -> str:
    done = subprocess.run(
        [sys.executable, *map(str, words)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A small edition, and its figures by ours, by the fused SQL and by one query each."""
    work = tmp_path_factory.mktemp("figures")
    size = ("--rows", "20k", "--figures", "50", "--units", "300")
    edition = Path(run(BENCH / "generate.py", work, *size).strip())
    script, definitions = work / "fused.sql", edition.parent / "definitions.json"
    run(CONTENDERS / "duckdb_fused.py", "prepare", edition, definitions, script)
    run(CONTENDERS / "duckdb_fused.py", "run", edition, script, work / "fused")
    run(CONTENDERS / "one_query_each.py", edition, definitions, work / "each.sql")
    run(CONTENDERS / "duckdb_fused.py", "run", edition, work / "each.sql", work / "each")
    run(CONTENDERS / "ours.py", edition, work / "ours")
    found = {name: work / name for name in ("fused", "each", "ours")}
    return found | {"units": edition / "units.parquet"}


@pytest.mark.parametrize("other", ["fused", "each"])
def test_sql_gives_every_cell(results: dict[str, Path], other: str) -> None:
    """The SQL, fused or not, and Shuzhi give the same cells, values and records."""
    compare = (BENCH / "checksum.py", results["ours"], "--units", results["units"])
    assert run(*compare, "--against", results[other]) == "0 indicators differ\n"


@pytest.mark.at_size
def test_a_million_rows_give_the_same_cells() -> None:
    """Of 50 figures over a million rows no cell differs: the run fails where one does."""
    size = ("--rows", "1M", "--figures", "50", "--units", "5000", "--repeat", "1")
    three = "ours,duckdb_fused,one_query_each"
    assert "VOID" not in run(BENCH / "run.py", *size, "--contenders", three)


def test_one_wrong_cell_is_named(results: dict[str, Path], tmp_path: Path) -> None:
    """One value that differs is found, with its indicator, unit and period."""
    table = pq.read_table(results["ours"])
    place = next(n for n, records in enumerate(table["records"].to_pylist()) if records)
    values = table["value"].to_pylist()
    values[place] += 1
    pq.write_table(
        table.set_column(table.schema.get_field_index("value"), "value", pa.array(values)),
        tmp_path / "wrong.parquet",
    )
    done = subprocess.run(
        [sys.executable, BENCH / "checksum.py", results["ours"], "--units", results["units"],
         "--against", tmp_path],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    row = {name: table[name][place].as_py() for name in ("indicator", "unit", "period")}
    assert done.returncode == 1
    assert f"{row['indicator']}: 1 cells differ" in done.stdout
    assert f"{row['unit']} {row['period']}" in done.stdout


def test_values_are_rounded_as_figures_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Results are rounded as Python rounds: half to even at six places, and never to -0."""
    monkeypatch.syspath_prepend(str(BENCH))
    from results import rounded

    chance = np.random.default_rng(1)
    ties = chance.integers(0, 10**8, 5_000) / 10**6 + 5e-7
    wide = [chance.uniform(-far, far, 5_000) for far in (1.0, 1e4, 1e14)]
    values = np.concatenate([ties, *wide, [-0.0, -1e-9, 0.5]])
    found, expected = rounded(values).tolist(), [round(v, 6) + 0.0 for v in values.tolist()]
    assert [value.hex() for value in found] == [value.hex() for value in expected]
