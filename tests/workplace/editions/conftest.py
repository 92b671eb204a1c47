"""The example county, taken over once a process and shared by the tests of figures."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

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


@pytest.fixture(scope="module")
def taken(
    django_db_setup: None, django_db_blocker: Any, kept_source: pipeline.Source
) -> Iterator[TakenOver]:
    """The whole example county, in the database, for all tests of a module; each test's own
    transaction lies within."""
    with django_db_blocker.unblock(), transaction.atomic():
        by = User.objects.create_user("taker", "a long password", display_name="taker")
        take_over_units(kept_source.ledgers.units, by=by)
        yield take_over(kept_source, by=by)
        transaction.set_rollback(True)
