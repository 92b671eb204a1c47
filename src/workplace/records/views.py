"""Lists of records, and the page of one."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from shuzhi.packs.model import Pack, Table
from workplace.accounts.access import (
    get_visible,
    may_anywhere,
    person,
    require_anywhere,
    units_for,
)
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.programme import packs
from workplace.records.filters import wanted_by, wanted_records
from workplace.records.keyset import page_after
from workplace.records.models import Record, RecordState
from workplace.records.parts import record_parts
from workplace.records.shown import Shown, day_as_text, main_columns
from workplace.web.texts import text_in

Packs = Mapping[str, Pack]


class ListPage(View):
    """Records that the person may see, filtered, the newest event first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = person(request)
        require_anywhere(user, Permission.VIEW)
        wanted, shown, known = wanted_by(request.GET), Shown.now(), packs()
        one_table = wanted.pack_and_table
        page = page_after(wanted_records(user, wanted), request.GET.get("after", ""))
        context = {
            "wanted": wanted,
            "rows": [_row(record, known, shown, one_table) for record in page.records],
            "columns": _columns(one_table),
            "following": wanted.address(after=page.following) if page.following else "",
            "is_first": not request.GET.get("after"),
            "filters": wanted.address(),
            "units": unit_choices(user, Permission.VIEW, shown),
            "tables": table_choices(known),
            "states": RecordState.choices,
            "pack": one_table[0].name if one_table else "",
            "may_export": may_anywhere(user, Permission.EXPORT),
        }
        return render(request, "records/list.html", context)


class RecordPage(View):
    """One record: what it holds, where it was written, its times, its history."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        records = Record.objects.select_related("answer__round", "upload", "entered_by")
        record = get_visible(records, person(request), pk=pk)
        table, shown = _table(record, packs()), Shown.now()
        context = {
            "record": record,
            "table": table,
            "headline": shown.headline(table, record.data) if table else record.key,
            "cells": [c for c in _cells(table, record, shown) if c.text],
            "unit": shown.unit(record.unit_id),
            "sender": shown.unit(record.answer.unit_id) if record.answer else "",
            "is_late": _is_late(record),
            "changes": _changes(table, record, shown),
            "remarks": _remarks(table, record),
            "parts": record_parts(request, record),
        }
        return render(request, "records/record.html", context)


def unit_choices(user: User, permission: Permission, shown: Shown) -> list[tuple[str, str]]:
    """The units the person may do this at, as they stand in the tree: code, and name set in."""
    known = set(units_for(user, permission).values_list("code", flat=True))
    depths = {
        code: len(shown.tree.ancestors(code, shown.day)) for code in shown.tree.codes
        if code in known
    }  # fmt: skip
    least = min(depths.values(), default=0)
    return [
        (code, "\u3000" * (depths[code] - least) + shown.unit(code))
        for code in shown.tree.in_pre_order(shown.day)
        if code in depths
    ]


def table_choices(known: Packs) -> list[tuple[str, str]]:
    """Every table of every pack but those of units, by what it is called."""
    several = len(known) > 1
    return [
        (f"{pack.name}:{table.name}", _table_label(pack.title, table, several))
        for pack in known.values()
        for table in pack.tables.values()
        if not table.is_units
    ]


def _table_label(title: Any, table: Table, several: bool) -> str:
    label = text_in(table.label)
    return f"{label} ({text_in(title)})" if several else label


def _columns(one_table: tuple[Pack, Table] | None) -> list[str]:
    if one_table is None:
        return []
    _pack, table = one_table
    return [text_in(table.column(name).label) for name in main_columns(table)]


def _row(
    record: Record, known: Packs, shown: Shown, one_table: tuple[Pack, Table] | None
) -> dict[str, Any]:
    table = _table(record, known)
    return {
        "record": record,
        "unit": shown.unit(record.unit_id),
        "table": text_in(table.label) if table else record.table,
        "headline": shown.headline(table, record.data) if table else record.key,
        "cells": shown.cells(table, record.data, record.precision, main_columns(table))
        if table and one_table
        else [],
        "day": _day(record),
    }


def _day(record: Record) -> str:
    return day_as_text(record.event_date, record.precision) if record.event_date else ""


def _table(record: Record, known: Packs) -> Table | None:
    """The record's table; None where its pack is not run here any more."""
    pack = known.get(record.pack)
    return pack.tables.get(record.table) if pack else None


def _cells(table: Table | None, record: Record, shown: Shown) -> list[Any]:
    return shown.cells(table, record.data, record.precision) if table else []


def _is_late(record: Record) -> bool:
    return record.answer is not None and record.answer.is_late


def _changes(table: Table | None, record: Record, shown: Shown) -> list[dict[str, Any]]:
    """The newest first, each with the columns that it changed."""
    if table is None:
        return []
    return [
        {
            "change": change,
            "is_withdrawal": not change.after,
            "cells": shown.differences(table, change.before, change.after) if change.after else [],
        }
        for change in record.changes.select_related("by").order_by("-at", "-pk")
    ]


def _remarks(table: Table | None, record: Record) -> list[dict[str, Any]]:
    """What was said when it was given back. Remarks stand above this app: found by relation."""
    return [
        {
            "remark": remark,
            "label": text_in(table.column(remark.column).label)
            if table and remark.column in {column.name for column in table.columns}
            else "",
        }
        for remark in record.remarks.select_related("signature__by")
    ]
