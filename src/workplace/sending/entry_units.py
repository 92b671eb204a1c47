"""Which units a form offers: the sender's own line, up to the root and all that is below it.

Units of other lines may be referred to by their full name, which the engine reads; they are not
offered, since a chooser tells nobody of a unit that he may not see.
"""

from workplace.records.words import fold_words
from workplace.rounds.models import Return
from workplace.units.tree import current_tree, today

MOST_OFFERED = 20


def own_units(answer: Return) -> list[tuple[str, str]]:
    """The sender and the units below it: whom its records can be about. Code and name."""
    tree, day = current_tree(), today()
    codes = [
        code
        for code in tree.in_pre_order(day)
        if tree.exists(code, day) and answer.unit_id in tree.ancestors(code, day)
    ]
    return [(code, tree.name(code, day)) for code in codes or [answer.unit_id]]


def some_units(answer: Return, typed: str) -> list[tuple[str, str]]:
    """Units to refer to, of names that hold what was typed, the sender's superiors first. What is
    written into the field and what it is called."""
    tree, day = current_tree(), today()
    above = [(code, tree.name(code, day)) for code in tree.ancestors(answer.unit_id, day)[1:]]
    wanted = fold_words(typed)
    found = [
        (code, name)
        for code, name in [*reversed(above), *own_units(answer)]
        if any(wanted in fold_words(text) for text in (name, *tree.span(code, day).aliases, code))
    ]
    names = [name for _code, name in found]
    return [(code if names.count(name) > 1 else name, name) for code, name in found[:MOST_OFFERED]]
