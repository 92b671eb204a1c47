"""What the first release wrote is there after every migration since; none is missing."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps.registry import Apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections, models
from django.db.migrations.executor import MigrationExecutor

FIRST = "0001_first"
OURS = "workplace."


def test_no_migration_is_missing() -> None:
    """Of ours; `makemigrations` would write none."""
    labels = sorted(_labels())
    call_command("makemigrations", *labels, check=True, dry_run=True, verbosity=0)


@pytest.fixture
def database(tmp_path: Path, django_db_blocker: Any) -> Iterator[str]:
    """The alias of an empty database of its own, a file."""
    alias = "at_first"
    connections.settings[alias] = {
        **connections.settings["default"],
        "ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "first.sqlite3"),
        "OPTIONS": {},
    }  # fmt: skip
    with django_db_blocker.unblock():
        yield alias
        connections[alias].close()
    del connections[alias]
    del connections.settings[alias]


def test_what_the_first_release_wrote_is_there_today(database: str) -> None:
    """A row in every table that it had, with all that its columns may hold, and with a row of each
    table that it refers to."""
    executor = MigrationExecutor(connections[database])
    first = [(label, FIRST) for label in _labels() if (label, FIRST) in executor.loader.graph.nodes]
    executor.migrate(first)
    old = executor.loader.project_state(first).apps
    written = _Rows(database).fill(old)
    executor = MigrationExecutor(connections[database])
    newest = executor.loader.graph.leaf_nodes()
    executor.migrate(newest)
    new = executor.loader.project_state(newest).apps
    assert len(written) > 25
    for model, row in written:
        found = _model_today(new, model).objects.using(database).get(pk=row["pk"])
        changed = {
            name: (value, getattr(found, name)) for name, value in row.items()
            if hasattr(found, name) and getattr(found, name) != value
        }  # fmt: skip
        assert changed == {}, model
    with connections[database].cursor() as cursor:
        assert cursor.execute("PRAGMA foreign_key_check").fetchall() == []


def _labels() -> set[str]:
    return {name.removeprefix(OURS) for name in settings.INSTALLED_APPS if name.startswith(OURS)}


def _model_today(apps: Apps, label: str) -> Any:
    """A table that is gone or renamed must be named here with where its rows are now."""
    return apps.get_model(label)


class _Rows:
    """Writes one row a table, those it refers to first."""

    def __init__(self, database: str) -> None:
        self._database = database
        self._made: dict[str, Any] = {}
        self.written: list[tuple[str, dict[str, Any]]] = []

    def fill(self, apps: Apps) -> list[tuple[str, dict[str, Any]]]:
        """Each table's label and what was written into it."""
        for model in apps.get_models():
            if model._meta.app_label in _labels():
                self._row(model)
        return self.written

    def _row(self, model: Any) -> Any:
        label = model._meta.label_lower
        if label not in self._made:
            fields = [f for f in model._meta.concrete_fields if not _is_left_out(f)]
            values = {field.name: self._value(field) for field in fields}
            row = model.objects.using(self._database).create(**values)
            row.refresh_from_db(using=self._database)
            self._made[label] = row
            self.written.append(
                (label, {f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields}
                 | {"pk": row.pk})
            )  # fmt: skip
        return self._made[label]

    def _value(self, field: Any) -> Any:
        if field.is_relation:
            return self._row(field.related_model)
        if field.choices:
            return field.choices[0][0]
        for kind, value in _VALUES:
            if isinstance(field, kind):
                return value(field)
        raise AssertionError(f"{field}: say what stands in a {type(field).__name__}")


def _is_left_out(field: Any) -> bool:
    """Keys are given; a reference to a row of the same table, or one that may be empty, is left
    empty: what stands in it belongs to acts that exclude each other."""
    if isinstance(field, models.AutoField):
        return True
    return field.null


def _of_length(field: Any) -> str:
    return "甲乙丙丁"[: field.max_length or 4]


_DAY = date(2023, 7, 1)
_VALUES: tuple[tuple[type[models.Field[Any, Any]], Any], ...] = (
    (models.BooleanField, lambda field: True),
    (models.JSONField, lambda field: field.get_default()),
    (models.DateTimeField, lambda field: datetime(2023, 7, 1, 4, tzinfo=UTC)),
    (models.DateField, lambda field: _DAY),
    (models.TextField, _of_length),
    (models.CharField, _of_length),
    (models.IntegerField, lambda field: 1),
    (models.FloatField, lambda field: 1.5),
    (models.UUIDField, lambda field: "0f9619ff-8b86-d011-b42d-00cf4fc964ff"),
)
