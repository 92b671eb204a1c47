"""The board: units × tables, as one person may see them, a page of units at a time.

Whatever the number of units and tables, it asks the database for the returns in it once.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, QuerySet, Sum
from django.utils.translation import get_language

from shuzhi.packs.model import Level, Table
from shuzhi.units import UnitTree
from workplace.programme import pack_named
from workplace.rounds.models import Extension, Lamp, Reminder, Return, Round
from workplace.rounds.standing import COUNTED, Standing, counts, of_kind, standing, worst
from workplace.units.models import TreeVersion
from workplace.units.tree import current_tree, today

# Units on one page; a superior's units stay together where they fit.
PAGE = 100


@dataclass(frozen=True)
class Filters:
    """What a person chose to see: states as in COUNTED, levels, tables, one superior."""

    state: str = ""
    level: str = ""
    table: str = ""
    under: str = ""
    page: int = 1


@dataclass(frozen=True)
class Cell:
    """One table of one unit: usually one return, several where the round has several reporting
    periods."""

    standing: Standing
    answers: Sequence[Return]
    done: int
    is_extended: bool
    wishes: bool  # has asked for more time and waits

    @property
    def only(self) -> Return | None:
        return self.answers[0] if len(self.answers) == 1 else None


@dataclass(frozen=True)
class Row:
    """One unit: its worst lamp and its cells, None where a table is not asked of it."""

    unit: str
    name: str
    level: str
    lamp: Standing
    done: int
    asked: int
    cells: Sequence[Cell | None]
    reminded: bool


@dataclass(frozen=True)
class Board:
    """What the page shows. `choices`, `superiors` and `levels` are what one can
    narrow it to."""

    tables: Sequence[Table]
    rows: Sequence[Row]
    counts: dict[str, int]
    choices: Sequence[Table]
    superiors: Sequence[tuple[str, str]]
    levels: Sequence[Level]
    page: int
    pages: int
    units: int

    @property
    def previous(self) -> int:
        return self.page - 1

    @property
    def next(self) -> int:
        return self.page + 1


def fingerprint(round_: Round, returns: QuerySet[Return], asked: str) -> str:
    """Changes whenever the board would: with any return, wish, reminder, the tree, the day, the
    language. Four queries, whatever the size."""
    told = returns.aggregate(versions=Sum("version"), number=Count("pk"), last=Max("pk"))
    wishes = Extension.objects.filter(answer__round=round_).aggregate(
        asked=Count("pk"), decided=Count("decided_at")
    )
    reminders = Reminder.objects.filter(round=round_).count()
    tree = TreeVersion.objects.values_list("stamp", flat=True).first()
    parts = [round_.pk, round_.state, *told.values(), *wishes.values(), reminders, tree, today(),
             get_language(), asked]  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def read_board(round_: Round, returns: QuerySet[Return], chosen: Filters) -> Board:
    """The board of the returns that a person may see."""
    tree, day, pack = current_tree(), today(), pack_named(round_.pack)
    tables = [pack.tables[name] for name in round_.tables]
    units = _units(returns, chosen, tree, day)
    everyone = _codes(returns)
    pages = _pages(units, tree, day)
    page = min(max(chosen.page, 1), max(len(pages), 1))
    shown = pages[page - 1] if pages else []
    asked = returns.filter(unit__in=shown)
    if chosen.table:
        tables = [table for table in tables if table.name == chosen.table]
        asked = asked.filter(table=chosen.table)
    superiors = sorted({_parent(tree, code, day) for code in everyone} - {""})
    return Board(
        tables=tables,
        rows=_rows(round_, shown, asked, tables, tree, day),
        counts=counts(returns, day),
        choices=[pack.tables[name] for name in round_.tables],
        superiors=[(code, tree.name(code, day)) for code in superiors],
        levels=[each for each in pack.levels
                if each.code in {tree.level(code, day) for code in everyone}],
        page=page, pages=len(pages), units=len(units),
    )  # fmt: skip


def _units(returns: QuerySet[Return], chosen: Filters, tree: UnitTree, day: date) -> list[str]:
    found = returns
    if chosen.table:
        found = found.filter(table=chosen.table)
    if chosen.state in COUNTED:
        found = found.filter(of_kind(chosen.state, day))
    codes = _codes(found)
    return [
        code for code in tree.in_pre_order(day)
        if code in codes
        and (not chosen.level or tree.level(code, day) == chosen.level)
        and (not chosen.under or chosen.under in tree.ancestors(code, day))
    ]  # fmt: skip


def _pages(units: Sequence[str], tree: UnitTree, day: date) -> list[list[str]]:
    """Units in groups of one superior, as many groups a page as fit; a larger one is cut."""
    groups: dict[str, list[str]] = defaultdict(list)
    for code in units:
        groups[_parent(tree, code, day)].append(code)
    pages: list[list[str]] = []
    for group in groups.values():
        for start in range(0, len(group), PAGE):
            part = group[start : start + PAGE]
            if pages and len(pages[-1]) + len(part) <= PAGE:
                pages[-1] += part
            else:
                pages.append(part)
    return pages


def _rows(
    round_: Round, units: Sequence[str], returns: QuerySet[Return], tables: Sequence[Table],
    tree: UnitTree, day: date,
) -> list[Row]:  # fmt: skip
    by_place: dict[tuple[str, str], list[Return]] = defaultdict(list)
    for answer in returns.order_by("period"):
        by_place[answer.unit_id, answer.table].append(answer)
    wishing = set(
        Extension.objects.filter(answer__round=round_, decided_at__isnull=True)
        .values_list("answer_id", flat=True)
    )  # fmt: skip
    reminded = set(
        Reminder.objects.filter(round=round_, day=day).values_list("about_id", flat=True)
    )
    rows = []
    for code in units:
        cells = [_cell(by_place.get((code, each.name), ()), wishing, day) for each in tables]
        rows.append(_row(code, cells, tree, day, code in reminded))
    return rows


def _row(code: str, cells: Sequence[Cell | None], tree: UnitTree, day: date, reminded: bool) -> Row:
    there = [cell for cell in cells if cell]
    lamp = worst(cell.standing.lamp for cell in there)
    word = next((cell.standing.word for cell in there if cell.standing.lamp is lamp), "")
    return Row(
        code, tree.name(code, day), tree.level(code, day), Standing(lamp, word),
        sum(cell.done for cell in there), sum(len(cell.answers) for cell in there), cells, reminded,
    )  # fmt: skip


def _cell(answers: Sequence[Return], wishing: set[int], day: date) -> Cell | None:
    if not answers:
        return None
    found = [standing(answer, day) for answer in answers]
    lamp = worst(each.lamp for each in found)
    return Cell(
        next(each for each in found if each.lamp is lamp),
        answers,
        sum(each.lamp is Lamp.GREEN for each in found),
        any(answer.due_on > answer.first_due_on for answer in answers),
        any(answer.pk in wishing for answer in answers),
    )


def _codes(returns: QuerySet[Return]) -> set[str]:
    return set(returns.order_by().values_list("unit_id", flat=True).distinct())


def _parent(tree: UnitTree, code: str, day: date) -> str:
    return tree.span(code, day).parent
