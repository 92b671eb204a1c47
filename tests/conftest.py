"""The example county and its report, made once for all tests that read them."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACK = ROOT / "packs" / "annual-duty"


@dataclass(frozen=True)
class Finished:
    """What a command did: exit code, what it printed, what it complained."""

    code: int
    out: str
    err: str


def run_shuzhi(*arguments: object) -> Finished:
    """Run the command line as a user does, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "shuzhi", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example county's folder, seed 1."""
    folder = tmp_path_factory.mktemp("county") / "qinghe"
    done = run_shuzhi("demo", folder)
    assert done.code == 0, done.err
    return folder


@pytest.fixture(scope="session")
def report(county: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `shuzhi report` writes for the example county's 2023, in Chinese."""
    out = tmp_path_factory.mktemp("report") / "out"
    done = run_shuzhi("report", county, "--pack", PACK, "--period", "2023", "--out", out)
    assert done.code == 0, done.err
    return out


@pytest.fixture(scope="session")
def english_report(county: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A township's report in English."""
    out = tmp_path_factory.mktemp("report-en") / "out"
    done = run_shuzhi(
        "report",
        county,
        "--pack",
        PACK,
        "--period",
        "2023",
        "--unit",
        "QH-T01",
        "--lang",
        "en",
        "--out",
        out,
    )
    assert done.code == 0, done.err
    return out
