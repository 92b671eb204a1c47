from pathlib import Path

import pytest

from shuzhi.demo import write_county
from shuzhi.packs.load import load_pack
from shuzhi.packs.model import Pack


@pytest.fixture(scope="session")
def pack_path() -> Path:
    return Path(__file__).parents[3] / "packs" / "annual-duty"


@pytest.fixture(scope="session")
def county_pack(pack_path: Path) -> Pack:
    return load_pack(pack_path)


@pytest.fixture(scope="session")
def county(pack_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example county's folder, seed 1, written without the command line."""
    folder = tmp_path_factory.mktemp("demo") / "qinghe"
    write_county(folder, 1, pack_path=pack_path)
    return folder
