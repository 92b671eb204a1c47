"""The example county, taken over once a process and shared by the tests of figures."""

from pathlib import Path

import pytest

from command_line import PACK, run_shuzhi
from made_once import made_once
from shuzhi import pipeline
from workplace.accounts.models import User
from workplace.editions.taking_over import TakenOver, read_to_keep, take_over, take_over_units
from workplace.programme import pack_named


@pytest.fixture(scope="session")
def example_folder(shared: Path) -> Path:
    """The example county's folder, seed 1."""
    return made_once(shared / "qinghe", _write_example)


def _write_example(folder: Path) -> None:
    done = run_shuzhi("demo", folder)
    assert done.code == 0, done.err


@pytest.fixture(scope="session")
def example(example_folder: Path) -> pipeline.Source:
    """The example county as the command line reads it."""
    return pipeline.read(example_folder, PACK)


@pytest.fixture(scope="session")
def kept_source(example_folder: Path) -> pipeline.Source:
    """The example county, read so that its persons are tokens."""
    return read_to_keep(example_folder, pack_named("annual-duty"))


@pytest.fixture
def office(db: None) -> User:
    """Whoever takes things over."""
    return User.objects.create_user("office", "a long password", display_name="office")


@pytest.fixture
def taken(office: User, kept_source: pipeline.Source) -> TakenOver:
    """The whole example county, in the database."""
    take_over_units(kept_source.ledgers.units, by=office)
    return take_over(kept_source, by=office)
