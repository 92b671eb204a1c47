"""Which records a list shows: what the address asks for, as one question to the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date

from shuzhi.packs.model import Pack, Table
from workplace.accounts.access import require
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.programme import packs
from workplace.records.access import visible_records
from workplace.records.models import Record, RecordState, RecordWords
from workplace.records.words import fold_words
from workplace.units.models import Subordination
from workplace.units.tree import today

LONGEST_SEARCH = 100
_NAMES = ("unit", "table", "from", "to", "state", "q")


@dataclass(frozen=True)
class Wanted:
    """What is asked for; empty where nothing is. `table` is "pack:table"; `first` and `last` are
    days, both included; without a state, all but those withdrawn."""

    unit: str = ""
    table: str = ""
    first: date | None = None
    last: date | None = None
    state: str = ""
    words: str = ""

    @property
    def pack_and_table(self) -> tuple[Pack, Table] | None:
        """The table asked for; None where it is none that this workplace runs."""
        pack, _sign, table = self.table.partition(":")
        found = packs().get(pack)
        return (found, found.tables[table]) if found and table in found.tables else None

    def address(self, **more: Any) -> str:
        """The same as the query of an address, with more added."""
        values = (
            self.unit, self.table, self.first or "", self.last or "", self.state, self.words
        )  # fmt: skip
        said = {name: str(value) for name, value in zip(_NAMES, values, strict=True) if value}
        return urlencode({**said, **{name: str(v) for name, v in more.items() if v}})


def wanted_by(query: Mapping[str, str]) -> Wanted:
    """What the query of an address asks for. What cannot be read is not asked for."""
    state = query.get("state", "")
    return Wanted(
        unit=query.get("unit", "").strip()[:50],
        table=query.get("table", "")[:200],
        first=_day(query.get("from", "")),
        last=_day(query.get("to", "")),
        state=state if state in RecordState.values else "",
        words=query.get("q", "").strip()[:LONGEST_SEARCH],
    )


def wanted_records(
    user: User, wanted: Wanted, permission: Permission = Permission.VIEW
) -> QuerySet[Record]:
    """Those of them that the person may see (or export), in no order yet.

    Raises: Http404 where the person may not see the unit asked for.
    """
    found = visible_records(user, permission)
    if wanted.unit:
        require(user, permission, wanted.unit)
        found = found.filter(unit__in=_below(wanted.unit))
    if (one := wanted.pack_and_table) is not None:
        pack, table = one
        found = found.filter(table=table.name, pack=pack.name)
    if wanted.first:
        found = found.filter(event_date__gte=wanted.first)
    if wanted.last:
        found = found.filter(event_date__lte=wanted.last)
    if wanted.state:
        found = found.filter(state=wanted.state)
    else:
        found = found.exclude(state=RecordState.WITHDRAWN)
    if words := fold_words(wanted.words).split():
        # all words in one pass over the texts
        each = (Q(words__contains=word) for word in words)
        searched = RecordWords.objects.filter(reduce(and_, each))
        found = found.filter(pk__in=searched.values("record"))
    return found


def _below(unit: str) -> Any:
    day = today()
    return Subordination.objects.filter(
        above=unit, valid_from__lte=day, valid_to__gt=day
    ).values("below")  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return parse_date(text.strip())
    except ValueError:  # 2023-02-30
        return None
