"""What a change would do to figures and open returns, told before it is done."""

from datetime import date, timedelta

from django.urls import reverse

from workplace.programme import packs
from workplace.records.models import Origin, Record, RecordState
from workplace.rounds.models import Answer, Return, ReturnState, Round, RoundState
from workplace.tree.changes import Move
from workplace.tree.preview import moved_figures, open_returns
from workplace.units.tree import today


def _round() -> Round:
    pack = packs()["annual-duty"]
    return Round.objects.create(
        title="x", pack=pack.name, pack_version=pack.version, period="2023", tables=["activities"],
        due_on=today(), state=RoundState.OPEN, seed="x",
    )  # fmt: skip


def _accepted(unit: str, day: date) -> None:
    pack = packs()["annual-duty"]
    answer = Return.objects.create(
        round=_round(), table="activities", unit_id=unit, period="2023", due_on=today(),
        first_due_on=today(), state=ReturnState.ACCEPTED, answer=Answer.ROWS,
    )  # fmt: skip
    table = pack.tables["activities"]
    data = dict.fromkeys(table.columns) if isinstance(table.columns, dict) else {
        column.name: None for column in table.columns
    }  # fmt: skip
    data[table.date_column.name] = day.isoformat()
    for column in table.columns.values() if isinstance(table.columns, dict) else table.columns:
        if column.role == "unit":
            data[column.name] = unit
    Record.objects.create(
        pack=pack.name, pack_version=pack.version, table="activities", unit_id=unit,
        answer=answer, key="1", event_date=day, state=RecordState.ACCEPTED, data=data,
        origin=Origin.FORM,
    )  # fmt: skip


def test_a_village_that_moves_takes_its_figures_along(county):
    day = date(2023, 9, 1)
    _accepted("T2V1", day)
    moved = moved_figures(Move("T2V1", "T1", date(2023, 1, 1)).apply(county))
    units = {figure.unit for figure in moved}
    assert {"T1", "T2"} <= units
    assert "C" not in units
    gained = [f for f in moved if f.unit == "T1" and f.after and f.after[0] == 1.0]
    assert gained, "the record counts for the new superior"


def test_nothing_moves_where_nothing_was_sent_after_the_day(county):
    _accepted("T2V1", date(2023, 9, 1))
    assert moved_figures(Move("T2V1", "T1", date(2024, 1, 1)).apply(county)) == []


def test_open_returns_are_named(people, client_of):
    Return.objects.create(
        round=_round(), table="activities", unit_id="T2V1", period="2023",
        due_on=today() + timedelta(days=3), first_due_on=today(),
    )  # fmt: skip
    assert [answer.unit_id for answer in open_returns(("T2", "T2V1"))] == ["T2V1"]
    page = client_of("county").post(
        reverse("units:change", kwargs={"kind": "merge"}),
        {"codes": "T2", "into": "T1", "on": today()},
    )
    assert "沙头村" in page.content.decode()
