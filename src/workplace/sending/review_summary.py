"""What a return amounts to before it is sent: its numbers beside last period's, and its changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from shuzhi.packs.model import Column, ColumnType, Pack, Table
from shuzhi.periods import Period, parse_period
from workplace.records.kept import as_json
from workplace.records.ledgers import COUNTED
from workplace.records.models import Record, RecordState
from workplace.records.shown import Cell, Shown
from workplace.rounds.models import Return
from workplace.sending.entry_access import living_records
from workplace.web.texts import text_in

_LONGEST_PERIOD = timedelta(days=366)


@dataclass(frozen=True)
class Sum:
    """One number of the return beside the last period's; None where nothing was sent then."""

    label: str
    uom: str
    now: str | int
    before: str | int | None


@dataclass(frozen=True)
class Difference:
    """What became of one record since the return was last sent: new, changed or withdrawn."""

    record: Record
    headline: str
    what: str
    cells: list[Cell]


def sums_of(answer: Return, pack: Pack, table: Table) -> list[Sum]:
    """How many records, then each numeric column added up."""
    now = list(living_records(answer).values_list("data", flat=True))
    before = _last_period(answer, pack, table)
    counted = Sum("", "", len(now), len(before) if before is not None else None)
    return [counted, *(_sum(column, now, before) for column in _numeric(table))]


def differences_of(answer: Return, table: Table) -> list[Difference]:
    """What has changed since it was last sent; nothing where it never was."""
    if answer.sent_at is None:
        return []
    shown, since = Shown.now(), answer.sent_at
    found = [
        Difference(record, shown.headline(table, record.data), "new",
                   [cell for cell in shown.cells(table, record.data) if cell.text])
        for record in living_records(answer).filter(entered_at__gt=since)
    ]  # fmt: skip
    changed = Record.objects.filter(answer=answer, entered_at__lte=since, changes__at__gt=since)
    for record in changed.distinct().prefetch_related("changes").order_by("event_date", "pk"):
        before = next(one.before for one in record.changes.all() if one.at > since)
        is_gone = record.state == RecordState.WITHDRAWN
        cells = [] if is_gone else shown.differences(table, before, record.data)
        if is_gone or cells:
            what = "withdrawn" if is_gone else "changed"
            found.append(Difference(record, shown.headline(table, record.data), what, cells))
    return found


def last_period(answer: Return, pack: Pack) -> Period | None:
    """The reporting period before the return's; None where the pack collected nothing then."""
    start = parse_period(answer.period).start
    periods = pack.reporting_periods(answer.table, start - _LONGEST_PERIOD, start)
    return periods[-1] if periods else None


def _last_period(answer: Return, pack: Pack, table: Table) -> list[Mapping[str, Any]] | None:
    period = last_period(answer, pack)
    if period is None:
        return None
    found = Record.objects.filter(
        answer__unit=answer.unit_id, table=table.name, pack=pack.name, state__in=COUNTED,
        event_date__gte=period.start, event_date__lt=period.end,
    )  # fmt: skip
    return list(found.values_list("data", flat=True)) or None


def _numeric(table: Table) -> list[Column]:
    numbers = (ColumnType.INTEGER, ColumnType.NUMBER)
    return [column for column in table.columns if column.type in numbers]


def _sum(
    column: Column, now: Iterable[Mapping[str, Any]], before: Iterable[Mapping[str, Any]] | None
) -> Sum:
    return Sum(
        text_in(column.label), text_in(column.uom) if column.uom else "", _total(column, now),
        None if before is None else _total(column, before),
    )  # fmt: skip


def _total(column: Column, rows: Iterable[Mapping[str, Any]]) -> Any:
    return as_json(sum((Decimal(str(row.get(column.name) or 0)) for row in rows), Decimal(0)))
