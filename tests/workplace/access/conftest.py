"""The county with every canary planted, made once for the whole walk."""

from collections.abc import Iterator
from typing import Any

import pytest
from staffed_county import make_county, make_people

from access import forms_examples, meetings_examples, uploads_examples  # noqa: F401 — they register
from access.examples import People, plant_canaries
from access.walk import County, sign_in_all, undone
from workplace.accounts.models import Role


@pytest.fixture(scope="module")
def planted_county(first_roles: list[Role], django_db_blocker: Any) -> Iterator[County]:
    """Everybody, signed in. A walk undoes what it writes; all of it is undone at the end."""
    with django_db_blocker.unblock(), undone():
        make_county()
        people: People = make_people(first_roles)
        plant_canaries(people)
        yield County(people, sign_in_all(people))
