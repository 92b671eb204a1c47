"""The one door to the ledgers: which field of what is kept here feeds which column of a table.

Only meetings that were held, and what they decided, are handed in. A column that stands in no
mapping stays null; a column that a pack's table does not have is left out by the engine.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Case, CharField, Count, DateField, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat

from workplace.meetings.models import Action, DutyPart, Meeting, MeetingState, Off, OutcomeKind
from workplace.meetings.tables import levels_asked, sender_of
from workplace.records.doors import KeptRecord, register_door
from workplace.units.models import Subordination
from workplace.units.tree import current_tree

APP = "meetings"
_AT_ONCE = 2_000


@dataclass(frozen=True)
class Fed:
    """One table: its rows, the fields that give a row's id, unit and day, and column → field."""

    rows: QuerySet[Any]
    key: str
    unit: str
    day: str
    columns: Mapping[str, str]


# A decision has no owner: it is done by being made. An action is done once it is closed.
_DECIDED = Q(items__outcomes__kind=OutcomeKind.DECISION) | Q(
    items__outcomes__kind=OutcomeKind.ACTION, items__outcomes__action__withdrawn_at__isnull=True
)
_DONE = Q(items__outcomes__kind=OutcomeKind.DECISION) | Q(
    items__outcomes__kind=OutcomeKind.ACTION, items__outcomes__action__closed_at__isnull=False
)

FED: Mapping[str, Fed] = {
    "meetings": Fed(
        rows=Meeting.objects.filter(state=MeetingState.HELD).annotate(
            agenda_items=Count("items", filter=Q(items__off=Off.ON), distinct=True),
            items_decided=Count("items__outcomes", filter=_DECIDED, distinct=True),
            items_done=Count("items__outcomes", filter=_DONE, distinct=True),
        ),
        key="number",
        unit="unit_id",
        day="held_on",
        columns={
            "meeting_no": "number",
            "unit": "unit_id",
            "held_on": "held_on",
            "kind": "kind",
            "title": "title",
            "chaired_by_head": "chaired_by_head",
            "agenda_items": "agenda_items",
            "items_decided": "items_decided",
            "items_done": "items_done",
            "expected": "expected",
            "attended": "attended",
            "minutes_text": "minutes_text",
        },
    ),
    "actions": Fed(
        rows=Action.objects.filter(
            Q(meeting__isnull=True) | Q(meeting__state=MeetingState.HELD),
            withdrawn_at__isnull=True,
        ).annotate(
            # what its owner says is done counts once it is closed
            closed_on=Case(
                When(closed_at__isnull=False, then=F("done_on")), output_field=DateField()
            )
        ),
        key="number",
        unit="unit_id",
        day="assigned_on",
        columns={
            "action_no": "number",
            "unit": "unit_id",
            "meeting_no": "meeting__number",
            "title": "title",
            "owner": "owner_id",
            "assigned_on": "assigned_on",
            "due_on": "due_on",
            "done_on": "closed_on",
            "carried_over": "carried_over",
        },
    ),
    "duties": Fed(
        rows=DutyPart.objects.filter(duty__withdrawn_why="").annotate(
            key=Concat(
                Value("duty-"), Cast("duty_id", CharField()), Value("-"), F("unit_id"),
                output_field=CharField(),
            ),
            broken_down=Case(When(posts=[], then=False), default=True),
        ),
        key="key",
        unit="unit_id",
        day="duty__assigned_on",
        columns={
            "unit": "unit_id",
            "title": "duty__title",
            "part": "part",
            "tier": "tier",
            "broken_down": "broken_down",
            "assigned_on": "duty__assigned_on",
        },
    ),
}  # fmt: skip


def rows_of(
    table: str, units: Collection[str] | None, start: date | None = None, end: date | None = None
) -> Iterator[KeptRecord]:
    """The rows that units would have sent (None: all), from `start` to before `end`.

    As in a return, a unit's rows are its own and those of units below that are not asked
    themselves: a village's meeting is in its township's ledger.
    """
    fed = FED[table]
    found = fed.rows.order_by(fed.day, "pk")
    if start is not None:
        found = found.filter(**{f"{fed.day}__gte": start})
    if end is not None:
        found = found.filter(**{f"{fed.day}__lt": end})
    if units is not None:
        below = Subordination.objects.filter(above__in=units).values("below")
        found = found.filter(unit__in=below)
    tree, levels = current_tree(), levels_asked(table)
    fields = (fed.key, fed.unit, fed.day, *fed.columns.values())
    for key, unit, day, *values in found.values_list(*fields).iterator(chunk_size=_AT_ONCE):
        if units is None or sender_of(tree, unit, day, levels) in units:
            row = dict(zip(fed.columns, map(_plain, values), strict=True))
            yield {**row, "_id": key}


def register_doors() -> None:
    """Open the door of each table."""
    for table in FED:
        register_door(app=APP, table=table, rows=partial(rows_of, table))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return None if value == "" else value
