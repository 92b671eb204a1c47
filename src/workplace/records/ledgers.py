"""Live ledgers: what the engine would have read, had everything that is in the database been sent.

records of rounds, rows of duty apps → tables      returns → who has answered
uploads → files, sheets, problems                  the tree → units
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone

from shuzhi import pipeline
from shuzhi.ledgers.model import Ledgers, Return, ReturnState
from shuzhi.packs.model import Pack
from shuzhi.periods import parse_period
from shuzhi.units import FOREVER, UnitTree
from workplace.records.doors import KeptRecord, door_of
from workplace.records.models import Feed, Record, RecordState
from workplace.records.sent_files import FileNames, problems_of, sheets_of, sources_of
from workplace.units.tree import current_tree, today

# A record is counted when it and its return are in one of these.
COUNTED = (RecordState.SENT, RecordState.ACCEPTED)
_READ_AT_ONCE = 5_000
_FIELDS = (
    "table", "answer_id", "key", "precision", "file_name", "sheet", "row", "upload_id", "data",
)  # fmt: skip


@dataclass
class _Gathered:
    """Rows by table, and where those of each return were written."""

    tables: dict[str, list[KeptRecord]]
    places: dict[int, set[tuple[str, str]]] = field(default_factory=dict)


def live_ledgers(
    pack: Pack,
    *,
    until: date | None = None,
    states: Collection[str] = COUNTED,
    with_drafts_of: Any = None,
    tree: UnitTree | None = None,
) -> Ledgers:
    """The ledgers of a pack as the database has them now.

    A record is counted where it and its return are in one of `states`: what was given back for
    correction is not. `until` is a day: only what happened before it. `with_drafts_of` is a
    return whose rows are counted as if it had been sent, to see its flags before it is. `tree` is
    another tree than today's, to see what a change of it would do.
    """
    tree = tree or current_tree()
    feeds = list(Feed.objects.filter(pack=pack.name, table__in=pack.tables))
    records = _records(pack, states, until, with_drafts_of, feeds)
    uploads = _uploads_of(records)
    names = FileNames(uploads)
    gathered = _gather(records, pack, names)
    returns = list(_returns(pack, states, until, with_drafts_of, gathered.places))
    for feed in feeds:
        rows = list(_fed_rows(feed, until))
        gathered.tables[feed.table] += rows
        returns += _fed_returns(pack, feed, rows, returns)
    gathered.tables[pack.units_table.name] = list(_unit_rows(tree))
    return pipeline.ledgers_of(
        pack, tree, gathered.tables, returns, sources_of(uploads, names),
        sheets_of(uploads, names), problems_of(uploads, names),
    )  # fmt: skip


def _records(
    pack: Pack, states: Collection[str], until: date | None, draft: Any, feeds: Iterable[Feed]
) -> QuerySet[Record]:
    counted = Q(state__in=states) & (Q(answer=None) | Q(answer__state__in=states))
    if draft is not None:
        counted |= Q(answer=draft) & ~Q(state=RecordState.WITHDRAWN)
    found = Record.objects.filter(counted, pack=pack.name, table__in=pack.tables)
    if until is not None:
        found = found.filter(Q(event_date=None) | Q(event_date__lt=until))
    for feed in feeds:
        of_unit = Q(answer__unit=feed.unit_id) | Q(answer=None, unit=feed.unit_id)
        found = found.exclude(of_unit, table=feed.table, event_date__gte=feed.since)
    return found.order_by("pk")


def _gather(records: QuerySet[Record], pack: Pack, names: FileNames) -> _Gathered:
    gathered = _Gathered({name: [] for name in pack.tables})
    rows = records.values_list(*_FIELDS).iterator(chunk_size=_READ_AT_ONCE)
    for table, answer, key, precision, name, sheet, row, upload, data in rows:
        file = names.of(upload, name)
        gathered.tables[table].append(
            {**data, "_id": key, "_precision": precision, "_file": file, "_sheet": sheet,
             "_row": row}
        )  # fmt: skip
        if answer is not None:
            gathered.places.setdefault(answer, set()).add((file, sheet))
    return gathered


def _uploads_of(records: QuerySet[Record]) -> list[Any]:
    """The uploads that counted records came in by. Uploads stand above records: asked by name."""
    upload = apps.get_model("sending", "Upload")
    wanted = records.exclude(upload=None).order_by().values("upload").distinct()
    return list(upload.objects.filter(pk__in=wanted).order_by("pk"))


def _returns(
    pack: Pack, states: Collection[str], until: date | None, draft: Any,
    places: Mapping[int, set[tuple[str, str]]],
) -> Iterator[Return]:  # fmt: skip
    """One a return and sheet. Returns stand above records, which name them: asked by name.

    One that was in by its round's own day, later than the pack's, has no day of receipt here: held
    against the pack's day it would be doubted as late though nobody asked for it earlier.
    """
    answered = apps.get_model("rounds", "Return").objects.filter(
        Q(state__in=states) | Q(pk=draft.pk if draft is not None else None),
        round__pack=pack.name, table__in=pack.tables,
    )  # fmt: skip
    fields = ("pk", "table", "unit_id", "period", "answer", "reason", "first_sent_at", "due_on")
    for pk, table, unit, period, answer, reason, sent_at, due_on in answered.values_list(*fields):
        if until is not None and parse_period(period).start >= until:
            continue
        sent_on = timezone.localdate(sent_at) if sent_at else None
        usual = parse_period(period).last_day + timedelta(pack.tables[table].asked.due_days)
        is_told = sent_on is not None and not usual < sent_on <= due_on
        day = sent_on.isoformat() if is_told else ""
        state = ReturnState(answer or ReturnState.ROWS)
        for file, sheet in sorted(places.get(pk, {("", "")})):
            yield Return(table, unit, period, state, file, sheet, day, reason)


def _fed_rows(feed: Feed, until: date | None) -> Iterable[KeptRecord]:
    return door_of(feed.app, feed.table)([feed.unit_id], feed.since, until)


def _fed_returns(
    pack: Pack, feed: Feed, rows: Iterable[KeptRecord], there: Collection[Return]
) -> Iterator[Return]:
    """What a unit that keeps its rows here has answered: a period that has ended without a row is
    a true zero, one that still runs is not told yet."""
    table = pack.tables[feed.table]
    days = {str(row.get(table.date_column.name) or "") for row in rows}
    known = {(each.table, each.unit, each.period) for each in there}
    for period in pack.reporting_periods(table.name, feed.since, pack.collects_until):
        if period.start < feed.since or (table.name, feed.unit_id, period.name) in known:
            continue
        if any(period.start.isoformat() <= day < period.end.isoformat() for day in days):
            state = ReturnState.ROWS
        elif period.end <= today():
            state = ReturnState.NIL
        else:
            continue
        yield Return(table.name, feed.unit_id, period.name, state, "", "")


def _unit_rows(tree: UnitTree) -> Iterator[KeptRecord]:
    """The tree as rows of the pack's table of units."""
    for span in tree.spans:
        yield {
            "code": span.code, "name": span.name, "level": span.level,
            "parent": span.parent or None, "valid_from": span.valid_from.isoformat(),
            "valid_to": None if span.valid_to == FOREVER else span.valid_to.isoformat(),
            "successor": span.successor or None, "aliases": ";".join(span.aliases) or None,
            "_id": span.code,
        }  # fmt: skip
