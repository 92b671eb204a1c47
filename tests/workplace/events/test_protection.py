"""What is on record cannot be changed: not by the model, not by the database; a change is found."""

from importlib import import_module

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from workplace.events.checking import changed_events, check_events
from workplace.events.models import Event, EventChangedError
from workplace.events.record import record_event, record_view

migration = import_module("workplace.events.migrations.0002_never_changed")


@pytest.fixture
def event(people) -> Event:
    with transaction.atomic():
        return record_event("test.done", by=people["clerk1"], unit="T1", number=1)


def test_the_model_refuses(event):
    event.action = "test.undone"
    with pytest.raises(EventChangedError):
        event.save()
    with pytest.raises(EventChangedError):
        event.delete()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE events_event SET action = 'x'", "DELETE FROM events_event"],
)
def test_the_database_refuses(event, statement):
    with connection.cursor() as cursor:
        # The tests' database goes without this trigger (see conftest.py): made again for here.
        made = migration.POSTGRESQL if connection.vendor == "postgresql" else migration.SQLITE
        cursor.execute(made[-1])
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(statement)
    assert Event.objects.get(pk=event.pk).action == "test.done"


def test_the_trigger_is_there_after_all_migrations(event):
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(action="x")


def test_an_event_outside_a_transaction_is_refused(people, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(connections["default"], "in_atomic_block", False)
        with pytest.raises(transaction.TransactionManagementError):
            record_event("test.done", by=None)


def _change_behind_the_programs_back(event: Event) -> None:
    with connection.cursor() as cursor:
        table = " ON events_event" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER event_never_changed{table}")
        cursor.execute("UPDATE events_event SET action = 'x' WHERE id = %s", [event.pk])


def test_a_change_behind_the_programs_back_is_found_and_on_record(event):
    assert changed_events() == []
    _change_behind_the_programs_back(event)
    assert check_events() == [event.pk]
    assert Event.objects.get(action="events.checked").facts == {"count": 1, "wrong": [event.pk]}
    with pytest.raises(CommandError, match="1 events were changed"):
        call_command("check_events")


def test_a_clean_record_passes(event, capsys):
    call_command("check_events")
    assert "says what it said" in capsys.readouterr().out


def test_a_view_of_personal_data_is_on_record(people, rf):
    request = rf.get("/")
    request.user = people["clerk1"]
    record_view(request, people["clerk2"], "a list")
    event = Event.objects.get(action="events.viewed_personal_data")
    assert (event.by, event.object_id) == (people["clerk1"], str(people["clerk2"].pk))
