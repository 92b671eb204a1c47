"""The small county, as every test of the workplace finds it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from staffed_county import make_county, make_people

from shuzhi.units import UnitTree
from workplace.accounts.models import Role, User

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The database lets events be removed: Django empties all tables after a live server."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        table = " ON events_event" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER event_never_removed{table}")


@pytest.fixture
def county(db: None) -> UnitTree:
    """The tree, in the database."""
    return make_county()


@pytest.fixture(scope="session")
def first_roles(django_db_setup: None, django_db_blocker) -> list[Role]:
    """The roles as the migrations leave them."""
    with django_db_blocker.unblock():
        return list(Role.objects.all())


@pytest.fixture
def roles(db: None, first_roles: list[Role]) -> None:
    """The roles are there, also after a test in a browser, which leaves every table empty."""
    Role.objects.bulk_create(first_roles, ignore_conflicts=True)


@pytest.fixture
def people(county: UnitTree, first_roles: list[Role]) -> dict[str, User]:
    """Everybody by user name, with the roles they hold."""
    return make_people(first_roles)


@pytest.fixture
def client_of(people: dict[str, User]) -> Callable[[str], Client]:
    """A browser in which the person of that name has signed in; '' for one in which nobody has."""

    def sign_in(name: str) -> Client:
        client = Client()
        if name:
            client.force_login(people[name], backend=BACKEND)
        return client

    return sign_in
