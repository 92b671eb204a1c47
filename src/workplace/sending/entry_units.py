"""Which units a form offers. Names of units are known inside the office; records are not."""

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
    """Units to refer to, of names that hold what was typed, the nearest in the tree first: those
    beside and directly below the sender, then all others. What is written into the field and what
    it is called."""
    tree, day = current_tree(), today()
    own_path = tree.ancestors(answer.unit_id, day)
    wanted = fold_words(typed)
    found = []
    for code in tree.codes:
        if not tree.exists(code, day):
            continue
        span = tree.span(code, day)
        names = (span.name, *span.aliases, code)
        if any(wanted in fold_words(name) for name in names):
            is_near = span.parent in own_path or code in own_path
            found.append((not is_near, span.name, code))
    names_only = [name for _far, name, _code in found]
    return [
        (code if names_only.count(name) > 1 else name, name)
        for _far, name, code in sorted(found)[:MOST_OFFERED]
    ]
