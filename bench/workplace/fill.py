"""A workplace of the size that a county has after some years: the example county's history taken
over, a round under way, and copies of its records and events until there are enough."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count, islice
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from shuzhi.packs.model import ColumnType, Pack, Role, Table
from shuzhi.periods import parse_period
from shuzhi.units import UnitSpan, UnitTree
from workplace.accounts.models import User
from workplace.demo.people import ROOT, make_people
from workplace.editions.taking_over import read_to_keep, take_over, take_over_units
from workplace.events.models import Event
from workplace.events.record import row_hash
from workplace.programme import pack_named
from workplace.records.models import Record, RecordState, RecordWords
from workplace.records.words import words_of
from workplace.rounds.models import Answer, Return, ReturnState, Round
from workplace.rounds.opening import open_round
from workplace.units.tree import current_tree, replace_tree, today

PACK, YEAR, LAST_TAKEN_OVER = "annual-duty", "2023", "2023-Q3"
_AT_ONCE = 1_000
_SINCE = date(2020, 1, 1)


def fill(records: int, events: int) -> dict[str, User]:
    """Everybody who signs in, by user name; the tables are made first."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    pack = pack_named(PACK)
    source = read_to_keep(_example(settings.DATA / "qinghe"), pack)
    first = User.objects.create_user("setup", is_active=False)
    take_over_units(source.ledgers.units, by=first)
    take_over(source, by=first, until=parse_period(LAST_TAKEN_OVER).end)
    people = make_people()
    _copy_records(pack, records)
    _copy_events(events)
    return people


def open_and_send(pack: Pack, by: User) -> Round:
    """A round of what is left of the year: every second return is in and waits for the county, each
    with a few records."""
    round_ = open_for_all(pack, by)
    now = timezone.now()
    sent = list(round_.returns.filter(pk__in=_every_second(round_)))
    Return.objects.filter(pk__in=[answer.pk for answer in sent]).update(
        state=ReturnState.SENT, answer=Answer.ROWS, sent_at=now, first_sent_at=now, sent_by=by,
        step=1, step_unit=ROOT,
    )  # fmt: skip
    for answer in sent:
        there = list(Record.objects.filter(table=answer.table, unit=answer.unit_id)[:5])
        for number, record in enumerate(there):
            record.pk, record.answer, record.state = None, answer, RecordState.SENT
            record.key = f"sent-{number}"
        _add(pack, there)
    return round_


def grow_tree(units: int) -> None:
    """So many townships are added below the county."""
    more = [
        UnitSpan(f"{ROOT}-X{number:04}", f"新增{number}镇", "township", ROOT, _SINCE)
        for number in range(units)
    ]
    replace_tree(UnitTree([*current_tree().spans, *more]))


def open_for_all(pack: Pack, by: User) -> Round:
    """A round that asks every unit that was not asked before for all tables."""
    return open_round(
        by=by, pack=pack, period=parse_period(YEAR), tables=list(pack.tables),
        due_on=today() + timedelta(days=3), title=f"{YEAR}年报送",
    )  # fmt: skip


def _every_second(round_: Round) -> list[int]:
    return list(round_.returns.order_by("pk").values_list("pk", flat=True))[::2]


def _example(folder: Path) -> Path:
    subprocess.run([sys.executable, "-m", "shuzhi", "demo", folder], check=True,
                   stdout=subprocess.DEVNULL)  # fmt: skip
    return folder


def _copy_records(pack: Pack, wanted: int) -> None:
    """Copies of every record, each with a number in its texts so that no two say the same."""
    first = list(Record.objects.order_by("pk"))
    more = islice(_copies(first, pack), max(0, wanted - len(first)))
    while some := list(islice(more, _AT_ONCE)):
        _add(pack, some)


def _add(pack: Pack, records: list[Record]) -> None:
    """Records with what a search looks through."""
    tree = current_tree()
    RecordWords.objects.bulk_create(
        RecordWords(record=record, words=words_of(pack.tables[record.table], record.data, tree))
        for record in Record.objects.bulk_create(records)
    )


def _copies(first: list[Record], pack: Pack) -> Iterator[Record]:
    fields = [f.attname for f in Record._meta.concrete_fields if not f.primary_key]
    for number in count(2):
        for record in first:
            copy = Record(**{name: getattr(record, name) for name in fields})
            table = pack.tables[record.table]
            copy.key = f"{record.key}~{number}"
            copy.data = _numbered(table, record.data, number)
            yield copy


def _numbered(table: Table, data: dict[str, object], number: int) -> dict[str, object]:
    texts = {
        column.name for column in table.columns
        if column.type is ColumnType.STRING and not column.categories
        and column.role not in (Role.UNIT, Role.UNIT_REF, Role.PERSON, Role.EVIDENCE)
    }  # fmt: skip
    return {
        name: f"{value}（{number}）" if name in texts and isinstance(value, str) else value
        for name, value in data.items()
    }


def _copy_events(wanted: int) -> None:
    """Views of records over the last years, one after another."""
    by = User.objects.get(username="clerk")
    known = list(Record.objects.order_by("pk").values_list("pk", "unit_id")[:_AT_ONCE])
    now = timezone.now()
    Event.objects.bulk_create(
        (_event(by, *known[n % len(known)], now - timedelta(minutes=n)) for n in range(wanted)),
        batch_size=_AT_ONCE,
    )


def _event(by: User, pk: int, unit: str, at: object) -> Event:
    event = Event(
        at=at, by=by, action="records.saved", unit_id=unit, object_type="records.record",
        object_id=str(pk), facts={"table": "meetings"},
    )  # fmt: skip
    event.row_hash = row_hash(event)
    return event
