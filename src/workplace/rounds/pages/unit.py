"""What one round asks of one unit, and the ways to answer."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views import View

from shuzhi.packs.model import Table
from shuzhi.periods import parse_period
from shuzhi.pipeline import write_form
from workplace.accounts.access import get_unit, may, person
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.events.record import record_event
from workplace.programme import pack_named
from workplace.records.access import is_open_to
from workplace.records.ledgers import live_ledgers
from workplace.records.models import Record, RecordState
from workplace.rounds.asking import Known, askings
from workplace.rounds.load import minutes_of, uses_of
from workplace.rounds.models import Extension, Reminder, Return, ReturnState, Round, RoundState
from workplace.rounds.rights import asked_units, get_round
from workplace.rounds.standing import Standing, standing
from workplace.units.models import Unit
from workplace.units.tree import current_tree, today
from workplace.web.spreadsheets import XLSX
from workplace.web.texts import language


@dataclass(frozen=True)
class Task:
    """One return as its unit sees it. `wish` is the last wish for more time, if there is one."""

    answer: Return
    table: Table
    standing: Standing
    minutes: int
    uses: Sequence[str]
    rows: int
    wish: Extension | None


class UnitPage(View):
    """A unit's part of a round: for its clerks to answer, for others to look at."""

    def get(self, request: HttpRequest, pk: int, code: str) -> HttpResponse:
        user = person(request)
        round_, unit = _load(user, pk, code)
        tasks = _tasks(user, round_, unit)
        open_tasks = [task for task in tasks if task.answer.is_open]
        is_open = round_.state == RoundState.OPEN
        context = {
            "round": round_, "unit": unit, "tasks": tasks, "open_tasks": open_tasks,
            "sent_tasks": [task for task in tasks if not task.answer.is_open],
            "minutes": sum(task.minutes for task in open_tasks), "left": len(open_tasks),
            "may_enter": is_open and may(user, Permission.ENTER, unit.pk),
            "may_remind": is_open and bool(open_tasks) and unit.pk in asked_units(user),
            "known": _known(round_, unit),
            "reminders": Reminder.objects.filter(round=round_, unit=unit, about=unit)
            .select_related("sent_by")[:3] if open_tasks else (),
        }  # fmt: skip
        return render(request, "rounds/unit.html", context)


class Workbook(View):
    """The prefilled workbook: all tables that the round asks of the unit, with what is known."""

    def get(self, request: HttpRequest, pk: int, code: str) -> HttpResponse:
        user = person(request)
        round_, unit = _load(user, pk, code)
        tables = set(round_.returns.filter(unit=unit).values_list("table", flat=True))
        if not tables:
            raise Http404
        pack = pack_named(round_.pack)
        with TemporaryDirectory() as folder:
            out = Path(folder) / "workbook.xlsx"
            write_form(pack, live_ledgers(pack), unit.pk, out, lang=language(), only=tables,
                       period=parse_period(round_.period))  # fmt: skip
            content = out.read_bytes()
        with transaction.atomic():
            record_event(
                "rounds.workbook_downloaded", by=user, unit=unit.pk, about=round_,
                tables=sorted(tables),
            )  # fmt: skip
        name = f"{unit.name}-{round_.period}.xlsx"
        response = HttpResponse(content, content_type=XLSX)
        response.headers["Content-Disposition"] = attachment(name)
        return response


def attachment(name: str) -> str:
    """The header under which a browser keeps a file, with a name in any script."""
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"


def _load(user: User, pk: int, code: str) -> tuple[Round, Unit]:
    """A round that is or was open, and a unit the person may see. Raises: Http404."""
    unit = get_unit(user, Permission.VIEW, code)
    round_ = get_round(user, pk)
    if round_.state == RoundState.DRAFT:
        raise Http404
    return round_, unit


def _tasks(user: User, round_: Round, unit: Unit) -> list[Task]:
    pack, day = pack_named(round_.pack), today()
    answers = sorted(
        round_.returns.filter(unit=unit),
        key=lambda answer: (not answer.is_open, answer.state != ReturnState.RETURNED,
                            answer.due_on, answer.period,
                            round_.tables.index(answer.table)),
    )  # fmt: skip
    seen = Record.objects.filter(is_open_to(user), answer__in=answers)
    living = seen.exclude(state=RecordState.WITHDRAWN)
    rows = Counter(living.values_list("answer_id", flat=True))
    wishes = {
        wish.answer_id: wish
        for wish in Extension.objects.filter(answer__in=answers).order_by("asked_at")
    }
    uses = {name: uses_of(pack, pack.tables[name], language()) for name in round_.tables}
    for answer in answers:
        answer.round = round_
    return [
        Task(answer, table := pack.tables[answer.table], standing(answer, day), minutes_of(table),
             uses[table.name], rows[answer.pk], wishes.get(answer.pk))
        for answer in answers
    ]  # fmt: skip


def _known(round_: Round, unit: Unit) -> list[tuple[Table, str, str]]:
    """What the round does not ask of the unit since it is known: table, period, why."""
    pack = pack_named(round_.pack)
    found = askings(pack, current_tree(), parse_period(round_.period), round_.tables, [unit.pk],
                    besides=round_.pk)  # fmt: skip
    return [
        (pack.tables[each.table], each.period, each.known.value)
        for each in found if each.known in (Known.APP, Known.ACCEPTED)
    ]  # fmt: skip
