"""The database itself refuses to change or remove an event.

A later migration that makes the table anew (on SQLite most changes of columns do) drops these
triggers: it has to make them again. `tests/workplace/events/test_protection.py` tells.
"""

from django.db import migrations

SQLITE = (
    "CREATE TRIGGER event_never_changed BEFORE UPDATE ON events_event "
    "BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END",
    "CREATE TRIGGER event_never_removed BEFORE DELETE ON events_event "
    "BEGIN SELECT RAISE(ABORT, 'an event is never removed'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION refuse_changed_event() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'an event is never changed or removed' "
    "USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER event_never_changed BEFORE UPDATE ON events_event "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_changed_event()",
    "CREATE TRIGGER event_never_removed BEFORE DELETE OR TRUNCATE ON events_event "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_changed_event()",
)
TRIGGERS = ("event_never_changed", "event_never_removed")


def protect(apps, schema_editor):
    """Make the triggers."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def unprotect(apps, schema_editor):
    """Take them away."""
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for name in TRIGGERS:
        schema_editor.execute(
            f"DROP TRIGGER {name} ON events_event" if is_postgresql else f"DROP TRIGGER {name}"
        )
    if is_postgresql:
        schema_editor.execute("DROP FUNCTION refuse_changed_event()")


class Migration(migrations.Migration):
    dependencies = [("events", "0001_first")]
    operations = [migrations.RunPython(protect, unprotect)]
