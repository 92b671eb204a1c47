from pathlib import Path

import pytest

from shuzhi.packs.load import load_pack
from shuzhi.packs.model import Pack


@pytest.fixture(scope="session")
def pack_path() -> Path:
    return Path(__file__).parents[3] / "packs" / "annual-duty"


@pytest.fixture(scope="session")
def county_pack(pack_path: Path) -> Pack:
    return load_pack(pack_path)
