"""The first release's tables on a workplace of their own, a row in each, brought forward.

Each row has all that its columns may hold, and a row of each table that it refers to. Prints what
is not there any more or otherwise than before, a line each; then how many rows were written.
"""

import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

import django

django.setup()

from django.apps.registry import Apps  # noqa: E402 — after the set-up
from django.conf import settings  # noqa: E402
from django.core.exceptions import ObjectDoesNotExist  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

FIRST = "0001_first"
OURS = "workplace."


def main() -> None:
    executor = MigrationExecutor(connection)
    nodes = executor.loader.graph.nodes
    first = [(label, FIRST) for label in labels() if (label, FIRST) in nodes]
    executor.migrate(first)
    written = Rows().fill(executor.loader.project_state(first).apps)
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes()
    executor.migrate(newest)
    apps = executor.loader.project_state(newest).apps
    for label, row in written:
        for line in differences(apps, label, row):
            sys.stdout.write(f"{label}: {line}\n")
    sys.stdout.write(f"{len(written)}\n")


def differences(apps: Apps, label: str, row: dict[str, Any]) -> list[str]:
    """What of a row is otherwise. A column that is gone must be named in MOVED."""
    model: Any = apps.get_model(label)
    try:
        found = model.objects.get(pk=row["pk"])
    except ObjectDoesNotExist:
        return ["the row is gone"]
    left = {name: value for name, value in row.items() if f"{label}.{name}" not in MOVED}
    return [
        f"{name} was {value!r}" for name, value in left.items()
        if getattr(found, name, None) != value
    ]  # fmt: skip


def labels() -> set[str]:
    """Our apps."""
    return {name.removeprefix(OURS) for name in settings.INSTALLED_APPS if name.startswith(OURS)}


# Columns that a later release keeps elsewhere.
MOVED: frozenset[str] = frozenset()


class Rows:
    """Writes one row a table, those it refers to first."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}
        self.written: list[tuple[str, dict[str, Any]]] = []

    def fill(self, apps: Apps) -> list[tuple[str, dict[str, Any]]]:
        """Each table's label and what was written into it."""
        for model in apps.get_models():
            if model._meta.app_label in labels():
                self._row(model)
        return self.written

    def _row(self, model: Any) -> Any:
        label = model._meta.label_lower
        if label not in self._made:
            fields = [f for f in model._meta.concrete_fields if not _is_left_out(f)]
            values = {field.name: self._value(field) for field in fields}
            row = model.objects.create(**values)
            row.refresh_from_db()
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
    return field.null and f"{field.model._meta.label_lower}.{field.name}" not in _FILLED


def _of_length(field: Any) -> str:
    return "甲乙丙丁"[: field.max_length or 4]


_DAY = date(2023, 7, 1)
# May be empty, but not where the other is.
_FILLED = ("evidence.evidence.record",)
_ENDS = ("valid_to", "until")
_VALUES: tuple[tuple[type[models.Field[Any, Any]], Any], ...] = (
    (models.BooleanField, lambda field: True),
    (models.JSONField, lambda field: field.get_default()),
    (models.DateTimeField, lambda field: datetime(2023, 7, 1, 4, tzinfo=UTC)),
    (models.DateField, lambda field: _DAY + timedelta(days=field.name in _ENDS)),
    (models.TextField, _of_length),
    (models.CharField, _of_length),
    (models.IntegerField, lambda field: 1),
    (models.FloatField, lambda field: 1.5),
    (models.UUIDField, lambda field: "0f9619ff-8b86-d011-b42d-00cf4fc964ff"),
)


if __name__ == "__main__":
    main()
