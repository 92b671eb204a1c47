"""The examples and their documents, made once for all tests that read them; and the browser."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from command_line import EXAMPLE, PACK, SAFETY, run_shuzhi
from made_once import folder_of_all, made_once
from shuzhi import pipeline
from shuzhi.pipeline import Source

_CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium, for every test that asks for a browser or a page."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    return {"executable_path": chromium, "args": _CHROMIUM_ARGUMENTS}


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The temporary folder that all processes of this run share."""
    return folder_of_all(tmp_path_factory)


@pytest.fixture(scope="session")
def county(shared: Path) -> Path:
    """The example county's folder, seed 1."""
    return made_once(shared / "qinghe", lambda folder: written("demo", folder))


@pytest.fixture(scope="session")
def county_source(county: Path) -> Source:
    """The example county, read; tests change copies of its ledgers, never these."""
    return pipeline.read(county, PACK)


@pytest.fixture(scope="session")
def report(county: Path, shared: Path) -> Path:
    """The folder that `shuzhi report` writes for the example county's 2023, in Chinese."""
    asked = ("report", county, "--pack", PACK, "--period", "2023")
    return made_once(shared / "report", lambda out: written(*asked, "--out", out))


@pytest.fixture(scope="session")
def english_report(county: Path, shared: Path) -> Path:
    """A township's report in English."""
    asked = ("report", county, "--pack", PACK, "--period", "2023")
    of_one = ("--unit", "QH-T01", "--lang", "en")
    return made_once(shared / "report-en", lambda out: written(*asked, *of_one, "--out", out))


@pytest.fixture(scope="session")
def site(shared: Path) -> Path:
    """The pages of the units of the safety example's 2025."""
    return made_once(shared / "site", write_site)


@pytest.fixture(scope="session")
def public_site(shared: Path) -> Path:
    """The same for the public."""
    return made_once(shared / "public-site", lambda out: write_site(out, "--public"))


def write_site(out: Path, *more: str) -> None:
    written("site", EXAMPLE, "--pack", SAFETY, "--period", "2025", "--out", out, *more)


def written(*arguments: object) -> None:
    """Run a command that must succeed."""
    done = run_shuzhi(*arguments)
    assert done.code == 0, done.err
