"""A page of records after another, found by where the last one ended instead of by counting.

The newest event day comes first; records without a day follow those that have one.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from workplace.records.models import Record
from workplace.web.numbers import whole_number

A_PAGE = 50
_UNDATED = "none"


@dataclass(frozen=True)
class RecordsPage:
    """So many records, and where the next page begins; '' on the last one."""

    records: list[Record]
    following: str


def page_after(found: QuerySet[Record], cursor: str, size: int = A_PAGE) -> RecordsPage:
    """The page after `cursor`, which an earlier page has named; the first one for ''."""
    day, number = _read(cursor)
    records: list[Record] = []
    if day != _UNDATED:
        dated = found.filter(event_date__isnull=False).order_by("-event_date", "-pk")
        if isinstance(day, date):
            dated = dated.filter(event_date__lte=day).filter(
                Q(event_date__lt=day) | Q(event_date=day, pk__lt=number)
            )
        records = list(dated[: size + 1])
    if len(records) <= size:
        undated = found.filter(event_date__isnull=True).order_by("-pk")
        if day == _UNDATED:
            undated = undated.filter(pk__lt=number)
        records += undated[: size + 1 - len(records)]
    is_more = len(records) > size
    return RecordsPage(records[:size], _name(records[size - 1]) if is_more else "")


def _name(record: Record) -> str:
    return f"{record.event_date or _UNDATED}.{record.pk}"


def _read(cursor: str) -> tuple[date | str, int]:
    day, _dot, told = cursor.partition(".")
    number = whole_number(told)
    if number is None:
        return "", 0
    if day == _UNDATED:
        return _UNDATED, number
    try:
        return date.fromisoformat(day), number
    except ValueError:
        return "", 0
