"""Compare a finished document with what its edition makes anew, and name every number changed.

Words are the writer's: a sentence may be put better by hand. Numbers are not, wherever they stand,
and not a word of tables and proofs is: a row that names another unit lies as much as a wrong digit.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from shuzhi.errors import InputRefused
from shuzhi.reports.bindings import UnknownBinding, binding_text
from shuzhi.reports.document import Bound, Document
from shuzhi.reports.sources import Sources
from shuzhi.reports.verify_lines import compare_lines


class Change(StrEnum):
    """What happened to a number after the document was made."""

    ALTERED = "altered"  # it reads otherwise than its records say
    REBOUND = "rebound"  # it is bound to something else than it was
    REMOVED = "removed"  # it no longer stands in the document
    UNKNOWN = "unknown"  # what it is bound to is not in the edition
    UNBOUND = "unbound"  # a number nobody bound
    REWRITTEN = "rewritten"  # a date, or a word of a table or proof, is not as it was made
    DROPPED = "dropped"  # a line with a date, or a row of a table or proof, was taken out


@dataclass(frozen=True)
class Difference:
    """One place that does not hold. `shown` is what the document says, `expected` what the
    records say ('' where they say nothing); `context` the words around it; `binding` is '' for
    what is bound to no figure."""

    change: Change
    binding: str
    shown: str
    expected: str
    context: str


def verify_document(document: Document, remade: Document, sources: Sources) -> list[Difference]:
    """Every difference, in reading order within its kind; empty where the document holds.

    `remade` is the same report written anew from `sources` and read back from the same format.
    """
    found = list(_changed(document, remade, sources))
    found += _removed(document, remade)
    for line in compare_lines(document, remade, sources.rules.given_words):
        change = Change.REWRITTEN
        if not (line.shown and line.expected):
            change = Change.UNBOUND if line.shown else Change.DROPPED
        found.append(Difference(change, "", line.shown, line.expected, line.context))
    return found


def unit_and_period(document: Document) -> tuple[str, str]:
    """The unit's code and the period's name most of the document's figures are about.

    Raises: InputRefused for a document that binds no figure.
    """
    votes: Counter[tuple[str, str]] = Counter()
    for binding in (*document.bindings.values(), *(bound.binding for bound in document.bound())):
        figure_id = binding.partition(":")[0]
        if figure_id.count(".") >= 2:
            _, _, rest = figure_id.partition(".")
            unit, _, period = rest.rpartition(".")
            votes[(unit, period)] += 1
    if not votes:
        raise InputRefused(
            "this document binds no figure: it was not made by shuzhi report, or another program "
            "has taken its bindings out; verify the file as it was made"
        )
    return votes.most_common(1)[0][0]


def _changed(document: Document, remade: Document, sources: Sources) -> Iterator[Difference]:
    for spans in document.texts():
        context = "".join(span.text for span in spans)
        for bound in spans:
            if not isinstance(bound, Bound):
                continue
            was = _bound_to(bound, remade)
            if bound.binding != was:
                yield Difference(Change.REBOUND, was, bound.text, bound.binding, context)
            try:
                expected = binding_text(sources, was)
            except UnknownBinding:
                yield Difference(Change.UNKNOWN, was, bound.text, "", context)
                continue
            if bound.text != expected:
                yield Difference(Change.ALTERED, was, bound.text, expected, context)


def _removed(document: Document, remade: Document) -> Iterator[Difference]:
    """By its anchor where the document has it; by its binding where that was lost."""
    standing = {bound.anchor for bound in document.bound()}
    unplaced = Counter(b.binding for b in document.bound() if b.anchor not in remade.bindings)
    for spans in remade.texts():
        for bound in spans:
            if not isinstance(bound, Bound) or (bound.anchor and bound.anchor in standing):
                continue
            if unplaced[bound.binding]:
                unplaced[bound.binding] -= 1
            else:
                context = "".join(span.text for span in spans)
                yield Difference(Change.REMOVED, bound.binding, "", bound.text, context)


def _bound_to(bound: Bound, remade: Document) -> str:
    """What this place was bound to when it was made; its own word for it where it is new."""
    return remade.bindings.get(bound.anchor, bound.binding)
