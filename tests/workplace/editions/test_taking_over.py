"""What was collected before stands in the database as the engine read it, and counts the same."""

from dataclasses import replace
from typing import Any

import pytest

from shuzhi import pipeline
from shuzhi.ledgers.model import Ledgers, Return
from shuzhi.packs.model import Role, Table
from shuzhi.periods import parse_period
from workplace.accounts.models import User
from workplace.editions.taking_over import TakenOver, take_over
from workplace.events.models import Event
from workplace.programme import pack_named
from workplace.records.ledgers import live_ledgers
from workplace.records.models import Origin, Record, RecordState
from workplace.rounds.models import Return as Asked
from workplace.rounds.models import ReturnState, Round, RoundState
from workplace.sending.models import Upload

# The county stands in the database for the whole module.
pytestmark = pytest.mark.django_db


def test_the_example_county_counts_the_same(taken: TakenOver, example: pipeline.Source) -> None:
    """Figures cell by cell, flags word by word and scores line by line are those of the command
    line on the same folder; so is every record with where it was written, but for the numbers of
    persons, which follow the order of reading."""
    pack = pack_named("annual-duty")
    live = live_ledgers(pack)
    for name, table in pack.tables.items():
        if not table.is_units:
            assert _rows(table, live) == _rows(table, example.ledgers), name
    assert _answers(live) == _answers(example.ledgers)
    period = parse_period("2023")
    counted = pipeline.count(replace(example, ledgers=live), period)
    wanted = pipeline.count(example, period)
    assert counted.figures == wanted.figures
    assert counted.flags == wanted.flags
    assert counted.scores == wanted.scores


def _answers(ledgers: Ledgers) -> list[Return]:
    """Without their places: a nil return has no row that says where it was written."""
    return sorted(replace(answer, file="", sheet="") for answer in ledgers.returns)


def _rows(table: Table, ledgers: Ledgers) -> list[dict[str, Any]]:
    persons = [column.name for column in table.columns if column.role is Role.PERSON]
    rows = ledgers.tables[table.name].drop_columns(persons).to_pylist()
    return sorted(rows, key=lambda row: (row["_file"], row["_sheet"], row["_row"], row["_id"]))


def test_history_is_there(taken: TakenOver, example: pipeline.Source) -> None:
    """A closed round a reporting period, with what was asked for and never came; every file is
    kept; no record holds a name."""
    assert Round.objects.exclude(state=RoundState.CLOSED).count() == 0
    assert taken.rounds == Round.objects.count() == 10
    answered = Asked.objects.exclude(state=ReturnState.ASKED)
    assert answered.count() == len(example.ledgers.returns)
    assert Asked.objects.filter(state=ReturnState.ASKED).exists()
    assert not Record.objects.exclude(origin=Origin.IMPORT).exists()
    assert not Record.objects.exclude(state=RecordState.ACCEPTED).exists()
    sent = {file.sha256 for file in example.ledgers.sources if file.path != "units.xlsx"}
    assert set(Upload.objects.values_list("sha256", flat=True)) <= sent
    assert Event.objects.filter(action="editions.source_taken_over").count() == 1


def test_again_changes_nothing(
    taken: TakenOver, kept_source: pipeline.Source, office: User
) -> None:
    """The same source twice: the same rows, versions and rounds."""
    before = list(Record.objects.order_by("pk").values_list("pk", "version", "key"))
    again = take_over(kept_source, by=office)
    assert again == taken
    assert list(Record.objects.order_by("pk").values_list("pk", "version", "key")) == before
    assert Round.objects.count() == taken.rounds
