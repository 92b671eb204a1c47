"""The examples and their documents, made once for all tests that read them."""

from pathlib import Path

import pytest

from command_line import EXAMPLE, PACK, SAFETY, run_shuzhi
from shuzhi import pipeline
from shuzhi.pipeline import Source


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example county's folder, seed 1."""
    folder = tmp_path_factory.mktemp("county") / "qinghe"
    done = run_shuzhi("demo", folder)
    assert done.code == 0, done.err
    return folder


@pytest.fixture(scope="session")
def county_source(county: Path) -> Source:
    """The example county, read; tests change copies of its ledgers, never these."""
    return pipeline.read(county, PACK)


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


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of the units of the safety example's 2025."""
    return write_site(tmp_path_factory)


@pytest.fixture(scope="session")
def public_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same for the public."""
    return write_site(tmp_path_factory, "--public")


def write_site(tmp_path_factory: pytest.TempPathFactory, *more: str) -> Path:
    out = tmp_path_factory.mktemp("site") / "out"
    done = run_shuzhi(
        "site", EXAMPLE, "--pack", SAFETY, "--period", "2025", "--out", out, *more
    )  # fmt: skip
    assert done.code == 0, done.err
    return out
