"""Re-count a finished document against its sources, and name every number changed by hand."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from shuzhi.errors import InputRefused
from shuzhi.reports.bindings import UnknownBinding, binding_text
from shuzhi.reports.document import GIVEN, Bound, Document, Text
from shuzhi.reports.sources import Sources


class Change(StrEnum):
    """What happened to a number after the document was made."""

    ALTERED = "altered"  # it reads otherwise than its records say
    REBOUND = "rebound"  # it is bound to something else than it was
    REMOVED = "removed"  # it no longer stands in the document
    UNKNOWN = "unknown"  # what it is bound to is not in the edition
    UNBOUND = "unbound"  # a number nobody bound


@dataclass(frozen=True)
class Difference:
    """One number that does not hold. `shown` is what the document says, `expected` what the
    records say ('' where they say nothing); `context` the words around it."""

    change: Change
    binding: str
    shown: str
    expected: str
    context: str


def verify_document(document: Document, sources: Sources) -> list[Difference]:
    """Every difference, in reading order; empty where the document says what the records say."""
    return [*_changed(document, sources), *_removed(document), *_unbound(document)]


def unit_and_period(document: Document) -> tuple[str, str]:
    """The unit's code and the period's name most of the document's figures are about.

    Raises: InputRefused for a document that binds no figure.
    """
    votes: Counter[tuple[str, str]] = Counter()
    for binding in document.bindings.values():
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


def _changed(document: Document, sources: Sources) -> Iterator[Difference]:
    for spans in document.texts():
        context = "".join(span.text for span in spans)
        for bound in spans:
            if not isinstance(bound, Bound):
                continue
            was = document.bindings.get(bound.anchor, bound.binding)
            if bound.binding != was:
                yield Difference(Change.REBOUND, was, bound.text, bound.binding, context)
            try:
                expected = binding_text(sources, was)
            except UnknownBinding:
                yield Difference(Change.UNKNOWN, was, bound.text, "", context)
                continue
            if bound.text != expected:
                yield Difference(Change.ALTERED, was, bound.text, expected, context)


def _removed(document: Document) -> Iterator[Difference]:
    standing = {bound.anchor for bound in document.bound()}
    for anchor, binding in document.bindings.items():
        if anchor not in standing and binding != GIVEN:
            yield Difference(Change.REMOVED, binding, "", "", "")


def _unbound(document: Document) -> Iterator[Difference]:
    for spans in document.texts():
        for span in spans:
            if isinstance(span, Text) and any(char.isdecimal() for char in span.text):
                yield Difference(
                    Change.UNBOUND, "", span.text, "", "".join(other.text for other in spans)
                )
