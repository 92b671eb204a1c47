"""Figures and returns of a preview in words, those that the person may see."""

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from workplace.accounts.access import may
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.programme import packs
from workplace.rounds.models import Return
from workplace.tree.preview import SHOWN, Moved
from workplace.units.tree import current_tree, today
from workplace.web.texts import text_in


@dataclass(frozen=True)
class ShownFigure:
    unit: str
    indicator: str
    period: str
    before: str
    after: str


@dataclass(frozen=True)
class ShownReturn:
    unit: str
    table: str
    answer: Return


def show_moved(moved: list[Moved], user: User) -> list[ShownFigure]:
    """At most SHOWN of them. A unit that does not exist yet is seen by whoever makes it."""
    tree, found = current_tree(), []
    for figure in moved:
        if figure.unit in tree.by_code and not may(user, Permission.VIEW, figure.unit):
            continue
        known = figure.unit in tree.by_code
        found.append(
            ShownFigure(
                f"{tree.name(figure.unit, today())} ({figure.unit})" if known else figure.unit,
                text_in(figure.pack.indicators[figure.indicator].label),
                figure.period,
                _value(figure.before),
                _value(figure.after),
            )
        )
        if len(found) == SHOWN:
            break
    return found


def show_returns(returns: list[Return]) -> list[ShownReturn]:
    """With the names of units and tables."""
    tree, known = current_tree(), packs()
    return [
        ShownReturn(
            tree.name(answer.unit_id, today()),
            text_in(known[answer.round.pack].tables[answer.table].label)
            if answer.round.pack in known and answer.table in known[answer.round.pack].tables
            else answer.table,
            answer,
        )
        for answer in returns[:SHOWN]
    ]


def _value(value: tuple[float | None, str] | None) -> str:
    if value is None:
        return "–"
    number, state = value
    if number is not None:
        return number_format(round(number, 2))
    return {
        "not_reported": _("not reported"),
        "not_asked": _("not asked"),
        "not_applicable": _("not applicable"),
    }.get(state, _("unknown"))
