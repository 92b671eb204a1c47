"""How rounds and returns read on a page."""

from collections.abc import Iterable

from django import template
from django.utils.translation import gettext as _

from shuzhi.periods import parse_period
from shuzhi.pipeline import say_period as _say_period
from workplace.programme import packs
from workplace.rounds.models import Answer, Return, Round, RoundState
from workplace.rounds.standing import Standing, standing
from workplace.units.tree import today
from workplace.web.texts import language, text_in

register = template.Library()

_ROUND_COLOURS = {RoundState.DRAFT: "grey", RoundState.OPEN: "blue", RoundState.CLOSED: "grey"}


@register.filter
def say_period(name: str) -> str:
    """A period's name in words."""
    return _say_period(parse_period(name), language())


@register.filter
def stands(answer: Return) -> Standing:
    """How a return stands today: a colour with its word."""
    return standing(answer, today())


@register.filter
def round_colour(round_: Round) -> str:
    """The colour of a round's state."""
    return _ROUND_COLOURS[RoundState(round_.state)]


@register.filter
def round_word(round_: Round) -> str:
    """A round's state in a word."""
    return str(RoundState(round_.state).label)


@register.filter
def table_label(answer: Return) -> str:
    """The name of a return's table; its code where the pack has it no more."""
    pack = packs().get(answer.round.pack)
    table = pack.tables.get(answer.table) if pack else None
    return text_in(table.label) if table else answer.table


@register.filter
def said(answer: Return) -> str:
    """What a return answers, in words; '' while nothing has been said."""
    return str(Answer(answer.answer).label) if answer.answer else ""


@register.filter
def listed(words: Iterable[str]) -> str:
    """Words with the language's own comma between them."""
    comma = ", " if language() == "en" else "、"
    return comma.join(words)


@register.filter
def minutes(number: int) -> str:
    """A time to spend, in hours from two on."""
    if number < 120:
        return _("%(number)d min") % {"number": number}
    return _("%(number)s h") % {"number": f"{number / 60:.1f}".removesuffix(".0")}
