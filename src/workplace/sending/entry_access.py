"""A return as one person finds it: loaded and authorised together."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from shuzhi.packs.model import Pack, Table
from shuzhi.periods import parse_period
from shuzhi.pipeline import form_minutes, say_period
from workplace.accounts.access import get_visible, may, person
from workplace.accounts.permissions import Permission
from workplace.programme import pack_named
from workplace.records.models import Record, RecordState
from workplace.rounds.models import Lamp, Return, ReturnState, RoundState
from workplace.web.texts import language


@dataclass(frozen=True)
class Asked:
    """A return with the pack's table that it answers, and whether this person may change it."""

    answer: Return
    pack: Pack
    table: Table
    may_enter: bool

    @property
    def can_change(self) -> bool:
        """Whether the person may, and the return is open."""
        return self.may_enter and self.answer.is_open and self.answer.round.state == RoundState.OPEN

    @property
    def period(self) -> str:
        """Its reporting period in words."""
        return say_period(parse_period(self.answer.period), language())

    @property
    def colour(self) -> str:
        """The lamp's colour; blue while it is under way."""
        if self.answer.state == ReturnState.SENT:
            return "blue"
        return str(self.answer.lamp())

    @property
    def state_word(self) -> str:
        """Its state, or that it is overdue."""
        if self.answer.is_open and self.answer.lamp() == Lamp.RED:
            return str(Lamp.RED.label)
        return str(ReturnState(self.answer.state).label)

    def context(self, **more: Any) -> dict[str, Any]:
        """What every page about it shows."""
        return {"asked": self, "answer": self.answer, "table": self.table, **more}


def load_asked(request: HttpRequest, pk: int, permission: Permission = Permission.VIEW) -> Asked:
    """The return, for whoever may do this at its unit. Raises: Http404 otherwise, and where its
    round is still being prepared."""
    opened = Return.objects.exclude(round__state=RoundState.DRAFT).select_related("round")
    answer = get_visible(opened, person(request), permission, pk=pk)
    pack = pack_named(answer.round.pack)
    may_enter = may(person(request), Permission.ENTER, answer.unit_id)
    return Asked(answer, pack, pack.tables[answer.table], may_enter)


def load_record(asked: Asked, pk: int) -> Record:
    """One of its records that is not withdrawn. Raises: Http404."""
    return get_object_or_404(living_records(asked.answer), pk=pk)


def living_records(answer: Return) -> Any:
    """Its records but for those withdrawn, in the order of their days."""
    found = Record.objects.filter(answer=answer).exclude(state=RecordState.WITHDRAWN)
    return found.order_by("event_date", "pk")


def content_of(answer: Return) -> str:
    """The SHA-256 of which records the return holds in which version: what was looked at is what
    is sent."""
    pairs = living_records(answer).order_by("pk").values_list("pk", "version")
    text = ";".join(f"{pk}:{version}" for pk, version in pairs)
    return hashlib.sha256(text.encode()).hexdigest()


def open_remarks(answer: Return) -> Mapping[int | None, Mapping[str, list[str]]]:
    """What is to be mended, by record and column: None and '' for the whole. Signatures stand
    above this app: asked by name."""
    found: dict[int | None, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    remarks = apps.get_model("approval", "Remark").objects.filter(
        signature__answer=answer, settled_at__isnull=True
    )
    for record, column, text in remarks.values_list("record_id", "column", "text"):
        found[record][column].append(text)
    return found


def minutes_of_one(table: Table) -> int:
    """The minutes that one record should take; at least one."""
    return max(1, round(form_minutes(table)))
