"""A sample of the faults that `make prove-sealing` tries, and that the proof can fail."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from command_line import PACK, run_shuzhi
from shuzhi.ledgers.edition import seal_edition, write_edition
from shuzhi.ledgers.model import Ledgers, arrow_schema
from shuzhi.packs.load import load_pack
from shuzhi.prove import sealing
from shuzhi.units import UnitSpan, UnitTree

pytestmark = pytest.mark.skipif(
    shutil.which("strace") is None, reason="strace is not here; run: sudo apt-get install strace"
)


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """A pack of two tables and no record: some six hundred system calls."""
    folder = tmp_path / "pack"
    (folder / "tables").mkdir(parents=True)
    shutil.copy(PACK / "pack.toml", folder)
    for name in ("units", "meetings"):
        shutil.copy(PACK / "tables" / f"{name}.json", folder / "tables")
    pack = load_pack(folder)
    tables = {name: arrow_schema(table).empty_table() for name, table in pack.tables.items()}
    tree = UnitTree([UnitSpan("QH", "清河县", "county", "", date(2020, 1, 1))])
    seal_edition(tmp_path / "edition", pack, Ledgers(tables, tree, (), (), (), ()), {})
    return tmp_path / "edition"


def test_every_fault_tried_leaves_the_edition_absent_or_whole(
    edition: Path, tmp_path: Path
) -> None:
    out = tmp_path / "counts.json"
    done = run_shuzhi("prove", "sealing", edition, "--n", "45", "--seed", "7", "--out", out)
    assert done.code == 0, done.out
    counts = json.loads(out.read_text())
    assert counts["tried"] == 45 == counts["absent"] + counts["whole"]
    assert counts["absent"] > 0
    assert counts["whole"] > 0
    assert counts["possible"] == 3 * counts["calls"] > 1000
    assert counts["rivals_clear"] == counts["rivals"] == 5
    assert counts["failed"] == []


def test_a_sealing_that_is_not_atomic_is_found_out(
    edition: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files written straight into the new folder: a fault leaves some of them."""

    def write_at_once(out, pack, ledgers, extras):  # type: ignore[no-untyped-def]
        out.mkdir()
        write_edition(out, pack, ledgers, extras)

    monkeypatch.setattr(sealing, "seal_edition", write_at_once)
    found = sealing.prove_sealing(edition, n=20, rivals=0, progress=lambda done, total: None)
    assert found.failed
    assert not found.holds
