"""The one door by which a duty app hands its rows to the ledgers.

An app registers a door a table in its `ready()`. A unit's rows of the table come through it from
the day of the unit's `Feed` for that pack on, and from rounds before; never both.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ImproperlyConfigured

# A record as `pipeline.ledgers_of` wants it: JSON-able values by column, `_id`, provenance.
KeptRecord = Mapping[str, Any]
# Asked for the rows of some units (None: of all) whose day is `start` or later, and before `end`.
RowsOf = Callable[[Collection[str] | None, date | None, date | None], Iterable[KeptRecord]]

_doors: dict[tuple[str, str], RowsOf] = {}


def register_door(*, app: str, table: str, rows: RowsOf) -> None:
    """Let `app` hand in the rows of the packs' table `table`."""
    _doors[app, table] = rows


def door_of(app: str, table: str) -> RowsOf:
    """Where the rows come from. Raises: ImproperlyConfigured where the app opens no such door: its
    rows would be missing from every figure without a word."""
    if (app, table) not in _doors:
        raise ImproperlyConfigured(
            f"the rows of {table} are said to be kept in {app}, which hands in none; install the "
            "app, or end the feed"
        )
    return _doors[app, table]


def apps_for(table: str) -> tuple[str, ...]:
    """The apps that could keep the rows of a table, in order of their names."""
    return tuple(sorted(app for app, name in _doors if name == table))
