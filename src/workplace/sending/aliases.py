"""Spellings that a person has confirmed, and those that the reader suggests; it never guesses."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shuzhi.ledgers.model import Problem
from shuzhi.pipeline import Aliases
from workplace.programme import pack_named
from workplace.sending.models import Alias, AliasKind, Upload
from workplace.units.tree import current_tree, today
from workplace.web.texts import text_in

LONGEST_SPELLING = 200
_KINDS = {"header_unknown": AliasKind.HEADER, "unknown_unit": AliasKind.UNIT}


@dataclass(frozen=True)
class Suggested:
    """A spelling that may mean something known; `label` is what, in the reader's language."""

    kind: str
    spelling: str
    target: str
    label: str
    count: int


def engine_aliases() -> Aliases:
    """All confirmed spellings, as the engine wants them."""
    found: dict[str, dict[str, str]] = {kind.value: {} for kind in AliasKind}
    for kind, spelling, target in Alias.objects.values_list("kind", "spelling", "target"):
        found[kind][spelling] = target
    return Aliases(found[AliasKind.HEADER], found[AliasKind.UNIT])


def suggestions_as_json(problems: Iterable[Problem]) -> list[list[Any]]:
    """Kind, spelling, target and number of places of what a reading suggests, the most frequent
    first."""
    counted = Counter(
        (_KINDS[problem.code].value, problem.value.strip(), problem.suggestion)
        for problem in problems
        if problem.code in _KINDS and problem.suggestion
        if 0 < len(problem.value.strip()) <= LONGEST_SPELLING
    )
    return [[*found, count] for found, count in counted.most_common()]


def suggestions_of(upload: Upload) -> list[Suggested]:
    """What the last reading of an upload suggests, each spelling once."""
    return [
        Suggested(kind, spelling, target, _label(upload, kind, target), count)
        for kind, spelling, target, count in upload.plan.get("suggestions", [])
    ]


def _label(upload: Upload, kind: str, target: str) -> str:
    if kind == AliasKind.UNIT:
        tree = current_tree()
        return f"{tree.name(target, today())} ({target})" if target in tree.by_code else target
    table, _dot, column = target.partition(".")
    whole = pack_named(upload.round.pack).tables[table]
    return f"{text_in(whole.label)} · {text_in(whole.column(column).label)}"
