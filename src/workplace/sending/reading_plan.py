"""What taking an upload over would do: which rows go to which return, and what they change there.

Rows that this round does not ask of this unit go nowhere; the plan says how many, and why.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from shuzhi.ledgers.model import Ledgers
from shuzhi.ledgers.model import ReturnState as Answered
from shuzhi.packs.model import Role, Table
from shuzhi.periods import Period, parse_period
from shuzhi.pipeline import json_rows
from workplace.programme import pack_named
from workplace.records.kept import KEY, ROW, SHEET, kept
from workplace.records.models import Record, RecordState
from workplace.records.store import changed_columns
from workplace.rounds.models import Return, RoundState
from workplace.sending.models import Upload
from workplace.units.tree import current_tree, today

MOST_SHOWN = 200  # differences kept to be shown, a return; all of them are counted


class Left(StrEnum):
    """Why rows of a workbook go nowhere."""

    TABLE = "table"  # the round does not ask this unit for their table
    PERIOD = "period"  # their day lies in no period asked
    UNIT = "unit"  # they are about a unit that is neither the sender nor below it
    CLOSED = "closed"  # their return has been sent, or the round is over


@dataclass(frozen=True)
class Shown:
    """One record that taking over would change (columns: before and after) or miss."""

    key: str
    title: str
    sheet: str = ""
    row: int = 0
    columns: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass
class Part:
    """What one return gets: rows, or the answer "nothing" or "does not apply" with its reason."""

    answer: int
    table: str
    period: str
    said: str
    reason: str = ""
    new: int = 0
    same: int = 0
    changed: int = 0
    missing: int = 0
    changes: list[Shown] = field(default_factory=list)
    gone: list[Shown] = field(default_factory=list)

    @property
    def coming(self) -> int:
        return self.new + self.same + self.changed


@dataclass
class Plan:
    """All parts, the rows of each return, and how many rows go nowhere by table and reason."""

    parts: list[Part] = field(default_factory=list)
    rows: dict[int, list[Mapping[str, Any]]] = field(default_factory=dict)
    left: list[tuple[str, Left, int]] = field(default_factory=list)


def make_plan(upload: Upload, ledgers: Ledgers) -> Plan:
    """The plan for the returns of this round and unit, as they stand now."""
    plan = Plan()
    pack = pack_named(upload.round.pack)
    asked: dict[str, list[Return]] = defaultdict(list)
    for answer in Return.objects.filter(round=upload.round_id, unit=upload.unit_id):
        asked[answer.table].append(answer)
    for name, table in pack.tables.items():
        rows = list(json_rows(table, ledgers.tables[name]))
        by_return, left = _distribute(upload, table, rows, asked.get(name, []))
        plan.left += [(name, why, count) for why, count in sorted(left.items())]
        for answer in asked.get(name, []):
            if answer.pk in by_return:
                plan.rows[answer.pk] = by_return[answer.pk]
                plan.parts.append(_compare(table, answer, by_return[answer.pk]))
    plan.parts += _other_answers(upload, ledgers, asked, plan.rows)
    return plan


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """The plan without its rows, to be shown on a page."""
    return {
        "parts": [{**asdict(part), "coming": part.coming} for part in plan.parts],
        "left": [
            {"table": table, "why": why.value, "rows": rows} for table, why, rows in plan.left
        ],
    }


def is_open(upload: Upload, answer: Return) -> bool:
    """Whether rows may still go into a return."""
    return answer.is_open and upload.round.state == RoundState.OPEN


def _distribute(
    upload: Upload, table: Table, rows: Iterable[Mapping[str, Any]], answers: list[Return]
) -> tuple[dict[int, list[Mapping[str, Any]]], dict[Left, int]]:
    """The rows of one table by return, and how many go nowhere by reason."""
    date_column, unit_column = table.column_with(Role.DATE), table.column_with(Role.UNIT)
    periods = [(parse_period(answer.period), answer) for answer in answers]
    below = _Below(upload.unit_id)
    by_return: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    left: dict[Left, int] = defaultdict(int)
    for row in rows:
        day = date.fromisoformat(row[date_column.name]) if _has(row, date_column) else None
        unit = row[unit_column.name] if _has(row, unit_column) else ""
        answer = _answer_on(periods, day)
        if not answers:
            left[Left.TABLE] += 1
        elif answer is None:
            left[Left.PERIOD] += 1
        elif not below.holds(unit, day):
            left[Left.UNIT] += 1
        elif not is_open(upload, answer):
            left[Left.CLOSED] += 1
        else:
            by_return[answer.pk].append(row)
    return by_return, left


def _has(row: Mapping[str, Any], column: Any) -> bool:
    return column is not None and row[column.name] is not None


def _answer_on(periods: list[tuple[Period, Return]], day: date | None) -> Return | None:
    """The return whose period holds the day; without a day, the only one there is."""
    if day is None:
        return periods[-1][1] if len(periods) == 1 else None
    return next((answer for period, answer in periods if period.contains(day)), None)


class _Below:
    """Whether units stand at or below one, each asked once."""

    def __init__(self, sender: str) -> None:
        self._sender = sender
        self._known: dict[tuple[str, date | None], bool] = {("", None): True}

    def holds(self, unit: str, day: date | None) -> bool:
        if unit in ("", self._sender):
            return True
        if (unit, day) not in self._known:
            tree = current_tree()
            days = {day or today(), today()}
            self._known[unit, day] = any(self._sender in tree.ancestors(unit, d) for d in days)
        return self._known[unit, day]


def _compare(table: Table, answer: Return, rows: list[Mapping[str, Any]]) -> Part:
    """How the rows differ from the records that the return has."""
    part = Part(answer.pk, table.name, answer.period, Answered.ROWS.value)
    tree = current_tree()
    there = {
        record.key: record
        for record in Record.objects.filter(answer=answer)
        .exclude(state=RecordState.WITHDRAWN)
        .only("key", "data", "precision", "sheet", "row")
    }
    for row in rows:
        new = kept(table, row, tree)
        record = there.pop(new.key, None)
        if record is None:
            part.new += 1
        elif record.data == new.data and record.precision == new.precision:
            part.same += 1
        else:
            part.changed += 1
            if len(part.changes) < MOST_SHOWN:
                part.changes.append(_changed(table, row, record.data, new.data))
    part.missing = len(there)
    for record in list(there.values())[:MOST_SHOWN]:
        part.gone.append(Shown(record.key, title_of(table, record.data), record.sheet, record.row))
    return part


def _changed(
    table: Table, row: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> Shown:
    names = changed_columns(dict(before), dict(after))
    columns = {
        column.name: _pair(column.role, before.get(column.name), after.get(column.name))
        for column in table.columns
        if column.name in names
    }
    return Shown(row[KEY], title_of(table, after), row[SHEET], row[ROW], columns)


def _pair(role: Role, before: Any, after: Any) -> tuple[Any, Any]:
    """Both values; of persons only that somebody is named."""
    if role is Role.PERSON:
        return "●" if before else None, "●" if after else None
    return before, after


def title_of(table: Table, data: Mapping[str, Any]) -> str:
    """What a record is known by to people: its day and its first words."""
    day = table.column_with(Role.DATE)
    words = next(
        (
            str(data[column.name])
            for column in table.columns
            if column.required and column.role is Role.NONE and not column.categories
            if isinstance(data.get(column.name), str)
        ),
        "",
    )
    return " ".join(filter(None, [str(data.get(day.name) or "") if day else "", words[:60]]))


def _other_answers(
    upload: Upload, ledgers: Ledgers, asked: Mapping[str, list[Return]], rows: Mapping[int, Any]
) -> Iterator[Part]:
    """Returns that the workbook answers with "nothing this period" or "does not apply"."""
    for said in ledgers.returns:
        for answer in asked.get(said.table, []):
            is_meant = said.period == answer.period and said.unit == upload.unit_id
            if said.state is Answered.ROWS or not is_meant or answer.pk in rows:
                continue
            if is_open(upload, answer):
                yield Part(
                    answer.pk, answer.table, answer.period, said.state.value, said.reason[:500]
                )
