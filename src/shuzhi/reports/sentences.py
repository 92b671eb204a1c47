"""The sentences of two reports, compared."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from shuzhi.reports.document import Document, Heading, Paragraph, plain

_END = re.compile(r"(?<=[。！？；])|(?<=[.!?;])\s+")


@dataclass(frozen=True)
class ChangedSentence:
    """Missing: `old` is '' for a sentence that is new, `new` for one that is gone."""

    old: str
    new: str


def changed_sentences(old: Document, new: Document) -> tuple[ChangedSentence, ...]:
    """The sentences of the text that differ, in reading order; annexes are left out."""
    before, after = list(_sentences(old)), list(_sentences(new))
    found = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind != "equal":
            found += [
                ChangedSentence(*pair)
                for pair in zip_longest(before[i:j], after[k:m], fillvalue="")
            ]
    return tuple(found)


def _sentences(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, Heading) and block.annex:
            return
        if isinstance(block, Heading | Paragraph):
            yield from filter(None, (part.strip() for part in _END.split(plain(block.spans))))
